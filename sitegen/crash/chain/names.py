"""System calls, by the names of the functions that macros make of their definitions."""

import re

_SYSCALL = re.compile(
    r"__(?:x64|ia32|x32|arm64|arm|riscv|s390x?|powerpc|loongarch|mips|do|se)_(?:compat_)?sys_(\w+)$"
)

_WRAPPED = re.compile(r"__(?:do|se)_(?:compat_)?sys_\w+$")


def syscall_name(function: str) -> str:
    """The system call that a function made by SYSCALL_DEFINE implements; empty for any other.

    >>> syscall_name("__x64_sys_write")
    'write'
    """
    match = _SYSCALL.match(function)
    return match[1] if match else ""


def is_wrapped(function: str) -> bool:
    """Whether SYSCALL_DEFINE made the function for its own use, inlined in the entry it defines."""
    return bool(_WRAPPED.match(function))
