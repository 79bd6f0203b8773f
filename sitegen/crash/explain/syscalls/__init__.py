"""System calls: numbers -> names, names -> what their arguments are called.

Numbers are facts of the kernel's system call tables; names of arguments are those of the
manual pages.
"""

from functools import cache

from sitegen.crash.explain.syscalls.arguments import ARGUMENTS
from sitegen.crash.explain.syscalls.arm import ARM
from sitegen.crash.explain.syscalls.generic import GENERIC
from sitegen.crash.explain.syscalls.i386 import I386
from sitegen.crash.explain.syscalls.x86_64 import X86_64

__all__ = ["find_arguments", "find_syscall"]

Runs = dict[int, str]
"""Names as runs: the number of the first one, and the names from there on, in order."""

_TABLES: dict[str, Runs] = {
    "x86_64": X86_64,
    "i386": I386,
    "arm": ARM,
    "aarch64": GENERIC,
    "riscv64": GENERIC,
    "loongarch64": GENERIC,
}


def find_syscall(machine: str, number: int) -> str:
    """The name of the system call; empty for one that the tables do not hold.

    >>> find_syscall("x86_64", 1), find_syscall("aarch64", 64), find_syscall("i386", 4)
    ('write', 'write', 'write')
    """
    if machine not in _TABLES:
        return ""
    return _names(machine).get(number, "")


@cache
def _names(machine: str) -> dict[int, str]:
    return {
        first + index: name
        for first, names in _TABLES[machine].items()
        for index, name in enumerate(names.split())
    }


@cache
def _arguments() -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(words)
        for name, *words in (line.split() for line in ARGUMENTS.splitlines() if line)
    }


def find_arguments(name: str) -> tuple[str, ...] | None:
    """The names of the system call's arguments, in order; None for one the table does not hold."""
    return _arguments().get(name)
