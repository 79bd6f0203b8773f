"""Indirect calls: the expression in the source, and the tables of the image that hold the callee."""

from collections.abc import Sequence

from sitegen.crash.chain.names import bare_name
from sitegen.crash.source import CallText, Tree, excerpt_table, find_initializer
from sitegen.crash.source.tree import clean_path
from sitegen.crash.symbols.values import Holder
from sitegen.model import Edge, Proof, Snippet, Table

# Functions that run what was handed to them: their callees stand in no ops table.
MECHANISMS = {
    "process_one_work": "work item",
    "call_timer_fn": "timer",
    "expire_timers": "timer",
    "__hrtimer_run_queues": "high-resolution timer",
    "__run_hrtimer": "high-resolution timer",
    "rcu_do_batch": "RCU callback",
    "srcu_invoke_callbacks": "RCU callback",
    "kthread": "thread function",
    "kthread_worker_fn": "work item",
    "smpboot_thread_fn": "per-CPU thread",
    "ret_from_fork": "kernel thread",
    "ret_from_fork_asm": "kernel thread",
    "__do_softirq": "soft interrupt",
    "handle_softirqs": "soft interrupt",
    "tasklet_action_common": "tasklet",
    "irq_work_single": "interrupt work",
    "irq_work_run_list": "interrupt work",
    "__flush_smp_call_function_queue": "call on another CPU",
    "flush_smp_call_function_queue": "call on another CPU",
    "generic_smp_call_function_single_interrupt": "call on another CPU",
    "generic_exec_single": "call on another CPU",
    "smp_call_function_many_cond": "call on another CPU",
    "multi_cpu_stop": "CPU stopper",
    "cpu_stopper_thread": "CPU stopper",
    "__handle_irq_event_percpu": "interrupt handler",
    "handle_irq_event_percpu": "interrupt handler",
    "irq_thread_fn": "interrupt thread",
    "notifier_call_chain": "notifier chain",
    "do_one_initcall": "initcall",
    "task_work_run": "task work",
    "cpuhp_invoke_callback": "CPU hotplug callback",
    "async_run_entry_fn": "asynchronous call",
    "call_usermodehelper_exec_async": "user-mode helper",
}

MAX_SNIPPETS = 4
"""Tables that are shown with their text; of the others the name and the lines are enough."""


def through(
    edge: Edge,
    *,
    caller: str,
    callee: str,
    text: CallText | None,
    holders: Sequence[Holder],
    tree: Tree | None,
    snippets: bool,
) -> Edge:
    """The edge of an indirect call with its expression, slot and tables.

    A table is named only when it holds the callee in the slot that the source calls
    through; where the source does not say the slot, all that hold it are.
    """
    mechanism = MECHANISMS.get(caller, "")
    fitting, why = _fitting(text, holders, callee, mechanism)
    if callee.startswith("0x"):
        why = f"the pointer led to {callee}, where no function of the image is"
    member = text.member if text else ""
    return Edge(
        kind="indirect",
        proof=_proof(edge.proof, text, fitting),
        expression=text.expression if text else "",
        slot=_slot(fitting),
        tables=tuple(
            _table(holder, callee, member, tree, shown=index < MAX_SNIPPETS, text=snippets)
            for index, holder in enumerate(fitting)
        ),
        mechanism=mechanism,
        note=why,
    )


def _fitting(
    text: CallText | None, holders: Sequence[Holder], callee: str, mechanism: str
) -> tuple[list[Holder], str]:
    """The holders the call may have gone through, by place in the source, and what is to be said."""
    ordered = sorted(holders, key=lambda one: (one.file, one.line or 0, one.symbol, one.offset))
    typed = [holder for holder in ordered if holder.type]
    if text is None:
        fitting = [] if mechanism else typed
        if len(fitting) > 1:
            return fitting, f"which slot it is, is not known; {len(fitting)} hold {callee}"
        return fitting, "" if fitting else _otherwise(callee)
    if text.array:
        fitting = [holder for holder in ordered if is_array(holder)]
    elif text.member:
        fitting = [holder for holder in ordered if last_member(holder) == text.member]
    else:
        fitting = []
    if len(fitting) > 1:
        several = f"{len(fitting)} tables hold {callee} in this slot"
        return fitting, f"{several}; the trace cannot tell them apart"
    if fitting:
        return fitting, ""
    if text.parameter is not None:
        return [], f"{text.pointer} is a parameter: the caller passed the function to call"
    slot = f" as .{text.member}" if text.member else ""
    return [], _otherwise(callee, slot)


def _otherwise(callee: str, slot: str = "") -> str:
    return (
        f"no table of the image holds {callee}{slot}: "
        "it was set at run time, or the function that was set jumped to it"
    )


def last_member(holder: Holder) -> str:
    return holder.member.rpartition(".")[2].partition("[")[0]


def is_array(holder: Holder) -> bool:
    return holder.type.endswith("[]") or holder.member.startswith("[")


def _proof(proof: Proof | None, text: CallText | None, fitting: Sequence[Holder]) -> Proof | None:
    """The table counts as the proof where the source names the slot and the image fills it."""
    return "ops-table" if fitting and text and (text.member or text.array) else proof


def _slot(fitting: Sequence[Holder]) -> str:
    """The slot's name, where all candidates agree on it."""
    slots = {
        f"{holder.symbol}{holder.member}" if is_array(holder) else f"{holder.type}.{holder.member}"
        for holder in fitting
        if holder.member
    }
    return slots.pop() if len(slots) == 1 else ""


def _table(
    holder: Holder, callee: str, member: str, tree: Tree | None, *, shown: bool, text: bool
) -> Table:
    path = clean_path(holder.file)
    lines = tree.lines(path) if tree and path else None
    found = None
    if lines is not None and holder.line is not None:
        found = find_initializer(
            lines, holder.line, callee=bare_name(callee), member=member or last_member(holder)
        )
    snippet: Snippet | None = None
    if shown and path and lines is not None and found is not None:
        snippet = excerpt_table(path, lines, found, text=text)
    return Table(
        symbol=holder.symbol,
        file=holder.file,
        line=holder.line,
        initializer=found.line if found else None,
        type=holder.type,
        snippet=snippet,
    )
