"""The process's registers, saved when it entered the kernel -> the system call it made."""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.explain.errno import find_errno
from sitegen.crash.explain.registers import plain_name, values_of
from sitegen.crash.explain.syscalls import find_arguments, find_syscall
from sitegen.crash.lazy import Lazy
from sitegen.model import CrashLog, Explanation, Report, State

_X32 = 0x40000000
_PAGE = 4096
_HEAD = 300
"""Characters of a line that are looked at."""
_ENOSYS = 38
_STANDARD = {0: "standard input", 1: "standard output", 2: "standard error"}
_FD = Lazy(r"(?:old|new|sock|ep|ou?t_|in_|pid)?fd$|fd_(?:in|out)$|(?:old|new|from_|to_)?dirfd$")
_CWD = -100
_I386_ARGUMENTS = ("rbx", "rcx", "rdx", "rsi", "rdi", "rbp")


class Argument(NamedTuple):
    """One argument of a system call."""

    name: str
    "empty when the table does not hold the call"
    register: str
    "full name"
    value: int
    shown: str


class SystemCall(NamedTuple):
    """The system call that a process made."""

    number: int
    name: str
    arguments: tuple[Argument, ...]
    register: str
    "full name of the one that holds the number"

    def __str__(self) -> str:
        """As in a program: `write(fd=1, buf=0x3ddb6920, count=2)`."""
        shown = (f"{one.name}={one.shown}" if one.name else one.shown for one in self.arguments)
        return f"{self.name}({', '.join(shown)})"


def machine_of(log: CrashLog, state: State, arch: Arch) -> str:
    """Whose instructions and system calls the dump is about: a 64-bit kernel runs 32-bit programs.

    Also tells Thumb code of 32-bit ARM from ARM code, and 64-bit MIPS from 32-bit.
    """
    if arch.name == "x86_64" and state.user:
        lines = log.lines[state.first - 1 : state.first + 1]
        return "i386" if any("RIP: 0023:" in line[:_HEAD] for line in lines) else arch.name
    if arch.name == "arm":
        lines = log.lines[state.first - 1 : state.last]
        return "thumb" if any("ISA Thumb" in line[:_HEAD] for line in lines) else arch.name
    if arch.name == "mips":
        wide = any(register.value >> 32 for register in state.registers)
        return "mips64" if wide else arch.name
    return arch.name


def find_call(log: CrashLog, report: Report, state: State, arch: Arch) -> SystemCall | None:
    """The system call of the process's registers; None when the log does not prove that it made one.

    Proof is a trace that comes in by a system call right above, or what the entry code of
    x86 leaves in RAX.
    """
    if not state.user:
        return None
    machine = machine_of(log, state, arch)
    found = values_of(state)
    number = found.get(plain_name(arch.syscall_number))
    if number is None:
        return None
    came = _came_by_call(report, state, arch)
    if came is None:
        came = found.get("rax") in (2**64 - _ENOSYS, 2**32 - _ENOSYS) and "orig_rax" in found
    if not came or number >> 31 & ~1:
        return None
    name = find_syscall(machine, number & ~_X32 if machine == "x86_64" else number)
    if not name:
        return None
    if machine == "i386":
        registers: tuple[str, ...] = _I386_ARGUMENTS
    else:
        registers = tuple(plain_name(one) for one in arch.syscall_arguments)
    return SystemCall(
        number, name, _arguments(name, registers, found, arch.bits), plain_name(arch.syscall_number)
    )


def _came_by_call(report: Report, state: State, arch: Arch) -> bool | None:
    """Whether the trace above the dump begins with a system call's entry; None without a trace."""
    outermost = None
    for trace in report.traces:
        for frame in trace.frames:
            if frame.reliable and frame.symbol is not None and frame.at.line < state.first:
                outermost = frame.symbol.name
    if outermost is None:
        return None
    if any(
        outermost.startswith(entry[:-1]) if entry.endswith("*") else outermost == entry
        for entry in arch.syscall_entries
    ):
        return True
    known = outermost in arch.exceptions or outermost.startswith(arch.exception_prefixes or ("\0",))
    return False if known or outermost in arch.entries else None


