"""The frames of a report -> which function a reader should look at, and what tells it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sitegen.crash.explain.helpers import is_helper
from sitegen.crash.explain.kinds import BY_TRACE, FETCHES, IN_HEADLINE, KINDS, NOTICED, PANICS, SEEN
from sitegen.crash.explain.values import MODULES
from sitegen.crash.explain.words import find_record
from sitegen.crash.lazy import Lazy
from sitegen.model import CallTrace, Explanation, Frame, Record, Report, Span, State

_SLEEPS = Lazy(
    r"(?:__schedule|schedule\w*|preempt_schedule\w*|__mutex_lock\w*|mutex_lock\w*|__down\w*|down\w*|rwsem_\w+"
    r"|io_schedule\w*|wait_for_\w+|__wait_\w+|bit_wait\w*|out_of_line_wait\w*|__rt_mutex\w*|rt_mutex\w*"
    r"|__switch_to|context_switch|percpu_rwsem\w*|do_wait\w*|folio_wait\w*|wait_on_\w+|__percpu\w*"
    r"|msleep\w*|usleep\w*|do_nanosleep|hrtimer_nanosleep|dump_stack\w*|show_stack|dump_backtrace\w*|__schedule_bug\w*|__might_\w+)"
)
_PANIC = frozenset(
    {
        "panic",
        "__panic",
        "panic_saved_regs",
        "nmi_panic",
        "vpanic",
        "panic_on_rcu_stall",
        "check_panic_on_warn",
    }
)
_NO_RETURN = _PANIC | {
    *("__fortify_panic", "fortify_panic", "__stack_chk_fail", "do_exit", "make_task_dead", "die"),
    *("do_group_exit", "kthread_exit", "usercopy_abort", "rewind_stack_and_make_dead"),
}
_MOST_STARTS = 2
_DEPTH = 64
"""Frames that are looked at."""


def place_words(report: Report, records: Sequence[Record], arch: str) -> Iterator[Explanation]:
    """What the frames tell of where to look: at the headline, and at frames that mislead."""
    trace = next(iter(_own(report)), None)
    said = _hang(report, trace)
    if not said and report.kind != "hung-task":
        said = _where(report, _crash_state(report), records, arch)
    said = f"{KINDS.get(report.kind, '')} {said} {_tracks(report)}".strip().replace("  ", " ")
    headline = report.headline
    if said:
        yield Explanation(_first_word(headline, records), said)
    yield from _behind_the_end(report)


def _first_word(headline: Span, records: Sequence[Record]) -> Span:
    """The headline's first word that is no mark of a line: `Kernel`, `BUG:`."""
    record = find_record(records, headline)
    if record is None:
        return headline
    start = max(headline.column - record.at.column, 0)
    # Some loggers put a date before it, old lockdep a bracket.
    found = _WORD.search(record.text[: headline.end - record.at.column], start)
    if found is None:
        return headline
    at = record.at.column + found.start()
    size = len(found[0].rstrip(":,"))
    return Span(headline.line, at, min(at + size, headline.end))


_WORD = Lazy(r"(?<!\S)(?=\S{0,40}[A-Za-z]{2})[^\s\[]\S{0,39}(?: panic| BUG| NULL)?")


def _crash_state(report: Report) -> State | None:
    return next((one for one in report.states if not one.user and one.pc is not None), None)


_CALL_TRACE = Lazy(r"(?:[Cc]all [Tt]race|[Bb]acktrace|<\w+>|stack backtrace|$)")
_IN = Lazy(r" in (?P<name>[A-Za-z_$][\w.$]{0,255})\+0x")
_TRACK = Lazy(r"(?P<what>[Aa]lloc|[Ff]ree)")


def _own(report: Report) -> list[CallTrace]:
    """The traces of the report's own stack: none of where an object once was allocated or freed."""
    return [one for one in report.traces if _CALL_TRACE.match(one.title)]


