"""The bytes of a `Code:` line -> its instructions, with what they did here."""

import re

from sitegen.crash import code
from sitegen.crash.arch import Arch
from sitegen.crash.code import Piece
from sitegen.crash.explain import arm64
from sitegen.crash.explain.fault import find_fault, operand_values, read_detail
from sitegen.crash.explain.process import SystemCall, find_call, machine_of
from sitegen.crash.explain.registers import is_process, plain_name, values_of
from sitegen.model import CrashLog, Instruction, Report, State

_SYSCALLS = ("syscall", "sysenter", "int $0x80", "svc #0", "svc #0x0", "ecall")
_TRAPS = ("int3", "brk ", "ud2", "ud1 ", "ebreak", "c.ebreak", "udf ")
_SET_NUMBER = re.compile(
    r"(?:movl?|movq|movw|mov) \$(?P<value>0x[0-9a-f]+|\d+), %[er]ax$|(?:mov|li) (?:[xw]8|a7|r7), #?(?P<other>0x[0-9a-f]+|\d+)$"
)
_DIVIDES = ("div", "idiv")
_CONTROL = re.compile(r"call|j\w+|ret|b\.?\w*|cb|tb|ecall|syscall|svc|int ")


def entry_of(state: State) -> int | None:
    """The index in the dump at which the function of the PC begins; None when it is not in it."""
    dump, pc = state.code, state.pc
    if dump is None or dump.mark is None or pc is None or pc.symbol is None:
        return None
    start = dump.mark - pc.symbol.offset
    return start if start > 0 else None


def instructions(
    log: CrashLog, report: Report, state: State, arch: Arch
) -> tuple[Instruction, ...]:
    """The dump's instructions in order, the one at the PC marked; empty where nothing can be decoded."""
    dump = state.code
    if dump is None:
        return ()
    machine = machine_of(log, state, arch)
    entry = entry_of(state)
    found = code.pieces(dump.data, machine, mark=dump.mark, entry=entry)
    names = _Targets(state, dump.mark or 0)
    notes = (
        _process_notes(found, dump.mark, find_call(log, report, state, arch))
        if is_process(state)
        else _kernel_notes(found, report, state, machine, arch)
    )
    if dump.mark is not None and entry is not None and not is_process(state):
        inside = code.around(dump.data, machine, mark=dump.mark, entry=entry)
        if inside is not None:
            start = inside.start - entry
            notes[dump.mark] = (
                f"inside of the instruction from +{start:#x} to +{start + inside.size:#x}: something "
                "jumped to where no instruction begins"
            )
    return tuple(
        Instruction(
            offset=piece.start,
            data=dump.data[piece.start : piece.start + piece.size],
            text=names.text(piece),
            mark=piece.start == dump.mark,
            note=notes.get(piece.start, ""),
        )
        for piece in found
    )


class _Targets:
    """Where jumps lead, in words of the log."""

    def __init__(self, state: State, mark: int) -> None:
        self._symbol = state.pc.symbol if state.pc and not is_process(state) else None
        self._mark = mark

    def text(self, piece: Piece) -> str:
        """The instruction with its target: by offset in the function, else by distance."""
        if piece.target is None:
            return piece.text
        joint = " " if piece.text.count(" ") == 0 else ", "
        symbol = self._symbol
        if symbol is not None:
            offset = symbol.offset + piece.target - self._mark
            if 0 <= offset < symbol.size:
                return f"{piece.text}{joint}{symbol.name}+{offset:#x}"
        return f"{piece.text}{joint}.{piece.target - piece.start:+#x}"


