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

# What the lines of reports begin with, besides frames.
_PARTS = (
    # The head, whatever the report.
    r"CPU: |Hardware name: |Modules linked in|Workqueue: |Comm: |Process |Tainted: |  ?Tainted|Not tainted",
    r"Call Trace|Call trace|Code: |Instruction dump|Stack|Exception stack|<[/A-Z#]|={20,}|-{20,}",
    r"Oops|BAD|BUG|WARNING|INFO: |KASAN: |Kernel panic|Unable to handle|Internal error|Fixing recursive",
    # Registers and page tables: x86, then arm64 and arm, RISC-V, PowerPC, s390, MIPS, LoongArch.
    r"RIP|[RE][A-Z]{2}: |R\d\d: |[CDEFGS]S: |CR\d: |DR\d: |PKRU|EIP|EFLAGS|#PF: |PGD |pgd |\*p[gdmu4t]d",
    r"Mem abort info|ESR|EC = |SET = |EA = |FSC = |Data abort|ISV = |CM = |GCS = |(?:user|swapper) pgtable",
    r"\[[0-9a-f]{16}\] |pstate|pc |lr |sp |x\d+ ?:|PC is|LR is|psr|r\d+ ?:|Flags:|Control:",
    r"epc|ra |gp |t\d |s\d |a\d |status: ",
    r"NIP|REGS|MSR|CFAR|GPR|LR",
    r"Krnl|R:\d|Last Breaking",
    r"\$ ?\d|Hi |Lo |Status|Cause|BadVA|PrId",
    r"ERA|CRMD|PRMD|EUEN|ECFG|ESTAT|BADV",
    # Words of memory: with their address, in bytes, of a stack.
    r"[ >][0-9a-f]{8,16}: |    [0-9a-f]{2} |[0-9a-f]{4}: {1,80}[0-9a-f]{8}\b|[0-9a-f]{8,16} [0-9a-f]{8,16}\b",
    # Sanitizers and kmemleak.
    r"Read of size|Write of size|Allocated|Freed|The buggy|The backing|Memory state|which belongs to|allocated \d|freed \d",
    r"\d+-byte|kfence|Bytes |Local variable|Uninit was|Reported by|value changed|read to|write to|read-write|kcsan",
    r"memory stack|unreferenced object|  comm|  hex dump|  backtrace",
    # Pages and slabs.
    r"page:|page dumped|flags: |raw: |head: |page_owner|page last|pre-allocated|Redzone|Object|Padding|Slab|FIX ",
    r"oom|Mem-Info|Node |DMA|active_|Out of memory",
    # Stalls, hung tasks and other CPUs.
    r"NMI backtrace|Sending NMI|\(detected by|\(t=|rcu: |task:|The task|\"echo 0|Showing",
    # Locks and contexts.
    r"Preemption|preempt_count|in_atomic|irq event|(?:hard|soft)irqs last|\d+ locks? held|(?:no )?locks held|no locks| #\d+: ",
    r"stack backtrace|other info|rcu_scheduler|the existing|which |-> #|Possible|\*\*\* DEADLOCK|lock\(|<Interrupt>",
    r"is trying|but task|IN-|\{|Disabling lock",
    # The end, and what the hardware says.
    r"---\[ end|note: |Kernel Offset|PHYS_OFFSET|CPU features|Memory Limit|SMP: stopping|Rebooting|Dumping ftrace",
    r"Shutting down cpus|mce: ",
)
_PART = re.compile(rf"\s{{0,4}}(?:{'|'.join(_PARTS)})")


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
