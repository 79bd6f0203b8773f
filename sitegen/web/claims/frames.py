"""Claims about the call trace: frames, where they are, and which was called first."""

from collections.abc import Iterable

from sitegen.diagnostics import meant_hint
from sitegen.model import Call, Trace, TraceFrame
from sitegen.web.claims.values import (
    AtLine,
    Facts,
    Fails,
    FrameClaim,
    Holds,
    OrderClaim,
    Unknown,
    Verdict,
)
from sitegen.web.claims.words import (
    Words,
    bare,
    is_symbol,
    number_of,
    place_of,
    same_file,
)


def read_frame(words: Words) -> FrameClaim | OrderClaim | None:
    """`frame f`, `no frame f`, `frame f at file:line`, `frame f is inlined`, `frame f before g`."""
    absent = words[0].lower() == "no"
    rest = words[1:] if absent else words
    if len(rest) < 2 or rest[0].lower() != "frame":
        return None
    symbol = _symbol(rest[1])
    if symbol is None:
        return None
    if len(rest) == 2:
        return FrameClaim(*symbol[:1], absent, *symbol[1:])
    if absent or len(rest) != 4:
        return None
    function, offset, size = symbol
    match rest[2].lower(), rest[3]:
        case "at", word if place := place_of(word):
            return FrameClaim(function, False, offset, size, place[0], place[1])
        case "is", word if word.lower() == "inlined":
            return FrameClaim(function, False, offset, size, inlined=True)
        case "before", other if is_symbol(other):
            return OrderClaim(function, other.removesuffix("()"))
        case "after", other if is_symbol(other):
            return OrderClaim(other.removesuffix("()"), function)
    return None


def _symbol(word: str) -> tuple[str, int | None, int | None] | None:
    """Name, offset and size of `vfs_write+0x4e/0x90`; the last two may be missing."""
    name, plus, numbers = word.partition("+")
    name = name.removesuffix("()")
    if not is_symbol(name):
        return None
    if not plus:
        return name, None, None
    first, slash, second = numbers.partition("/")
    offset, size = number_of(first), number_of(second)
    if offset is None or (slash and size is None):
        return None
    return name, offset, size


# --- Checking --------------------------------------------------------------------------------


def check_frame(claim: FrameClaim, facts: Facts) -> Verdict:
    name = bare(claim.function)
    met = _met(claim.function, facts)
    sure = [frame for frame in met if frame.reliable]
    if claim.absent:
        return _check_absent(claim, facts, met, sure)
    if not sure:
        return _not_there(claim, facts, met)
    for frame in sure:
        if _fits(claim, frame):
            return Holds(AtLine(frame.line or 1), _where(frame, name))
    frame = sure[0]
    at = AtLine(frame.line or 1)
    if claim.offset is not None and not _has_offset(claim, frame):
        short = next((one for one in sure if _prints_less(claim, one)), None)
        if short is not None:
            return Unknown(f"line {short.line} prints {_printed(short)} and no more of it")
        return Fails(_shown_symbol(claim), _printed(frame), at)
    if claim.inlined:
        return Fails(f"{claim.function} inlined", f"a frame of its own, line {frame.line}", at)
    calls = [call for frame in sure for call in _calls_of(frame, name)]
    unplaced = next((one for one in sure if not _is_placed(claim, one)), None)
    if unplaced is not None:
        why = unplaced.undecoded or "no place is known"
        return Unknown(f"line {unplaced.line} is not decoded: {why}")
    wanted = claim.file if claim.line is None else f"{claim.file}:{claim.line}"
    several = dict.fromkeys(f"{call.file}:{call.line}" for call in calls)
    return Fails(f"{claim.function} at {wanted}", " and ".join(list(several)[:3]), at)


def _check_absent(
    claim: FrameClaim, facts: Facts, met: list[TraceFrame], sure: list[TraceFrame]
) -> Verdict:
    frames = _all_frames(facts)
    if sure:
        line = sure[0].line
        return Fails(f"no frame {claim.function}", f"one on line {line}", AtLine(line or 1))
    if met:
        return Unknown(f"line {met[0].line} has one that the unwinder doubts (?)")
    if not frames:
        return Unknown("the report has no call trace")
    if facts.found.corrupted:
        return Unknown(f"the report is corrupted: {facts.found.corrupted}")
    doubtful = _undecoded(frames)
    if doubtful is not None:
        reason = f"line {doubtful.line} is not decoded, and functions inlined there are not known"
        return Unknown(reason)
    return Holds(AtLine(frames[0].line or 1), f"none of {len(frames)} frames")


def _not_there(claim: FrameClaim, facts: Facts, met: list[TraceFrame]) -> Verdict:
    if met:
        return Unknown(f"line {met[0].line} has one that the unwinder doubts (?)")
    frames = _all_frames(facts)
    if not frames:
        return Unknown("the report has no call trace")
    put_back = next(
        (s for s in facts.found.chain if bare(s.function) == bare(claim.function)), None
    )
    if put_back is not None and put_back.missing:
        return Fails(f"a frame {claim.function}", "a step of the chain that left no frame")
    names = {call.function for frame in frames for call in frame.calls}
    names |= {frame.symbol for frame in frames if frame.symbol}
    hint = meant_hint(claim.function, names) if len(names) < _MANY else ""
    if facts.found.corrupted:
        return Unknown(f"the report is corrupted: {facts.found.corrupted}", hint)
    if claim.offset is None and _undecoded(frames) is not None:
        return Unknown(f"no line prints {claim.function}, and what is inlined is not known", hint)
    return Fails(f"a frame {claim.function}", f"none in {len(frames)} frames", hint=hint)


