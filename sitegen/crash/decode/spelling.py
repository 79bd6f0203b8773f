"""Instructions as the disassembler writes them -> as binutils do, whose words people compare."""

import re

# Of these the last letter says the size, which a register among the operands says already.
_SIZED = frozenset(
    (
        *(
            "mov",
            "add",
            "sub",
            "and",
            "or",
            "xor",
            "cmp",
            "test",
            "lea",
            "inc",
            "dec",
            "neg",
            "not",
        ),
        *("adc", "sbb", "imul", "mul", "div", "idiv", "shl", "shr", "sar", "rol", "ror", "xchg"),
        *("xadd", "cmpxchg", "bt", "bts", "btr", "btc", "bsf", "bsr", "bswap", "stos", "lods"),
        *("movabs", "shld", "shrd", "movnti", "tzcnt", "lzcnt", "popcnt"),
    )
)
_PREFIXES = ("lock", "rep", "repe", "repne", "repz", "notrack", "bnd")
_NUMBER = re.compile(r"(?<![\w%.])(-?)(\d+)(?=[,(]|$)")
_UNSCALED = re.compile(r"\((%\w+)?,(%\w+)\)")
_DISPLACEMENT = re.compile(r"#(-?0x[0-9a-f]+)(?=\])")
_REGISTER = re.compile(r"(?:^|,)\*?%\w+(?=,|$)")


def x86(text: str, data: bytes) -> tuple[str, str]:
    """(mnemonic with its prefixes, operands).

    >>> x86("movl 8(%rax,%rcx), %eax", b"")
    ('mov', '0x8(%rax,%rcx,1),%eax')
    """
    words = text.split(" ")
    count = 1
    while count < len(words) and words[count - 1] in _PREFIXES:
        count += 1
    *prefixes, word = words[:count]
    operands = "".join(words[count:])
    operands = _UNSCALED.sub(lambda found: f"({found[1] or ''},{found[2]},1)", operands)
    operands = _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]):#x}", operands)
    if word[:-1] in _SIZED and word[-1] in "bwlq" and _REGISTER.search(_outside(operands)):
        word = word[:-1]
    if word.startswith("nop") and operands.startswith("(") and _is_displaced(data):
        operands = f"0x0{operands}"
    return " ".join([*prefixes, word]), operands


def arm(operands: str, at: int = 0) -> str:
    """The operands, displacements in decimal, addresses counted from where `at` is counted from.

    >>> arm("w0, [x0, #0x28]"), arm("x0, .+0x10", 4)
    ('w0, [x0, #40]', 'x0, 0x14')
    """
    before, relative, distance = operands.partition(".+")
    if relative and distance.startswith("0x"):
        operands = f"{before}{int(distance, 16) + at:#x}"
    return _DISPLACEMENT.sub(lambda found: f"#{int(found[1], 16)}", operands)


def _outside(operands: str) -> str:
    """The operands without what stands in parentheses."""
    return re.sub(r"\([^)]*\)", "()", operands)


def _is_displaced(data: bytes) -> bool:
    """Whether a long no-operation spells out a displacement, which is zero."""
    at = data.find(b"\x0f\x1f")
    return 0 <= at < len(data) - 2 and data[at + 2] >> 6 in {1, 2}
