"""The bytes of a `Code:` line -> a disassembly in the form that scripts/decodecode prints.

Differs from it where it guesses: bytes before the first instruction that leads to the mark stay
bytes, so that the line with the arrow is the instruction that trapped.
"""

from __future__ import annotations

from sitegen.crash import code
from sitegen.crash.code import Piece
from sitegen.crash.code.machines import MACHINES
from sitegen.crash.decode.spelling import arm, x86

FAULTING = "Code starting with the faulting instruction"
ARROW = "\t\t<-- trapping instruction"
_ROW = 7
"bytes in a row, where instructions are of any length"
_NARROW = ("x86", "riscv", "powerpc", "mips", "s390")
"families whose operands are written without blanks between them"


BIG = ("mips", "mips64", "s390x")
"machines whose words begin with their highest byte"


def listing(data: bytes, machine: str, *, mark: int | None, width: int) -> tuple[str, ...]:
    """Lines without ends; empty where the machine's instructions are not known.

    `width` is how many bytes the log printed as one item, `mark` where the PC points. Without a
    mark the bytes begin there, as in dumps of old kernels.
    """
    found = code.pieces(data, machine, mark=mark or 0)
    if not found:
        return ()
    form = _Form(data, machine, width)
    lines = []
    if mark is not None:
        lines += ["All code", "========"]
        lines += [
            line for piece in found for line in form.rows(piece, 0, arrow=piece.start == mark)
        ]
    lines += ["", FAULTING, "=" * len(FAULTING)]
    first = mark or 0
    lines += [line for piece in found if piece.start >= first for line in form.rows(piece, first)]
    return tuple(lines)


class _Form:
    """How one dump is written."""

    def __init__(self, data: bytes, machine: str, width: int) -> None:
        self._data = data
        self._machine = machine
        self._family = MACHINES[machine].family
        self._width = width
        self._mask = (1 << MACHINES[machine].bits) - 1

    def rows(self, piece: Piece, base: int, *, arrow: bool = False) -> list[str]:
        """The line of an instruction, and more for its bytes where they are many."""
        if not piece.text:
            return [
                self._row(at, min(_ROW, piece.start + piece.size - at), base, "")
                for at in range(piece.start, piece.start + piece.size, _ROW)
            ]
        first = _ROW if self._family == "x86" else piece.size
        lines = [self._row(piece.start, min(first, piece.size), base, self._text(piece, base))]
        if arrow:
            address, colon, rest = lines[0].partition(":")
            lines[0] = f"{address}{colon}*{rest}{ARROW}"
        for at in range(first, piece.size, _ROW):
            size = min(_ROW, piece.size - at)
            start = piece.start + at
            lines.append(f"{start - base:4x}:\t{self._data[start : start + size].hex(' ')} ")
        return lines

    def _row(self, start: int, size: int, base: int, text: str) -> str:
        data = self._data[start : start + size]
        if self._family == "x86" or not text:
            text = text or ".byte " + ",".join(f"{byte:#x}" for byte in data)
            return f"{start - base:4x}:\t{data.hex(' ') + ' ':<{3 * _ROW}}\t{text}"
        step = min(self._width, size)
        order = 1 if self._machine in BIG else -1
        items = [data[at : at + step][::order].hex() for at in range(0, size, step)]
        shown = " ".join(items) if self._machine == "thumb" else "".join(items[::order])
        return f"{start - base:4x}:\t{shown + ' ':<9}\t{text}"

    def _text(self, piece: Piece, base: int) -> str:
        """The instruction, addresses counted from `base` as the rows are."""
        if self._family == "x86":
            data = self._data[piece.start : piece.start + piece.size]
            word, operands = x86(piece.text, data)
        else:
            word, _, operands = piece.text.partition(" ")
            operands = arm(operands, piece.start - base if word == "adr" else 0)
        if piece.target is not None:
            joint = ", " if operands else ""
            operands += f"{joint}{(piece.target - base) & self._mask:#x}"
        if self._family in _NARROW:
            operands = operands.replace(", ", ",")
        if self._family != "x86":
            return f"{word}\t{operands}".rstrip()
        before, relative, _ = operands.partition("(%rip)")
        if relative:
            shift = before.replace("*", ",").replace(":", ",").rpartition(",")[2]
            end = piece.start + piece.size - base
            operands += f"        # {end + int(shift or '0', 0) & self._mask:#x}"
        return f"{word:<6} {operands}".rstrip()