_MANY = 400
"""Names among which the nearest is looked for."""


def _undecoded(frames: list[TraceFrame]) -> TraceFrame | None:
    """The first frame that functions may be inlined in of which nothing is known."""
    return next((one for one in frames if one.reliable and not one.calls), None)


def _is_placed(claim: FrameClaim, frame: TraceFrame) -> bool:
    """Whether enough is known of the frame's place to say that it is another one."""
    calls = _calls_of(frame, bare(claim.function))
    if any(not call.file for call in calls):
        return False
    near = [call for call in calls if same_file(call.file, claim.file)]
    return claim.line is None or all(call.line is not None for call in near)


def _prints_less(claim: FrameClaim, frame: TraceFrame) -> bool:
    """Whether the log leaves out the offset or the size that would settle it."""
    if bare(frame.symbol) != bare(claim.function):
        return False
    if frame.offset is None:
        return True
    return frame.offset == claim.offset and claim.size is not None and frame.size is None


def _fits(claim: FrameClaim, frame: TraceFrame) -> bool:
    if claim.offset is not None and not _has_offset(claim, frame):
        return False
    calls = _calls_of(frame, bare(claim.function))
    if claim.inlined:
        return any(call.inlined for call in calls)
    return not claim.file or any(
        same_file(call.file, claim.file) and claim.line in {None, call.line}
        for call in calls
        if call.file
    )


def _has_offset(claim: FrameClaim, frame: TraceFrame) -> bool:
    same = bare(frame.symbol) == bare(claim.function) and frame.offset == claim.offset
    return same and claim.size in {None, frame.size}


def _shown_symbol(claim: FrameClaim) -> str:
    size = f"/{claim.size:#x}" if claim.size is not None else ""
    return f"{claim.function}+{claim.offset:#x}{size}"


def _printed(frame: TraceFrame) -> str:
    if frame.offset is None:
        return frame.symbol
    size = f"/{frame.size:#x}" if frame.size is not None else ""
    return f"{frame.symbol}+{frame.offset:#x}{size}"


def _where(frame: TraceFrame, name: str) -> str:
    call = next(iter(_calls_of(frame, name)), None)
    place = f" at {call.file}:{call.line}" if call and call.file else ""
    return f"{_printed(frame)}{place}"


def _calls_of(frame: TraceFrame, name: str) -> list[Call]:
    """The calls of the frame to that function; for a frame without lines one that is only named."""
    found = [call for call in frame.calls if bare(call.function) == name]
    if not found and bare(frame.symbol) == name:
        return [Call(frame.symbol)]
    return found


def _met(function: str, facts: Facts) -> list[TraceFrame]:
    """The frames that a function is in, be they doubted or not."""
    return [frame for frame in _all_frames(facts) if _calls_of(frame, bare(function))]


def _all_frames(facts: Facts) -> list[TraceFrame]:
    """Those of the traces, innermost first, and before them the PC: where it crashed is a frame, too."""
    found = facts.found
    pc = [found.pc] if found.pc and (found.pc.symbol or found.pc.calls) else []
    return [*pc, *(frame for trace in found.traces for frame in trace.frames)]


def check_order(claim: OrderClaim, facts: Facts) -> Verdict:
    """In the chain, else within one trace."""
    ways: list[list[tuple[str, int | None]]] = [
        [(bare(step.function), step.log_line) for step in facts.found.chain]
    ]
    ways += [_way(trace) for trace in facts.found.traces]
    first, second = bare(claim.first), bare(claim.second)
    for way in ways:
        early = [index for index, (name, _) in enumerate(way) if name == first]
        late = [index for index, (name, _) in enumerate(way) if name == second]
        if not early or not late:
            continue
        line = next((way[i][1] for i in (late[-1], early[0]) if way[i][1]), None)
        at = AtLine(line or 1)
        if early[0] < late[-1]:
            return Holds(at, f"{claim.first} called first")
        return Fails(f"{claim.first} before {claim.second}", f"{claim.second} called first", at)
    if not any(ways):
        return Unknown("the report has no call trace")
    missing = next((one for one in (claim.first, claim.second) if not _is_in(bare(one), ways)), "")
    if not missing:
        return Unknown("no trace has both")
    absent = _not_there(FrameClaim(missing), facts, _met(missing, facts))
    if isinstance(absent, Unknown):
        return absent
    return Fails(f"{claim.first} before {claim.second}", f"no frame {missing}")


def _way(trace: Trace) -> list[tuple[str, int | None]]:
    """The functions of a trace that are vouched for, with their lines, in the order of their calls."""
    found = []
    for frame in reversed(trace.frames):
        if frame.reliable:
            names = [call.function for call in reversed(frame.calls)] or [frame.symbol]
            found += [(bare(name), frame.line) for name in names]
    return found


def _is_in(name: str, ways: Iterable[list[tuple[str, int | None]]]) -> bool:
    return any(name == known for way in ways for known, _ in way)
