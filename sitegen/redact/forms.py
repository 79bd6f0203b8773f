"""The ways to write one value: as other programs write it, and as names of files and addresses do."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from sitegen.redact.classes import bare_mac

_LEAST = 4
"""Letters and digits below which a slug's form stands anywhere by chance."""
_SIGNS = re.compile(r"[\W_]+")


def iter_forms(value: str) -> Iterator[str]:
    """The value, and the other ways to write it; each may be looked for as a text of its own."""
    yield value
    digits = bare_mac(value)
    if re.fullmatch(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?::[0-9a-f]{2}){0,2}", value):
        yield digits
        if len(digits) == 12:
            yield ".".join(digits[at : at + 4] for at in (0, 4, 8))
    elif ":" in value and re.fullmatch(r"[0-9a-f:]+", value):
        from ipaddress import AddressValueError, IPv6Address  # noqa: PLC0415  reason: rare

        try:
            exploded = IPv6Address(value).exploded
        except AddressValueError:
            pass
        else:
            yield exploded
    yield from slug_forms(value)


def slug_forms(value: str) -> tuple[str, ...]:
    """What slugs make of a value, with a dash for each sign: `cm-do-div` of `cm_do_div`.

    None where that is the value itself, or says so little that it may stand anywhere.
    """
    forms = [dashed(value)]
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    if _size(plain) == _size(value):
        forms.append(dashed(plain))
    return tuple(one for one in dict.fromkeys(forms) if one != value and _is_telling(one, value))


def _is_telling(form: str, value: str) -> bool:
    if _size(form) < _LEAST:
        return False
    dashes = form.count("-")
    if form.replace("-", "").isdigit():
        return dashes >= _LEAST - 1  # an address, and no date
    return dashes > 0 or not value.isascii()


def _size(text: str) -> int:
    return sum(map(str.isalnum, text))


def find_in_name(name: str, values: Iterable[str], is_kept: Callable[[str], bool]) -> str:
    """The first of the values that stands as whole words in the name of a file, whatever signs join them.

    Empty for none. A value without a sign, which is its own form, is for other searches; a form
    that is kept is none.
    """
    words = f"-{dashed(name.casefold())}-"
    for value in values:
        if any(f"-{form}-" in words and not is_kept(form) for form in slug_forms(value)):
            return value
    return ""


def dashed(text: str) -> str:
    """The text with a dash in the place of all that stands between its words."""
    return _SIGNS.sub("-", text).strip("-")
