"""Reports whose header begins with `BUG:`.

Formats, skipped functions and titles are syzkaller's (pkg/report/linux.go, Apache-2.0,
Copyright syzkaller project authors), taken as facts, so that titles agree with syzbot's.
"""

from sitegen.crash.log.oopses.shape import (
    AT,
    BELOW,
    BY_HEADER_AND_STACK,
    BY_HEADER_AND_TRACE,
    BY_RIP_AND_TRACE,
    BY_TRACE,
    STACK,
    TRACE,
    Format,
    Oops,
)

_LOCK_FAULTS = (
    "lockup suspected|already unlocked|recursion|cpu recursion|bad magic|wrong owner|wrong CPU"
    "|trylock failure on UP"
)
_KASAN_SKIP = "kernel_fault|tag_check|mem_abort|^el1_|^el1h_"
_ORIGIN = r"Local variable .* created at:|Uninit was created at:"
_USB = "usb_submit_urb|usb_start_wait_urb|usb_bulk_msg|usb_interrupt_msg|usb_control_msg"

KASAN = (
    Format(
        r"BUG: KASAN:",
        "KASAN: {what} {how} in {f}",
        BY_HEADER_AND_TRACE,
        needs=(
            r"BUG: KASAN: (?P<what>[a-z\-]+) in <FUNC>",
            r"(?P<how>Read|Write) (?:of size [0-9]+|at addr [0-9a-f]+)",
        ),
        # With hardware tags the report comes from the fault handler.
        skip=_KASAN_SKIP,
        alt=("bad-access in {f}",),
    ),
    Format(
        r"BUG: KASAN:",
        "KASAN: invalid-free in {f}",
        BY_HEADER_AND_TRACE,
        needs=(r"BUG: KASAN: (?:double-free or invalid-free|double-free|invalid-free) in <FUNC>",),
        skip="slab_|kfree|vunmap|vfree",
        alt=("invalid-free in {f}",),
    ),
    Format(
        r"BUG: KASAN: (?P<what>[a-z\-]+) on address",
        "KASAN: {what} {how}",
        needs=(r"BUG: KASAN: (?P<what>[a-z\-]+) on address", r"(?P<how>Read|Write) of size [0-9]+"),
    ),
    Format(r"BUG: KASAN: (?P<rest>.*)", "KASAN: {rest}", corrupted=True),
)

KMSAN = (
    Format(
        r"BUG: KMSAN: kernel-usb-infoleak",
        "KMSAN: kernel-usb-infoleak in {f}",
        BELOW,
        needs=(r"BUG: KMSAN: kernel-usb-infoleak(?:[a-z\-]*) in <FUNC>",),
        skip=f"alloc_skb|{_USB}",
        alt=("KMSAN origin in {g}",),
        traceless=True,
        origin=_ORIGIN,
    ),
    Format(
        r"BUG: KMSAN:",
        "KMSAN: {what} in {f}",
        BELOW,
        needs=(r"BUG: KMSAN: (?P<what>[a-z\-]+) in <FUNC>",),
        skip="alloc_skb|netlink_ack|netlink_rcv_skb|_encrypt$|^(?:crypto|cipher|drbg|rng)_",
        alt=("bad-access in {f}",),
        traceless=True,
        origin=_ORIGIN,
    ),
)

KFENCE = (
    Format(
        r"BUG: KFENCE: (?P<what>use-after-free|out-of-bounds) (?P<how>read|write) in <FUNC>",
        "KFENCE: {what} {how} in {f}",
        BY_HEADER_AND_STACK,
        alt=("bad-access in {f}",),
    ),
    Format(
        r"BUG: KFENCE: invalid free in <FUNC>",
        "KFENCE: invalid free in {f}",
        BY_HEADER_AND_STACK,
        alt=("invalid-free in {f}",),
        traceless=True,
    ),
    Format(
        r"BUG: KFENCE: invalid (?P<how>read|write) in <FUNC>",
        "KFENCE: invalid {how} in {f}",
        BY_HEADER_AND_STACK,
        alt=("bad-access in {f}",),
    ),
    Format(
        r"BUG: KFENCE: memory corruption in <FUNC>",
        "KFENCE: memory corruption in {f}",
        BY_HEADER_AND_STACK,
        traceless=True,
    ),
)

FAULTS = (
    Format(
        r"BUG: (?:unable to handle kernel paging request|unable to handle page fault for address"
        r"|Unable to handle kernel data access)",
        "BUG: unable to handle kernel paging request in {f}",
        BY_RIP_AND_TRACE,
        alt=("bad-access in {f}",),
    ),
    Format(
        r"BUG: (?:unable to handle kernel|kernel|Kernel) NULL pointer dereference",
        "BUG: unable to handle kernel NULL pointer dereference in {f}",
        BY_RIP_AND_TRACE,
        alt=("bad-access in {f}",),
    ),
    # Sometimes such a line has nothing more, or only an address.
    Format(
        r"BUG: (?:unable|Unable) to handle kernel",
        "BUG: unable to handle kernel",
        corrupted=True,
    ),
)

