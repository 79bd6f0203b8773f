"""A function's name -> whether it tells crashes apart, and how many others have it.

An entry of a table matches anywhere in a name, but for `^` and `$`.
"""

from functools import lru_cache

from sitegen.crash.arch import ARCHES
from sitegen.crash.chain.reporters import REPORTING
from sitegen.crash.lazy import Lazy
from sitegen.crash.log.skips import ANCHORS, REPORTERS, SKIPPED, WAITING

# What stands in a trace because of how control came in, or because something was noticed.
_DISPATCH = r"""
    ^do_syscall_ ^(x64|x32|ia32)_sys_call$ ^_*invoke_syscall$ ^_*do_fast_syscall_32$ ^do_int80_
    ^el[01]t?_svc ^do_el0_svc ^el[01][ht]?_ ^syscall_(handler|return_slowpath|exit_|trace_) ^system_call
    ^do_trap_ecall_u$ ^handle_syscall$ ^sysenter_ ^tracesys ^clear_bhb_loop$ ^__bpf_trace ^entry_
    ^ret_from_ ^kthread$ ^kernel_thread_(helper|starter)$ ^ret_fast_syscall$ ^do_SYSENTER_ ^do_notify_resume$ ^__sys_trace ^__do_syscall
"""
_INTERRUPTS = r"""
    ^asm_ ^exc_ ^_*sysvec_ ^(smp_)?(local_)?apic_timer_ ^(_*common|smp_.*|.*_apic)_interrupt$ ^do_IRQ$
    ^_*do_irq$ ^_*irq(entry)?_(enter|exit) ^irqentry_ ^retint_ ^call_on_(irq_)?stack$ ^do_softirq_own_stack$
    ^run_on_irqstack ^gic_handle_irq$ ^do_interrupt_handler$ ^_*handle_(\w+_)?irq
    ^generic_handle_(domain_)?irq ^handle_percpu_devid_irq$ ^arch_timer_handler_ ^_*irq_(svc|usr)$
    ^__[dp]abt_ ^do_DataAbort$ ^do_PrefetchAbort$ ^arm_(heavy_)?notify_die$
"""
_DETECTORS = """
    ^watchdog(_|$) ^check_hung_uninterruptible ^softlockup_ ^lockup_detector ^rcu_(dump|sched_clock_irq|check_callbacks|pending)
    ^(print|check)_(cpu|other_cpu)_stall ^print_other_cpu ^dump_cpu_task$ ^_*sched_show_task$ ^show_state
    ^trigger_(all|single|cpumask)_ ^nmi_(trigger|cpu_backtrace|handle) ^(default_)?do_nmi$ ^check_preemption_disabled$
    ^__this_cpu_preempt_check$ ^debug_smp_processor_id$ ^__schedule_bug$ ^should_fail ^fail_dump$
    ^save_(stack|trace)$ ^set_track ^stack_depot ^__save_stack ^save_stack_trace ^unwind_ ^handle_bug$
    ^rewind_stack ^make_task_dead$ ^notify_die$ ^notifier_call_chain$ ^atomic_notifier_call_chain$
    ^debug_(print_object|check_no_obj) ^check_(noncircular|prev_add|prevs_add|deadlock|irq_usage|usage|usage_forwards|usage_backwards)
    ^print_ ^end_report$ panicking ^q(list_free|uarantine_) ^dump_page ^bad_page$ ^object_err ^slab_err ^slab_bug
    ^_*crash_(kexec|save|setup) ^machine_kexec ^add_taint ^oops_(enter|exit|end|begin)$ ^__sanitizer ^_*ubsan_ ^ex_handler ^fixup_exception$
"""
_EXACT = sorted(REPORTING | {name for arch in ARCHES for name in (*arch.entries, *arch.exceptions)})
_BEGINNINGS = sorted(
    {name for arch in ARCHES for name in arch.exception_prefixes}
    # The functions of USB/IP begin with `stub_` as well.
    | {name.rstrip("*") for arch in ARCHES for name in arch.syscall_entries} - {"stub_"}
)
UNCOUNTED = "|".join(
    (
        f"^(?:{'|'.join(_EXACT)})$",
        f"^(?:{'|'.join(_BEGINNINGS)})",
        *f"{_DISPATCH} {_INTERRUPTS} {_DETECTORS}".split(),
        f"^_*(?:{REPORTERS.pattern})",
    )
)
"""Pattern of functions that crashes of all sorts have in their traces."""

