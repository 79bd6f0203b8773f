"""What the kernel ran only to report: functions at the inner end of a trace that are no steps."""

from sitegen.crash.arch import Arch, is_exception_entry
from sitegen.crash.names import bare_name
from sitegen.model import Context, Frame

_DUMPING = frozenset(
    {
        *("dump_stack", "dump_stack_lvl", "__dump_stack", "show_stack", "show_stack_regs"),
        *("show_trace", "show_trace_log_lvl", "show_regs", "__show_regs", "dump_backtrace"),
        *("unwind_backtrace", "walk_stackframe", "show_backtrace", "sched_show_task"),
        *("nmi_cpu_backtrace", "nmi_trigger_cpumask_backtrace", "arch_trigger_cpumask_backtrace"),
        *("kasan_report", "__kasan_report", "print_report", "print_address_description"),
        *("kasan_report_invalid_free", "kasan_report_double_free", "kasan_object_err"),
        *(
            "ubsan_epilogue",
            "kmsan_report",
            "__msan_warning",
            "kcsan_report",
            "kfence_report_error",
        ),
    }
)
"""Printers of a stack and of a sanitizer's finding."""

_DYING = frozenset(
    {
        *("__warn", "warn_slowpath_common", "warn_slowpath_fmt", "warn_slowpath_null"),
        *("check_panic_on_warn", "report_bug", "__report_bug", "handle_bug", "fixup_bug"),
        *("panic", "vpanic", "nmi_panic", "die", "__die", "__die_body", "die_addr", "oops_end"),
        # x86
        *("do_error_trap", "do_trap", "do_trap_no_signal", "do_invalid_op", "do_int3"),
        *("do_divide_error", "do_general_protection", "do_double_fault", "no_context"),
        *("page_fault_oops", "bad_area", "bad_area_nosemaphore", "__bad_area_nosemaphore"),
        *("kernelmode_fixup_or_oops", "do_user_addr_fault", "do_kern_addr_fault"),
        *("handle_page_fault", "__do_page_fault", "do_page_fault", "mce_panic", "do_machine_check"),
        # arm64 and arm
        *("__do_kernel_fault", "die_kernel_fault", "do_bad_area", "do_translation_fault"),
        *("do_mem_abort", "do_sp_pc_abort", "do_tag_check_fault", "arm64_notify_die"),
        *("bug_handler", "brk_handler", "call_break_hook", "do_debug_exception", "bug_brk_handler"),
        *("el1_abort", "el1_dbg", "el1_undef", "el1_brk64", "do_el1_undef", "do_el1_brk64"),
        *("el1h_64_sync_handler", "el1_sync_handler", "do_DataAbort", "do_PrefetchAbort"),
        *("do_undefinstr", "__bug"),
        # RISC-V, PowerPC, s390
        *(
            "do_trap_break",
            "do_trap_insn_illegal",
            "handle_break",
            "do_trap_error",
            "bad_page_fault",
        ),
        *(
            "program_check_exception",
            "__bad_page_fault",
            "monitor_event_exception",
            "__do_pgm_check",
        ),
    }
)
"""What runs between an exception's entry and the printers, where the report is of that exception."""

REPORTING = _DUMPING | _DYING - {"panic", "vpanic"}
_PREFIXES = ("__asan_report_", "__ubsan_handle_", "kasan_report_", "print_bad_")


_SLEEPING = frozenset(
    {
        *("context_switch", "__schedule", "__schedule_loop", "schedule", "preempt_schedule"),
        *("schedule_preempt_disabled", "schedule_timeout", "schedule_hrtimeout_range"),
        *("schedule_hrtimeout_range_clock", "schedule_hrtimeout", "schedule_rtlock"),
        *("schedule_timeout_interruptible", "schedule_timeout_uninterruptible"),
        *("schedule_timeout_killable", "schedule_timeout_idle"),
        *("io_schedule", "io_schedule_timeout", "bit_wait", "bit_wait_io", "freezable_schedule"),
        *("__switch_to", "__switch_to_asm", "switch_to"),
    }
)
"""The scheduler's own: who waits called it."""

