"""arm64. Words of arch/arm64/kernel/{process,traps,entry-common}.c and entry.S."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

ARM64 = Arch(
    name="aarch64",
    aliases=("arm64",),
    bits=64,
    marks=(
        (r"\bpstate: ?[0-9a-f]{8}", "pstate:"),
        (r"\bx29: ?[0-9a-f]{16}", "x29:"),
        (r"\bel[01]h?t?_(?:64_)?(?:sync|irq|svc|error)\w*\+0x", "el0", "el1"),
        (r"\bel0_svc\w*(?:\.constprop\.\d+)?\+0x", "el0_svc"),
        (r"\b__arm64_sys_\w+\+0x", "__arm64_sys_"),
        (r"\bESR = 0x", "ESR = 0x"),
        (r"\bpgtable: \w+ pages, \d+-bit VAs", "pgtable: "),
        (r"[ -](?:aarch64|arm64)\b", "aarch64", "arm64"),
        (r"\barch/arm64/", "arch/arm64/"),
    ),
    pc=("pc", "pc is at"),
    lr=("lr", "lr is at"),
    sp=("sp",),
    registers=(
        *("pstate", "lr", "sp", "pmr_save", "pmr"),
        *(f"x{number}" for number in range(30, -1, -1)),
    ),
    user=(r"\bpstate: ?[0-9a-f]{7}0\b",),  # PSR_MODE_EL0t: the mode bits are zero
    exceptions=ENTRIES["aarch64"].names,
    exception_prefixes=ENTRIES["aarch64"].beginnings,
    entries=(
        *("el0t_64_sync", "el0t_32_sync", "el0_svc_naked", "el0_svc", "el0_sync"),
        *("el0_sync_compat", "ret_fast_syscall", "ret_from_fork", "__primary_switched"),
        *("__secondary_switched", "el0t_64_irq", "el0t_64_error", "el0_irq"),
    ),
    syscall_entries=("el0t_64_sync", "el0t_32_sync", "el0_svc*", "el0_sync*", "ret_fast_syscall"),
    syscall_number="x8",
    syscall_arguments=("x0", "x1", "x2", "x3", "x4", "x5"),
)
