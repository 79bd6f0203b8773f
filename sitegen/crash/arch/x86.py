"""x86-64. Words of arch/x86/kernel/{dumpstack,process_64}.c, mm/fault.c, entry/entry_64.S."""

from sitegen.crash.arch.shape import Arch

REGISTERS = (
    *("rsp", "eflags", "orig_rax", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp"),
    *("r8", "r08", "r9", "r09", "r10", "r11", "r12", "r13", "r14", "r15"),
    *("fs", "gs", "knlgs", "cs", "ds", "es", "ss", "cr0", "cr2", "cr3", "cr4"),
    *("dr0", "dr1", "dr2", "dr3", "dr6", "dr7", "pkru"),
)

# Before Linux 5.8 ("x86/entry: Convert ... to IDTENTRY") the entry code bore the exception's
# own name; since then asm_exc_NAME, and asm_sysvec_NAME for interrupts of the local APIC.
EXCEPTIONS = frozenset(
    {
        *("common_interrupt", "asm_common_interrupt", "asm_spurious_interrupt"),
        *("ret_from_intr", "retint_kernel", "error_exit", "common_interrupt_return"),
        *("apic_timer_interrupt", "reschedule_interrupt", "irq_work_interrupt"),
        *("call_function_interrupt", "call_function_single_interrupt", "reboot_interrupt"),
        *("thermal_interrupt", "threshold_interrupt", "deferred_error_interrupt"),
        *("error_interrupt", "spurious_interrupt", "x86_platform_ipi", "uv_bau_message_intr1"),
        *("kvm_posted_intr_ipi", "hyperv_callback_vector", "xen_hvm_callback_vector"),
        *("xen_hypervisor_callback", "xen_do_hypervisor_callback", "acrn_hv_callback_vector"),
        *("page_fault", "async_page_fault", "trace_page_fault", "general_protection"),
        *("divide_error", "overflow", "bounds", "invalid_op", "device_not_available"),
        *("double_fault", "coprocessor_segment_overrun", "invalid_TSS", "segment_not_present"),
        *("spurious_interrupt_bug", "coprocessor_error", "alignment_check"),
        *("simd_coprocessor_error", "stack_segment", "int3", "debug", "machine_check"),
        *("nmi", "end_repeat_nmi", "repeat_nmi", "xenint3", "xendebug"),
    }
)

X86_64 = Arch(
    name="x86_64",
    aliases=("amd64", "x86-64", "x64"),
    bits=64,
    marks=(
        r"\bRIP: [0-9a-f]{4}:",
        r"\bRSP: [0-9a-f]{4}:[0-9a-f]{8}",
        r"\bRAX: [0-9a-f]{8}",
        r"\bentry_SYSCALL_64",
        r"\bdo_syscall_64\+0x",
        r"\bsystem_call_fastpath\+0x",
        r"\basm_(?:exc|sysvec)_\w+\+0x",
        r"\b__x64_sys_\w+\+0x",
        r"\bx86_64_start_kernel\+0x",
        r"\bknlGS:",
        r"\(relocation range: 0xffffffff80000000-",
        r"[ -](?:x86_64|amd64)\b",
        r"\barch/x86/",
        r"\bffff88[89a-f][0-9a-f]{9}\b",
        r"\b(?:0x)?ffffffff[89ac][0-9a-f]{7}\b",
    ),
    pc=("rip",),
    lr=(),
    sp=("rsp",),
    registers=REGISTERS,
    # A code segment whose two lowest bits are set is ring 3's.
    user=(r"\bRIP: [0-9a-f]{3}[37bf]:", r"\bRSP: [0-9a-f]{3}[37bf]:"),
    exceptions=EXCEPTIONS,
    exception_prefixes=("asm_exc_", "asm_sysvec_", "asm_xen", "irq_entries_start"),
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
    code_unit=1,
)
