"""What each sort of crash is, in a sentence, and how its place is told: by the key of the kind."""

KINDS = {
    "kasan-uaf": "The address sanitizer saw memory used that had been freed.",
    "kasan-free": "The address sanitizer saw memory freed that was not there to be freed, or twice.",
    "kasan-null": "The address sanitizer saw a pointer followed that was NULL.",
    "kasan-wild": "The address sanitizer saw an access to an address that belongs to no object.",
    "kasan-oob": "The address sanitizer saw an access beside the object it was meant for.",
    "kasan": "The address sanitizer saw an access that must not be.",
    "kmsan": "The memory sanitizer saw a value used that nobody had set.",
    "kcsan": "The concurrency sanitizer saw the same memory accessed twice at once, with nothing that orders the two.",
    "kfence-uaf": "KFENCE, which watches a sample of all objects, saw one used after it was freed.",
    "kfence": "KFENCE, which watches a sample of all objects, saw one misused.",
    "ubsan": "The code did what the C language does not define; the compiler checks for it here.",
    "stack-overflow": "The kernel's stack, which is small and does not grow, is full.",
    "stack-smashed": "The value that guards the end of a function's variables was written over.",
    "null-deref": "The kernel followed a pointer that was NULL, or nearly so.",
    "paging": "The kernel accessed an address that is not mapped, or not for this kind of access.",
    "user-access": "The kernel accessed memory of user space without saying so.",
    "gpf": "The CPU refused an instruction; in the kernel mostly one that used an address that is none.",
    "stack-segment": "The CPU refused an access through the stack pointer, or through RBP.",
    "double-fault": "An exception came while the CPU was entering another one, mostly for lack of stack.",
    "divide": "An integer was divided by zero, or the quotient did not fit.",
    "invalid-opcode": "The CPU met an instruction that it does not know.",
    "int3": "The CPU met a breakpoint that no debugger had set.",
    "list-corruption": "A linked list is damaged: neighbours do not point to each other any more.",
    "usercopy": "A copy to or from user space would have passed the end of the kernel's object.",
    "bug": "The kernel found something that must not be, and gave up: BUG() in the source.",
    "warning": "The kernel found something that should not be, and went on: WARN() in the source.",
    "workqueue": "Queued work did not get on for too long, or left its worker thread with a lock held or preemption off.",
    "alignment": "The address of an access was not aligned.",
    "alloc-failure": "Memory could not be had in the form that was asked for. Mostly the kernel goes on.",
    "no-init": "The kernel found no program to start as process 1.",
    "lockdep": "Lock debugging saw locks taken in a way that can end in a deadlock. It need not have happened.",
    "rcu-usage": "Data protected by RCU was read outside of a section that protects it.",
    "spinlock": "A spinlock is not in a state that it can be in.",
    "atomic-sleep": "Code went to sleep where it must not.",
    "preemptible": "Code used a variable of its CPU while it could have been moved to another one.",
    "hung-task": "A task has waited for so long that it is taken to wait for ever.",
    "soft-lockup": "A CPU ran kernel code for so long that no other task had a turn.",
    "hard-lockup": "A CPU did not even take interrupts any more.",
    "rcu-stall": "A CPU or task kept RCU waiting for longer than it should.",
    "refcount": "A reference count went wrong: an object may be freed while in use, or never.",
    "leak": "An allocated object that nothing points to any more.",
    "bad-page": "A page is in a state that it cannot be in.",
    "slub": "The bytes that slab debugging keeps in and around objects were written over.",
    "page-poison": "A page was written to while it was free.",
    "oom": "Memory is used up, and there is nothing left to kill.",
    "oom-kill": "Memory is used up: the kernel kills a process to go on.",
    "no-root": "The kernel found no root file system to start from.",
    "init-killed": "The first process ended, and the system with it.",
    "mce": "The hardware reported an error.",
    "netdev-leak": "A network device cannot be removed: someone still holds a reference to it.",
    "vfs": "A file or a file system was given back while something still used it.",
    "rust-panic": "Code of the kernel in Rust met what must not be, and gave up.",
    "reboot": "The machine started anew, and the log does not say why.",
    "program": "A program gave up, and the kernel did not: the words are the program's own.",
    "serror": "The hardware reported an error, later than the access that it is about.",
}
"""By the key of the kind. Those that say nothing of what happened are left out."""

PANICS = frozenset({"panic", "init-killed", "no-root", "no-init", "oom", "stack-smashed", "mce"})
"""Those that panic() itself reports: the PC of a dump is only where the CPU had been before."""
SEEN = frozenset({"soft-lockup", "hard-lockup", "rcu-stall", "mce", "serror"})
"""Those whose dump shows where a CPU was when something looked, not where something failed."""

BY_TRACE = frozenset(
    {"lockdep", "rcu-usage", "preemptible", "leak", "slub", "page-poison", "bad-page", "workqueue"}
)
"""Those that ordinary code reports: a dump, if there is one, is of what was interrupted."""
FETCHES = frozenset({"null-deref", "paging", "gpf", "user-access", "oops", "invalid-opcode"})
"""Those that may come of a jump to where no code is."""
IN_HEADLINE = frozenset(
    {"kasan", "kasan-uaf", "kasan-free", "kasan-oob", "kasan-null", "kasan-wild", "kmsan", "kfence"}
    | {"kfence-uaf", "ubsan"}
)
"""Those whose headline names the function: a dump, if there is one, is of something else."""

NOTICED = {
    **dict.fromkeys(("rcu-stall", "workqueue", "kcsan"), ""),
    "": "The report came from `{}`.",
    **dict.fromkeys(
        ("kasan", "kasan-uaf", "kasan-oob", "kasan-null", "kasan-wild", "kfence", "kfence-uaf"),
        "The access was made in `{}`.",
    ),
    "kasan-free": "It was freed in `{}`.",
    "kmsan": "The value was used in `{}`.",
    "ubsan": "It happened in `{}`.",
    "lockdep": "It was noticed in `{}`.",
    "rcu-usage": "It was read in `{}`.",
    "preemptible": "The code is in `{}`.",
    "netdev-leak": "A reference was taken in `{}`.",
    "leak": "It was allocated in `{}`.",
    "warning": "The warning is in `{}`.",
    **dict.fromkeys(
        ("slub", "page-poison", "bad-page"),
        "It was noticed in a call from `{}`, which need not have done it.",
    ),
}
"""How the function is told that a report without a dump came from; of others as of the empty key."""
