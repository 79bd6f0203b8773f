"""Lines -> dumps of the CPU's state: registers, PC, and the bytes of `Code:`.

Goes by the register names of the architecture's table; an unknown architecture's
dumps are left alone.
"""

import re
from typing import Literal

from sitegen.crash.arch import Arch
from sitegen.crash.log.codedump import code_text, is_code, is_rest_of_code, join_code, read_code
from sitegen.crash.log.dump import StateDraft, is_row
from sitegen.crash.log.dumpnames import DumpNames, names_of
from sitegen.crash.log.pcline import is_summary, merge_places, read_machine_check, read_place
from sitegen.crash.log.printk import Line
from sitegen.crash.log.stackdump import is_exception_stack, is_stack, is_stack_row, read_saved
from sitegen.model import Frame, Register, State

# Lines within a dump that hold no register.
_BESIDES = re.compile(
    r"\s{0,12}(?:Flags: |Control: |Register [rpsl]\w{1,2} information|Process \S|task: [0-9a-f]"
    r"|REGS: |Last Breaking-Event|R:\d T:\d|FAULT_INSTR|Page fault|ti: )"
)
# s390 prints instructions, with their bytes, one a line.
_TAKEN_APART = re.compile(
    r"\s{0,12}(?:(?:Krnl|User) Code:\s{0,4})?[#>*]?[0-9a-f]{8,16}: ?(?:[0-9a-f]{4}){1,3}\s"
)
_ROW_OF_REGISTERS = re.compile(r"\s{4,16}[0-9a-f]{8,16}(?: [0-9a-f]{8,16}){1,3}\s{0,4}")
# Some dumps print these a second time, beside the PC.
_TWICE = frozenset(("eflags", "lr", "ra"))
_MOST_BETWEEN = 2
"lines of others within a dump, at one place"
_SYSCALL_RETURN = "ret_fast_syscall"

_MOST_RESTS = 8
"lines that one `Code:` line may be wrapped to"

Kind = Literal["registers", "code"]


