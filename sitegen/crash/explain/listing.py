"""The bytes of a `Code:` line -> its instructions, with what they did here."""

import re
from collections.abc import Sequence

from sitegen.crash import code
from sitegen.crash.arch import Arch
from sitegen.crash.code import Piece
from sitegen.crash.explain.access import Access
from sitegen.crash.explain.asm import find_habit, find_trap
from sitegen.crash.explain.dumps import Dump
from sitegen.crash.explain.fault import find_fault, operand_values, read_detail
from sitegen.crash.explain.process import SystemCall
from sitegen.crash.explain.registers import plain_name, values_of
from sitegen.crash.lazy import Lazy
from sitegen.model import Instruction, Report, State

MACHINES = frozenset(code.MACHINES)
"""Those that can be decoded."""
_SYSCALL = Lazy(r"(?:syscall|sysenter|int \$0x80|svc #0(?:x0)?|ecall|scv?)(?= |$)")
_SET_NUMBER = Lazy(
    r"(?:movl?|movq|movw|mov) \$(?P<value>0x[0-9a-f]+|\d+), %[er]ax$|(?:mov|li) (?:[xw]8|a7|r7|r0), #?(?P<other>0x[0-9a-f]+|\d+)$"
)
_DIVIDES = ("div", "idiv")
_CONTROL = Lazy(r"call|j\w+|ret|b\.?\w*|cb|tb|ecall|syscall|svc|int ")


def entry_of(state: State) -> int | None:
    """The index in the dump at which the function of the PC begins; None when it is not in it."""
    dump, pc = state.code, state.pc
    if dump is None or dump.mark is None or pc is None or pc.symbol is None:
        return None
    start = dump.mark - pc.symbol.offset
    return start if start > 0 else None


def instructions(
    report: Report,
    dump: Dump,
    *,
    machine: str,
    access: Access,
    call: SystemCall | None,
    arch: Arch,
) -> tuple[Instruction, ...]:
    """The dump's instructions in order, the one at the PC marked; empty where nothing can be decoded."""
    state = dump.state
    held = state.code
    if held is None:
        return ()
    found = (
        _taken_apart(dump)
        if dump.texts
        else code.pieces(held.data, machine, mark=held.mark, entry=entry_of(state), likely=True)
    )
    names = _Targets(state, held.mark or 0)
    notes = (
        _process_notes(found, held.mark, call)
        if state.user
        else _kernel_notes(found, report, dump, machine=machine, access=access, arch=arch)
    )
    if not state.user and (said := inside_of(dump, machine)) and held.mark is not None:
        notes[held.mark] = said
    symbol = state.pc.symbol if state.pc and not state.user else None
    base = symbol.offset - (held.mark or 0) if symbol else 0
    inside = range(-base, symbol.size - base) if symbol else range(0)
    return tuple(
        Instruction(
            offset=piece.start,
            data=held.data[piece.start : piece.start + piece.size],
            text=names.text(piece),
            mark=piece.start == held.mark,
            note=notes.get(piece.start)
            or find_habit(
                piece.text,
                held.data[piece.start : piece.start + piece.size],
                base + piece.start if piece.start in inside else None,
            ),
        )
        for piece in found
    )


def inside_of(dump: Dump, machine: str) -> str:
    """Where the PC is within an instruction, in words; empty when one begins there."""
    state = dump.state
    entry = entry_of(state)
    if state.code is None or state.code.mark is None or entry is None or state.user or dump.texts:
        return ""
    inside = code.around(state.code.data, machine, mark=state.code.mark, entry=entry)
    if inside is None:
        return ""
    start = inside.start - entry
    return (
        f"inside of the instruction from +{start:#x} to +{start + inside.size:#x}: something jumped to "
        "where no instruction begins"
    )


def _taken_apart(dump: Dump) -> tuple[Piece, ...]:
    """The instructions as the log itself writes them."""
    starts = sorted(dump.texts)
    ends = [*starts[1:], len(dump.state.code.data) if dump.state.code else 0]
    return tuple(
        Piece(start, end - start, dump.texts[start])
        for start, end in zip(starts, ends, strict=True)
    )


class _Targets:
    """Where jumps lead, in words of the log."""

    def __init__(self, state: State, mark: int) -> None:
        self._symbol = state.pc.symbol if state.pc and not state.user else None
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


# --- The kernel's -----------------------------------------------------------------------------


def _kernel_notes(
    found: Sequence[Piece],
    report: Report,
    dump: Dump,
    *,
    machine: str,
    access: Access,
    arch: Arch,
) -> dict[int, str]:
    state = dump.state
    mark, failing = (state.code.mark if state.code else None), dump.failing
    marked = next((piece for piece in found if piece.start == failing), None)
    if state.code is None or mark is None or failing is None or marked is None:
        return {}
    before = next((piece for piece in found if piece.start + piece.size == mark), None)
    if before is not None and before.text == "int3" and report.kind == "int3":
        return {before.start: "the breakpoint; the CPU reports the byte behind it"}
    if not marked.text:
        return {failing: "no whole instruction: the dump ends within it, or it is none"}
    if words := find_trap(marked.text, report):
        return {failing: words}
    detail = read_detail(dump, machine)
    if detail is None:
        return {}
    if report.kind == "divide" and detail.mnemonic.startswith(_DIVIDES):
        return {failing: _division(marked.text, state)}
    notes: dict[int, str] = {}
    fault = find_fault(report, state, detail, access, arch)
    if fault is not None:
        notes[failing] = fault.note
        for name in fault.roles:
            if setter := _setter(found, state.code.data, failing, name, machine):
                printed = next(
                    (one.name for one in state.registers if plain_name(one.name) == name), name
                )
                notes[setter.start] = f"sets {printed}"
    elif given := ", ".join(operand_values(detail, state)):
        notes[failing] = given
    if failing != mark and failing in notes:
        where = "in the delay slot of the branch at the PC" if failing > mark else "before the PC"
        notes[failing] += f" ({where})"
    return notes


def _division(text: str, state: State) -> str:
    operand = re.search(r"%(\w+)$", text)
    if operand is None:
        return "divides"
    name = code.full_name(operand[1])
    value = values_of(state).get(name)
    if value is None:
        return "divides"
    bits = _width(operand[1])
    value &= (1 << bits) - 1
    said = f"divides by {operand[1].upper()} = {value:#x}"
    return said if not value else f"{said}: the quotient does not fit"


def _width(register: str) -> int:
    """Bits of x86's register by its name.

    >>> _width("esi"), _width("r8"), _width("cl"), _width("cx")
    (32, 64, 8, 16)
    """
    if register.startswith("e") or register.endswith("d"):
        return 32
    if register[0] == "r":
        return {"b": 8, "w": 16}.get(register[-1], 64)
    return 8 if register[-1] in "lh" else 16


def _setter(
    found: Sequence[Piece], data: bytes, mark: int, name: str, machine: str
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


# --- The process's ----------------------------------------------------------------------------


def _process_notes(
    found: Sequence[Piece], mark: int | None, call: SystemCall | None
) -> dict[int, str]:
    """What the process's instructions around its system call do."""
    notes: dict[int, str] = {}
    way_in = next(
        (
            piece
            for piece in found
            if piece.start + piece.size == mark and _SYSCALL.match(piece.text)
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
