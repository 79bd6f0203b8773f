"""Traces -> their marks explained: `<IRQ>`, `? `, `.cold`; and the address of a fault by itself."""

import re
from collections.abc import Iterator, Sequence

from sitegen.crash.arch import Arch
from sitegen.crash.explain.access import Access
from sitegen.crash.explain.pointers import wrong_address
from sitegen.crash.explain.registers import stack_pointer, values_of
from sitegen.crash.explain.values import find_poison
from sitegen.crash.explain.words import find_record
from sitegen.crash.lazy import Lazy
from sitegen.model import Explanation, Frame, Record, Report, Span, State, Weight

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
    "#VC": ("<#VC>: the stack for what an encrypted virtual machine must ask its host.", "telling"),
    "ENTRY_TRAMPOLINE": ("The small stack on which the CPU enters the kernel.", "plain"),
}
_STACK = Lazy(r"<(?P<name>[A-Z#_]{2,20})>")
_DOUBT = (
    "`?`: the address stood on the stack, but the unwinder cannot tell that the function was "
    "running: it may be left over from an earlier call. Skip these first."
)
_MARK = Lazy(r"\? ")
_CALL_TRACE = Lazy(r"[Cc]all [Tt]race|[Bb]acktrace(?=:)")
_UNRELIABLE = Lazy(r"\(unreliable\)")
_SUFFIXES = (
    ("cold", "the part of the function that is seldom run, which the compiler put elsewhere"),
    ("constprop", "a copy that the compiler made for callers with the same constants"),
    ("isra", "a copy that the compiler made with other arguments"),
    ("part", "a part of the function, which the compiler cut off to put the rest into its callers"),
    ("llvm", "a local function that the compiler gave a name of its own"),
)
_SUFFIX = Lazy(r"\.(?P<name>cold|constprop|isra|part|llvm)(?:\.\d{1,20})?")


def trace_words(report: Report, records: Sequence[Record]) -> Iterator[Explanation]:
    """The first of each mark in the report's traces."""
    frames = [frame for trace in report.traces for frame in trace.frames]
    doubted = _first(records, (frame.at for frame in frames if not frame.reliable))
    title = _first(records, (trace.at for trace in report.traces if trace.frames))
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
        if record is doubted and (found := _MARK.search(text)):
            start = record.at.column + found.start()
            yield Explanation(Span(record.at.line, start, start + 1), _DOUBT, weight="misleading")
        elif record is doubted and (found := _UNRELIABLE.search(text)):
            said = _DOUBT.replace("`?`", "(unreliable)")
            yield Explanation(_span(record, found), said, weight="misleading")
        elif record is title and (found := _CALL_TRACE.search(text)):
            yield Explanation(
                _span(record, found),
                "The functions that were active, the last one called first: read it from below to "
                "follow the execution. `+0x1d/0x80`: this far into the function, and its size; `[ext4]` behind "
                "it: the module that it is in.",
                weight="plain",
            )
    yield from _sources(records)
    yield from _suffixes(report, frames)


def _first(records: Sequence[Record], places: Iterator[Span]) -> Record | None:
    """The record in which the first of the places is."""
    at = next(places, None)
    return find_record(records, at) if at else None


_SOURCE = Lazy(
    r"\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8}(?: \[[^\]]{1,80}\])? \((?P<marks>[CTPU]?F?K?)\)$"
)
_SOURCES = {
    "C": "C: where the function was that asked for the trace.",
    "T": "T: where the task was put aside.",
    "P": "P: the PC itself, where an exception or interrupt came in, and no return address.",
    "U": "U: the unwinder does not know where it has this from.",
    "F": "F: a return address that function tracing had put aside.",
    "K": "K: a return address that a kretprobe had put aside.",
}


def _sources(records: Sequence[Record]) -> Iterator[Explanation]:
    """The letters that newer kernels put behind a frame of arm64: where it comes from. Each once."""
    seen: set[str] = set()
    for record in records:
        if not record.text.endswith(")"):
            continue
        found = _SOURCE.search(record.text)
        if (
            found is None
            or not found["marks"]
            or record.at.end - record.at.column != len(record.text)
        ):
            continue
        start = record.at.column + found.start("marks")
        for at, letter in enumerate(found["marks"], start):
            if letter not in seen:
                seen.add(letter)
                yield Explanation(
                    Span(record.at.line, at, at + 1), _SOURCES[letter], weight="plain"
                )


