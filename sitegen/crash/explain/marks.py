"""Traces -> their marks explained: `<IRQ>`, `? `, `[inline]`; and the address of a fault by itself."""

import re
from collections.abc import Iterator, Sequence

from sitegen.crash.arch import Arch
from sitegen.crash.explain.fault import wrong_pointer
from sitegen.crash.explain.values import Meaning
from sitegen.model import Explanation, Record, Report, Span, State, Weight

_STACKS: dict[str, tuple[str, Weight]] = {
    "TASK": ("<TASK>: from here on, the stack of the process or kernel thread.", "plain"),
    "IRQ": (
        (
            "<IRQ>: the stack of hard interrupts. What follows up to </IRQ> came between; the task below "
            "was only interrupted and may have nothing to do with it."
        ),
        "telling",
    ),
    "HARDIRQ": ("<HARDIRQ>: the stack of hard interrupts.", "telling"),
    "SOFTIRQ": (
        "<SOFTIRQ>: the stack of softirqs: work that an interrupt left for later.",
        "telling",
    ),
    "NMI": (
        (
            "<NMI>: the stack of non-maskable interrupts. Mostly the CPU was asked for a backtrace: what it "
            "was doing stands below."
        ),
        "telling",
    ),
    "#DF": (
        "<#DF>: the stack of double faults: an exception met another one, mostly as the stack was full.",
        "telling",
    ),
    "#DB": ("<#DB>: the stack of debug exceptions.", "telling"),
    "#MC": ("<#MC>: the stack of machine checks: the hardware reported an error.", "telling"),
    "ENTRY_TRAMPOLINE": ("The small stack on which the CPU enters the kernel.", "plain"),
}
_STACK = re.compile(r"<(?P<name>[A-Z#_]{2,20})>")
_DOUBT = (
    "`?`: the address stood on the stack, but the unwinder cannot tell that the function was "
    "running: it may be left over from an earlier call. Skip these first."
)
_MARK = re.compile(r"\? ")
_CALL_TRACE = re.compile(r"[Cc]all [Tt]race|[Bb]acktrace")


def trace_words(report: Report, records: Sequence[Record]) -> Iterator[Explanation]:
    """The first of each mark in the report's traces."""
    doubted = next(
        (frame.at.line for trace in report.traces for frame in trace.frames if not frame.reliable),
        0,
    )
    title = next((trace.at.line for trace in report.traces if trace.frames), 0)
    seen: set[str] = set()
    for record in records:
        text = record.text
        if record.at.end - record.at.column != len(text):
            continue
        if "<" in text and len(text) < 200 and (found := _STACK.search(text)):
            known = _STACKS.get(found["name"])
            if known and found["name"] not in seen:
                seen.add(found["name"])
                yield Explanation(_span(record, found), known[0], weight=known[1])
        if record.at.line == doubted and (found := _MARK.search(text)):
            start = record.at.column + found.start()
            yield Explanation(Span(record.at.line, start, start + 1), _DOUBT, weight="misleading")
        elif record.at.line == title and (found := _CALL_TRACE.search(text)):
            yield Explanation(
                _span(record, found),
                "The functions that were active, the last one called first: read it from below to "
                "follow the execution. `+0x1d/0x80`: this far into the function, and its size.",
                weight="plain",
            )


def _span(record: Record, found: re.Match[str]) -> Span:
    start = record.at.column + found.start()
    return Span(record.at.line, start, record.at.column + found.end())


def fault_text(address: int, state: State | None, arch: Arch) -> str:
    """What the address of a fault is by itself, without an instruction; empty when nothing is known."""
    meaning: Meaning | None = wrong_pointer(address, arch)
    pc = state.pc if state is not None else None
    if pc is not None and pc.symbol is None and pc.address == address:
        brief = f": {meaning.brief}" if meaning else ""
        return (
            f"The CPU was to run code at {address:#x}{brief}. The PC itself is wrong: a function "
            "pointer that was called, or a return address, led there."
        )
    sp = _stack_pointer(state, arch)
    if meaning is None and sp and abs(address - sp) < _NEAR_STACK:
        where = "below" if address < sp else "above"
        return f"{abs(address - sp):#x} {where} the stack pointer: an access to the kernel's own stack."
    if meaning is None:
        return ""
    if 0 < address < 4096 and arch.bits == 64:
        return (
            f"{address:#x} is no pointer: mostly the offset of a member, of an object to which the "
            "pointer was NULL."
        )
    return meaning.text


_NEAR_STACK = 0x2000


def _stack_pointer(state: State | None, arch: Arch) -> int:
    """The value of the stack pointer; 0 when the dump has none."""
    if state is None:
        return 0
    return next((one.value for one in state.registers if one.name.lower() in arch.sp), 0)
