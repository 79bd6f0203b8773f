"""Functions that are never the culprit, and those below which a stalled CPU's culprit stands.

The lists are facts drawn from syzkaller (pkg/report/linux.go, Apache-2.0, Copyright
syzkaller project authors): a title must name the function that syzbot's names. An entry
matches anywhere in a name, but for `^` and `$`.
"""

import re

_REPORTING = """
    __sanitizer __asan __msan kasan hwasan kmsan kcsan_setup_watchpoint check_memory_region
    check_heap_object check_object print_address_description print_report print_usage_bug
    print_unlock print_tainted imbalance_bug panic invalid_op report_bug fixup_bug do_error do_trap
    show_stack dump_stack walk_stack dump_backtrace warn_slowpath warn_alloc warn_bogus __warn
    assertfail __might_resched might_sleep might_fault stack_trace_consume_entry arch_stack_walk
    stack_trace_save program_check_exception program_check_common __fortify_report perf_trace
    printk va_format dev_info dev_notice dev_warn dev_err dev_alert dev_crit dev_emerg
    hex_dump_to_buffer print_hex_dump ^get_taint$ _trap$
"""
_FAULTS = """
    do_kernel_fault do_translation_fault do_mem_abort el1_abort el1h_64_sync _indirect_thunk_
    __phys_addr
"""
_MEMORY = """
    malloc zalloc calloc krealloc alloc_page kmem_cache allocate_slab slab_
    __alloc_frozen_pages_noprof folio_alloc folio_unlock filemap_alloc_folio __filemap_get_folio
    find_or_create_page do_read_cache_folio read_cache_page pagecache_get_page
    grab_cache_page_write_begin xas_start xas_load xas_find find_lock_entries truncate_inode_pages_range
    mark_buffer_dirty ^kfree$ ^kvfree$ ^lock_page ^unlock_page
"""
_LOCKS = """
    lockdep lock_acquire lock_release lock_class mark_lock reacquire_held_locks mark_held_locks
    raw_spin_rq spin_lock spin_trylock spin_unlock bh_enable bh_disable read_lock read_trylock
    read_unlock write_lock write_trylock write_unlock down_read down_write down_trylock up_read
    up_write owner_on_cpu osq_lock osq_unlock trace_hardirq trace_softirq lockdep_hardirq
    lockdep_softirq seqprop_assert cleanup_srcu_struct ^mutex_ ^__mutex_ ^rt_mutex_ ^down$ ^complete$
"""
_ATOMICS = """
    atomic_dec atomic_inc atomic_read atomic_set atomic_or atomic_xor atomic_and atomic_add
    atomic_sub atomic_fetch atomic_xchg atomic_cmpxchg atomic_try atomic64_dec atomic64_inc
    atomic64_read atomic64_set atomic64_or atomic64_xor atomic64_and atomic64_add atomic64_sub
    atomic64_fetch atomic64_xchg atomic64_cmpxchg atomic64_try set_bit clear_bit change_bit test_bit
    read_word_at_a_time ref_tracker drop_nlink read_once_.*nocheck write_once_.*nocheck ^refcount_
    ^kref_
"""
_STRINGS = """
    memcpy memcmp memset memchr memmove memdup strcmp strncmp strcpy strlcpy strncpy strscpy strlen
    strstr strnstr strnlen strchr strdup strndup string pointer snprintf scnprintf kasprintf kvasprintf
"""
_USERCOPY = """
    copy_to_user copy_from_user copy_to_iter copy_from_iter copy_page_to_iter copy_page_from_iter
    copy_folio_to_iter put_user get_user extract_user_to_sg extract_iter_to_sg ^copyin$ ^copyout$
"""
_CONTAINERS = """
    list_add list_del list_replace list_move list_splice rhashtable_lookup ida_free ^rb_ ^__rb_ ^klist_
"""
_TIMERS = """
    debug_object timer_is_static_object work_is_static_object del_timer __mod_timer
    __timer_delete_sync lock_timer_base sk_stop_timer_sync
"""
_WORK = """
    flush_work __cancel_work_timer cancel_work_sync try_to_grab_pending drain_workqueue
    destroy_workqueue queue_work __queue_delayed_work queue_delayed_work_on insert_work finish_wait
    wait_for_completion __wake_up kthread_stop
"""
_DEVICES = """
    kobject_ add_uevent_var get_device_parent device_add device_del device_unregister device_destroy
    device_release devres_release_all hwrng_unregister i2c_del_adapter __unregister_client
    device_for_each_child rollback_registered unregister_netdev sysfs_remove device_remove_file
    tty_unregister_device ^put_device$
"""
_USB = """
    dummy_urb_enqueue usb_kill_urb usb_kill_anchored_urbs usb_control_msg usb_hcd_submit_urb
    usb_submit_urb
"""
_IO = "readb$ readw$ readl$ readq$ writeb$ writew$ writel$ writeq$ logic_in logic_out crc_itu_t kfree_skb ^crc[0-9]"
_FILES = "dput ^iput$ ^iput_final$ ^ihold$"

