"""The instruction sets that can be decoded: capstone's names of them, and the decoder itself."""

from functools import cache
from typing import Any, Literal, NamedTuple

Family = Literal["x86", "arm64", "arm", "riscv", "powerpc", "mips", "s390"]


class Machine(NamedTuple):
    """One instruction set."""

    family: Family
    arch: str
    "capstone's name of the architecture"
    modes: tuple[str, ...]
    "capstone's names of its modes"
    unit: int
    "bytes of the smallest instruction: each begins at a multiple of it"
    longest: int
    bits: int = 64


MACHINES: dict[str, Machine] = {
    "x86_64": Machine("x86", "CS_ARCH_X86", ("CS_MODE_64",), 1, 15),
    "i386": Machine("x86", "CS_ARCH_X86", ("CS_MODE_32",), 1, 15, 32),
    "aarch64": Machine("arm64", "CS_ARCH_ARM64", ("CS_MODE_ARM",), 4, 4),
    "arm": Machine("arm", "CS_ARCH_ARM", ("CS_MODE_ARM",), 4, 4, 32),
    "thumb": Machine("arm", "CS_ARCH_ARM", ("CS_MODE_THUMB",), 2, 4, 32),
    "riscv64": Machine("riscv", "CS_ARCH_RISCV", ("CS_MODE_RISCV64", "CS_MODE_RISCVC"), 2, 4),
    # Logs print whole words: those of big-endian machines are turned round by who reads them.
    "ppc64le": Machine("powerpc", "CS_ARCH_PPC", ("CS_MODE_64", "CS_MODE_LITTLE_ENDIAN"), 4, 4),
    "mips": Machine("mips", "CS_ARCH_MIPS", ("CS_MODE_MIPS32", "CS_MODE_BIG_ENDIAN"), 4, 4, 32),
    "mips64": Machine("mips", "CS_ARCH_MIPS", ("CS_MODE_MIPS64", "CS_MODE_BIG_ENDIAN"), 4, 4),
    "s390x": Machine("s390", "CS_ARCH_SYSZ", ("CS_MODE_BIG_ENDIAN",), 2, 6),
}
"""By the name of the architecture, or of a second instruction set of it. Capstone 5 has no LoongArch."""


@cache
def decoder(machine: str, *, deep: bool = False) -> Any:  # noqa: ANN401  reason: capstone ships no types
    """Capstone for the machine, which must be of `MACHINES`; `deep` takes operands apart, too.

    Imports capstone, which takes a tenth of a second.
    """
    import capstone  # noqa: PLC0415  reason: only a log with bytes to decode pays for it

    known = MACHINES[machine]
    mode = sum(getattr(capstone, name) for name in known.modes)
    made = capstone.Cs(getattr(capstone, known.arch), mode)
    if known.family == "x86":
        made.syntax = capstone.CS_OPT_SYNTAX_ATT
    made.detail = deep
    return made