def _suffixes(report: Report, frames: Sequence[Frame]) -> Iterator[Explanation]:
    """The endings that compilers give to functions, each once."""
    pcs = [state.pc for state in report.states if state.pc is not None]
    seen: set[str] = set()
    for frame in (*pcs, *frames):
        if frame.symbol is None or "." not in frame.symbol.name:
            continue
        for found in _SUFFIX.finditer(frame.symbol.name):
            text = next(text for name, text in _SUFFIXES if name == found["name"])
            start = frame.at.column + found.start()
            if found["name"] not in seen and start + len(found[0]) <= frame.at.end:
                seen.add(found["name"])
                at = Span(frame.at.line, start, start + len(found[0]))
                yield Explanation(at, f"`.{found['name']}`: {text}.", weight="plain")


def _span(record: Record, found: re.Match[str]) -> Span:
    start = record.at.column + found.start()
    return Span(record.at.line, start, record.at.column + found.end())


# --- The address of a fault -------------------------------------------------------------------

_NEAR_STACK = 0x2000
_PAGE = 4096
# arm64's `Task stack:     [0xffff800008280000..0xffff800008284000]`, x86's `(stack is A..B)`.
_RANGE = Lazy(
    r"(?:Task stack: {1,8}\[|\(stack is )(?:0x)?(?P<low>[0-9a-f]{8,16})\.\.(?:0x)?(?P<high>[0-9a-f]{8,16})"
)
_HASHED = frozenset({"kfence", "kfence-uaf"})


def fault_text(
    report: Report,
    address: int,
    state: State | None,
    records: Sequence[Record],
    access: Access,
    arch: Arch,
) -> str:
    """What the address of a fault is by itself, without an instruction; empty when nothing is known."""
    if report.kind in _HASHED and address < 1 << 32:
        return ""
    meaning = wrong_address(address, arch)
    pc = state.pc if state is not None else None
    if pc is not None and pc.symbol is None and pc.address == address:
        what = "a NULL pointer" if not address else meaning.brief if meaning else ""
        why = ""
        if not what and access.how == "fetch" and access.mapped is not None:
            why = (
                " Memory is there, but it is no code."
                if access.mapped
                else " Nothing is mapped there."
            )
        return (
            f"The CPU was to run code at {address:#x}{f': {what}' if what else ''}.{why} The PC itself is "
            "wrong: a function pointer that was called, or a return address, led there."
        )
    if said := _near_stack(address, state, records, arch):
        return said
    if access.paged:
        return _of_page(address, arch)
    if not address:
        return "NULL: there is no object behind it."
    if meaning is None:
        return ""
    if 0 < address < _PAGE and arch.bits == 64:
        return (
            f"{address:#x} is no pointer: mostly the offset of a member, of an object to which the "
            "pointer was NULL."
        )
    return meaning.text


def _of_page(page: int, arch: Arch) -> str:
    """What a page says of which no address is known; empty when nothing is."""
    if not page:
        return (
            "The first page of memory; where in it is not known here. Mostly the offset of a member, of an "
            "object to which the pointer was NULL."
        )
    whole = int.from_bytes(bytes([page >> arch.bits - 8]) * (arch.bits // 8), "big")
    meaning = find_poison(whole, arch.bits) if whole & -_PAGE == page else None
    return f"Only the page is known here. {meaning.text}" if meaning else ""


def _near_stack(address: int, state: State | None, records: Sequence[Record], arch: Arch) -> str:
    """Where the address lies beside the stack; empty where it does not."""
    for record in records:
        if (
            "stack" in record.text
            and (found := _RANGE.search(record.text))
            and 0 < (below := int(found["low"], 16) - address) < _NEAR_STACK
        ):
            return (
                f"{below:#x} below the task's stack, which begins at {int(found['low'], 16):#x} and grows "
                "down: it is full."
            )
    sp = stack_pointer(values_of(state), arch) if state is not None else None
    if not sp or abs(address - sp) >= _NEAR_STACK:
        return ""
    if address == sp:
        return "The stack pointer's own value: an access to the kernel's own stack."
    where = "below" if address < sp else "above"
    return f"{abs(address - sp):#x} {where} the stack pointer: an access to the kernel's own stack."
