"""PowerPC, 32 and 64 bits. Words of arch/powerpc/kernel/{process,traps}.c."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

POWERPC = Arch(
    name="ppc64le",
    aliases=("powerpc", "ppc", "ppc64", "ppc64el", "powerpc64le"),
    bits=64,
    marks=(
        (r"\bNIP: +[0-9a-f]{8}", "NIP: "),
        (r"\bNIP \[[0-9a-f]{8,16}\]", "NIP ["),
        (r"\bGPR00: ", "GPR00: "),
        (r"\bLR \[[0-9a-f]{8,16}\]", "LR ["),
        (r"\bsystem_call_exception\+0x", "system_call_exception+"),
        (r"--- interrupt: [0-9a-f]+ at ", "--- interrupt: "),
        (r"[ -](?:ppc64le|ppc64|powerpc\w*)\b", "ppc64", "powerpc"),
        (r"\barch/powerpc/", "arch/powerpc/"),
    ),
    pc=("nip",),
    lr=("lr",),
    sp=("gpr01",),
    registers=(
        *("lr", "ctr", "msr", "cr", "xer", "cfar", "dar", "dsisr", "irqmask"),
        *(f"gpr{number:02}" for number in range(0, 32, 4)),
    ),
    user=(r"\bMSR: +[0-9a-f]+ <[^>]*\bPR\b",),
    exceptions=ENTRIES["ppc64le"].names,
    exception_prefixes=ENTRIES["ppc64le"].beginnings,
    entries=(
        *("system_call_common", "system_call_vectored_common", "system_call", "ret_from_syscall"),
        *("ret_from_kernel_thread", "ret_from_kernel_user_thread", "ret_from_fork"),
        "start_here_common",
    ),
    syscall_entries=("system_call*", "ret_from_syscall"),
    syscall_number="gpr00",
    syscall_arguments=("gpr03", "gpr04", "gpr05", "gpr06", "gpr07", "gpr08"),
)