def _tracks(report: Report) -> str:
    """Who allocated and who freed the object of the report."""
    said: list[str] = []
    for trace in report.traces:
        found = _TRACK.match(trace.title)
        if found is None:
            continue
        named = _IN.search(trace.title)
        names = [named["name"]] if named else _named(trace.frames)
        name = next((name for name in names if not is_helper(name)), "")
        verb = "allocated" if found["what"].lower() == "alloc" else "freed"
        if name and not any(one.startswith(verb) for one in said):
            said.append(f"{verb} by `{name}`")
    return f"The object was {' and '.join(said)}." if said else ""


def _named(frames: Sequence[Frame]) -> list[str]:
    return [
        frame.symbol.name
        for frame in frames[:_DEPTH]
        if frame.reliable and frame.symbol is not None
    ]


def _where(report: Report, state: State | None, records: Sequence[Record], arch: str) -> str:
    """The function that failed, and for helpers who called it."""
    names = [name for one in _own(report) for name in _named(one.frames)]
    if report.kind in IN_HEADLINE and (said := _headlined(report, names, records)):
        return said
    if state is None or state.pc is None or report.kind in BY_TRACE:
        return _panic(report, names)
    if report.kind in PANICS and (said := _panic(report, names)):
        return said + _interrupted(report, state.pc)
    if state.pc.symbol is None:
        return _nowhere(report, state, names, records, arch) if report.kind in FETCHES else ""
    function = state.pc.symbol.name
    said = f"The CPU was in `{function}`"
    said += " when it was looked at" if report.kind in SEEN else ""
    if is_helper(function) and (caller := _behind(function, names)):
        said += f", on behalf of `{caller}`: look there first"
    return f"{said}.{_unvouched(report, state.pc)}"


def _behind(function: str, names: Sequence[str]) -> str:
    """The first function below `function` that acts for itself; empty for none."""
    rest = names[names.index(function) + 1 :] if function in names else names
    return next((one for one in rest if not is_helper(one) and one not in _PANIC), "")


_HEADLINE = Lazy(r" in (?P<name>[A-Za-z_][\w.]{0,255})(?:\+0x|\(?\)? at addr|$| / )")


def _headlined(report: Report, names: Sequence[str], records: Sequence[Record]) -> str:
    """The function that the headline itself names, or for helpers who called it."""
    headline = find_record(records, report.headline)
    found = _HEADLINE.search(headline.text) if headline else None
    if found is None:
        return ""
    function = found["name"]
    if is_helper(function):
        function = _behind(function, names) if function in names else ""
    return NOTICED.get(report.kind, NOTICED[""]).format(function) if function else ""


def _interrupted(report: Report, pc: Frame) -> str:
    """Where the CPU was when the interrupt or exception came in which panic() was called."""
    if pc.symbol is None:
        return ""
    said = f" An interrupt or exception had led there, from `{pc.symbol.name}`"
    below = (
        frame.symbol.name
        for one in _own(report)
        for frame in one.frames
        if frame.reliable and frame.symbol is not None and frame.at.line > pc.at.line
    )
    caller = next((name for name in below if not is_helper(name)), "")
    whom = f", on behalf of `{caller}`" if caller and is_helper(pc.symbol.name) else ""
    return f"{said}{whom}.{_unvouched(report, pc)}"


_BEGINS = FETCHES | PANICS | {"int3"}
_AT_ENTRY = 5
"""Bytes into a function by which it has not yet put its frame on the stack."""


def _unvouched(report: Report, pc: Frame) -> str:
    """Who called a function that had only just begun: the unwinder finds its caller, but does not vouch."""
    if pc.symbol is None or pc.symbol.offset > _AT_ENTRY or report.kind not in _BEGINS:
        return ""
    for one in _own(report):
        for frame in one.frames:
            symbol = frame.symbol
            if symbol is None or frame.at.line <= pc.at.line or symbol.name == pc.symbol.name:
                continue
            if frame.reliable:
                return ""
            if 0 < symbol.offset < symbol.size:
                return (
                    f" It had only just begun: its caller is the nearest address on the stack, in "
                    f"`{symbol.name}`, if that is no leftover (`?`)."
                )
    return ""