class StateReader:
    """Gathers the dumps of one report, line by line."""

    def __init__(self, arch: Arch | None) -> None:
        self._arch = arch
        self._names: DumpNames | None = names_of(arch) if arch else None
        self._drafts: list[StateDraft] = []
        self._open = False
        self._pc: Frame | None = None
        self._since = 0
        "lines since the last one of a dump"
        self._code: tuple[Line, str, int] | None = None
        "a `Code:` line that wrapped lines may go on, its bytes so far, and how many such were read"
        self._rows: list[Line] | None = None
        "rows of a stack's words; None outside of one"
        self._exception = False
        "they hold what an exception's entry saved"
        self._syscall = False
        "the last line that was of no dump is the return from a system call"

    @property
    def states(self) -> tuple[State, ...]:
        self._end_rows()
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
        if self._rows is not None:
            if is_stack_row(line.text):
                self._rows.append(line)
                return "registers"
            self._end_rows()
        kind = self._read(line, wrapped=wrapped)
        if kind is not None:
            self._since = 0
        elif line.text.strip():
            self._since += 1
            self._syscall = _SYSCALL_RETURN in line.text
        return kind

    def _read(self, line: Line, *, wrapped: bool) -> Kind | None:
        text = line.text
        if self._code is not None:
            before, code, rests = self._code
            self._code = None
            if is_rest_of_code(text) and (wrapped or before.context == line.context):
                return self._continue_code(before, code, line, rests + 1)
        if is_code(text):
            return self._read_code(line)
        if self._names is None:
            return None
        if self._names.begins(text):
            return self._read_registers(line, self._names)
        if row := self._names.find_row(text):
            self._draft(line, [], None).row = row
            self._drafts[-1].add_row(line, row)
            return "registers"
        if self._begin_rows(text):
            return "registers"
        if self._open and self._drafts[-1].row and _ROW_OF_REGISTERS.fullmatch(text):
            self._drafts[-1].add_row(line, self._drafts[-1].row)
            return "registers"
        if self._open and _BESIDES.match(text):
            self._drafts[-1].last = line.number
            return "registers"
        if self._open and self._names.rows and _TAKEN_APART.match(text):
            self._drafts[-1].last = line.number
            return "code"
        if place := read_machine_check(line):
            draft = self._draft(line, [], place[0])
            draft.pc, draft.user = place
            self._pc = draft.pc
            return "registers"
        return None

    # --- registers

    def _read_registers(self, line: Line, names: DumpNames) -> Kind | None:
        text = line.text
        pc = read_place(line, names.pc, exact=True)
        if pc is not None and is_summary(text) and self._is_known(pc):
            self._open = False
            return "registers"
        registers = names.read_registers(line)
        lr = read_place(line, names.lr, exact=False)
        if pc is None and lr is None and not registers:
            return "registers" if self._open else None  # `LR is at f file.c:12 [inline]`
        draft = self._draft(line, registers, pc)
        draft.last = line.number
        if pc is not None:
            self._pc = pc if draft.pc is None or draft.pc.symbol is None else None
            draft.pc = merge_places(draft.pc, pc)
        if lr is not None:
            draft.lr = merge_places(draft.lr, lr)
        if names.user is not None and names.user.search(text):
            draft.user = True
        for register in registers:
            draft.add(register)
        if registers and is_row(registers[0].name, text):
            draft.add_row(line, registers[0].name)
        return "registers"

    def _is_known(self, pc: Frame) -> bool:
        """Whether a dump that is whole, code and all, has that PC."""
        return any(
            draft.code is not None and draft.pc is not None and draft.pc.symbol == pc.symbol
            for draft in self._drafts
        )

    def _draft(self, line: Line, registers: list[Register], pc: Frame | None) -> StateDraft:
        """The dump that the line goes on with, or a new one."""
        if self._open:
            draft = self._drafts[-1]
            again = bool(registers) and registers[0].name.lower() in draft.names - _TWICE
            if pc is not None and draft.pc is not None:
                # A symbol and an address are two ways to print one place, but no process's.
                again = (draft.pc.symbol is None) == (pc.symbol is None) or draft.user
            # What stands apart from a dump is no part of it: `CR2:` below the modules.
            if not again and not self._since:
                return draft
        if self._is_interrupted(registers, pc):
            return self._drafts[-1]
        draft = StateDraft(line.number)
        self._drafts.append(draft)
        self._open = True
        return draft

    def _is_interrupted(self, registers: list[Register], pc: Frame | None) -> bool:
        """Whether the last dump goes on: another CPU's line or two stood between."""
        if pc is not None or not registers or not self._drafts or self._names is None:
            return False
        draft = self._drafts[-1]
        if draft.pc is None or self._since > _MOST_BETWEEN:
            return False
        if draft.user and registers[0].name.lower().startswith("cr"):
            return False
        last = draft.registers[-1].name if draft.registers else ""
        return self._names.is_further(registers[0].name, last)

    # --- words of a stack

    def _begin_rows(self, text: str) -> bool:
        self._exception = is_exception_stack(text)
        if not self._exception and not (self._open and is_stack(text)):
            return False
        self._rows = []
        return True

    def _end_rows(self) -> None:
        """Gives the rows to the dump that they are of."""
        rows, self._rows = self._rows, None
        if not rows:
            return
        if not self._exception:
            self._drafts[-1].last = rows[-1].number
            return
        saved = read_saved(rows, syscall=self._syscall)
        if saved is not None:
            draft = StateDraft(rows[0].number)
            draft.last = rows[-1].number
            draft.pc, draft.user = saved.pc, saved.user
            draft.registers = list(saved.registers)
            self._drafts.append(draft)
            self._open = False

    # --- code

    def _read_code(self, line: Line) -> Kind:
        text = code_text(line)
        self._code = (line, text, 0)
        code = read_code(line, text, self._arch)
        if code is not None:
            draft = self._draft_of_code(line)
            draft.code = code
            if self._open and draft is self._drafts[-1]:
                draft.last = line.number
        return "code"

    def _draft_of_code(self, line: Line) -> StateDraft:
        """The dump that the bytes belong to.

        Where traces stand before them (arm64, older x86) it is closed already: the first without any,
        since what the trace interrupted is printed within it. Below the registers of a process they
        are the kernel's: a process's own stand right below its PC.
        """
        draft = self._drafts[-1] if self._open else None
        if draft is None or (draft.user and draft.registers):
            kernel = [one for one in self._drafts if not one.user]
            bare = (one for one in kernel if one.pc is not None and one.code is None)
            draft = next(bare, kernel[-1] if kernel else None)
            self._open = False
        if draft is None or draft.code is not None:
            draft = StateDraft(line.number)
            self._drafts.append(draft)
        return draft

    def _continue_code(self, before: Line, text: str, line: Line, rests: int) -> Kind:
        whole = join_code(text, line.text)
        if rests < _MOST_RESTS:
            self._code = (before, whole, rests)
        code = read_code(before, whole, self._arch)
        for draft in self._drafts:
            if code is not None and draft.code is not None and draft.code.at.line == before.number:
                draft.code = code
                draft.last = max(draft.last, line.number)
        return "code"
