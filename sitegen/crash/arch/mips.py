"""MIPS. Words of arch/mips/kernel/traps.c."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

MIPS = Arch(
    name="mips",
    aliases=("mips64", "mips64el", "mipsel", "mips64r6el"),
    bits=64,
    marks=(
        (r"\bepc +: [0-9a-f]{8,16} ", "epc "),
        (r"\$ 0   : [0-9a-f]{8}", "$ 0   : "),
        (r"\bPrId  : [0-9a-f]{8}", "PrId  : "),
        (r"\bBadVA : ", "BadVA : "),
        (r"[ -](?:mips\w*|loongson-?\d\w*|octeon)\b", "mips", "loongson", "octeon"),
        (r"\barch/mips/", "arch/mips/"),
    ),
    pc=("epc",),
    lr=("ra",),
    sp=("$29",),
    registers=(
        *(f"${number:2}" for number in range(0, 32, 4)),
        *("hi", "lo", "acx", "ra", "status", "cause", "badva", "prid"),
    ),
    user=(r"\bStatus: [0-9a-f]+\b.*\bUSER\b",),
    exceptions=ENTRIES["mips"].names,
    exception_prefixes=ENTRIES["mips"].beginnings,
    entries=(
        "syscall_common",
        "handle_sys",
        "handle_sys64",
        "stack_done",
        "ret_from_kernel_thread",
    ),
    syscall_entries=("syscall_common", "handle_sys*", "stack_done"),
    syscall_number="$2",
    syscall_arguments=("$4", "$5", "$6", "$7"),
    code_order="big",
)
