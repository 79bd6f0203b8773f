"""What sort of crash a report is: key, label, and the kernel's own words.

The table is read from the top; the first pattern found in the headline decides. Its
groups make the message to show.
"""

import re
from typing import NamedTuple


class Kind(NamedTuple):
    """A sort of crash."""

    key: str
    label: str
    pattern: str
    "searched in the headline"
    says: str = "{m}"
    "the message, with the pattern's groups"


KINDS = (
    # KASAN and its kin name what they found.
    Kind("kasan-uaf", "KASAN: use after free", r"BUG: KASAN: (?P<m>(?:slab-)?use-after-free)"),
    Kind(
        "kasan-free",
        "KASAN: invalid free",
        r"BUG: KASAN: (?P<m>(?:double-free|invalid-free)(?: or invalid-free)?)",
    ),
    Kind("kasan-null", "KASAN: NULL dereference", r"BUG: KASAN: (?P<m>null-ptr-deref)"),
    Kind(
        "kasan-wild",
        "KASAN: wild access",
        r"BUG: KASAN: (?P<m>(?:wild|user)-memory-access|invalid-access)",
    ),
    Kind("kasan-oob", "KASAN: out of bounds", r"BUG: KASAN: (?P<m>[a-z-]*out-of-bounds)"),
    Kind("kasan", "KASAN", r"BUG: KASAN: (?P<m>.*)"),
    Kind("kmsan", "KMSAN: uninitialised memory", r"BUG: KMSAN: (?P<m>[a-z-]+)"),
    Kind("kcsan", "KCSAN: data race", r"BUG: KCSAN: (?P<m>.*)"),
    Kind("kfence-uaf", "KFENCE: use after free", r"BUG: KFENCE: (?P<m>use-after-free \w+)"),
    Kind("kfence", "KFENCE", r"BUG: KFENCE: (?P<m>.*?)(?: in |$)"),
    Kind("ubsan", "UBSAN: undefined behaviour", r"UBSAN: (?P<m>.*?)(?: in |$)"),
    # Faults.
    Kind("stack-overflow", "Stack overflow", r"(?P<m>\w+ stack guard page was hit)"),
    Kind(
        "stack-overflow",
        "Stack overflow",
        r"not syncing: (?P<m>kernel stack overflow|corrupted stack end.*)",
    ),
    Kind(
        "stack-overflow", "Stack overflow", r"(?P<m>Insufficient stack space to handle exception)"
    ),
    Kind("stack-smashed", "Stack smashed", r"not syncing: (?P<m>stack-protector: .*)"),
    Kind(
        "null-deref",
        "NULL dereference",
        r"(?P<m>(?:[Uu]nable to handle )?[Kk]ernel NULL pointer dereference.*)",
    ),
    Kind(
        "user-access",
        "Access to user memory",
        r"(?P<m>Unable to handle kernel access to user memory.*)",
    ),
    Kind("paging", "Page fault", r"(?P<m>[Uu]nable to handle (?:kernel|page fault).*)"),
    Kind("gpf", "General protection fault", r"(?P<m>general protection fault.*)"),
    Kind("stack-segment", "Stack segment fault", r"(?P<m>stack segment: .*)"),
    Kind("double-fault", "Double fault", r"(?:PANIC: |traps: )?(?P<m>double fault.*)"),
    Kind("divide", "Division by zero", r"(?P<m>divide[ _]error:.*)"),
    Kind("invalid-opcode", "Invalid instruction", r"(?P<m>invalid opcode:.*)"),
    Kind("int3", "Breakpoint", r"(?P<m>int3:.*)"),
    Kind("alignment", "Alignment fault", r"(?P<m>Alignment trap:.*)"),
    # BUG().
    Kind("list-corruption", "List corruption", r"(?P<m>kernel BUG at lib/list_debug\.c.*)"),
    Kind("usercopy", "Bad copy to or from user space", r"(?P<m>kernel BUG at mm/usercopy\.c.*)"),
    Kind("bug", "BUG()", r"(?P<m>[Kk]ernel BUG.*)"),
    Kind("bug", "BUG()", r"(?P<m>Internal error: Oops - BUG.*|Kernel bug detected)"),
    Kind("int3", "Breakpoint", r"(?P<m>Internal error: (?:BRK|ptrace BRK) handler.*)"),
    Kind(
        "invalid-opcode",
        "Invalid instruction",
        r"(?P<m>Internal error: Oops - [Uu]ndefined instruction.*)",
    ),
    # Locks and contexts.
    Kind(
        "lockdep",
        "Lock order or state",
        r"(?:WARNING|INFO): (?P<m>possible (?:circular|recursive|irq lock).*)",
    ),
    Kind(
        "lockdep",
        "Lock order or state",
        r"(?P<m>(?:inconsistent lock state|.*-safe -> .*-unsafe lock order).*)",
    ),
    Kind(
        "lockdep",
        "Lock order or state",
        r"(?P<m>bad unlock balance|held lock freed|Nested lock was not taken|still has locks held|lock held when returning to user space|Invalid wait context|trying to register non-static key)",
    ),
    Kind("rcu-usage", "Suspicious RCU usage", r"(?P<m>suspicious RCU usage.*)"),
    Kind("spinlock", "Broken spinlock", r"BUG: (?P<m>(?:spinlock|rwlock) .*)"),
    Kind(
        "atomic-sleep",
        "Sleeping in atomic context",
        r"BUG: (?P<m>scheduling while atomic.*|sleeping function called from invalid context.*)",
    ),
    Kind(
        "preemptible",
        "Per-CPU data in preemptible code",
        r"BUG: (?P<m>using \w+\(\) in preemptible.*)",
    ),
    Kind("workqueue", "Workqueue stuck or misused", r"BUG: (?P<m>workqueue .*)"),
    # Time.
    Kind("hung-task", "Hung task", r"INFO: (?P<m>task .* (?:blocked|can't die).*)"),
    Kind("soft-lockup", "Soft lockup", r"BUG: (?P<m>soft lockup.*)"),
    Kind("hard-lockup", "Hard lockup", r"(?P<m>[Ww]atchdog detected hard LOCKUP.*|Hard LOCKUP)"),
    Kind("rcu-stall", "RCU stall", r"INFO: (?P<m>rcu\w* (?:self-)?detected.* stall.*)"),
    # Memory.
    Kind("refcount", "Broken reference count", r"(?P<m>WARNING: .*lib/refcount\.c.*)"),
    Kind("leak", "Memory leak", r"BUG: (?P<m>memory leak)"),
    Kind("bad-page", "Bad page", r"BUG: (?P<m>Bad (?:page|rss-counter).*|non-zero nr_\w+ .*)"),
    Kind("slub", "Slab corruption", r"BUG (?P<n>\S+) \(.*\): (?P<m>.*)", "{n}: {m}"),
    Kind("slub", "Slab corruption", r"INFO: (?P<m>(?:Freed|Allocated) in .*)"),
    Kind("page-poison", "Freed page written to", r"(?P<m>pagealloc: .*)"),
    Kind(
        "oom",
        "Out of memory",
        r"not syncing: (?P<m>(?:Out of memory|System is deadlocked on memory).*)",
    ),
    Kind("oom-kill", "Out of memory", r"(?P<m>\S.* invoked oom-killer)"),
    Kind(
        "alloc-failure", "Allocation failure", r"(?P<m>\S.* (?:page|vmalloc) ?allocation failure.*)"
    ),
    # Panics by what they say.
    Kind("no-root", "No root file system", r"not syncing: (?P<m>VFS: Unable to mount root fs.*)"),
    Kind(
        "no-init", "No init", r"not syncing: (?P<m>No (?:working )?init found.*|Requested init .*)"
    ),
    Kind("init-killed", "Init died", r"not syncing: (?P<m>Attempted to kill init!.*)"),
    Kind("hard-lockup", "Hard lockup", r"not syncing: (?P<m>Hard LOCKUP.*)"),
    Kind(
        "mce",
        "Hardware error",
        r"not syncing: (?P<m>(?:Fatal|Uncorrected|Timeout).*machine check.*)",
    ),
    Kind("serror", "Hardware error", r"(?P<m>(?:Asynchronous )?SError Interrupt.*)"),
    Kind("panic", "Kernel panic", r"Kernel panic - not syncing: (?P<m>.*)"),
    Kind("panic", "Kernel panic", r"(?P<m>Kernel panic.*)"),
    # The rest.
    Kind(
        "warning",
        "Warning",
        r"WARNING: (?:CPU: \d+ PID: \d+ )?(?:at )?(?P<m>[\w./+-]+:\d+) ",
        "WARNING at {m}",
    ),
    Kind("warning", "Warning", r"WARNING: (?P<m>.*)"),
    Kind("bug", "BUG", r"BUG: (?P<m>.*)"),
    Kind("info", "Notice", r"INFO: (?P<m>.*)"),
    Kind(
        "netdev-leak", "Network device still in use", r"(?P<m>unregister_netdevice: waiting for.*)"
    ),
    Kind("vfs", "File system left busy", r"(?P<m>VFS: (?:Close: file count is 0|Busy inodes).*)"),
    Kind("rust-panic", "Rust panic", r"(?P<m>rust_kernel: panicked.*)"),
    Kind("reboot", "Unexpected reboot", r"(?P<m>Booting the kernel\.)"),
    Kind("oops", "Oops", r"(?P<m>Internal error: .*|Unhandled fault: .*)"),
    Kind("oops", "Oops", r"(?P<m>.*\[#\d+\].*)"),
    Kind(
        "program", "Program's own error", r"(?P<m>(?:trusty: )?panic:.*|fatal error:.*|SYZ\w+:.*)"
    ),
)

LONGEST = 400
"characters of a headline that tell its kind"
TRACE = Kind("trace", "Stack trace", "")

_COMPILED = tuple((kind, re.compile(kind.pattern)) for kind in KINDS)
_DIE = re.compile(r"(?::? (?:0x)?[0-9a-f]{4,16})? ?\[#\d+\].*$")
_LOCATION = re.compile(r"(?: in| at) [\w./-]+\+0x[0-9a-f]+/0x[0-9a-f]+.*$")


def classify(headline: str) -> tuple[Kind, str]:
    """The kind of the report with that headline, and its message.

    >>> classify("Kernel panic - not syncing: sysrq triggered crash")[1]
    'sysrq triggered crash'
    """
    headline = headline[:LONGEST]
    for kind, wanted in _COMPILED:
        if found := wanted.search(headline):
            words = {name: _shorten(text or "") for name, text in found.groupdict().items()}
            return kind, kind.says.format_map(words)
    return TRACE, ""


def _shorten(message: str) -> str:
    """The message without the number of the oops, the kernel's options and the location."""
    message = _DIE.sub("", message)
    return _LOCATION.sub("", message).strip()[:300]
