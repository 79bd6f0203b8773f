"""x86-64. Words of arch/x86/kernel/{dumpstack,process_64}.c, mm/fault.c, entry/entry_64.S."""

from sitegen.crash.arch.shape import Arch
from sitegen.crash.traps import ENTRIES

REGISTERS = (
    *("rsp", "eflags", "orig_rax", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp"),
    *("r8", "r08", "r9", "r09", "r10", "r11", "r12", "r13", "r14", "r15"),
    *("fs", "gs", "knlgs", "cs", "ds", "es", "ss", "cr0", "cr2", "cr3", "cr4"),
    *("dr0", "dr1", "dr2", "dr3", "dr6", "dr7", "pkru"),
)

X86_64 = Arch(
    name="x86_64",
    aliases=("amd64", "x86-64", "x64"),
    bits=64,
    marks=(
        (r"\bRIP: [0-9a-f]{4}:", "RIP: "),
        (r"\bRSP: [0-9a-f]{4}:[0-9a-f]{8}", "RSP: "),
        (r"\bRAX: [0-9a-f]{8}", "RAX: "),
        (r"\bentry_SYSCALL_64", "entry_SYSCALL_64"),
        (r"\bdo_syscall_64\+0x", "do_syscall_64+"),
        (r"\bsystem_call_fastpath\+0x", "system_call_fastpath+"),
        (r"\basm_(?:exc|sysvec)_\w+\+0x", "asm_exc_", "asm_sysvec_"),
        (r"\b__x64_sys_\w+\+0x", "__x64_sys_"),
        (r"\bx86_64_start_kernel\+0x", "x86_64_start_kernel+"),
        (r"\bknlGS:", "knlGS:"),
        (r"\(relocation range: 0xffffffff80000000-", "(relocation range: 0xffffffff80000000-"),
        (r"[ -](?:x86_64|amd64)\b", "x86_64", "amd64"),
        (r"\barch/x86/", "arch/x86/"),
        (r"(?:\b|0x)ffff88[89a-f][0-9a-f]{9}\b", "ffff88"),
        (r"\b(?:0x)?ffffffff[89ac][0-9a-f]{7}\b", "ffffffff"),
    ),
    pc=("rip",),
    lr=(),
    sp=("rsp",),
    registers=REGISTERS,
    # A code segment whose two lowest bits are set is ring 3's.
    user=(r"\bRIP: [0-9a-f]{3}[37bf]:", r"\bRSP: [0-9a-f]{3}[37bf]:"),
    exceptions=ENTRIES["x86_64"].names,
    exception_prefixes=ENTRIES["x86_64"].beginnings,
    entries=(
        *("entry_SYSCALL_64_after_hwframe", "entry_SYSCALL_64", "entry_SYSCALL_64_fastpath"),
        *("entry_SYSCALL_compat_after_hwframe", "entry_SYSCALL_compat", "entry_SYSENTER_compat"),
        *("entry_SYSENTER_compat_after_hwframe", "entry_INT80_compat", "asm_int80_emulation"),
        *("system_call_fastpath", "system_call", "ia32_sysret", "sysenter_dispatch", "stub_clone"),
        *("ret_from_fork_asm", "ret_from_fork", "kernel_thread_helper"),
        *("secondary_startup_64_no_verify", "secondary_startup_64", "startup_64"),
    ),
    syscall_entries=(
        *("entry_SYSCALL*", "entry_SYSENTER*", "entry_INT80*", "asm_int80_emulation"),
        *("system_call*", "ia32_sysret", "sysenter_dispatch", "stub_*"),
    ),
    syscall_number="orig_rax",
    syscall_arguments=("rdi", "rsi", "rdx", "r10", "r8", "r9"),
)
