"""Which functions tell crashes apart."""

import pytest

from sitegen.crash.similar.names import counts, is_common, plain_name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "dump_stack",
            "dump_stack_lvl",
            "panic",
            "nmi_panic",
            "__warn",
            "kasan_report",
            "print_report",
        ),
        *(
            "entry_SYSCALL_64_after_hwframe",
            "do_syscall_64",
            "x64_sys_call",
            "el0t_64_sync",
            "el0_svc",
        ),
        *("asm_exc_page_fault", "exc_page_fault", "do_user_addr_fault", "el1h_64_sync_handler"),
        *(
            "asm_sysvec_apic_timer_interrupt",
            "sysvec_apic_timer_interrupt",
            "ret_from_fork",
            "kthread",
        ),
        *(
            "watchdog_timer_fn",
            "rcu_dump_cpu_stacks",
            "check_preemption_disabled",
            "should_failslab",
        ),
        *("__asan_report_load8_noabort", "warn_slowpath_fmt", "report_bug", "handle_bug", "printk"),
        *(
            "invoke_syscall",
            "do_el0_svc",
            "ret_fast_syscall",
            "system_call_fastpath",
            "kasan_save_stack",
        ),
    ],
)
def test_what_every_crash_has_does_not_count(name: str) -> None:
    assert not counts(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "vfs_write",
            "worker_thread",
            "process_one_work",
            "mutex_lock",
            "schedule",
            "kmem_cache_alloc",
        ),
        *("path_openat", "sock_sendmsg", "netlink_unicast", "do_filp_open", "task_work_run"),
    ],
)
def test_what_crashes_of_all_sorts_pass_through_counts_little(name: str) -> None:
    assert counts(name)
    assert is_common(name)


@pytest.mark.parametrize(
    "name",
    [
        *("sysrq_handle_crash", "tipc_recvmsg", "ext4_find_extent", "proc_reg_write", "sys_write"),
        # What reports may be named after, but in the middle: a driver's own function.
        *("lamp_panic_write", "stub_probe", "drm_printk_flush"),
    ],
)
def test_functions_of_their_own_count(name: str) -> None:
    assert counts(name)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("__x64_sys_write", "sys_write"),
        ("__arm64_sys_write", "sys_write"),
        ("__arm64_compat_sys_ioctl", "sys_ioctl"),
        ("__ia32_compat_sys_ioctl", "sys_ioctl"),
        ("__se_sys_write", "sys_write"),
        ("__do_sys_write", "sys_write"),
        ("SyS_write", "sys_write"),
        ("compat_SyS_ioctl", "sys_ioctl"),
        ("SYSC_write", "sys_write"),
        ("ksys_write", "ksys_write"),
        ("__sys_sendmsg", "__sys_sendmsg"),
        ("lamp_set.constprop.0.isra.0.cold", "lamp_set"),
        (".text", ".text"),
    ],
)
def test_a_function_has_one_name_whatever_the_compiler_and_the_architecture_add(
    symbol: str, name: str
) -> None:
    assert plain_name(symbol) == name
