"""What differs between architectures: one `Arch` value each, in one file each.

Plain tables. The entries of exceptions stand in `crash/traps.py`, for `sitegen decode` needs them
within milliseconds.
"""

from sitegen.crash.arch.arm import ARM
from sitegen.crash.arch.arm64 import ARM64
from sitegen.crash.arch.i386 import I386
from sitegen.crash.arch.loongarch import LOONGARCH
from sitegen.crash.arch.mips import MIPS
from sitegen.crash.arch.powerpc import POWERPC
from sitegen.crash.arch.riscv import RISCV
from sitegen.crash.arch.s390 import S390
from sitegen.crash.arch.shape import Arch
from sitegen.crash.arch.x86 import X86_64
from sitegen.crash.traps import is_entry

__all__ = ["ARCHES", "Arch", "find_arch", "is_exception_entry", "register_names"]

ARCHES: tuple[Arch, ...] = (X86_64, I386, ARM64, ARM, RISCV, POWERPC, S390, MIPS, LOONGARCH)
"""All of them. The order settles which one is meant when a log bears marks of two equally."""

_BY_NAME = {name: arch for arch in ARCHES for name in (arch.name, *arch.aliases)}


def find_arch(name: str) -> Arch | None:
    """The architecture of that name or alias (`amd64`), or None.

    >>> find_arch("amd64").name
    'x86_64'
    """
    return _BY_NAME.get(name)


def register_names(name: str) -> tuple[str, ...]:
    """What logs of that architecture call its registers, lower case; empty where it is not known.

    >>> "rip" in register_names("x86_64"), register_names("pdp11")
    (True, ())
    """
    arch = find_arch(name)
    return tuple(dict.fromkeys((*arch.pc, *arch.lr, *arch.sp, *arch.registers))) if arch else ()


def is_exception_entry(symbol: str, arch: Arch | None = None) -> bool:
    """Whether a frame of `symbol` is where an exception or interrupt came in.

    The next frame outwards is then the place that was interrupted, an exact
    address, unless the log prints that place as registers of its own. Without
    `arch` all architectures are asked.
    """
    return is_entry(symbol, arch.name if arch else "")