_COMMON = """
    ^_*schedule ^context_switch$ ^preempt_schedule ^__switch_to ^finish_task_switch$ ^io_schedule
    ^worker_thread$ ^rescuer_thread$ ^process_(one_work|scheduled_works)$ ^smpboot_ ^run_ksoftirqd$ ^cpuhp_
    ^(ksys|vfs|kernel|do|new_sync|__vfs|__kernel|call)_(write|read|ioctl|open|mount)(_iter|v)?$ ^do_(iter|loop)?_?readv_writev
    ^rw_verify_area$ ^full_proxy_ ^(do|__se)_vfs_ioctl$ ^path_(openat|mount)$ ^do_(filp|file|sys)_open ^link_path_walk
    ^security_ ^_*f(get|put|drop)(_|$) ^_*fput ^filp_close$ ^task_work_ ^exit_to_user ^prepare_exit_to ^do_(group_)?exit$
    ^get_signal ^do_signal ^arch_do_signal ^do_new_mount ^do_sendfile$ ^splice_ ^_*do_splice
    ^_*sys_(send|recv)m?msg ^_{2,4}sys_ ^sock_(sendmsg|recvmsg|write_iter|read_iter|close|ioctl|do_ioctl)
    ^_*sock_(sendmsg|release|create)(_nosec)?$ ^netlink_(unicast|sendmsg|rcv_skb|deliver) ^rtnetlink_rcv
    ^net_rx_action$ ^process_backlog$ ^_*napi_poll ^_*netif_receive_skb ^ip6?_(rcv|input|local_deliver|finish_output|output)
    ^_*dev_(queue_)?xmit ^_*dev_direct_xmit ^inet6?_(sendmsg|recvmsg|release) ^(sock_common|sctp|tcp|udp|ipv6|ip)_setsockopt$
    ^do_softirq$ ^_*do_softirq$ ^handle_softirqs$ ^invoke_softirq ^call_timer_fn$ ^_*run_timers$ ^expire_timers$ ^run_timer_
    ^_*hrtimer_ ^tick_ ^update_process_times$ ^rcu_(core|do_batch|process_callbacks|gp_|note_context|is_watching|read_lock) ^invoke_rcu
    ^do_idle$ ^cpu_(startup|idle) ^default_idle ^arch_cpu_idle ^_*native_(safe_)?halt ^cpuidle_ ^call_cpuidle ^rest_init$
    ^start_(kernel|secondary) ^secondary_start ^x86_64_start ^kernel_init ^do_(basic_setup|initcalls|one_initcall) ^arch_call_rest
    ^handle_mm_fault$ ^_*handle_mm_fault ^do_(user_addr|page|anonymous|wp|swap)_(fault|page) ^handle_pte_fault ^_*do_fault
    ^really_probe ^_*driver_(probe|attach|detach) ^_*device_(attach|add|del|release|initial_probe) ^bus_(probe|add|remove|for_each)
    ^usb_(probe|new_device|set_configuration|disable_device|disconnect|generic) ^hub_(event|port) ^generic_probe
    ^(load|do_init)_module ^do_execve ^bprm_ ^load_elf ^submit_bio ^generic_(make_request|perform_write|file_write)
    ^__generic_file_write ^(vm|ksys)_mmap ^do_mmap ^mmap_region$ ^_*vm_munmap ^exit_mmap ^mmput ^unmap_ ^evict$ ^iput ^dput
    ^(_*cond_resched|__might_fault|ksoftirqd) ^wb_(workfn|do_writeback|writeback) ^_*writeback_ ^do_writepages$
    ^(un)?register_netdevice ^cleanup_net$ ^ops_exit_list ^setup_net$ ^copy_net_ns
"""
COMMON = "|".join((*_COMMON.split(), ANCHORS.pattern, SKIPPED.pattern, WAITING.pattern))
"""Pattern of functions that many crashes pass through, whatever the bug."""

WRAPPERS = (
    r"(?:__(?:x64|x32|ia32|arm64|arm|riscv|s390x?|powerpc|mips|loongarch|se|do)_(?:compat_)?(?=sys_)"
    r"|(?:compat_)?(?:SyS|SYSC)(?=_)|compat_(?=sys_)|(?:stub|ppc)_(?=sys_))"
)
"""Pattern of what stands before the name of a system call, which begins with `sys_` or `_`."""

_uncounted = Lazy(UNCOUNTED)
_common = Lazy(COMMON)
_wrappers = Lazy(WRAPPERS)
_MOST = 1 << 16
"""Names whose answers are kept."""


@lru_cache(_MOST)
def plain_name(symbol: str) -> str:
    """The function in the source that a symbol belongs to; a system call, whichever its wrapper is.

    >>> plain_name("cm_level3_read.constprop.0.cold"), plain_name("__x64_sys_write"), plain_name("SyS_write")
    ('cm_level3_read', 'sys_write', 'sys_write')
    """
    name = symbol.partition(".")[0] or symbol
    found = _wrappers.match(name)
    if found is None:
        return name
    rest = name[found.end() :]
    return rest if rest.startswith("sys_") else f"sys{rest}"


@lru_cache(_MOST)
def counts(name: str) -> bool:
    """Whether a function in two traces says that they are alike."""
    return _uncounted.search(name) is None


@lru_cache(_MOST)
def is_common(name: str) -> bool:
    """Whether crashes of all sorts are expected to have the function, before any is known."""
    return _common.search(name) is not None
