"""Functions that only carry out what their caller asked for, or check it, or report it: as a table.

Whoever called the innermost of them is the one to look at.
"""

from sitegen.crash.lazy import Lazy

_COPIES = (
    r"_{0,2}mem(?:cpy|move|set|cmp|chr|dup)\w*",
    r"_{0,2}str(?:n?cpy|lcpy|scpy|n?cat|lcat|n?len|n?cmp|n?casecmp|n?chr|rchr|n?str|sep|im|reverse)\w*",
    r"_{0,2}(?:copy_(?:to|from)_user|copy_user|clear_user|copy_page|clear_page|csum_partial)\w*",
    r"rep_(?:movs|stos)\w*|_?copy_(?:to|from)_iter|v?sc?n?printf|vscnprintf|format_decode|string_nocheck",
)
_CHECKS = (
    r"_{0,2}list_\w+_valid\w*|__list_\w+_or_report|refcount_\w+|usercopy_\w+|_{0,2}fortify_\w+",
    r"_{0,2}check_(?:object|bytes|slab|heap)\w*|_{0,4}kasan_\w+|__asan_\w+|__hwasan_\w+|_{0,2}ubsan_\w+",
    r"kcsan_\w+|__tsan_\w+|__msan_\w+|kmsan_\w+|kfence_\w+|kmemleak_\w+",
    r"check_memory_region\w*|_{0,2}should_fail\w*|fail_dump|_{2,3}might_\w+|rcu_read_lock_\w+",
    r"check_(?:preemption_disabled|noncircular|prevs?_add|deadlock|irq_usage|wait_context|usage)\w*",
    r"debug_smp_processor_id|__this_cpu_preempt_check",
    r"debug_(?:object|check|mutex|print)_\w+|__debug_\w+|lockdep_\w+|validate_chain|mark_lock\w*",
    r"mark_(?:held_locks|usage)\w*|valid_state|register_lock_class|assign_lock_key",
)
_LOCKS = (
    r"_{0,2}lock_(?:acquire|release)\w*|_{0,2}raw_\w*lock\w*|_{0,2}(?:native_|pv_)?queued_\w+|do_raw_\w+",
    r"_{0,2}mutex_\w*lock\w*|_{0,2}down_\w+|up_\w+|rwsem_\w+|_{0,2}rt_mutex_\w+|osq_lock|rt_spin_\w+",
)
_MEMORY = (
    r"k[v]?free\w*|vfree\w*|_{0,2}k[vmz]{0,2}alloc\w*|_{0,2}vmalloc\w*|_{0,2}kmem_cache_\w+|krealloc\w*",
    r"kmemdup\w*|kstrn?dup\w*|_{0,3}slab_\w+|__slab\w*|new_slab\w*|allocate_slab|get_partial\w*",
    r"on_freelist|object_err|free_debug\w*|free_to_partial\w*|alloc_debug\w*|do_slab_free|_{0,2}cache_(?:free|alloc)\w*",
    r"_{0,2}alloc_pages\w*|_{0,2}get_free_pages?\w*|get_zeroed_page\w*|get_page_from\w*|prep_new_page",
    r"post_alloc_hook|_{0,2}kernel_(?:un)?(?:map|poison)\w*|free_large_kmalloc|_{0,2}free_pages\w*|free_unref_\w+",
    r"_{0,2}folio_alloc\w*|set_track\w*|save_(?:stack|track)\w*|stack_trace_\w+|stack_depot_\w+|depot_\w+",
)
_REPORTS = (
    r"_{0,2}warn\w*|dump_stack\w*|show_stack\w*|show_regs\w*|dump_backtrace\w*|unwind_backtrace|print_\w+",
    r"report_\w+|end_report|nmi_\w+|trigger_\w*backtrace\w*|_{0,2}dump_page\w*|dump_header|bad_page\w*|slab_(?:err|fix)",
    r"walk_stackframe|arch_stack_walk|unwind_\w+|__sanitizer_cov_\w+|write_comp_data|handle_overflow",
    r"dev_(?:hold|put)\w*|netdev_\w*hold\w*|ref_tracker_\w+",
    r"skb_(?:over_|under_)?panic|reacquire_held_locks|lock_is_held\w*|lock_downgrade|hlock_class",
    r"check_panic_on_warn|_?sched_show_task|show_state\w*|__x86_indirect_\w+|__x86_return_thunk|srso_\w+|_{0,2}put_task\w*",
)
_ALL = "|".join((*_COPIES, *_CHECKS, *_LOCKS, *_MEMORY, *_REPORTS))
_PATTERN = Lazy(rf"(?:{_ALL})(?:\.|$)")


def is_helper(function: str) -> bool:
    """Whether the function, by its name, does not act for itself.

    >>> is_helper("memcpy_erms"), is_helper("__kasan_slab_free"), is_helper("ext4_find_extent")
    (True, True, False)
    """
    return _PATTERN.match(function) is not None
