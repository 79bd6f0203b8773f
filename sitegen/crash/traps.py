"""The functions through which exceptions and interrupts come in, by architecture.

Apart from the rest of `crash/arch`, because `sitegen decode` asks on every frame and is done
sooner than that is imported. The words are those of `arch/NAME/kernel/entry*.S` of the kernel.
"""

from __future__ import annotations

from sitegen.record import Record


class Entries(Record):
    """Entries of one architecture. Below one stands the place that was interrupted."""

    names: frozenset[str]
    beginnings: tuple[str, ...] = ()
    "of the names of more such functions"

    def has(self, symbol: str) -> bool:
        return symbol in self.names or symbol.startswith(self.beginnings)


def _entries(names: str, beginnings: str = "") -> Entries:
    """Of words in a text, which is read sooner than as many strings."""
    return Entries(frozenset(names.split()), tuple(beginnings.split()))


# Before Linux 5.8 ("x86/entry: Convert ... to IDTENTRY") the entry code bore the exception's
# own name; since then asm_exc_NAME, and asm_sysvec_NAME for interrupts of the local APIC.
_X86 = """
    common_interrupt asm_common_interrupt asm_spurious_interrupt
    ret_from_intr retint_kernel error_exit common_interrupt_return
    apic_timer_interrupt reschedule_interrupt irq_work_interrupt
    call_function_interrupt call_function_single_interrupt reboot_interrupt
    thermal_interrupt threshold_interrupt deferred_error_interrupt
    error_interrupt spurious_interrupt x86_platform_ipi uv_bau_message_intr1
    kvm_posted_intr_ipi hyperv_callback_vector xen_hvm_callback_vector
    xen_hypervisor_callback xen_do_hypervisor_callback acrn_hv_callback_vector
    page_fault async_page_fault trace_page_fault general_protection
    divide_error overflow bounds invalid_op device_not_available
    double_fault coprocessor_segment_overrun invalid_TSS segment_not_present
    spurious_interrupt_bug coprocessor_error alignment_check
    simd_coprocessor_error stack_segment int3 debug machine_check
    nmi end_repeat_nmi repeat_nmi xenint3 xendebug
"""

ENTRIES: dict[str, Entries] = {
    "x86_64": _entries(_X86, "asm_exc_ asm_sysvec_ asm_xen irq_entries_start"),
    "i386": _entries(
        f"{_X86} handle_exception common_exception ret_from_exception", "asm_exc_ asm_sysvec_"
    ),
    # The longer names since Linux 5.14 ("arm64: entry: consolidate EL1 exception returns").
    "aarch64": _entries(
        """
        el1_sync el1_irq el1_fiq el1_error
        el1h_64_sync el1h_64_irq el1h_64_fiq el1h_64_error
        el1t_64_sync el1t_64_irq el1t_64_fiq el1t_64_error
        __bad_stack
        """
    ),
    "arm": _entries("__dabt_svc __pabt_svc __irq_svc __und_svc __fiq_svc __und_svc_fault"),
    "riscv64": _entries("ret_from_exception handle_exception resume_kernel"),
    "ppc64le": _entries(
        """
        hardware_interrupt_common decrementer_common data_access_common
        program_check_common handle_page_fault data_access_slb_common
        hardware_interrupt_common_virt decrementer_common_virt
        data_access_common_virt program_check_common_virt ret_from_except
        ret_from_except_full restore_check_irq_replay replay_interrupt_return
        """
    ),
    "s390x": _entries(
        """
        pgm_check_handler io_int_handler ext_int_handler mcck_int_handler
        io_return pgm_exit cleanup_io_restore
        """
    ),
    "mips": _entries(
        "handle_int ret_from_irq rollback_handle_int except_vec3_generic",
        "handle_tlb handle_ri handle_bp handle_ade",
    ),
    "loongarch64": _entries(
        "handle_vint ret_from_idle handle_adem_ade",
        "handle_tlb handle_bp handle_ri handle_ale handle_vint",
    ),
}
"""By the name of the architecture, as `crash/arch` calls it."""


def is_entry(symbol: str, arch: str = "") -> bool:
    """Whether exceptions or interrupts come in by that function; of all architectures without `arch`."""
    one = ENTRIES.get(arch)
    return one.has(symbol) if one else any(each.has(symbol) for each in ENTRIES.values())
