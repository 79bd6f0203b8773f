"""The shape of an architecture."""

from typing import NamedTuple


class Arch(NamedTuple):
    """What a log of one architecture looks like.

    To add one: write `crash/arch/NAME.py` with one `Arch(...)` in it, taking the
    words from `arch/NAME/kernel/{traps,process,dumpstack}.c` and `entry*.S` of the
    kernel; add it to `ARCHES`; put a log of it under `tests/logs/NAME/` and run
    `pytest --update`. `tests/crash/test_arch.py` says what is missing.
    """

    name: str
    "as `uname -m` prints it, and as the lock file names it"
    aliases: tuple[str, ...]
    "other names people and packages give it"
    bits: int
    marks: tuple[tuple[str, ...], ...]
    """patterns that only logs of this architecture have, each matched within one line; behind a
    pattern stand words one of which is wherever it matches: the cheap test"""
    pc: tuple[str, ...]
    "what stands before the PC in a register dump, lower case, newest first"
    lr: tuple[str, ...]
    "what stands before the return address register; empty where calls push it on the stack"
    sp: tuple[str, ...]
    registers: tuple[str, ...]
    "names in a register dump, lower case, in the order printed; the PC not among them"
    user: tuple[str, ...]
    "patterns of the lines of a register dump that was saved on entry from user mode"
    exceptions: frozenset[str]
    "assembly functions through which exceptions and interrupts come in"
    exception_prefixes: tuple[str, ...]
    "beginnings of the names of more such functions"
    entries: tuple[str, ...]
    "functions in which control first enters the kernel: the outermost frames of a whole trace"
    syscall_entries: tuple[str, ...]
    "those of them that are system calls; a trailing `*` stands for any ending"
    syscall_number: str
    "the register of the user's dump with the system call's number"
    syscall_arguments: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    "labels of rows of registers, lower case, with the register that the row begins with"
    code_order: str = "little"
    "byte order within an item of a `Code:` line that is longer than one byte"
