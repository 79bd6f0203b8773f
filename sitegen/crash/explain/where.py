"""The frames of a report -> which function a reader should look at, and what tells it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sitegen.crash.explain.kinds import KINDS
from sitegen.model import CallTrace, Explanation, Frame, Record, Report, Span, State

# Functions that only carry out what their caller asked for, or check it.
_HELPER = re.compile(
    r"(?:_{0,2}(?:memcpy|memmove|memset|memcmp|memchr|str[a-z]{2,8}|copy_(?:to|from)_user|clear_user)"
    r"|rep_movs|rep_stos|csum_partial|copy_user|clear_page|copy_page|__list_\w+_valid|list_\w+_valid"
    r"|refcount_warn|_?raw_\w*lock|queued_spin|native_queued|mutex_\w*lock|down_\w+|up_\w+"
    r"|kfree|kmalloc|__get_free|get_page_from|prep_new_page|get_partial|__kernel_unpoison|__kmalloc|kmem_cache|free_large|__alloc_pages|alloc_pages|___slab|__slab"
    r"|__warn|warn_slowpath|check_object|check_bytes|object_err|slab_|kasan|kfence|dump_stack"
    r"|v?s?n?printf|usercopy_abort|__check_object|dump_page|__dump_page|show_stack|dump_backtrace"
    r"|check_slab|free_debug|free_to_partial|alloc_debug|on_freelist|kernel_unpoison"
    r"|__put_task|unwind_backtrace|show_regs|print_\w+|report_|nmi_|trigger_\w*backtrace)"
)
_SLEEPS = re.compile(
    r"(?:__schedule|schedule\w*|preempt_schedule\w*|__mutex_lock\w*|mutex_lock\w*|__down\w*|down\w*|rwsem_\w+"
    r"|io_schedule\w*|wait_for_\w+|__wait_\w+|bit_wait\w*|out_of_line_wait\w*|__rt_mutex\w*|rt_mutex\w*"
    r"|__switch_to|context_switch|percpu_rwsem\w*|do_wait\w*|folio_wait\w*|wait_on_\w+|__percpu\w*"
    r"|msleep\w*|usleep\w*|do_nanosleep|hrtimer_nanosleep|dump_stack\w*|show_stack|dump_backtrace\w*|__schedule_bug\w*|__might_\w+)"
)
_PANIC = frozenset({"panic", "nmi_panic", "vpanic", "panic_on_rcu_stall", "check_panic_on_warn"})
_NO_RETURN = _PANIC | {
    *("__fortify_panic", "fortify_panic", "__stack_chk_fail", "do_exit", "make_task_dead", "die"),
    *("do_group_exit", "kthread_exit", "usercopy_abort", "rewind_stack_and_make_dead"),
}
_MOST_STARTS = 2
_DEPTH = 24
"""Frames that are looked at."""


def place_words(report: Report, records: Sequence[Record]) -> Iterator[Explanation]:
    """What the frames tell of where to look: at the headline, and at frames that mislead."""
    trace = next(iter(_own(report)), None)
    said = _hang(report, trace) or _where(report, _crash_state(report))
    said = f"{KINDS.get(report.kind, '')} {said} {_tracks(report)}".strip().replace("  ", " ")
    headline = report.headline
    if said:
        yield Explanation(_first_word(headline, records), said)
    yield from _behind_the_end(report)


def _first_word(headline: Span, records: Sequence[Record]) -> Span:
    """The headline's first word that is no mark of a line: `Kernel`, `BUG:`."""
    record = next((one for one in records if one.at.line == headline.line), None)
    if record is None:
        return headline
    start = headline.column - record.at.column
    word = re.compile(r"\S{1,40}(?: panic| BUG| NULL)?").match(record.text, max(start, 0))
    size = len(word[0].rstrip(":,")) if word else 1
    return Span(headline.line, headline.column, min(headline.column + size, headline.end))


def _crash_state(report: Report) -> State | None:
    return next((one for one in report.states if not one.user and one.pc is not None), None)


_CALL_TRACE = re.compile(r"(?:[Cc]all [Tt]race|[Bb]acktrace|<\w+>|stack backtrace|$)")
_IN = re.compile(r" in (?P<name>[A-Za-z_$][\w.$]{0,255})\+0x")
_TRACK = re.compile(r"(?P<what>[Aa]lloc|[Ff]ree)")


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
        name = next((name for name in names if not _HELPER.match(name)), "")
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


def _where(report: Report, state: State | None) -> str:
    """The function that failed, and for helpers who called it."""
    names = [name for one in _own(report) for name in _named(one.frames)]
    if state is None or state.pc is None:
        return _panic(report, names)
    if state.pc.symbol is None:
        return _nowhere(report, state, names)
    function = state.pc.symbol.name
    watched = report.kind in ("soft-lockup", "hard-lockup", "rcu-stall")
    said = f"The CPU was in `{function}`" + (" when it was looked at" if watched else "")
    if _HELPER.match(function):
        rest = names[names.index(function) + 1 :] if function in names else names
        caller = next((name for name in rest if not _HELPER.match(name)), "")
        if caller:
            return f"{said}, on behalf of `{caller}`: look there first."
    return f"{said}."


def _nowhere(report: Report, state: State, names: list[str]) -> str:
    """Who jumped to a PC that is in no function."""
    if state.lr is not None and state.lr.symbol is not None:
        return f"The PC is in no function; `{state.lr.symbol.name}` called it (the link register)."
    if names:
        return f"The PC is in no function; the first frame of the trace called it: `{names[0]}`."
    doubted = next(
        (frame.symbol.name for one in _own(report) for frame in one.frames if frame.symbol), ""
    )
    if not doubted:
        return ""
    return (
        "The PC is in no function, and the unwinder vouches for no frame: the nearest that it found "
        f"on the stack is `{doubted}`."
    )


def _panic(report: Report, names: list[str]) -> str:
    """Who called panic(), or printed the report."""
    at = next((index for index, name in enumerate(names) if name in _PANIC), None)
    if at is None:
        caller = next((name for name in names if not _HELPER.match(name)), "")
        found = report.crash or report.kind in ("slub", "page-poison")
        return f"The trace was printed by a call from `{caller}`." if caller and found else ""
    rest = [name for name in names[at + 1 :] if name not in _PANIC]
    if not rest:
        return ""
    frames = {
        frame.symbol.name: frame for one in _own(report) for frame in one.frames if frame.symbol
    }
    if _returns_to_start(frames[rest[0]]):
        return f"panic() was called by the function before `{rest[0]}` in memory (offset 0)."
    return f"panic() was called by `{rest[0]}`: the frame below it in the trace."


def _hang(report: Report, trace: CallTrace | None) -> str:
    """Where a task sleeps that should not."""
    if report.kind not in ("hung-task", "atomic-sleep") or trace is None:
        return ""
    names = _named(trace.frames)
    rest = [name for name in names if not _SLEEPS.match(name)]
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
