"""i386. Words of arch/x86/kernel/{dumpstack,process_32}.c, entry/entry_32.S."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

I386 = Arch(
    name="i386",
    aliases=("i486", "i586", "i686", "x86_32", "x86"),
    bits=32,
    marks=(
        (r"\bEIP: ", "EIP: "),
        (r"\bEIP is at ", "EIP is at "),
        (r"\bEAX: [0-9a-f]{8} EBX: ", "EAX: "),
        (r"\bentry_(?:INT80|SYSENTER)_32\+0x", "entry_INT80_32+", "entry_SYSENTER_32+"),
        (r"\bi386_start_kernel\+0x", "i386_start_kernel+"),
        (r"[ -]i[3-6]86\b", "i386", "i486", "i586", "i686"),
    ),
    pc=("eip", "eip is at"),
    lr=(),
    sp=("esp",),
    registers=(
        *("eflags", "eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp"),
        *("ds", "es", "fs", "gs", "cs", "ss", "cr0", "cr2", "cr3", "cr4"),
        *("dr0", "dr1", "dr2", "dr3", "dr6", "dr7"),
    ),
    user=(r"\bSS: [0-9a-f]{3}[37bf]\b", r"\bCS: [0-9a-f]{3}[37bf]\b", r"\bEIP: [0-9a-f]{3}[37bf]:"),
    exceptions=ENTRIES["i386"].names,
    exception_prefixes=ENTRIES["i386"].beginnings,
    entries=(
        *("entry_INT80_32", "entry_SYSENTER_32", "sysenter_do_call", "syscall_call"),
        *("sysenter_past_esp", "restore_all", "ret_from_fork_asm", "ret_from_fork"),
        *("ret_from_kernel_thread", "startup_32_smp", "kernel_thread_helper"),
    ),
    syscall_entries=("entry_*", "sysenter_*", "syscall_call", "restore_all"),
    syscall_number="eax",
    syscall_arguments=("ebx", "ecx", "edx", "esi", "edi", "ebp"),
)
