"""s390x. Words of arch/s390/kernel/{dumpstack,dis}.c."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

S390 = Arch(
    name="s390x",
    aliases=("s390",),
    bits=64,
    marks=(
        (r"\bKrnl PSW : ", "Krnl PSW : "),
        (r"\bKrnl GPRS: ", "Krnl GPRS: "),
        (r"\bLast Breaking-Event-Address:", "Last Breaking-Event-Address:"),
        (r"\bilc:\d+ \[#\d+\]", "ilc:"),
        (r"[ -]s390x?\b", "s390"),
        (r"\barch/s390/", "arch/s390/"),
    ),
    pc=("krnl psw", "user psw"),
    lr=(),
    sp=("r15",),
    registers=(*(f"r{number}" for number in range(16)), "psw"),
    user=(r"\bUser PSW : ",),
    exceptions=ENTRIES["s390x"].names,
    exception_prefixes=ENTRIES["s390x"].beginnings,
    entries=("system_call", "sysc_nr_ok", "ret_from_fork", "kernel_thread_starter"),
    syscall_entries=("system_call*", "sysc_*", "__do_syscall"),
    syscall_number="r1",
    syscall_arguments=("r2", "r3", "r4", "r5", "r6", "r7"),
    rows=(("krnl gprs", "r0"), ("user gprs", "r0")),
    code_order="big",
)
