"""Claims about members at offsets, checked against the layouts that the lock keeps."""

from sitegen.model import Layout
from sitegen.web.claims.values import AtSource, Facts, Fails, Holds, MemberClaim, Unknown, Verdict
from sitegen.web.claims.words import Words, number_of

_KEYWORDS = ("struct", "union")


def read_member(words: Words) -> MemberClaim | None:
    """`member struct file.f_op at 0x28`, `offset 0x28 of struct file is f_op`, `sizeof struct file == 232`."""
    lower = tuple(word.lower() for word in words)
    match lower:
        case ("member", *_, "at", _):
            named = _named(words[1:-2])
            offset, bit = _offset(words[-1])
            if named and named[1] and offset is not None:
                return MemberClaim(*named, offset, bit)
        case ("offset", _, "of", *_, "is", _):
            named = _named(words[3:-2])
            offset, bit = _offset(words[1])
            path = words[-1].removeprefix(".")
            if named and not named[1] and _is_path(path) and offset is not None:
                return MemberClaim(named[0], path, offset, bit)
        case ("sizeof", *_, "==" | "=" | "is", _) | ("size", "of", *_, "==" | "=" | "is", _):
            named = _named(words[1 if lower[0] == "sizeof" else 2 : -2])
            size = number_of(words[-1])
            if named and size is not None and size >= 0:
                return MemberClaim(*named, size=size)
    return None


def _offset(word: str) -> tuple[int | None, int | None]:
    """Byte and bit of `0x28`, `40` or `0x10:3`."""
    first, colon, second = word.partition(":")
    byte, bit = number_of(first), number_of(second) if colon else None
    if byte is None or byte < 0 or (colon and bit is None):
        return None, None
    return byte, bit


def _named(words: Words) -> tuple[str, str] | None:
    """The type and the path of `struct file.f_path.dentry`; the path may be empty."""
    keyword = words[0].lower() if len(words) == 2 else ""
    if len(words) not in {1, 2} or (keyword and keyword not in _KEYWORDS):
        return None
    name, dot, path = words[-1].partition(".")
    if not _is_name(name) or (dot and not _is_path(path)):
        return None
    return f"{keyword} {name}".lstrip(), path


def _is_name(word: str) -> bool:
    return word.isidentifier() and word.isascii()


def _is_path(path: str) -> bool:
    """`f_path.dentry`, `cpu_base[3]`, `a[1][2].b`."""
    for part in path.split("."):
        name, *rest = part.split("[")
        if not _is_name(name):
            return False
        for index in rest:
            digits = index.removesuffix("]")
            if digits == index or not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
                return False
    return len(path) <= _LONGEST and path.count(".") + path.count("[") <= _DEEPEST


_LONGEST = 200
_DEEPEST = 16


# --- Checking --------------------------------------------------------------------------------


def check_member(claim: MemberClaim, facts: Facts) -> Verdict:
    """All structures of that name must have it so; where they differ, none is claimed to be meant."""
    known = [one for one in facts.evidence.layouts if one.asked == claim.asked]
    if not known:
        hint = "build where the kernel's image is, and commit the lock"
        return Unknown(f"the lock has no layout of {claim.asked}", hint)
    missing = next((one for one in known if one.missing), None)
    if missing is not None:
        unread = _unread(facts) if missing.typeless else ()
        if unread:
            return Unknown(f"{missing.missing}, and {unread[0]} was not read")
        return Fails(_expected(claim), missing.missing)
    true = [one for one in known if _is_so(claim, one)]
    if len(true) == len(known):
        return Holds(AtSource(known[0].file, known[0].line), _says(claim, known[0]))
    if true:
        places = ", ".join(f"{_found(claim, one)} ({one.file}:{one.line})" for one in known[:3])
        return Unknown(f"types of the name '{claim.type}' differ: {places}")
    several = dict.fromkeys(_found(claim, one) for one in known)
    return Fails(_expected(claim), " or ".join(list(several)[:3]))


def _unread(facts: Facts) -> tuple[str, ...]:
    """The modules of the log whose images were not looked into, in its order."""
    read = {one.name.replace("-", "_") for one in facts.evidence.provenance.images}
    listed = facts.report.modules if facts.report else ()
    return tuple(one.name for one in listed if one.name.replace("-", "_") not in read)


def _is_so(claim: MemberClaim, layout: Layout) -> bool:
    if claim.size is not None:
        return layout.size == claim.size and layout.bits is None
    return layout.offset == claim.offset and claim.bit in {None, layout.bit}


def _expected(claim: MemberClaim) -> str:
    if claim.size is not None:
        return f"{claim.size} bytes"
    bit = f":{claim.bit}" if claim.bit is not None else ""
    return f"{claim.asked} at {claim.offset:#x}{bit}"


def _found(claim: MemberClaim, layout: Layout) -> str:
    if claim.size is not None:
        return f"{layout.bits} bits" if layout.bits is not None else f"{layout.size} bytes"
    bit = f":{layout.bit}" if layout.bit is not None else ""
    return f"{layout.offset:#x}{bit}"


def _says(claim: MemberClaim, layout: Layout) -> str:
    place = f", {layout.file}:{layout.line}" if layout.file else ""
    return f"{_found(claim, layout)} in the image{place}"
