"""Function names as people write them, without what compilers and macros add."""

import re

_SUFFIXES = re.compile(r"(?:\.(?:isra|constprop|part|llvm|cold|lto_priv)(?:\.\d+)?)+$")

_SYSCALL = re.compile(
    r"__(?:x64|ia32|x32|arm64|arm|riscv|s390x?|powerpc|loongarch|mips|do|se)_(?:compat_)?sys_(\w+)$"
)

_WRAPPED = re.compile(r"__(?:do|se)_(?:compat_)?sys_\w+$")


def bare_name(symbol: str) -> str:
    """The function's name in the source: for links and comparisons, never for what a log said.

    >>> bare_name("cm_level3_read.constprop.0.cold")
    'cm_level3_read'
    """
    return _SUFFIXES.sub("", symbol[:512]) or symbol


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
