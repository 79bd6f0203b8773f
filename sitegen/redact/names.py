"""The map: value -> pseudonym, written once. And its form on disk.

A value keeps its pseudonym for good; new ones are numbered in the order met. Values are in
lower case, since a name is the same in both.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Literal, get_args

SCHEMA = 1
_PSEUDONYM = re.compile(r"(?P<label>[a-z][a-z0-9-]{0,23})(?P<sign>[-_])(?P<number>[1-9]\d{0,8})")
UNKNOWN = "[redacted]"
"""What stands for a value that is met when no more pseudonyms are given."""
_MOST_TRIES = 1000


class MapError(ValueError):
    """The bytes are no map; the text says why, without a value."""


Section = Literal["values", "placed", "homes"]
"""How a value was found: it says by itself what it is; by what stood around it; behind `/home/`."""
SECTIONS: tuple[Section, ...] = get_args(Section)


class Names:
    """Values and their pseudonyms. `frozen` gives no new ones: for processes beside the one that reads."""

    def __init__(
        self, sections: Mapping[Section, Mapping[str, str]] | None = None, *, frozen: bool = False
    ) -> None:
        given = sections or {}
        self._sections: dict[Section, dict[str, str]] = {
            name: dict(given.get(name) or {}) for name in SECTIONS
        }
        self._frozen = frozen
        self._taken = {name for one in self._sections.values() for name in one.values()}
        self._last: dict[str, int] = {}
        for name in self._taken:
            found = _PSEUDONYM.fullmatch(name)
            if found:
                stem = found["label"] + found["sign"]
                self._last[stem] = max(self._last.get(stem, 0), int(found["number"]))

    def give(self, value: str, label: str, *, section: Section, free: Callable[[str], bool]) -> str:
        """The pseudonym of `value`; a new one where it has none, of those that are `free` to be used."""
        known = self._sections[section].get(value)
        if known is not None:
            return known
        name = self.find(value)
        if self._frozen:
            return name or UNKNOWN
        name = self._sections[section][value] = name or self._new(label, free)
        return name

    def find(self, value: str) -> str:
        """The pseudonym of `value`; empty when it has none."""
        return next((one[value] for one in self._sections.values() if value in one), "")

    def _new(self, label: str, free: Callable[[str], bool]) -> str:
        stem = label if label.endswith("_") else f"{label}-"
        number = self._last.get(stem, 0) + 1
        for _ in range(_MOST_TRIES):
            name = f"{stem}{number}"
            if free(name) and not self.find(name) and name not in self._taken:
                self._last[stem] = number
                self._taken.add(name)
                return name
            number += 1
        return UNKNOWN

    def section(self, name: Section) -> Mapping[str, str]:
        """The values that were found so, and their pseudonyms."""
        return self._sections[name]

    def __len__(self) -> int:
        return sum(map(len, self._sections.values()))


def encode_names(names: Names) -> bytes:
    """The map as a file: sorted, one value a line."""
    plain: dict[str, object] = {name: dict(names.section(name)) for name in SECTIONS}
    plain["schema"] = SCHEMA
    text = json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def decode_names(data: bytes, *, frozen: bool = False) -> Names:
    """The map of a file. Raises `MapError`."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MapError("it is not JSON") from error
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise MapError(f"it has no 'schema' {SCHEMA}")
    sections = {name: _section(plain, name) for name in SECTIONS}
    by_name: dict[str, str] = {}
    by_value: dict[str, str] = {}
    for value, name in (item for one in sections.values() for item in one.items()):
        if by_name.setdefault(name, value) != value and name != UNKNOWN:
            raise MapError(f"two values have the pseudonym '{name}'")
        if by_value.setdefault(value, name) != name:
            raise MapError(f"'{by_value[value]}' and '{name}' stand for one value")
    return Names(sections, frozen=frozen)


def _section(plain: Mapping[str, object], name: str) -> dict[str, str]:
    section = plain.get(name, {})
    if not isinstance(section, dict):
        raise MapError(f"'{name}' is not a table")
    for value, pseudonym in section.items():
        if not isinstance(pseudonym, str) or not (
            pseudonym == UNKNOWN or _PSEUDONYM.fullmatch(pseudonym)
        ):
            raise MapError(f"'{name}' has a pseudonym that is not like 'host-1'")
        if not value or value.casefold() != value or "\n" in value:
            raise MapError(f"the value of '{pseudonym}' is not as it was written")
    return section
