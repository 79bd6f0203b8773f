"""Lines -> whether a report may begin with them, or go on.

What reports are for syzkaller is in `oopses`; here is what else people want to see as one.
"""

import re

from sitegen.crash.log.frames import read_frame
from sitegen.crash.log.printk import Line

# Reports for people that syzkaller does not count as crashes.
_NOTICES = re.compile(
    r"invoked oom-killer: |page allocation failure: |^pagealloc: (?:memory|single bit)"
    r"|^BUG [\w.-]{1,80} \((?:Not t|T)ainted|[Ww]atchdog detected hard LOCKUP"
    r"|^Insufficient stack space to handle exception|^SError Interrupt on CPU"
    r"|^[A-Za-z][\w /:-]{2,60}?(?:: (?:0x)?[0-9a-f]{4,16})?(?: ilc:\d)? ?\[#\d{1,5}\]"
)
NOTICE_WORDS = (
    *("oom-killer", "allocation failure", "pagealloc", "BUG ", "LOCKUP", "Insufficient stack"),
    *("SError", "[#"),
)
"one of these stands in every notice: the cheap test"

# What reports are made of, besides frames, registers and code.
_PART = re.compile(
    r"\s{0,4}(?:CPU: |Hardware name: |Modules linked in|Call Trace|Call trace|Code: |Workqueue: |Comm: |Tainted: "
    r"|RIP|[RE][A-Z]{2}: |R\d\d: |[CDEFGS]S: |CR\d: |DR\d: |PKRU|EIP|EFLAGS|#PF: |PGD |pgd |\*p[gdmu4t]d|Oops|BAD|Stack|Mem abort info"
    r"|ESR|EC = |SET = |EA = |FSC = |Data abort|ISV = |CM = |GCS = |user pgtable|swapper pgtable|\[[0-9a-f]{16}\] |Internal error"
    r"|pstate|pc |lr |sp |x\d+ ?:|PC is|LR is|psr|r\d+ ?:|Flags:|Control:|Process |epc|ra |gp |t\d |s\d |a\d |status: |NIP|REGS|MSR"
    r"|CFAR|GPR|LR|Krnl|R:\d|Last Breaking|\$ ?\d|Hi |Lo |Status|Cause|BadVA|PrId|ERA|CRMD|PRMD|EUEN|ECFG|ESTAT|BADV"
    r"|---\[ end|<[/A-Z#]|Kernel Offset|PHYS_OFFSET|CPU features|Memory Limit|SMP: stopping|Rebooting|Dumping ftrace|Shutting down cpus"
    r"|={20,}|-{20,}|Read of size|Write of size|Allocated|Freed|The buggy|The backing|Memory state|[ >][0-9a-f]{8,16}: |page:|page dumped|flags: |raw: |head: "
    r"|page_owner|page last|pre-allocated|which belongs to|allocated \d|freed \d|\d+-byte|kfence|Bytes |Local variable|Uninit was|Reported by"
    r"|INFO: |NMI backtrace|Sending NMI|\(detected by|\(t=|rcu: |task:|Preemption|irq event|(?:hard|soft)irqs last|\d+ locks? held|(?:no )?locks held| #\d+: |Showing"
    r"|stack backtrace|other info|rcu_scheduler|the existing|which |-> #|Possible|\*\*\* DEADLOCK|lock\(|<Interrupt>|is trying|but task|IN-|\{"
    r"|\"echo 0|Not tainted|  ?Tainted|in_atomic|preempt_count|note: |Redzone|Object|Padding|Slab|FIX |Disabling lock|oom|Mem-Info|Node |DMA|active_|Out of memory"
    r"|value changed|read to|write to|read-write|no locks|The task|kcsan|memory stack|unreferenced object|  comm|  hex dump|    [0-9a-f]{2} |  backtrace|Oops|mce: "
    r"|[0-9a-f]{4}: {1,80}[0-9a-f]{8}\b|[0-9a-f]{8,16} [0-9a-f]{8,16}\b|Exception stack"
    r"|KASAN: |Fixing recursive|Kernel panic|Unable to handle|BUG|WARNING|Instruction dump)"
)


def is_notice(text: str) -> bool:
    """Whether the line is a headline that syzkaller does not know."""
    for word in NOTICE_WORDS:
        if word in text:
            return _NOTICES.search(text) is not None
    return False


def is_part(line: Line) -> bool:
    """Whether the line looks like one of a report."""
    text = line.text
    if not text.strip():
        return False
    if "+0x" in text and read_frame(line) is not None:
        return True
    return _PART.match(text) is not None or read_frame(line) is not None