_UNLOADED = Lazy(r"\[last unloaded: (?P<name>[\w-]{1,80})")


def _nowhere(
    report: Report, state: State, names: list[str], records: Sequence[Record], arch: str
) -> str:
    """Who jumped to a PC that is in no function."""
    address = state.pc.address if state.pc else None
    gone = next((one for record in records if (one := _UNLOADED.search(record.text))), None)
    module = ""
    if gone is not None and arch == "x86_64" and address in MODULES:
        module = f" It is in the area of modules, and `{gone['name']}` was unloaded: its code may have been there."
    if state.lr is not None and state.lr.symbol is not None:
        return f"The PC is in no function; `{state.lr.symbol.name}` called it (the link register).{module}"
    if names:
        return f"The PC is in no function; mostly the first frame of the trace called it: `{names[0]}`.{module}"
    doubted = next(
        (frame.symbol.name for one in _own(report) for frame in one.frames if frame.symbol), ""
    )
    if not doubted:
        return module.strip()
    return (
        "The PC is in no function, and the unwinder vouches for no frame: the nearest that it found "
        f"on the stack is `{doubted}`.{module}"
    )


def _panic(report: Report, names: list[str]) -> str:
    """Who called panic(), or printed the report."""
    at = next((index for index, name in enumerate(names) if name in _PANIC), None)
    if at is None or report.kind not in PANICS:
        caller = next((one for one in names if not is_helper(one) and one not in _PANIC), "")
        said = NOTICED.get(report.kind, NOTICED[""])
        found = report.crash or report.kind in ("slub", "page-poison")
        return said.format(caller) if caller and found else ""
    rest = [name for name in names[at + 1 :] if name not in _PANIC]
    if not rest:
        return ""
    frames = {
        frame.symbol.name: frame for one in _own(report) for frame in one.frames if frame.symbol
    }
    if _returns_to_start(frames[rest[0]]):
        return f"panic() was called by the function before `{rest[0]}` in memory (offset 0)."
    return f"panic() was called by `{rest[0]}`: the frame below it in the trace."


_MIGHT = Lazy(r"_{2,3}might_\w+$")


def _hang(report: Report, trace: CallTrace | None) -> str:
    """Where a task sleeps that should not."""
    if report.kind not in ("hung-task", "atomic-sleep") or trace is None:
        return ""
    names = _named(trace.frames)
    might = [index for index, name in enumerate(names) if _MIGHT.match(name)]
    if might and len(names) > might[-1] + 1:
        may = names[might[-1] + 1]
        caller = _behind(may, names)
        return f"`{may}` may sleep" + (f"; it was called by `{caller}`." if caller else ".")
    rest = [
        name
        for name in names
        if not _SLEEPS.match(name) and not is_helper(name) and name not in _PANIC
    ]
    slept = [name for name in names if _SLEEPS.match(name)]
    if not rest:
        return ""
    how = f" in `{slept[-1]}`" if slept else ""
    return f"The task went to sleep{how}, called by `{rest[0]}`."


def _behind_the_end(report: Report) -> Iterator[Explanation]:
    """Return addresses at the first byte of a function, where the call was of one that never returns."""
    for trace in report.traces:
        frames = [frame for frame in trace.frames[:_DEPTH] if frame.reliable and frame.symbol]
        # Some kernels print no offsets at all.
        if sum(map(_returns_to_start, frames)) > _MOST_STARTS:
            continue
        for inner, frame in pairwise(frames):
            if _returns_to_start(frame) and inner.symbol and inner.symbol.name in _NO_RETURN:
                name = frame.symbol.name if frame.symbol else ""
                yield Explanation(
                    frame.at,
                    f"Offset 0: {inner.symbol.name}() was not called from the first byte of {name}. It "
                    "never returns, so that the call is the last instruction of its caller, and the "
                    "address behind it is that of the next function in memory. The caller is the "
                    "function before.",
                    weight="misleading",
                )


def _returns_to_start(frame: Frame) -> bool:
    symbol = frame.symbol
    return bool(symbol and not symbol.offset and symbol.size and frame.lookup == "return")
