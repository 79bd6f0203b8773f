"""Guides to what went wrong with locks, contexts and time."""

from sitegen.web.pages.terms.guides.shape import Guide

WAITING = {
    "lockdep": Guide(
        "Locks were taken in a way that can end in a deadlock. It need not have happened: the rule"
        " was broken, and that was seen once.",
        (
            "The first lines: which lock is wanted, and which is held.",
            (
                "`the existing dependency chain (in reverse order)`: each entry is a place where one"
                " lock was taken under another. Together they make a circle."
            ),
            "`Possible unsafe locking scenario`: the same as a picture of two CPUs.",
            "`{+.+.}`: in which contexts a lock was ever taken; `?` and `-` mean interrupts.",
        ),
        (
            (
                "Find the edge of the circle that should not be: a lock taken for too long, or in the"
                " wrong order."
            ),
            (
                "Where the locks are of one class but are ordered by something else, tell lockdep:"
                " `mutex_lock_nested()`, a class of their own."
            ),
        ),
    ),
    "rcu-usage": Guide(
        "Data that RCU protects was read where nothing says that it is protected.",
        (
            (
                "The line named is the access; `rcu_scheduler_active` and the locks held tell what was"
                " there in its place."
            ),
        ),
        (
            (
                "Take `rcu_read_lock()` around it, or say which lock protects it:"
                " `rcu_dereference_protected()`, `rcu_dereference_check()`."
            ),
        ),
    ),
    "spinlock": Guide(
        "A spinlock was found in a state that it cannot be in: not set up, taken twice by one"
        " CPU, released by another.",
        (
            "`.magic`: wrong means that it was never set up, or overwritten.",
            "`.owner` and `.owner_cpu`: who has it.",
        ),
        (
            "`bad magic`: look for the missing `spin_lock_init()`, or a use after free.",
            "`recursion`: a path that takes it while it has it, an interrupt among them.",
        ),
    ),
    "atomic-sleep": Guide(
        "Code went to sleep, or might have, where it must not: with a spinlock held, with"
        " interrupts off, in an interrupt.",
        (
            "`in_atomic(): 1, irqs_disabled(): 0` and `preempt_count`: what forbids it.",
            (
                "`Preemption disabled at`: where that began. That place and this one do not go"
                " together."
            ),
            (
                "The function that sleeps: `mutex_lock()`, `kmalloc(GFP_KERNEL)`, `msleep()`,"
                " `copy_to_user()`."
            ),
        ),
        (
            (
                "Move the sleeping call out of the section, or give it a form that does not sleep"
                " (`GFP_ATOMIC`), or make the spinlock a mutex."
            ),
        ),
    ),
    "preemptible": Guide(
        "Code used a variable of its CPU, or asked which CPU it is on, while it could be moved to"
        " another one at any time.",
        ("`caller is`: the function that did.",),
        (
            "`get_cpu()` and `put_cpu()` around it, or `this_cpu_...()` operations.",
            "`raw_smp_processor_id()` where it does not matter.",
        ),
    ),
    "workqueue": Guide(
        "Work that was queued was not begun for half a minute (`workqueue lockup`), or a work item"
        " returned to its worker with something left undone: a lock held, preemption off"
        " (`leaked lock or atomic`).",
        (
            (
                "`pool cpus=`, `stuck for`: which workers do not get on, and for how long. They serve"
                " all queues of that CPU, so that what is stuck need not be to blame."
            ),
            (
                "`Showing busy workqueues and worker pools`: `in-flight` is what runs, with the worker's"
                " number before the function; `pending` is what waits for it."
            ),
            "The backtrace of a worker that runs: where its function is.",
            "`last function`, of a leak: the work item that returned so.",
        ),
        (
            (
                "Of a lockup: look at the function in flight for a loop or a wait without end; if none"
                " is there, at what else keeps the CPU, as with a soft lockup."
            ),
            (
                "Work that is long by nature needs a queue of its own (`WQ_UNBOUND`,"
                " `WQ_CPU_INTENSIVE`), or a `cond_resched()`."
            ),
            "Of a leak: look at the paths of the function that return early.",
        ),
    ),
    "hung-task": Guide(
        "A task has waited without a break for longer than two minutes, and is taken to wait for"
        " ever.",
        (
            "The function above `schedule`: what it waits for: a mutex, a page, a reply.",
            (
                "`Showing all locks held in the system`: who has that mutex. Its trace is the next to"
                " read."
            ),
            "Several tasks: they mostly wait for one, which waits for something else.",
        ),
        (
            (
                "Follow from the waiting to the one waited for, until a task that waits for hardware"
                " or that runs."
            ),
            "A slow disk or a dead network server looks the same.",
        ),
    ),
    "soft-lockup": Guide(
        "A CPU ran kernel code for more than twenty seconds, and let no other task have a turn.",
        (
            "The PC: it was somewhere in a loop; the frames tell which.",
            "Spinning on a lock: then the owner is the one to look for, on another CPU.",
            "A virtual machine: the host may not have run it at all.",
        ),
        (
            "Give a long loop a `cond_resched()`, or a bound.",
            "Other CPUs' traces (`sysrq l`, `softlockup_all_cpu_backtrace`) tell who has the lock.",
        ),
    ),
    "hard-lockup": Guide(
        "A CPU ran with interrupts off for more than ten seconds; only an NMI could still look.",
        (
            "The frame under the NMI: what ran.",
            "Spinning with interrupts off: look for the owner of that lock.",
        ),
        ("Look for a lock that is taken with interrupts off in one place and on in another.",),
    ),
    "rcu-stall": Guide(
        "A CPU or a task has held back RCU's grace period for more than twenty seconds: it did not"
        " pass through a state in which it holds no reference.",
        (
            "`CPU:` or `Tasks blocked`: who. The backtrace below is theirs, sent by an NMI.",
            "`idle=`, `softirq=`, `fqs=`: whether the CPU moved at all.",
            (
                "`rcu_preempt kthread starved`: the one who counts did not run. Then it is a question"
                " of scheduling."
            ),
        ),
        (
            "Go on as with a soft lockup; a loop in a read-side section is the usual end.",
            "A console that prints much and slowly can do it as well.",
        ),
    ),
    "netdev-leak": Guide(
        "A network device should go, and somebody still has references to it.",
        (
            "The count: how many.",
            "`ref_tracker`: who took them, where the kernel keeps book.",
        ),
        ("Look for a reference that is taken in a notifier or a socket and dropped elsewhere.",),
    ),
}