_PAUSES = frozenset({"rep_nop", "cpu_relax", "native_pause", "__cpu_relax"})
"""An instruction in a loop; where it is inlined is where the CPU stayed."""

_SLUB = frozenset(
    {
        *("slab_err", "slab_bug", "object_err", "print_trailer", "slab_fix"),
        *("check_slab", "check_object", "check_pad_bytes", "check_bytes_and_report"),
        *("slab_pad_check", "check_valid_pointer", "on_freelist", "free_consistency_checks"),
        *("alloc_consistency_checks", "alloc_debug_processing", "free_debug_processing"),
    }
)

_OF_KIND: dict[str, frozenset[str]] = {
    "slub": _SLUB,
    "page-poison": frozenset(
        {
            *("check_poison_mem", "unpoison_page", "unpoison_pages", "__kernel_unpoison_pages"),
            "kernel_unpoison_pages",
        }
    ),
    "bad-page": frozenset(
        {
            *("bad_page", "check_new_page_bad", "check_new_page", "check_new_pages"),
            *("free_pages_check_bad", "free_pages_check", "free_page_is_bad"),
            *("free_tail_pages_check", "free_tail_page_prepare", "print_bad_pte"),
        }
    ),
    "oom-kill": frozenset({"dump_header", "oom_kill_process"}),
    "oom": frozenset({"dump_header", "oom_kill_process"}),
    "alloc-failure": frozenset({"warn_alloc", "warn_alloc_show_mem"}),
    "atomic-sleep": _SLEEPING
    | {
        *("__schedule_bug", "schedule_debug", "__might_sleep", "___might_sleep"),
        *("__might_resched", "__might_fault", "__cant_sleep", "__cant_migrate"),
    },
    "preemptible": frozenset(
        {"check_preemption_disabled", "debug_smp_processor_id", "__this_cpu_preempt_check"}
    ),
    "spinlock": frozenset({"spin_dump", "spin_bug", "rwlock_bug"}),
    "hung-task": _SLEEPING,
    **dict.fromkeys(("soft-lockup", "hard-lockup", "rcu-stall"), _PAUSES),
}
"""By a report's kind: what stands between the place that it is about and the printers."""


def machinery(kind: str) -> frozenset[str]:
    """The functions that are no place for a report of that kind, if others called them."""
    return _OF_KIND.get(kind, frozenset())


def without_reporting(
    inner: list[tuple[Frame, Context]], arch: Arch | None, kind: str = ""
) -> list[tuple[Frame, Context]]:
    """The frames (innermost first) without those that only report, one at least.

    The kernel reports a BUG, a WARNING or a bad access from within the exception they
    raise: all that is inside of it goes. A stack that ends in panic() keeps it: that is
    where control went by itself.
    """
    for index, (frame, _) in enumerate(inner):
        name = name_of(frame)
        symbol = frame.symbol
        if symbol and index and is_exception_entry(symbol.name, arch):
            return inner[index + 1 :] or inner
        if not (name in _DUMPING or name in _DYING or name.startswith(("exc_", *_PREFIXES))):
            break
    names = [name_of(frame) for frame, _ in inner]
    for index, name in enumerate(names):
        if name in {"panic", "vpanic"}:
            return inner[index:]
        if name not in _DUMPING | _DYING:
            break
    reporters = REPORTING | machinery(kind)
    first = 0
    while first + 1 < len(inner) and (
        names[first] in reporters or names[first].startswith(_PREFIXES)
    ):
        first += 1
    return inner[first:]


def name_of(frame: Frame) -> str:
    """The frame's function, bare; empty for an address alone."""
    return bare_name(frame.symbol.name) if frame.symbol else ""
