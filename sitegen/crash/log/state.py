"""Lines -> dumps of the CPU's state: registers, PC, and the bytes of `Code:`.

Goes by the register names of the architecture's table; an unknown architecture's
dumps are left alone.
"""

import re
from functools import cache
from typing import Literal

from sitegen.crash.arch import Arch
from sitegen.crash.log.codedump import code_text, is_code, is_rest_of_code, join_code, read_code
from sitegen.crash.log.frames import to_symbol
from sitegen.crash.log.printk import Line
from sitegen.crash.log.tokens import ADDRESS, BARE, SYMBOL
from sitegen.model import CodeDump, Frame, Register, State, Symbol

_BEHIND = re.compile(r" (?:(?P<address>[0-9a-f]{8,16}) )?\(?(?=[A-Za-z_$])")
_ADDRESS = re.compile(rf"{ADDRESS.pattern}[ (]{{0,8}}")
_HEXES = re.compile(r"[0-9a-f]{8,16}")
# Lines within a dump that hold no register.
_BESIDES = re.compile(
    r"\s{0,12}(?:Flags: |Control: |Register [rpsl]\w{1,2} information|Process \S|Stack: \(0x|task: [0-9a-f]"
    r"|REGS: |Last Breaking-Event|Krnl Code|R:\d T:\d|FAULT_INSTR|Page fault|ti: )"
)

Kind = Literal["registers", "code"]


class _Names:
    """The patterns of one architecture's dumps."""

    def __init__(self, arch: Arch) -> None:
        names = "|".join(re.escape(one) for one in sorted(arch.registers, key=len, reverse=True))
        pcs = "|".join(re.escape(one) for one in sorted(arch.pc, key=len, reverse=True))
        lrs = "|".join(re.escape(one) for one in sorted(arch.lr, key=len, reverse=True)) or "(?!)"
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
        self.register = re.compile(
            rf"(?<![\w.$])(?P<name>{names})(?: {{0,4}}[:=] {{0,4}}| )(?:[0-9a-f]{{4}}:)?(?:0x|\[?<)?(?P<value>[0-9a-f]{{4,16}})\b(?!\+)",
            re.IGNORECASE,
        )
        self.rows = arch.rows
        self.user = re.compile("|".join(arch.user)) if arch.user else None

    def find_row(self, text: str) -> str:
        """The register with which the row begins that the line is labelled as; empty for none."""
        label = text.partition(":")[0].strip().lower()
        return next((first for words, first in self.rows if words == label), "")


@cache
def _names(arch: Arch) -> _Names:
    return _Names(arch)


class _Draft:
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

    def done(self) -> State | None:
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


