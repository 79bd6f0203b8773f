"""What the lines of a register dump look like on one architecture."""

import re
from functools import cache

from sitegen.crash.arch import Arch
from sitegen.crash.log.printk import Line
from sitegen.model import Register

# A name is one of the architecture's or it is no register. `$ 4` is MIPS's.
_REGISTER = re.compile(
    r"(?<![\w.$])(?P<name>\$ ?\d{1,2}|[A-Za-z]\w{0,9})(?: {0,4}[:=] {0,4}| )(?:[0-9A-Fa-f]{4}:)?"
    r"(?:0x|\[?<)?(?P<value>[0-9A-Fa-f]{4,16})\b(?!\+)"
)


class DumpNames:
    """The patterns of one architecture's dumps."""

    def __init__(self, arch: Arch) -> None:
        names, pcs, lrs = (_any(words) for words in (arch.registers, arch.pc, arch.lr))
        self.pc = re.compile(
            rf"(?<![\w.])(?P<name>{pcs})(?: {{0,4}}:? {{0,2}})(?=\S)", re.IGNORECASE
        )
        self.lr = re.compile(
            rf"(?<![\w.])(?P<name>{lrs})(?: {{0,4}}:? {{0,2}})(?=[\[\w])", re.IGNORECASE
        )
        self.first = re.compile(
            rf"\s{{0,12}}(?P<name>{names}|{pcs}|{lrs})(?: {{0,4}}: {{0,3}}| {{1,3}}[\[<]| (?=[0-9a-f]{{16}})| is at )",
            re.IGNORECASE,
        )
        self._order = {name: index for index, name in enumerate(arch.registers)}
        self.beginnings = frozenset(
            first
            for name in (*arch.registers, *arch.pc, *arch.lr)
            for first in (name[0], name[0].upper())
        )
        "what a line of a dump may begin with, blanks apart: the cheap test"
        self.rows = arch.rows
        self.user = re.compile("|".join(arch.user)) if arch.user else None

    def begins(self, text: str) -> bool:
        """Whether the line begins with a register."""
        return text.lstrip()[:1] in self.beginnings and self.first.match(text) is not None

    def read_registers(self, line: Line) -> list[Register]:
        """The registers that the line tells, as it stands in order."""
        return [
            Register(found["name"], int(found["value"], 16), line.span(found.start(), found.end()))
            for found in _REGISTER.finditer(line.text)
            if found["name"].lower() in self._order
        ]

    def is_further(self, name: str, before: str) -> bool:
        """Whether dumps print the register `name` after `before`."""
        return self._order.get(name.lower(), -1) > self._order.get(before.lower(), -1)

    def find_row(self, text: str) -> str:
        """The register with which the row begins that the line is labelled as; empty for none."""
        if not self.rows:
            return ""
        label = text.partition(":")[0].strip().lower()
        return next((first for words, first in self.rows if words == label), "")


@cache
def names_of(arch: Arch) -> DumpNames:
    return DumpNames(arch)


def _any(words: tuple[str, ...]) -> str:
    """A pattern of the words, the longest first; one that nothing matches for none."""
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True)) or "(?!)"
