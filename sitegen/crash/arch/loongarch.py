"""LoongArch. Words of arch/loongarch/kernel/traps.c."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

LOONGARCH = Arch(
    name="loongarch64",
    aliases=("loongarch", "loong64"),
    bits=64,
    marks=(
        (r"\bERA: [0-9a-f]{16} ", "ERA: "),
        (r"\bCRMD: [0-9a-f]{8} ", "CRMD: "),
        (r"\bESTAT: [0-9a-f]{8} ", "ESTAT: "),
        (r"\bpc [0-9a-f]{16} ra [0-9a-f]{16} tp ", " ra "),
        (r"[ -]loongarch64\b", "loongarch64"),
        (r"\barch/loongarch/", "arch/loongarch/"),
    ),
    pc=("era", "pc"),
    lr=("ra",),
    sp=("sp",),
    registers=(
        *("ra", "tp", "sp", "u0"),
        *(
            f"{kind}{number}"
            for kind, count in (("a", 8), ("t", 9), ("s", 10))
            for number in range(count)
        ),
        *("crmd", "prmd", "euen", "ecfg", "estat", "badv", "prid"),
    ),
    user=(r"\bPRMD: [0-9a-f]{8} \(PPLV3 ",),
    exceptions=ENTRIES["loongarch64"].names,
    exception_prefixes=ENTRIES["loongarch64"].beginnings,
    entries=("handle_syscall", "handle_sys", "ret_from_kernel_thread", "ret_from_fork"),
    syscall_entries=("handle_sys*",),
    syscall_number="a7",
    syscall_arguments=("a0", "a1", "a2", "a3", "a4", "a5"),
)