class StateReader:
    """Gathers the dumps of one report, line by line."""

    def __init__(self, arch: Arch | None) -> None:
        self._arch = arch
        self._names = _names(arch) if arch else None
        self._drafts: list[_Draft] = []
        self._open = False
        self._pc: Frame | None = None
        self._since = 0
        "lines since the last one of a dump"
        self._code: tuple[Line, str] | None = None
        "a `Code:` line that a wrapped line may go on"

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(state for draft in self._drafts if (state := draft.done()) is not None)

    def take_pc(self) -> Frame | None:
        """The PC that the line just read told first; None for all other lines."""
        pc, self._pc = self._pc, None
        return pc

    @property
    def is_user(self) -> bool:
        return bool(self._drafts) and self._drafts[-1].user

    def close(self) -> None:
        """Ends the dump being read: what follows is another's, but for the bytes of its code."""
        self._open = False

    def feed(self, line: Line, *, wrapped: bool = False) -> Kind | None:
        """Reads the line if it belongs to a dump, and says as what.

        `wrapped` when the line has no prefix where the one before has: it may go on with that.
        """
        kind = self._read(line, wrapped=wrapped)
        if kind is not None:
            self._since = 0
        elif line.text.strip():
            self._since += 1
        return kind

    def _read(self, line: Line, *, wrapped: bool) -> Kind | None:
        text = line.text
        if self._code is not None:
            before, code = self._code
            self._code = None
            if (
                is_rest_of_code(text)
                and (wrapped or before.context == line.context)
                and "Code" not in text
            ):
                return self._continue_code(before, code, line)
        if is_code(text):
            return self._read_code(line)
        if self._names is None:
            return None
        if self._names.first.match(text):
            return self._read_registers(line)
        if row := self._names.find_row(text):
            self._draft(line, [], None)
            self._drafts[-1].row = row
            self._read_row(line, row)
            return "registers"
        if self._open and _BESIDES.match(text):
            self._drafts[-1].last = line.number
            return "registers"
        if self._open and self._drafts[-1].row and _is_row(text):
            self._read_row(line, self._drafts[-1].row)
            return "registers"
        return None

    # --- registers

    def _read_registers(self, line: Line) -> Kind | None:
        names = self._names
        if names is None:
            return None
        text = line.text
        pc = self._read_place(names.pc, line, pc=True)
        registers = [
            Register(found["name"], int(found["value"], 16), line.span(found.start(), found.end()))
            for found in names.register.finditer(text)
        ]
        lr = self._read_place(names.lr, line, pc=False)
        if pc is None and lr is None and not registers:
            return None
        draft = self._draft(line, registers, pc)
        draft.last = line.number
        if pc is not None:
            self._pc = pc if draft.pc is None or draft.pc.symbol is None else None
            draft.pc = _merge(draft.pc, pc)
        if lr is not None:
            draft.lr = _merge(draft.lr, lr)
        if names.user is not None and names.user.search(text):
            draft.user = True
        for register in registers:
            if register.name.lower() not in draft.names:
                draft.names.add(register.name.lower())
                draft.registers.append(register)
        if registers and _is_row_name(registers[0].name) and len(_HEXES.findall(text)) > 1:
            self._read_row(line, registers[0].name)
        return "registers"

    def _draft(self, line: Line, registers: list[Register], pc: Frame | None) -> _Draft:
        """The dump that the line goes on with, or a new one."""
        if self._open:
            draft = self._drafts[-1]
            again = bool(registers) and registers[0].name.lower() in draft.names - {
                "eflags",
                "lr",
                "ra",
            }
            if pc is not None and draft.pc is not None:
                again = (draft.pc.symbol is None) == (pc.symbol is None)
            # What stands apart from a dump is no part of it: `CR2:` below the modules.
            if not again and not self._since:
                return draft
        draft = _Draft(line.number)
        self._drafts.append(draft)
        self._open = True
        return draft

    def _read_place(self, wanted: re.Pattern[str], line: Line, *, pc: bool) -> Frame | None:
        """The place that a PC or LR line names: symbol, address, or both."""
        found = wanted.search(line.text)
        if found is None:
            return None
        text = line.text
        at = found.end()
        segment = re.compile(r"[0-9a-f]{2,4}:\s{0,4}(?=\S)").match(text, at)
        at = segment.end() if segment else at
        lookup: Literal["return", "exact"] = "exact" if pc else "return"
        address = None
        start = at
        while printed := _ADDRESS.match(text, at):
            address = int(printed["address"], 16)
            at = printed.end()
        if symbol := SYMBOL.match(text, at):
            return Frame(line.span(at, symbol.end()), to_symbol(symbol), address, lookup=lookup)
        if bare := BARE.match(text, at):
            value = Symbol(bare["name"], int(bare["offset"], 16), 0)
            return Frame(line.span(at, bare.end()), value, address, lookup=lookup)
        if address is not None:
            return Frame(line.span(start, at), None, address, lookup=lookup)
        if number := re.compile(r"(?:0x)?([0-9a-f]{1,16})\b(?!:)").match(text, at):
            # MIPS, LoongArch and s390 print the symbol behind the address.
            if behind := _BEHIND.match(text, number.end()):
                named = SYMBOL.match(text, behind.end())
                if named:
                    raw = int((behind["address"] or number[1]), 16)
                    return Frame(
                        line.span(behind.end(), named.end()), to_symbol(named), raw, lookup=lookup
                    )
            return Frame(line.span(at, number.end()), None, int(number[1], 16), lookup=lookup)
        return None

    def _read_row(self, line: Line, name: str) -> None:
        """`GPR00: a b c d`: registers that stand in rows under the number of the first."""
        found = re.match(r"([A-Za-z$ ]*?)\s*(\d+)$", name)
        draft = self._drafts[-1]
        draft.last = line.number
        if found is None:
            return
        stem, number = found[1], int(found[2])
        width = len(found[2])
        known = {one.name.lower() for one in draft.registers}
        for index, value in enumerate(_HEXES.finditer(line.text, line.text.find(":") + 1)):
            full = f"{stem}{number + index:0{width}}"
            if full.lower() not in known:
                at = line.span(value.start(), value.end())
                draft.registers.append(Register(full, int(value[0], 16), at))
                draft.names.add(full.lower())
            draft.row = f"{stem}{number + index + 1:0{width}}"

    # --- code

    def _read_code(self, line: Line) -> Kind:
        text = code_text(line)
        self._code = (line, text)
        code = read_code(line, text, self._arch)
        if code is not None:
            draft = self._draft_of_code(line)
            draft.code = code
            if self._open and draft is self._drafts[-1]:
                draft.last = line.number
        return "code"

    def _draft_of_code(self, line: Line) -> _Draft:
        """The dump that the bytes belong to. Where traces stand before them (arm64) it is closed already."""
        draft = self._drafts[-1] if self._drafts else None
        if not self._open:
            draft = next((one for one in reversed(self._drafts) if not one.user), None)
        if draft is None or draft.code is not None:
            draft = _Draft(line.number)
            self._drafts.append(draft)
        return draft

    def _continue_code(self, before: Line, text: str, line: Line) -> Kind:
        code = read_code(before, join_code(text, line.text), self._arch)
        for draft in self._drafts:
            if code is not None and draft.code is not None and draft.code.at.line == before.number:
                draft.code = code
                draft.last = max(draft.last, line.number)
        return "code"


def _merge(old: Frame | None, new: Frame) -> Frame:
    """One place of two ways to print it: symbol and address."""
    if old is None:
        return new
    if old.symbol is None and new.symbol is not None:
        address = new.address if new.address is not None else old.address
        return Frame(new.at, new.symbol, address, lookup=new.lookup)
    if old.symbol is not None and old.address is None:
        return Frame(old.at, old.symbol, new.address, lookup=old.lookup)
    return old


def _is_row_name(name: str) -> bool:
    return name.lower().startswith(("gpr", "$"))


def _is_row(text: str) -> bool:
    return re.fullmatch(r"\s{4,16}[0-9a-f]{8,16}(?: [0-9a-f]{8,16}){1,3}\s{0,4}", text) is not None