def _kernel_notes(
    found: tuple[Piece, ...], report: Report, state: State, machine: str, arch: Arch
) -> dict[int, str]:
    mark = state.code.mark if state.code else None
    marked = next((piece for piece in found if piece.start == mark), None)
    if state.code is None or mark is None or marked is None:
        return {}
    before = next((piece for piece in found if piece.start + piece.size == mark), None)
    if before is not None and before.text == "int3" and report.kind == "int3":
        return {before.start: "the breakpoint; the CPU reports the byte behind it"}
    if words := _trap(marked.text, report):
        return {mark: words}
    detail = read_detail(state, machine)
    if detail is None:
        return {}
    if report.kind == "divide" and detail.mnemonic.startswith(_DIVIDES):
        return {mark: _division(marked.text, state)}
    notes: dict[int, str] = {}
    fault = find_fault(report, state, detail, arch)
    if fault is not None:
        notes[mark] = fault.note
        for name in fault.roles:
            if setter := _setter(found, state.code.data, mark, name, machine):
                printed = next(
                    (one.name for one in state.registers if plain_name(one.name) == name), name
                )
                notes[setter.start] = f"sets {printed}"
    elif given := ", ".join(operand_values(detail, state)):
        notes[mark] = given
    return notes


def _trap(text: str, report: Report) -> str:
    """What an instruction that traps on purpose is there for; empty for others."""
    if not text.startswith(_TRAPS):
        return ""
    if text.startswith("brk ") and (found := re.search(r"#(0x[0-9a-f]+|\d+)", text)):
        comment = int(found[1], 0)
        if comment == 0x800:
            return _of_bug(report) or "BUG() or WARN()"
        return arm64.brk_text(comment) or f"a breakpoint, number {comment:#x}"
    if text == "int3":
        return "a breakpoint"
    if text.startswith("udf "):
        return "an instruction that is defined to be undefined"
    if words := _of_bug(report):
        return words
    if report.kind == "invalid-opcode":
        return "an invalid opcode on purpose, which no BUG() or WARN() put there"
    return "what BUG() and WARN() are made of"


def _of_bug(report: Report) -> str:
    if report.kind == "warning":
        return "WARN(): traps into the kernel, which prints the warning and goes on behind it"
    if report.kind in ("bug", "list-corruption", "usercopy"):
        return "BUG(): traps into the kernel, which prints the report and does not come back"
    return ""


def _division(text: str, state: State) -> str:
    operand = re.search(r"%(\w+)$", text)
    if operand is None:
        return "divides"
    name = code.full_name(operand[1])
    value = values_of(state).get(name)
    if value is None:
        return "divides"
    bits = 32 if operand[1].startswith("e") or operand[1].endswith("d") else 64
    value &= (1 << bits) - 1
    said = f"divides by {operand[1].upper()} = {value:#x}"
    return said if not value else f"{said}: the quotient does not fit"


def _setter(
    found: tuple[Piece, ...], data: bytes, mark: int, name: str, machine: str
) -> Piece | None:
    """The instruction before the mark that last wrote the register; None past a jump or call."""
    for piece in reversed([piece for piece in found if piece.start < mark]):
        if not piece.text or piece.text == "(bad)" or _CONTROL.match(piece.text):
            return None
        taken = code.detail(data[piece.start : piece.start + piece.size], machine)
        if taken is None or taken.jumps:
            return None
        if name in taken.written:
            return piece
    return None


def _process_notes(
    found: tuple[Piece, ...], mark: int | None, call: SystemCall | None
) -> dict[int, str]:
    """What the process's instructions around its system call do."""
    notes: dict[int, str] = {}
    way_in = next(
        (
            piece
            for piece in found
            if piece.start + piece.size == mark and piece.text.startswith(_SYSCALLS)
        ),
        None,
    )
    if way_in is None or mark is None:
        return notes
    notes[way_in.start] = (
        f"the way into the kernel: {call.name}" if call else "the way into the kernel"
    )
    notes[mark] = "where the process goes on when the call returns"
    if call is None:
        return notes
    for piece in found:
        setter = _SET_NUMBER.match(piece.text)
        if (
            setter
            and piece.start < way_in.start
            and int(setter["value"] or setter["other"], 0) == call.number
        ):
            notes[piece.start] = f"{call.number} is {call.name}"
    return notes
