"""Reports whose header begins with `WARNING:`, and old lockdep's `INFO:`.

Formats, skipped functions and titles are syzkaller's (pkg/report/linux.go, Apache-2.0,
Copyright syzkaller project authors), taken as facts, so that titles agree with syzbot's.
"""

from sitegen.crash.log.oopses.shape import (
    AT,
    BY_INTERRUPT,
    BY_LOCKS,
    BY_TRACE,
    BY_WARNING,
    STACK,
    TRACE,
    Format,
    Oops,
)

_USB = "usb_submit_urb|usb_start_wait_urb|usb_bulk_msg|usb_interrupt_msg|usb_control_msg"
_WORK = "process_one_work|flush_workqueue|drain_workqueue|destroy_workqueue"

# Where one `.*` follows another the first is bound to the first place it fits, `(?>.*?...)`:
# no line can then be tried in more ways than it has characters.
# The file in the header says which checker warned: debugobjects, refcount, usercopy ...
CHECKERS = (
    Format(
        r"WARNING: (?>.*?lib/debugobjects\.c).* (?:debug_print|debug_check|at)",
        "WARNING: ODEBUG bug in {f}",
        BY_WARNING,
        skip=("debug_|rcu|hrtimer_|timer_|work_|percpu_|vunmap|vfree|__free_|debug_check|kobject_"),
    ),
    Format(
        r"WARNING: (?>.*?mm/usercopy\.c).* (?:usercopy_warn|at)",
        "WARNING: bad usercopy in {f}",
        BY_WARNING,
        skip="usercopy|__check",
    ),
    Format(
        r"WARNING: (?>.*?lib/kobject\.c).* (?:kobject_|at)",
        "WARNING: kobject bug in {f}",
        BY_WARNING,
        skip="kobject_",
    ),
    Format(
        r"WARNING: (?>.*?fs/proc/generic\.c).* (?:proc_register|at)",
        "WARNING: proc registration bug in {f}",
        BY_WARNING,
        skip="proc_",
    ),
    Format(
        r"WARNING: (?>.*?lib/refcount\.c).* (?:refcount_|at)",
        "WARNING: refcount bug in {f}",
        BY_WARNING,
        skip="refcount|kobject_",
    ),
    Format(
        r"WARNING: (?>.*?kernel/locking/lockdep\.c).*lock_",
        "WARNING: locking bug in {f}",
        BY_WARNING,
        skip="lock_sock|release_sock",
    ),
    Format(
        r"WARNING: .*still has locks held!",
        "WARNING: still has locks held in {f}",
        needs=(r"WARNING: .*still has locks held!", r"at: <FUNC>"),
    ),
    Format(
        r"WARNING: Nested lock was not taken",
        "WARNING: nested lock was not taken in {f}",
        BY_WARNING,
    ),
    Format(
        r"WARNING: lock held when returning to user space",
        "WARNING: lock held when returning to user space in {f}",
        needs=(
            r"WARNING: lock held when returning to user space",
            r"leaving the kernel with locks still held",
            AT,
        ),
        traceless=True,
    ),
    Format(
        r"WARNING: (?>.*?mm/)(?>.*?\.c).*? k?.?malloc",
        "WARNING: kmalloc bug in {f}",
        BY_WARNING,
        skip="kmalloc|krealloc|slab|kmem",
    ),
    Format(
        r"WARNING: (?>.*?mm/vmalloc\.c).*__vmalloc_node",
        "WARNING: zero-size vmalloc in {f}",
        BY_WARNING,
    ),
    Format(
        r"WARNING: .* usb_submit_urb",
        "WARNING in {f}/usb_submit_urb",
        BY_WARNING,
        skip=_USB,
    ),
)

WARNINGS = (
    # Linux 6.19 and later: the condition's text stands between place and CPU.
    Format(r"WARNING: .*<SRC> at 0x[0-9a-f]+, CPU#[0-9]+", "WARNING in {f}", BY_WARNING),
    Format(r"WARNING: .* at <SRC> <FUNC>", "WARNING in {f}", BY_WARNING),
    Format(r"WARNING: (?:\[.*\] )?<SRC> at <FUNC>", "WARNING in {f}", BY_WARNING),
)

