"""The system call that runs: its number from the log, its function from the image's table."""

from sitegen.crash.arch import Arch
from sitegen.crash.chain.image import Image, Path
from sitegen.crash.symbols.values import Decoded, Query
from sitegen.model import Report

TABLE = "sys_call_table"
"""The end of the names of all tables of system calls (`ia32_sys_call_table`)."""

_ENTRIES = (
    *("__x64_sys_", "__arm64_sys_", "__riscv_sys_", "__s390x_sys_", "__se_sys_", "sys_"),
    *("__ia32_sys_", "__ia32_compat_sys_", "__arm64_compat_sys_", "compat_sys_"),
)
_WORKERS = ("ksys_", "__do_sys_", "__se_sys_", "__sys_", "do_sys_", "do_", "vfs_", "__")


def find_number(report: Report, arch: Arch | None) -> int | None:
    """The number of the running system call, from the registers saved on entry."""
    if arch is None or not arch.syscall_number:
        return None
    for state in report.states:
        for register in state.registers if state.user else ():
            # -1 stands where an interrupt or exception came in instead.
            if register.name.lower() == arch.syscall_number and register.value < 1 << 31:
                return register.value
    return None


def dispatched(image: Image, paths: tuple[Path, ...], number: int) -> tuple[Path, ...]:
    """Those of several paths by tail calls that lead through the function of this system call."""
    targets = [{jump.target for jump in path} for path in paths]
    chosen = set(_in_slot(image, sorted(set().union(*targets)), number))
    return tuple(path for path, names in zip(paths, targets, strict=True) if names & chosen)


def find_dispatch(image: Image, there: Decoded, number: int) -> Path:
    """The way from the table's function of this system call to `there`, by tail calls.

    Only names make one look: that the table holds the function in the slot of the
    number, and that it jumps to `there`, the image says. Empty where it does not.
    """
    worker = there.calls[-1].function
    stems = {worker.removeprefix(prefix) for prefix in _WORKERS if worker.startswith(prefix)}
    names = [entry + stem for entry in _ENTRIES for stem in sorted(stems)]
    for name in _in_slot(image, names, number):
        paths = image.tail_paths(name, there)
        if len(paths) == 1:
            return paths[0]
    return ()


def _in_slot(image: Image, names: list[str], number: int) -> list[str]:
    """Those of the functions that a table of system calls holds under this number."""
    answers = image.decode([Query(name, lookup="exact") for name in names])
    found = [
        (name, answer)
        for name, answer in zip(names, answers, strict=True)
        if isinstance(answer, Decoded)
    ]
    if not found:
        return []
    every = image.holders([answer for _, answer in found])
    return [
        name
        for (name, _), holders in zip(found, every, strict=True)
        if any(one.symbol.endswith(TABLE) and one.member == f"[{number}]" for one in holders)
    ]
