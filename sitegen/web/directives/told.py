"""What the log's words mean, as a page shows it: a few marked in place, the others below the lines.

A page that explains each word explains none: the handful that misleads most is marked, what
a register holds stands beside it, and the rest waits behind one line.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from sitegen.model import Explanation, Instruction, Listing, Register, Report, Span
from sitegen.web.directives.values import CaseLog
from sitegen.web.theme import trusted
from sitegen.wording import counted

HANDFUL = 5
"""Words of a log that are marked where they stand."""
_AROUND = (7, 3)
"""Instructions shown before the one at the PC, and after it."""
_AROUND_PROCESS = (3, 1)
"""The same of a process's code."""
_LONGEST = 44
"""Characters of a word that is explained below its lines."""


class WordRow(NamedTuple):
    """A word and what it means."""

    word: str
    text: str
    "trusted"


class RegisterRow(NamedTuple):
    """A register: its leading zeros apart from the digits that matter."""

    name: str
    zeros: str
    digits: str
    href: str
    "its line in the log"
    meaning: str
    "in a few words, trusted; may be empty"


class InstructionRow(NamedTuple):
    """An instruction around the PC."""

    at: str
    "where in the function, or in the dump"
    data: str
    "its bytes, in hexadecimal"
    text: str
    mark: bool
    note: str


class Told(NamedTuple):
    """What a band says besides its lines."""

    registers: tuple[RegisterRow, ...] = ()
    "those with a meaning"
    printed: str = ""
    "how the dump itself is announced, which folds away below them; empty when it does not"
    listing: tuple[InstructionRow, ...] = ()
    words: tuple[WordRow, ...] = ()
    says: str = ""
    "how many words are explained"


def marked(log: CaseLog) -> Mapping[int, tuple[Explanation, ...]]:
    """The words that are marked in place, by line: those of the verdict's report that mislead most."""
    report = log.report
    if report is None:
        return {}
    apart = _apart(report)
    within = [
        one
        for one in log.explanations
        if report.first <= one.at.line <= report.last and not one.brief and one.at.line not in apart
    ]
    chosen = [one for one in within if one.weight == "misleading"][:HANDFUL]
    for one in within:
        if len(chosen) >= HANDFUL:
            break
        if one.weight == "telling" and _is_early(one.at, report):
            chosen.append(one)
    lines: dict[int, tuple[Explanation, ...]] = {}
    for one in sorted(chosen, key=lambda one: (one.at.line, one.at.column)):
        lines[one.at.line] = (*lines.get(one.at.line, ()), one)
    return lines


def _apart(report: Report) -> set[int]:
    """Lines that are shown in a form of their own, where no word can be marked."""
    found: set[int] = set()
    for state in report.states:
        found.update(register.at.line for register in state.registers)
        if state.code is not None:
            found.add(state.code.at.line)
    return found


def _is_early(at: Span, report: Report) -> bool:
    """Whether the word stands in the header: what is telling further down is told there."""
    return any(one.kind == "header" and one.first <= at.line <= one.last for one in report.sections)


def told(
    log: CaseLog,
    first: int,
    last: int,
    prefix: str,
    *,
    words: Mapping[int, tuple[Explanation, ...]],
) -> Told:
    """What is told besides the lines `first` to `last`, of which `words` are marked in place."""
    here = [one for one in log.explanations if first <= one.at.line <= last]
    in_place = {(line, one.at.column) for line, found in words.items() for one in found}
    registers = {
        (register.at.line, register.at.column): register
        for report in log.log.reports
        if here and report.first <= last and first <= report.last
        for state in report.states
        for register in state.registers
        if first <= register.at.line <= last
    }
    rows, others = [], []
    for one in sorted(here, key=lambda one: one.weight != "misleading"):
        register = registers.get((one.at.line, one.at.column))
        if register is not None and one.brief and one.weight != "plain":
            rows.append(register_row(log, register, prefix, one.brief))
    for one in here:
        register = registers.get((one.at.line, one.at.column))
        place = (one.at.line, one.at.column)
        if place not in in_place and not (register and one.brief and one.weight != "plain"):
            others.append(WordRow(_word(log, one, register), prose(one.text)))
    return Told(
        registers=tuple(rows),
        printed=_printed(len(registers) - len(rows)) if rows else "",
        listing=tuple(_listing(log.listings, first, last)),
        words=tuple(others),
        says=f"{len(others)} word{'' if len(others) == 1 else 's'} explained" if others else "",
    )