LOCKDEP = (
    Format(
        r"WARNING: possible circular locking dependency detected",
        "possible deadlock in {f}",
        BY_LOCKS,
        needs=(
            r"WARNING: possible circular locking dependency detected",
            r"is trying to acquire lock",
        ),
        skip=_WORK,
    ),
    Format(
        r"WARNING: possible irq lock inversion dependency detected",
        "possible deadlock in {f}",
        needs=(
            r"WARNING: possible irq lock inversion dependency detected",
            r"just changed the state of lock",
            AT,
        ),
    ),
    Format(
        r"WARNING: (?>.*?-safe -> ).*-unsafe lock order detected",
        "possible deadlock in {f}",
        ((r"which became .* at:", STACK),),
    ),
    Format(
        r"WARNING: possible recursive locking detected",
        "possible deadlock in {f}",
        needs=(
            r"WARNING: possible recursive locking detected",
            r"is trying to acquire lock",
            AT,
        ),
    ),
    Format(
        r"WARNING: inconsistent lock state",
        "inconsistent lock state in {f}",
        BY_TRACE,
        needs=(r"WARNING: inconsistent lock state", r"takes", AT),
    ),
    Format(
        r"WARNING: suspicious RCU usage",
        "WARNING: suspicious RCU usage in {f}",
        BY_TRACE,
        needs=(r"WARNING: suspicious RCU usage", r"<SRC>"),
        skip="rcu|kmem|slab",
    ),
    Format(
        r"WARNING: kernel stack regs at [0-9a-f]+ in [^ ]* has bad '(?P<what>[^']*)' value",
        "WARNING: kernel stack regs has bad '{what}' value",
        traceless=True,
    ),
    Format(
        r"WARNING: kernel stack frame pointer at [0-9a-f]+ in [^ ]* has bad value",
        "WARNING: kernel stack frame pointer has bad value",
        traceless=True,
    ),
    Format(
        r"WARNING: bad unlock balance detected!",
        "WARNING: bad unlock balance in {f}",
        ((r"<PC> +<FUNC>", TRACE, STACK),),
    ),
    Format(
        r"WARNING: held lock freed!",
        "WARNING: held lock freed in {f}",
        needs=(r"WARNING: held lock freed!", AT),
    ),
    Format(
        r"WARNING: kernel stack (?:regs .* has bad 'bp' value|frame pointer .* has bad value)",
        "WARNING: kernel stack regs has bad value",
        traceless=True,
    ),
    Format(r"WARNING:[ \t]*$", "WARNING: corrupted", corrupted=True),
)

_BOOT_CHATTER = (
    r"WARNING: /etc/ssh/moduli does not exist, using fixed modulus"
    r"|WARNING: workqueue cpumask: online intersect > possible intersect"
    r"|WARNING: [Tt]he mand mount option"
    r"|WARNING: Unsupported flag value\(s\) of 0x\S+ in DT_FLAGS_1"
    r"|WARNING: Unprivileged eBPF is enabled with eIBRS"
    r"|WARNING: fbcon: Driver '[^']*' missed to adjust virtual screen size \([0-9]+x[0-9]+ vs\. [0-9]+x[0-9]+\)"
    r"|WARNING: See https.* for mitigation options\."
    r"|WARNING: kernel not compiled with CPU_SRSO"
    r"|EXT4-[Ff][Ss](?: \([^)]*\))?:"
    r"|(?i:warning: .*uses (?:deprecated v2 capabilities|wireless extensions))"
    r"|XFS \(\w+\): WARNING"
)

WARNING = Oops("WARNING:", (*CHECKERS, *WARNINGS, *LOCKDEP), unless=_BOOT_CHATTER)

# Old lockdep wrote `[ INFO: ... ]`; where it says `at:` there is always an address.
OLD_LOCKDEP = (
    *(
        Format(
            rf"INFO: {what} \]",
            "possible deadlock in {f}",
            needs=(rf"INFO: {what} \]", below, r"at: <PC> +<FUNC>"),
        )
        for what, below in (
            ("possible circular locking dependency detected", "is trying to acquire lock"),
            ("possible irq lock inversion dependency detected", "just changed the state of lock"),
            ("SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", "is trying to acquire"),
            ("possible recursive locking detected", "is trying to acquire lock"),
        )
    ),
    Format(
        r"INFO: inconsistent lock state \]",
        "inconsistent lock state in {f}",
        needs=(r"INFO: inconsistent lock state \]", r"takes", r"at: <PC> +<FUNC>"),
    ),
)

STALLS = (
    Format(
        r"INFO: rcu_(?:preempt|sched|bh|tasks) (?:self-)?detected (?:expedited )?stall",
        "INFO: rcu detected stall in {f}",
        BY_INTERRUPT,
        skip="apic_timer_interrupt|rcu",
        alt=("stall in {f}",),
        pick="stall",
    ),
    Format(
        r"INFO: trying to register non-static key",
        "INFO: trying to register non-static key in {f}",
        BY_TRACE,
        skip="stack|lock|IRQ",
    ),
    Format(
        r"INFO: suspicious RCU usage",
        "INFO: suspicious RCU usage in {f}",
        BY_TRACE,
        needs=(r"INFO: suspicious RCU usage", r"<SRC>"),
        skip="rcu|kmem|slab",
    ),
    Format(
        r"INFO: task (?s:.{1,100}) blocked (?:in I/O wait )?for more than [0-9]+ seconds",
        "INFO: task hung in {f}",
        BY_TRACE,
        alt=("hang in {f}",),
        pick="hung",
    ),
    Format(
        r"INFO: task (?s:.{1,100}) can't die for more than .* seconds",
        "INFO: task can't die in {f}",
        BY_TRACE,
        skip="schedule",
        alt=("hang in {f}",),
    ),
    # What SLUB adds to its reports; alone, the header of the report is lost.
    Format(r"INFO: (?P<rest>(?:Freed|Allocated) in .*)", "INFO: {rest}", corrupted=True),
    Format(r"INFO:[ \t]*$", "INFO: corrupted", corrupted=True),
)

INFO = Oops(
    "INFO:",
    (*OLD_LOCKDEP, *STALLS),
    unless=(
        r"INFO: lockdep is turned off|INFO: Stall ended before state dump start|INFO: NMI handler"
        r"|INFO: recovery required on readonly filesystem|(?:handler|interrupt) .*took too long"
        r"|INFO: sys_.* is not present in /proc/kallsyms|INFO: no syscalls can create resource"
        r"|rmt_storage:INFO:|_INFO:"
    ),
)
