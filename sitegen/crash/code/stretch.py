"""Bytes -> the instructions they are, found from one place where an instruction is known to begin."""

from typing import NamedTuple

from sitegen.crash.code.machines import MACHINES, Family, Machine, decoder
from sitegen.crash.lazy import Lazy

LONGEST = 512
"""Bytes of a dump that are looked at; kernels print 64."""
LONGEST_BEFORE = 128
"""Bytes before the mark that are decoded: each may be where an instruction begins."""
_STARTS = 16
"""Bytes at which decoding begins on trial: no instruction is longer, so that one of them is right."""


class Piece(NamedTuple):
    """An instruction, or bytes that are none."""

    start: int
    "index of its first byte in the dump"
    size: int
    text: str
    "as assemblers write it, AT&T's way on x86; empty for bytes that are no whole instruction"
    target: int | None = None
    "of a direct jump or call: the index in the dump it leads to, perhaps outside"


def pieces(
    data: bytes, machine: str, *, mark: int | None, entry: int | None = None, likely: bool = False
) -> tuple[Piece, ...]:
    """The instructions of `data` in order, one of which begins at `mark`; together they cover it.

    Decoding starts where it lands exactly on `entry` (where the function begins) and on
    `mark`, as early as possible: the first bytes may be the end of an instruction. Where
    several ways lead there, `likely` takes the one with the fewest instructions that
    compilers do not write, though it leave over more. Empty for machines that are not known,
    and where nothing can be told: bytes of instructions of any length without a mark.
    """
    if machine not in MACHINES or not data:
        return ()
    data = data[:LONGEST]
    known = MACHINES[machine]
    if mark is None or not 0 <= mark < len(data):
        if known.unit != known.longest:
            return ()
        mark = 0
    own = _run(data, machine, entry, mark) if entry is not None and 0 < entry < mark else None
    if own is not None and entry is not None:
        found = [*_stretch(data, machine, entry, likely=likely), *own]
    else:
        found = _stretch(data, machine, mark, likely=likely)
    found += _onwards(data, machine, mark, known)
    return tuple(found)


def around(data: bytes, machine: str, *, mark: int, entry: int) -> Piece | None:
    """The instruction that `mark` lies within, decoding from `entry`; None when one begins there."""
    if machine not in MACHINES or not 0 <= entry < mark < len(data[:LONGEST]):
        return None
    for piece in _decode(data[:LONGEST], machine, entry):
        if piece.start >= mark:
            return None
        if piece.start + piece.size > mark:
            return piece
    return None


# --- Where instructions begin -----------------------------------------------------------------

# Instructions that kernels and programs have next to none of, and bytes of others often look like.
_UNLIKELY = Lazy(
    r"\(bad\)|(?:lock )?(?:in|out)(?:s[blw])? |ins[blwd]|outs[blwd]|hlt|into|i?ret[lwq]? ?\$|lret|ljmp|lcall|iret"
    r"|aa[adms]|da[as]|salc|arpl|bound|enter|xlat|lahf|sahf|loop|j[er]?cxz|les|lds|cmc|f[a-z]{2,6} "
    r"|r(?:o|c)[lr][bw] \$|s(?:al|hl|hr|ar)b \$|(?:adc|sbb)b|addb %al, \(%[er]ax\)$|mov[bw]? %[c-gs]s"
    r"|pop %[de]s|push %[c-es]s|push %[er]?sp$|(?:and|or|xor)b \$\S+ %al$|cmps|scas|lods"
)
_WORST = 8
"""What an unlikely instruction weighs, in bytes left over at the start."""


def _stretch(data: bytes, machine: str, end: int, *, likely: bool) -> list[Piece]:
    """The instructions up to `end`, on which the last one ends; before them what is left over."""
    unit = MACHINES[machine].unit
    begin = end % unit + max(end - LONGEST_BEFORE, 0) // unit * unit
    best: list[Piece] | None = None
    least = 0
    for first in range(begin, end, unit):
        if best is not None and (least <= first - begin or first - begin >= _STARTS):
            break
        found = _run(data, machine, first, end)
        if found is None:
            continue
        if not likely:
            return [Piece(0, first, ""), *found] if first else found
        cost = first - begin + _WORST * sum(1 for one in found if _UNLIKELY.match(one.text))
        if best is None or cost < least:
            best = [Piece(0, first, ""), *found] if first else found
            least = cost
    if best is not None:
        return best
    return [Piece(0, end, "")] if end else []