def _printed(others: int) -> str:
    if not others:
        return "As printed"
    return f"As printed, with {counted(others, 'other register')}"


def _word(log: CaseLog, one: Explanation, register: Register | None) -> str:
    if register is not None:
        return register.name
    word = log.log.lines[one.at.line - 1][one.at.column - 1 : one.at.end - 1].strip()
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"


def register_row(log: CaseLog, register: Register, prefix: str, meaning: str = "") -> RegisterRow:
    line = log.log.lines[register.at.line - 1]
    printed = line[register.at.column - 1 : register.at.end - 1]
    # Of registers in rows only the value stands there: `GPR08: a b c d`.
    named = printed[: len(register.name)].lower() == register.name.lower()
    value = printed[len(register.name) :].lstrip(" :=") if named else printed
    digits = value.lstrip("0") or "0"
    return RegisterRow(
        name=register.name,
        zeros=value[: len(value) - len(digits)],
        digits=digits,
        href=f"#{prefix}L{register.at.line}",
        meaning=prose(meaning),
    )


def _listing(listings: Iterable[Listing], first: int, last: int) -> Iterable[InstructionRow]:
    """The instructions around the PC of the first `Code:` line of these lines."""
    found = next((one for one in listings if first <= one.line <= last), None)
    if found is None:
        return
    known = found.instructions
    at = next((index for index, one in enumerate(known) if one.mark), 0)
    before, after = _AROUND if found.function else _AROUND_PROCESS
    start = max(at - before, 0)
    marks = next((one.offset for one in known if one.mark), 0)
    for one in known[start : at + after + 1]:
        # Before the function's first instruction stands another one, or nothing but padding.
        inside = not found.function or found.base + one.offset >= marks
        if one.text and inside:
            yield _row(found, one, marks)


def _row(listing: Listing, one: Instruction, mark: int) -> InstructionRow:
    place = f"{one.offset:x}"
    if listing.function:
        place = f"+{listing.base + one.offset - mark:#x}"
    return InstructionRow(
        at=place, data=one.data.hex(" "), text=one.text, mark=one.mark, note=one.note
    )


# --- In place ---------------------------------------------------------------------------------


def word_html(word: str, one: Explanation, prefix: str) -> str:
    """The word with its explanation beside it, which shows on hover and focus."""
    name = f"{prefix}w{one.at.line}-{one.at.column}"
    return (
        f'<span class="word"><button type="button" aria-describedby="{name}">'
        f'{escape(word, quote=False)}</button><span role="tooltip" id="{name}"> '
        f"{prose(one.text)}</span></span>"
    )


_CODE = re.compile(r"`([^`]{1,200})`")


def prose(text: str) -> str:
    """The explanation's text as HTML, trusted: what stands between backticks is code."""
    return trusted(_CODE.sub(r"<code>\1</code>", escape(text, quote=False)))


def split(
    text: str, words: tuple[Explanation, ...], column: int
) -> Iterable[tuple[str, Explanation | None]]:
    """`text`, which begins at `column` of its line, in pieces: with the explained words by themselves."""
    done = 0
    for one in words:
        start, end = one.at.column - column, one.at.end - column
        if start < done or end > len(text):
            continue
        if start > done:
            yield text[done:start], None
        yield text[start:end], one
        done = end
    if done < len(text):
        yield text[done:], None
