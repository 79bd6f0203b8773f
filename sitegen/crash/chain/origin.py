"""Where a chain comes from, in words: `write(2) by bash, PID 969`."""

import re
from collections.abc import Sequence

from sitegen.model import ChainStep, CrashLog, Report, Task

_SOFT_INTERRUPTS = {
    "run_timer_softirq": "timer softirq",
    "hrtimer_run_softirq": "high-resolution timer softirq",
    "net_rx_action": "network receive softirq",
    "net_tx_action": "network transmit softirq",
    "blk_done_softirq": "block softirq",
    "irq_poll_softirq": "interrupt poll softirq",
    "tasklet_action": "tasklet softirq",
    "tasklet_hi_action": "tasklet softirq",
    "tasklet_action_common": "tasklet softirq",
    "run_rebalance_domains": "scheduler softirq",
    "sched_balance_softirq": "scheduler softirq",
    "rcu_core_si": "RCU softirq",
    "rcu_process_callbacks": "RCU softirq",
}

# What runs deep inside, nearest to the crash first: the mechanism of an edge and how its callee is called.
_CALLED_BACK = {
    "RCU callback": "RCU callback {}",
    "timer": "timer {}",
    "high-resolution timer": "high-resolution timer {}",
    "tasklet": "tasklet {}",
    "interrupt work": "interrupt work {}",
    "call on another CPU": "cross-CPU call of {}",
    "interrupt handler": "interrupt handler {}",
    "work item": "work item {}",
    "CPU stopper": "CPU stopper {}",
    "initcall": "initcall {}",
    "per-CPU thread": "per-CPU thread {}",
}
_ON_TOP = frozenset(_CALLED_BACK) - {"work item", "CPU stopper", "initcall", "per-CPU thread"}
_IDLE = frozenset({"do_idle", "cpu_idle", "cpu_idle_loop", "cpu_startup_entry"})
_WORKQUEUE = re.compile(r"Workqueue: (\S{1,100}) ([A-Za-z_][\w.]{0,200})")


def origin(chain: Sequence[ChainStep], report: Report, log: CrashLog) -> str:
    """What the chain of a report began with, and on top of what: the innermost first.

    Empty for a chain whose beginning is not known. Names stand as the log and the kernel
    have them, everything else begins in lower case.
    """
    if not chain:
        return ""
    parts: list[list[ChainStep]] = [[]]
    for step in chain:
        parts[-1].append(step)
        if step.interrupted:
            parts.append([])
    base = _base(parts[0], report.task, _workqueue(report, log))
    cpu = f" on CPU {report.task.cpu}" if report.task.cpu is not None else ""
    said: list[str] = []
    for part in reversed(parts[1:]):
        what = _interruption(part)
        if what:
            said.append(what + ("" if said else cpu))
    if not base:
        return "" if not said else " on top of ".join([*said, _task(report.task)])
    return " on top of ".join([*said, base])


def _base(part: Sequence[ChainStep], task: Task, workqueue: tuple[str, str]) -> str:
    edge = part[0].edge
    who = _task(task)
    inside = _interruption(part) if edge.mechanism == "interrupt" else ""
    soft = _soft(part)
    if edge.mechanism == "system call":
        call = f"{edge.call}(2)" if edge.call else "a system call"
        return f"{call} by {who}"
    if any(step.function in _IDLE for step in part):
        return f"the idle task{f' of CPU {task.cpu}' if task.cpu is not None else ''}"
    if edge.mechanism in {"kernel thread", "boot", "the start of a CPU"}:
        back = _called_back(part, frozenset(_CALLED_BACK))
        queue, function = workqueue
        if back.startswith("work item") and queue:
            back += f" of workqueue {queue}"
        if not back and function and any(step.function == "worker_thread" for step in part):
            back = f"work item {function} of workqueue {queue}"
        back = back or soft
        if edge.mechanism == "boot" or _is_boot(part):
            return f"{back} during boot" if back else f"boot, as {who}"
        if edge.mechanism == "the start of a CPU":
            return f"the start of CPU {task.cpu}" if task.cpu is not None else "the start of a CPU"
        return f"{back} in {who}" if back else f"kernel thread {who}"
    if edge.mechanism == "the end of a task that crashed":
        return f"the end of {who}, which crashed"
    if edge.kind == "trap":
        return f"{edge.mechanism or 'exception'} in user mode, of {who}"
    if edge.kind == "entry" and inside:
        return f"{inside} on top of user mode, of {who}"
    return ""


def _is_boot(part: Sequence[ChainStep]) -> bool:
    return any(step.function in {"kernel_init", "start_kernel"} for step in part)


def _interruption(part: Sequence[ChainStep]) -> str:
    """What came in on top of something, the innermost that is known."""
    if not part:
        return ""
    edge = part[0].edge
    if edge.kind == "trap":
        return edge.mechanism or "exception"
    found = _called_back(part, _ON_TOP) or _soft(part)
    return found or edge.mechanism or "interrupt"


def _called_back(part: Sequence[ChainStep], among: frozenset[str]) -> str:
    for step in reversed(part):
        mechanism = step.edge.mechanism
        if mechanism in among and step.edge.kind in {"indirect", "tail"} and not step.edge.unproved:
            return _CALLED_BACK[mechanism].format(step.function)
    return ""


def _soft(part: Sequence[ChainStep]) -> str:
    found = (_SOFT_INTERRUPTS.get(step.function, "") for step in part)
    return next(filter(None, found), "")


def _task(task: Task) -> str:
    name = f"task {task.comm}" if task.comm else "a task"
    name = task.comm or name
    return f"{name}, PID {task.pid}" if task.pid is not None else name


def _workqueue(report: Report, log: CrashLog) -> tuple[str, str]:
    """Workqueue and function of the line that the kernel prints of a worker; empty when none."""
    for line in log.lines[report.first - 1 : report.last]:
        match = _WORKQUEUE.search(line[:400]) if "Workqueue: " in line else None
        if match:
            return match[1], match[2]
    return "", ""
