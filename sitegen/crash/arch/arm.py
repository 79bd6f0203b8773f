"""32-bit ARM. Words of arch/arm/kernel/{process,traps}.c and entry-armv.S."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

ARM = Arch(
    name="arm",
    aliases=("armv7", "armv7l", "armv6l", "armhf", "armel"),
    bits=32,
    marks=(
        (r"^(?:\[<[0-9a-f]{8}>\] )?\(\w+\) from \[<[0-9a-f]{8}>\]", ") from [<"),
        (r"^ ?[\w.]+ from [\w.]+\+0x", " from "),
        (r"\bpsr: [0-9a-f]{8}", "psr: "),
        (r"\bFlags: [nN][zZ][cC][vV]  IRQs o", "  IRQs o"),
        (r"\bDAC: [0-9a-f]{8}", "DAC: "),
        (r"\b__dabt_svc\+0x", "__dabt_svc+"),
        (r"\bret_fast_syscall\+0x0/0x[0-9a-f]{2}\b", "ret_fast_syscall+"),
        (r"[ -](?:armv\d\w*|armmp|armhf)\b", "armv", "armmp", "armhf"),
        (r"\barch/arm/", "arch/arm/"),
    ),
    pc=("pc", "pc is at"),
    lr=("lr", "lr is at"),
    sp=("sp",),
    registers=(
        *("lr", "psr", "sp", "ip", "fp"),
        *(f"r{number}" for number in range(10, -1, -1)),
    ),
    user=(r"\bMode USER_",),
    exceptions=ENTRIES["arm"].names,
    exception_prefixes=ENTRIES["arm"].beginnings,
    entries=("ret_fast_syscall", "ret_from_fork", "__irq_usr", "__dabt_usr", "secondary_startup"),
    syscall_entries=("ret_fast_syscall", "__sys_trace*", "vector_swi"),
    syscall_number="r7",
    syscall_arguments=("r0", "r1", "r2", "r3", "r4", "r5"),
)
