"""A dump of the CPU's state while its lines are read: registers in the order printed, then a `State`."""

import re

from sitegen.crash.log.printk import Line
from sitegen.model import CodeDump, Frame, Register, State

_HEXES = re.compile(r"[0-9a-f]{8,16}")
_NUMBERED = re.compile(r"([A-Za-z$ ]*?)\s*(\d+)$")


class StateDraft:
    """A dump as far as it was read."""

    def __init__(self, line: int) -> None:
        self.first = self.last = line
        self.user = False
        self.pc: Frame | None = None
        self.lr: Frame | None = None
        self.registers: list[Register] = []
        self.names: set[str] = set()
        self.code: CodeDump | None = None
        self.row = ""
        "name of the register with which the row before began, where rows go on without names"

    def add(self, register: Register) -> None:
        if register.name.lower() not in self.names:
            self.names.add(register.name.lower())
            self.registers.append(register)

    def add_row(self, line: Line, name: str) -> None:
        """`GPR00: a b c d`: registers that stand in rows under the number of the first."""
        self.last = line.number
        found = _NUMBERED.match(name)
        if found is None:
            return
        stem, number = found[1], int(found[2])
        width = len(found[2])
        for index, value in enumerate(_HEXES.finditer(line.text, line.text.find(":") + 1)):
            at = line.span(value.start(), value.end())
            self.add(Register(f"{stem}{number + index:0{width}}", int(value[0], 16), at))
            self.row = f"{stem}{number + index + 1:0{width}}"

    def done(self) -> State | None:
        """The state; None for what holds too little to be one."""
        if self.pc is None and self.code is None and len(self.registers) < 3:
            return None
        return State(
            self.first,
            self.last,
            self.user,
            self.pc,
            self.lr,
            tuple(self.registers),
            self.code,
        )


def is_row(name: str, text: str) -> bool:
    """Whether the line, which begins with that register, holds those that follow it without names."""
    return name.lower().startswith(("gpr", "$")) and len(_HEXES.findall(text)) > 1
