"""The map: value -> pseudonym, written once. And its form on disk.

A value keeps its pseudonym for good; new ones are numbered in the order met. Values are in
lower case, since a name is the same in both.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping

SCHEMA = 1
LABEL = r"[a-z][a-z0-9-]{0,22}[a-z0-9]_?|[a-z]_?"
"""The form of what pseudonyms begin with."""
_PSEUDONYM = re.compile(r"(?P<label>[a-z][a-z0-9-]{0,23})(?P<sign>[-_])(?P<number>[1-9]\d{0,8})")
UNKNOWN = "[redacted]"
"""What stands for a value that is met when no more pseudonyms are given."""
_MOST_TRIES = 1000


class MapError(ValueError):
    """The bytes are no map; the text says why, without a value."""


class Names:
    """Values and their pseudonyms. `frozen` gives no new ones: for processes beside the one that reads."""

    def __init__(
        self,
        values: Mapping[str, str] | None = None,
        homes: Mapping[str, str] | None = None,
        *,
        frozen: bool = False,
    ) -> None:
        self._values = dict(values or {})
        self._homes = dict(homes or {})
        self._frozen = frozen
        self._taken = {*self._values.values(), *self._homes.values()}
        self._last: dict[str, int] = {}
        for name in self._taken:
            found = _PSEUDONYM.fullmatch(name)
            if found:
                stem = found["label"] + found["sign"]
                self._last[stem] = max(self._last.get(stem, 0), int(found["number"]))

    def give(self, value: str, label: str, *, word: bool, free: Callable[[str], bool]) -> str:
        """The pseudonym of `value`; a new one where it has none, of those that are `free` to be used.

        A value that is no `word` says nothing where it stands by itself.
        """
        section, other = (self._values, self._homes) if word else (self._homes, self._values)
        known = section.get(value)
        if known is not None:
            return known
        if value in other:
            name = other[value]
        elif self._frozen:
            return UNKNOWN
        else:
            name = self._new(label, free)
        if not self._frozen:
            section[value] = name
        return name

    def find(self, value: str) -> str:
        """The pseudonym of `value`; empty when it has none."""
        return self._values.get(value) or self._homes.get(value) or ""

    def _new(self, label: str, free: Callable[[str], bool]) -> str:
        stem = label if label.endswith("_") else f"{label}-"
        number = self._last.get(stem, 0) + 1
        for _ in range(_MOST_TRIES):
            name = f"{stem}{number}"
            if free(name) and name not in self._values and name not in self._taken:
                self._last[stem] = number
                self._taken.add(name)
                return name
            number += 1
        return UNKNOWN

    def values(self) -> Mapping[str, str]:
        """Those that must stand nowhere."""
        return self._values

    def homes(self) -> Mapping[str, str]:
        """Those that must not stand where they were found: a user's name behind `/home/`."""
        return self._homes

    def __len__(self) -> int:
        return len(self._values) + len(self._homes)


def encode_names(names: Names) -> bytes:
    """The map as a file: sorted, one value a line."""
    plain = {"homes": dict(names.homes()), "schema": SCHEMA, "values": dict(names.values())}
    return (
        json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
        + b"\n"
    )


def decode_names(data: bytes, *, frozen: bool = False) -> Names:
    """The map of a file. Raises `MapError`."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MapError("it is not JSON") from error
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise MapError(f"it has no 'schema' {SCHEMA}")
    values, homes = (_section(plain, name) for name in ("values", "homes"))
    seen: dict[str, str] = {}
    for value, name in _iter_both(values, homes):
        if seen.setdefault(name, value) != value:
            raise MapError(f"two values have the pseudonym '{name}'")
    for value in sorted(values.keys() & homes.keys()):
        if values[value] != homes[value]:
            raise MapError(f"'{values[value]}' and '{homes[value]}' stand for one value")
    return Names(values, homes, frozen=frozen)


def _section(plain: Mapping[str, object], name: str) -> dict[str, str]:
    section = plain.get(name, {})
    if not isinstance(section, dict):
        raise MapError(f"'{name}' is not a table")
    for value, pseudonym in section.items():
        if not isinstance(pseudonym, str) or not _PSEUDONYM.fullmatch(pseudonym):
            raise MapError(f"'{name}' has a pseudonym that is not like 'host-1'")
        if not value or value.casefold() != value or "\n" in value:
            raise MapError(f"the value of '{pseudonym}' is not as it was written")
    return section


def _iter_both(*sections: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for section in sections:
        yield from section.items()