def _arguments(
    name: str, registers: tuple[str, ...], found: dict[str, int], size: int
) -> tuple[Argument, ...]:
    names = find_arguments(name)
    if names is None:
        return ()
    return tuple(
        Argument(argument, register, found[register], _shown(argument, found[register], size))
        for argument, register in zip(names, registers, strict=False)
        if register in found
    )


def _shown(argument: str, value: int, size: int) -> str:
    """The value as a person writes it: descriptors with their sign, modes in octal, pointers in hex."""
    if _FD.match(argument):
        signed = value & 0xFFFFFFFF
        signed -= (signed >> 31) << 32
        return "AT_FDCWD" if signed == _CWD else str(signed)
    if argument in ("mode", "mask") and value < 0o10000:
        return f"0{value:o}" if value else "0"
    if argument == "flags":
        return f"{value:#x}" if value else "0"
    if not value:
        return "0"
    if value >> (size - 1) and (1 << size) - value < _PAGE:
        return str(value - (1 << size))
    return str(value) if value < _PAGE else f"{value:#x}"


def handed_over(call: SystemCall | None) -> dict[int, str]:
    """The arguments that are no small numbers, by value: kernel registers may hold them still."""
    if call is None:
        return {}
    return {
        one.value: f"`{one.name}` of {call.name}()"
        for one in reversed(call.arguments)
        if one.value >= _PAGE and one.name
    }


def process_registers(state: State, call: SystemCall | None, arch: Arch) -> Iterator[Explanation]:
    """The process's registers that can be told, in the order of the dump."""
    arguments = {one.register: one for one in call.arguments} if call else {}
    found = values_of(state)
    pc = state.pc.address if state.pc else None
    for register in state.registers:
        name = plain_name(register.name)
        value = register.value
        brief = text = ""
        if call and name == call.register:
            brief = f"system call {call.number}: {call}"
            text = f"System call {call.number} is {call.name}: {call}."
        elif call and name in arguments:
            brief, text = _argument_words(arguments[name], call)
        elif name == "orig_rax" and value >> 31 & 1:
            brief, text = (
                "no system call",
                "All bits set: the process came into the kernel by an interrupt or exception, not by a system call.",
            )
        elif (
            call
            and name == "rax"
            and "orig_rax" in found
            and value in (2**64 - _ENOSYS, 2**32 - _ENOSYS)
        ):
            name = find_errno(_ENOSYS)
            brief = f"-{_ENOSYS}, -{name} until the call returns"
            text = f"-{_ENOSYS} (-{name}): the entry code puts it there before the call. It is no result."
        elif call and arch.name == "x86_64" and name == "rcx" and value == pc:
            brief = "the process's RIP, put there by `syscall`"
            text = "The `syscall` instruction saves the process's RIP in RCX."
        elif call and arch.name == "x86_64" and name == "r11" and value == found.get("eflags"):
            brief = "the process's EFLAGS, put there by `syscall`"
            text = "The `syscall` instruction saves the process's EFLAGS in R11."
        if text:
            yield Explanation(register.at, text, brief)


def _argument_words(argument: Argument, call: SystemCall) -> tuple[str, str]:
    brief = f"{argument.name} {argument.shown}"
    text = f"The argument `{argument.name}` of {call.name}(): {argument.shown}"
    if _FD.match(argument.name) and argument.value in _STANDARD:
        brief += f", {_STANDARD[argument.value]} unless redirected"
        text += f", {_STANDARD[argument.value]} unless it was redirected"
    elif argument.value >= _PAGE and argument.shown.startswith("0x"):
        brief = argument.name
    return brief, f"{text}."