def _run(data: bytes, machine: str, start: int, end: int) -> list[Piece] | None:
    """The instructions from `start` to `end`; None when the last one does not end there."""
    found = _decode(data[:end], machine, start)
    return found if found and found[-1].start + found[-1].size == end else None


def _onwards(data: bytes, machine: str, start: int, known: Machine) -> list[Piece]:
    """The instructions from `start` on; the last piece may be cut off by the end of the dump."""
    found: list[Piece] = []
    while start < len(data):
        run = _decode(data, machine, start)
        found += run
        start = run[-1].start + run[-1].size if run else start
        if start < len(data):
            if len(data) - start < known.longest and known.unit < known.longest:
                found.append(Piece(start, len(data) - start, ""))
                break
            size = min(known.unit, len(data) - start)
            found.append(Piece(start, size, "(bad)"))
            start += size
    return found


def _decode(data: bytes, machine: str, start: int) -> list[Piece]:
    found = []
    for address, size, mnemonic, operands in decoder(machine).disasm_lite(data[start:], start):
        text, target = _written(mnemonic, operands, MACHINES[machine], address)
        found.append(Piece(address, size, text, target))
    return found


# --- How they are written ---------------------------------------------------------------------

# As assemblers and newer binutils print them: the size is said by the mode.
_PLAIN = {
    **{f"{name}{size}": name for name in ("call", "ret", "jmp", "push", "pop") for size in "lq"},
    "popal": "popa",
    "pushal": "pusha",
}
_LONG = Lazy(r"\$(-?\d{2,20}|-0x[0-9a-f]{1,16})(?![\da-fx])")
_TARGET = Lazy(r"(?:.*[ ,])?(#?)(-?0x[0-9a-f]+|-?\d+)$")
_BRANCH: dict[Family, Lazy] = {
    "x86": Lazy(r"call|j[a-z]{1,4}$|loop"),
    "arm64": Lazy(r"bl?$|b\.[a-z]{2}$|cbn?z$|tbn?z$"),
    "arm": Lazy(
        r"blx?(?:[a-z]{2})?$|b(?:eq|ne|[chl][csioe]|mi|pl|v[sc]|g[et]|l[te])?(?:\.w)?$|cbn?z$"
    ),
    "riscv": Lazy(r"(?:c\.)?(?:b(?!set|clr|ext|inv)[a-z]{2,5}|j|jal|jr)$"),
    "powerpc": Lazy(r"b(?!rinc|permd|\w*ctrl?$|\w*lrl?$)[a-z+-]{0,6}$"),
    "mips": Lazy(r"b(?!reak)[a-z]{0,7}$|j(?:al)?$"),
    "s390": Lazy(r"br(?:c|ct|x|as)\w{0,3}$|bras|j(?:g?[nhelmpoz]{0,3})?$|jasl?|c[lg]{0,2}[ir]?j"),
}
_FROM_HERE = frozenset({"riscv"})
"""Whose branches capstone prints relative to themselves."""
_ABSOLUTE = frozenset({"j", "jal", "ba", "bla"})
"""Jumps that say the whole address, which a dump without addresses cannot place."""


def _written(mnemonic: str, operands: str, machine: Machine, at: int) -> tuple[str, int | None]:
    """The instruction's text; for direct jumps without the target, which stands beside it."""
    family = machine.family
    if family == "x86":
        mnemonic = " ".join(_PLAIN.get(word, word) for word in mnemonic.split())
    absolute = mnemonic in _ABSOLUTE and family in ("mips", "powerpc")
    if not absolute and _BRANCH[family].match(mnemonic) and (found := _TARGET.match(operands)):
        value = int(found[2], 0)
        target = value + at if family in _FROM_HERE else value
        if target >= 1 << (machine.bits - 1):
            target -= 1 << machine.bits
        kept = operands[: found.start(1)].rstrip(" ,")
        return f"{mnemonic} {kept}".rstrip(), target
    if family == "x86":
        mask = (1 << machine.bits) - 1
        operands = _LONG.sub(lambda found: f"${int(found[1], 0) & mask:#x}", operands)
    elif mnemonic in ("adr", "adrp"):
        # The dump does not say at which address it stands.
        operands = operands.replace("#", ".+")
    return f"{mnemonic} {operands}".rstrip(), None
