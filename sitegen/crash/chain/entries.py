"""How a chain begins: system call, kernel thread, interrupt, exception."""

from functools import cache

from sitegen.crash.arch import ARCHES, Arch, is_exception_entry
from sitegen.crash.chain.route import Stop
from sitegen.crash.explain.syscalls import find_syscall
from sitegen.model import Edge

# Entries that no system call goes through, and what starts there.
_STARTS = (
    ("ret_from_fork", "kernel thread"),
    ("kernel_thread_helper", "kernel thread"),
    ("ret_from_kernel_thread", "kernel thread"),
    ("secondary_start", "the start of a CPU"),
    ("start_secondary", "the start of a CPU"),
    ("__secondary_switched", "the start of a CPU"),
    ("startup_64", "boot"),
    ("x86_64_start", "boot"),
    ("start_kernel", "boot"),
    ("__primary_switched", "boot"),
    ("rewind_stack_", "the end of a task that crashed"),
)


def entered(function: str, arch: Arch | None, *, number: int | None, call: str) -> Edge:
    """The edge into the outermost frame.

    `number` is the system call's, and `call` the name that the kernel's functions give it,
    where they are known. A number is named by its table: the kernel's own names are older
    or newer than what programs call (`sendfile64` is sendfile).
    """
    arches = ARCHES if arch is None else (arch,)
    if any(_fits(function, pattern) for one in arches for pattern in one.syscall_entries):
        table, name, note = _table(function, arch), call, call
        if number is not None:
            name = find_syscall(table, number) or call
            note = f"number {number} is {name}" if name else f"number {number}"
        elif name and find_syscall(table, 0) and name not in _known(table):
            name, note = "", f"in the kernel's own words {call}"
        return Edge(kind="entry", proof="log", mechanism="system call", note=note, call=name)
    for beginning, mechanism in _STARTS:
        if function.startswith(beginning):
            return Edge(kind="entry", proof="log", mechanism=mechanism)
    if any(function in one.entries for one in arches):
        return Edge(kind="entry", proof="log")
    kind = _interruption(function) if is_exception_entry(function, arch) else None
    if kind is not None:
        return kind
    return Edge(kind="unknown", proof="log", note="the trace begins here")


_COMPAT = ("compat", "int80", "sysenter", "_32")
"""Parts of the names of entries for 32-bit programs."""


def _table(function: str, arch: Arch | None) -> str:
    """The architecture whose table of system calls an entry uses."""
    name = arch.name if arch else ""
    older = {"x86_64": "i386", "aarch64": "arm"}
    if name in older and any(part in function.lower() for part in _COMPAT):
        return older[name]
    return name


_MOST_CALLS = 1024
"""Numbers of system calls are below."""


@cache
def _known(table: str) -> frozenset[str]:
    """The names of all system calls of a table."""
    return frozenset(find_syscall(table, number) for number in range(_MOST_CALLS)) - {""}


def _fits(function: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return function.startswith(pattern[:-1])
    return function == pattern


# Parts of the names of exception entries, and what came in there. The first that fits is meant.
_EXCEPTIONS = (
    ("page_fault", "page fault"),
    ("general_protection", "general protection fault"),
    ("invalid_op", "invalid opcode"),
    ("divide_error", "divide error"),
    ("double_fault", "double fault"),
    ("int3", "breakpoint"),
    ("exc_debug", "debug exception"),
    ("machine_check", "machine check"),
    ("stack_segment", "stack fault"),
    ("data_abort", "data abort"),
    ("bad_stack", "stack overflow"),
    ("sync", "synchronous exception"),
    ("asm_exc_", "exception"),
    ("error_exit", "exception"),
)
_INTERRUPTS = ("sysvec", "interrupt", "irq", "_ipi", "nmi", "fiq", "callback_vector")


def _interruption(function: str) -> Edge | None:
    name = function.lower()
    if "nmi" in name and "asm_exc" in name:
        return Edge(kind="entry", proof="log", mechanism="non-maskable interrupt")
    for part, mechanism in _EXCEPTIONS:
        if part in name:
            return Edge(kind="trap", proof="log", mechanism=mechanism)
    if any(part in name for part in _INTERRUPTS):
        return Edge(kind="entry", proof="log", mechanism="interrupt")
    return None


def interrupted(stop: Stop) -> Edge:
    """The edge into an exception's or interrupt's entry from the place where it came in."""
    found = _interruption(stop.name)
    if found is not None:
        return found
    if stop.context in {"irq", "softirq"}:
        return Edge(kind="entry", proof="log", mechanism="interrupt")
    return Edge(kind="trap", proof="log", mechanism="exception")