SKIPPED = re.compile(
    "|".join(
        " ".join(
            (
                *(_REPORTING, _FAULTS, _MEMORY, _LOCKS, _ATOMICS, _STRINGS, _USERCOPY),
                *(_CONTAINERS, _TIMERS, _WORK, _DEVICES, _USB, _IO, _FILES),
            )
        ).split()
    )
)
"""Functions that report, allocate, lock, copy or count for others."""

REPORTERS = re.compile("|".join(f"{_REPORTING} {_FAULTS}".split()))
"""Those of them that only report: they stand in a trace because it was printed."""

_ANCHORS = """
    process_one_work do_syscall_ do_fast_syscall_ sysenter_dispatch tracesys_phase2 el0_svc_handler
    invoke_syscall ret_fast_syscall netif_receive_skb do_softirq call_timer_fn _run_timers
    run_timer_softirq hrtimer_run run_ksoftirqd smpboot_thread_fn start_secondary cpu_startup_entry
    ret_from_fork vfs_write vfs_read vfs_iter_read vfs_iter_write do_iter_read do_iter_write
    call_read_iter call_write_iter new_sync_read new_sync_write vfs_ioctl ksys_ioctl compat_ioctl
    compat_sys_ioctl blkdev_driver_ioctl blkdev_ioctl do_iter_readv_writev mmap_region do_mmap
    do_dentry_open vfs_open kernel_setsockopt sock_common_setsockopt kernel_listen sk_common_release
    kernel_accept __do_fault do_page_fault __fput task_work_run exit_to_usermode smp_call_function
    tasklet_action tasklet_hi_action
    ^call_mmap ^sock_sendmsg ^sock_recvmsg ^sock_release ^__sock_release ^sock_mmap ^sock_do_ioctl
    ^sock_ioctl ^compat_sock_ioctl ^nfnetlink_rcv_msg ^rtnetlink_rcv_msg ^netlink_dump ^socketpair
    ^connect ^ioctl ^sys_socketpair ^sys_connect ^sys_ioctl
    ^kthread$ ^setsockopt$ ^listen$ ^accept$ ^page_fault$
"""

ANCHORS = re.compile("|".join(_ANCHORS.split()))
"""Functions so general that a stall above them is the doing of what they called."""

WAITING = re.compile(
    "sched|_lock|_slowlock|down|rwsem|completion|kthread|wait|synchronize|context_switch"
    "|__switch_to|cancel_delayed_work|rcu_barrier"
)
"""Functions a hung task waits in for others."""

SYSCALL_PREFIXES = (
    *("SYSC_", "SyS_", "sys_", "__x64_", "__ia32_", "__arm64_", "____sys_", "___sys_", "__sys_"),
    *("__se_", "__se_sys_", "__do_sys_", "compat_SYSC_", "compat_SyS_", "ksys_"),
)
"""What stands before the name of a system call in the functions that make it up."""