LOCKS = (
    Format(
        rf"BUG: (?P<lock>spinlock|rwlock) (?P<what>{_LOCK_FAULTS})",
        "BUG: {lock} {what} in {f}",
        BY_TRACE,
        skip="spin_|_lock|_unlock",
    ),
    Format(
        r"BUG: soft lockup",
        "BUG: soft lockup in {f}",
        BY_RIP_AND_TRACE,
        alt=("stall in {f}",),
        pick="stall",
    ),
    Format(
        r"BUG: .*still has locks held!",
        "BUG: still has locks held in {f}",
        needs=(r"BUG: .*still has locks held!", r"<PC> +<FUNC>"),
    ),
    Format(
        r"BUG: scheduling while atomic",
        "BUG: scheduling while atomic in {f}",
        BY_TRACE,
        skip="schedule",
    ),
    Format(
        r"BUG: lock held when returning to user space",
        "BUG: lock held when returning to user space in {f}",
        needs=(
            r"BUG: lock held when returning to user space",
            r"leaving the kernel with locks still held",
            AT,
        ),
        traceless=True,
    ),
    Format(
        r"BUG: bad unlock balance detected!",
        "BUG: bad unlock balance in {f}",
        ((r"<PC> +<FUNC>", TRACE, STACK),),
    ),
    Format(
        r"BUG: held lock freed!",
        "BUG: held lock freed in {f}",
        needs=(r"BUG: held lock freed!", r"<PC> +<FUNC>"),
    ),
)

PAGES = (
    Format(r"BUG: Bad rss-counter state", "BUG: Bad rss-counter state", traceless=True),
    Format(
        r"BUG: non-zero nr_ptes on freeing mm",
        "BUG: non-zero nr_ptes on freeing mm",
        traceless=True,
    ),
    Format(
        r"BUG: non-zero nr_pmds on freeing mm",
        "BUG: non-zero nr_pmds on freeing mm",
        traceless=True,
    ),
    Format(
        r"BUG: Dentry .* still in use \([0-9]+\) \[unmount of (?P<what>[^\]]+)\]",
        "BUG: Dentry still in use in unmount",
        alt=("BUG: Dentry still in use [unmount of {what}]",),
    ),
    Format(
        r"BUG: Bad page (?P<what>state|cache)",
        "BUG: Bad page {what} in {f}",
        (("page last allocated", STACK),),
        skip=(
            "free_page|put_page|get_page|update_page|release_page|free_unref|^_*folio"
            "|truncate_inode_pages|page_frag_free|alloc|vmap|page_owner"
        ),
    ),
    Format(r"BUG: Bad page map", "BUG: Bad page map"),
)

CONTEXTS = (
    Format(r"BUG: workqueue lockup", "BUG: workqueue lockup", traceless=True),
    Format(
        r"BUG: sleeping function called from invalid context at",
        "BUG: sleeping function called from invalid context in {f}",
        BY_TRACE,
    ),
    Format(
        r"BUG: using (?P<what>[a-z_]+)\(\) in preemptible",
        "BUG: using {what}() in preemptible code in {f}",
        BY_TRACE,
        skip="dump_stack|preemption|preempt|debug_|processor_id|this_cpu",
    ),
    Format(
        r"BUG: workqueue leaked lock or atomic",
        "BUG: workqueue leaked lock or atomic in {f}",
        needs=(r"BUG: workqueue leaked lock or atomic", r"last function: (?P<f>[A-Za-z0-9_]+)"),
        traceless=True,
    ),
    Format(
        r"BUG: memory leak",
        "memory leak in {f}",
        ((r"backtrace(?: \(crc [0-9a-f]*\))?:", STACK),),
        skip=(
            "kmemleak|mmap|kmem|slab|alloc|create_object|idr_get|list_lru_init|kasprintf"
            "|kvasprintf|pcpu_create|strdup|strndup|memdup"
        ),
    ),
    Format(
        r"BUG: .*stack guard page was hit at",
        "BUG: stack guard page was hit in {f}",
        BY_RIP_AND_TRACE,
        alt=("stack-overflow in {f}",),
        pick="stall",
    ),
    Format(
        r"BUG: Invalid wait context",
        "WARNING: locking bug in {f}",
        BY_TRACE,
        skip="lock_sock|release_sock",
    ),
    Format(r"BUG:[ \t]*$", "BUG: corrupted", corrupted=True),
)

BUG = Oops(
    "BUG:",
    (
        *KASAN,
        *KMSAN,
        Format(r"BUG: KCSAN: (?P<rest>.*)", "KCSAN: {rest}", traceless=True),
        *KFENCE,
        *FAULTS,
        *LOCKS,
        *PAGES,
        *CONTEXTS,
    ),
    unless=(r"ODEBUG:|Boot_DEBUG:|xlog_status:|DEBUG:|BUG: no syscalls can create resource"),
)
