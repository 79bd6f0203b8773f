"""The dumps of a report with their code, and which instruction of it failed.

PowerPC prints code in rows below `Instruction dump:`, s390 takes it apart by itself: what the
parser leaves where it stands is put together here.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.explain.cpu import mips, s390
from sitegen.crash.explain.words import MOST_SEARCHED, place_of
from sitegen.crash.lazy import Lazy
from sitegen.model import CodeDump, Record, Report, Span, State


class Dump(NamedTuple):
    """One dump of the CPU's state with its code."""

    state: State
    "of `user` ones, code and PC are the process's"
    failing: int | None = None
    "index in the code of the instruction that failed; None where none is marked"
    texts: Mapping[int, str] = {}
    "instructions that the log itself has taken apart, by their index in the code"


def find_dumps(report: Report, records: Sequence[Record], arch: Arch) -> tuple[Dump, ...]:
    """The report's dumps in order of place. `records` are the report's."""
    states = report.states
    found: list[Dump] = []
    for index, state in enumerate(states):
        following = states[index + 1].first if index + 1 < len(states) else report.last + 1
        dump = _own_code(state, records, arch, following)
        mark = dump.state.code.mark if dump.state.code else None
        if mark is not None:
            dump = dump._replace(failing=_failing(dump, records, mark, arch))
        found.append(dump)
    return tuple(found)


# --- PowerPC and s390 -------------------------------------------------------------------------

_WORDS = Lazy(r"\s{0,4}(?:<?[0-9a-f]{8}>?|X{8})(?: (?:<?[0-9a-f]{8}>?|X{8})){0,15}\s{0,4}$")
_WORD = Lazy(r"(?P<mark><)?(?P<word>[0-9a-f]{8}|X{8})>?")
_MOST_ROWS = 8
_DECODED = Lazy(
    r"(?:Krnl|User)? ?(?:Code:)?\s{0,12}(?P<mark>[#>*])?(?P<address>[0-9a-f]{8,16}): (?P<data>(?:[0-9a-f]{4}){1,3})\s{1,8}(?P<text>\S.{0,80})"
)


def _own_code(state: State, records: Sequence[Record], arch: Arch, end: int) -> Dump:
    """The state with the code that stands below it, before line `end`."""
    if state.code is not None or arch.name not in ("ppc64le", "s390x"):
        return Dump(state)
    power = arch.name == "ppc64le"
    words = "Instruction dump:" if power else "User Code:" if state.user else "Krnl Code:"
    begin = bisect_left(records, (state.first, 1), key=place_of)
    for index in range(begin, len(records)):
        if records[index].at.line >= end:
            break
        if records[index].text.startswith(words):
            rows = records[index : index + _MOST_ROWS + 1]
            if not power:
                return _taken_apart(state, rows)
            code = _rows(rows)
            # An `Instruction dump:` is of the kernel's code.
            return Dump(state) if code is None or state.user else Dump(_with(state, code))
    return Dump(state)


def _with(state: State, code: CodeDump) -> State:
    return State(state.first, state.last, state.user, state.pc, state.lr, state.registers, code)


def _rows(rows: Sequence[Record]) -> CodeDump | None:
    """The words of rows like `60000000 <e8690030> 38210030`, in memory's order."""
    data = bytearray()
    mark = None
    for row in rows[1:]:
        if not _WORDS.match(row.text):
            break
        for found in _WORD.finditer(row.text):
            if found["word"][0] == "X":
                # Memory that could not be read: nothing before it belongs to what is behind.
                data.clear()
                mark = None
                continue
            if found["mark"]:
                mark = len(data)
            data += bytes.fromhex(found["word"])[::-1]
    at = rows[0].at
    return CodeDump(Span(at.line, at.column, at.end), bytes(data), mark) if data else None


def _taken_apart(state: State, rows: Sequence[Record]) -> Dump:
    """The instructions that s390's kernel prints as text, with their bytes."""
    data = bytearray()
    mark = None
    texts: dict[int, str] = {}
    begin = None
    for row in rows:
        found = _DECODED.match(row.text)
        if found is None:
            break
        address = int(found["address"], 16)
        begin = address if begin is None else begin
        if address != begin + len(data):
            break
        if found["mark"] == ">":
            mark = len(data)
        texts[len(data)] = " ".join(found["text"].split())
        data += bytes.fromhex(found["data"])
    if not data:
        return Dump(state)
    at = rows[0].at
    code = CodeDump(Span(at.line, at.column, at.end), bytes(data), mark)
    return Dump(_with(state, code), texts=texts)


# --- What failed ------------------------------------------------------------------------------


def _failing(dump: Dump, records: Sequence[Record], mark: int, arch: Arch) -> int:
    """The index of the instruction that failed, where the PC points to `mark`."""
    if arch.name == "mips":
        cause = next((one.value for one in dump.state.registers if one.name.lower() == "cause"), 0)
        return mark + 4 if cause & mips.DELAY_SLOT else mark
    if arch.name == "s390x" and not dump.state.user:
        code = s390.find_code(records[:MOST_SEARCHED])
        before = max((start for start in dump.texts if start < mark), default=mark)
        # A warning tells no code: it is a monitor call.
        trapped = dump.texts.get(before, "").startswith("mc ")
        if trapped if code is None else not s390.stays(code):
            return before
    return mark
