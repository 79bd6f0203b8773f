"""Indirect calls: the expression in the source, and the tables of the image that hold the callee."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.crash.chain.image import Path
from sitegen.crash.chain.tables import Source, is_array, last_member, slot_of, tables_of
from sitegen.crash.names import is_copy
from sitegen.crash.source import CallText, find_handed, find_setters
from sitegen.crash.source.tree import clean_path
from sitegen.crash.symbols.values import Holder
from sitegen.model import Edge, Target

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


class Detour(NamedTuple):
    """A function that jumps to the step, and so may be what the pointer held."""

    function: str
    path: Path
    holders: tuple[Holder, ...] = ()


class Callee(NamedTuple):
    """What is known of the step that a call through a pointer led to."""

    name: str
    symbol: str = ""
    "its name in the image, with what the compiler appended"
    file: str = ""
    unknown: str = ""
    "why nothing is known of it, where no image at hand holds it"
    holders: tuple[Holder, ...] = ()
    detours: tuple[Detour, ...] | None = ()
    "None where nobody can tell who jumps to it"
    doubted: tuple[str, ...] = ()
    "functions of unreliable frames at this place of the trace that call it"


def through(
    edge: Edge, *, caller: str, callee: Callee, text: CallText | None, source: Source
) -> Edge:
    """The edge of an indirect call with its expression, slot and tables.

    A table is named only when it holds the callee in the slot that the source calls
    through; where the source does not say the slot, all that hold it are. That the call
    was of the callee is proved when a table or an assignment says so and no function
    that the slot may also have held jumps to it; else the edge is `unproved`, and its
    targets are what is possible.
    """
    mechanism = MECHANISMS.get(caller, "")
    found = Edge(
        kind="indirect",
        proof=edge.proof,
        expression=text.expression if text else "",
        pointer=(text.pointer or text.function) if text else "",
        mechanism=mechanism,
    )
    why, proved = "", False
    if callee.name.startswith("0x"):
        why, proved = f"the pointer led to {callee.name}, where no function of the image is", True
    elif callee.unknown:
        why = f"whether the pointer held {callee.name} cannot be known: {callee.unknown}"
    else:
        found, why, proved = _weigh(found, callee, text, source)
    note = "; ".join(filter(None, (why, edge.note)))
    return replace(found, note=note, unproved=not proved)


def _weigh(
    edge: Edge, callee: Callee, text: CallText | None, source: Source
) -> tuple[Edge, str, bool]:
    """The edge with its tables, what is to be said, and whether it is proved."""
    named = bool(text and (text.member or text.array))
    mine = _fitting(text, callee.holders, edge.mechanism)
    detours = [(one, _fitting(text, one.holders, edge.mechanism)) for one in callee.detours or ()]
    if not edge.mechanism and named:
        # The slot is known: only what some table of the image holds there is a candidate.
        detours = [(one, fitting) for one, fitting in detours if fitting]
    tables = tables_of(mine, callee.name, text, source)
    if text and text.pointer == callee.name:
        why = f"the caller passed {callee.name} itself"
        return replace(edge, proof="source"), why, True
    if detours or callee.doubted:
        targets = [
            Target(
                one.function,
                one.path[0].instruction,
                tables_of(fitting, one.function, text, source),
            )
            for one, fitting in detours[:MAX_TARGETS]
        ]
        own = not is_copy(callee.symbol) and bool(mine or not named or edge.mechanism)
        if own and not callee.doubted:
            targets.insert(0, Target(callee.name, "", tables))
        edge = replace(edge, targets=tuple(targets))
        return edge, _say_targets(callee, detours, own=own), False
    edge = replace(
        edge, tables=tables, slot=slot_of(mine), proof="ops-table" if mine and named else edge.proof
    )
    if is_copy(callee.symbol):
        why = (
            f"the compiler made {callee.symbol} for direct calls: a function between left no frame"
        )
        return edge, why, False
    if mine:
        certain = callee.detours is not None
        return edge, _say_tables(mine, callee, named=named, certain=certain), certain
    setter = _find_setter(callee, text, source)
    if setter:
        edge = replace(edge, proof="source")
        return edge, f"set at run time, in {setter}", callee.detours is not None
    handed = _find_handed(callee, source) if text is None or not text.array else ""
    if text and text.parameter is not None and not text.member:
        why = f"the caller passed the function to call, as its parameter '{text.pointer}'"
        return edge, "; ".join(filter(None, (why, handed))), callee.detours is not None
    if edge.mechanism:
        why = handed or "the function to call was handed over at run time, and stands in no table"
        return edge, why, callee.detours is not None
    if handed and text is None:
        return replace(edge, proof="source"), handed, callee.detours is not None
    slot = f" as .{text.member}" if text and text.member else ""
    why = (
        f"no table of the image holds {callee.name}{slot}: it was set at run time, "
        "or a function that left no frame led to it"
    )
    return edge, why, False


MAX_TARGETS = 12
"""Functions named of those that a pointer may have held."""


def _say_targets(
    callee: Callee, detours: Sequence[tuple[Detour, Sequence[Holder]]], *, own: bool
) -> str:
    names = [one.function for one, _ in detours]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} others"]
    jumping = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    jumps = "jumps" if len(detours) == 1 else "jump"
    said = []
    if names:
        itself = f"{callee.name} itself or " if own else ""
        said.append(f"the pointer may have held {itself}{jumping}, which {jumps} to {callee.name}")
    if callee.doubted:
        doubted = ", ".join(callee.doubted)
        said.append(f"between them stands a doubtful frame of {doubted}, which calls {callee.name}")
    return "; ".join(said) + "; the trace cannot tell"


def _say_tables(fitting: Sequence[Holder], callee: Callee, *, named: bool, certain: bool) -> str:
    count = len(fitting)
    if not named and count > 1:
        return f"which slot it is, is not known; {count} hold {callee.name}"
    said = []
    if count > 1:
        several = f"{count} tables hold {callee.name} in this slot"
        said.append(f"{several}; the trace cannot tell them apart")
    if not certain:
        said.append("whether another function of this slot jumped here was not looked at")
    return "; ".join(said)


def _fitting(text: CallText | None, holders: Sequence[Holder], mechanism: str) -> list[Holder]:
    """The holders that a call may have gone through, by place in the source."""
    ordered = sorted(holders, key=lambda one: (one.file, one.line or 0, one.symbol, one.offset))
    if text is None:
        return [] if mechanism else [holder for holder in ordered if holder.type]
    if text.array:
        arrays = [holder for holder in ordered if is_array(holder)]
        return [holder for holder in arrays if holder.symbol == text.table] or arrays
    if text.member:
        return [holder for holder in ordered if last_member(holder) == text.member]
    return []


def _find_setter(callee: Callee, text: CallText | None, source: Source) -> str:
    """`file:line` where the callee's file sets the member to it; empty when it does not."""
    path = clean_path(callee.file)
    lines = source.tree.lines(path) if source.tree and path else None
    if lines is None or text is None:
        return ""
    found = find_setters(lines, callee.name, text.member)
    return f"{path}:{found[0]}" if found else ""


def _find_handed(callee: Callee, source: Source) -> str:
    """Where the callee's file hands it to others, in words; empty when it does not, or too often."""
    path = clean_path(callee.file)
    lines = source.tree.lines(path) if source.tree and path else None
    found = find_handed(lines, callee.name) if lines is not None else ()
    if not 1 <= len(found) <= _FEW:
        return ""
    places = " or ".join(f"{path}:{line}" for line in found)
    return f"the function was handed over at run time, in {places}"


_FEW = 2
