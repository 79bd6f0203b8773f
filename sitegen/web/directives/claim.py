"""Claims in the prose: the author's words with a mark that leads to their evidence.

A claim is checked here and complained about; what holds, fails or cannot be told is for
web/claims.
"""

from html import escape
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.claims import (
    Anchor,
    AtLine,
    AtPart,
    AtSource,
    AtStep,
    Facts,
    Fails,
    Holds,
    NotUnderstood,
    Unknown,
    Verdict,
    check_claim,
    read_claim,
    split_log,
)
from sitegen.web.directives.log import is_shown
from sitegen.web.directives.occurrences import occurrences_view
from sitegen.web.directives.places import spot
from sitegen.web.directives.steps import steps_of
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.index import Claimed
from sitegen.web.theme import trusted
from sitegen.wording import shortened


class ClaimView(NamedTuple):
    """A claim, checked."""

    part: str
    "class of what came of it: holds, fails or unknown"
    html: str
    "the claim's words with the mark, trusted"
    prose: str
    "the author's, trusted"
    claimed: Claimed


def claim_view(
    text: str, prose: str, case: Case, *, log: str = "", at: Place, sink: Sink
) -> ClaimView:
    """The claim and what came of it, which is told where it does not hold.

    The log is the one that the text names behind `@`, else `log`, else the case's first.
    """
    said, named = split_log(" ".join(text.split()))
    wanted = named or log
    found = case.find_log(wanted)
    if found is None:
        verdict: Verdict | NotUnderstood = _no_log(said, wanted, case, at, sink)
        return _view(said, verdict, "", wanted, prose)
    claim = read_claim(said)
    if isinstance(claim, NotUnderstood):
        sink.add(codes.C004, claim.message, at=at, hint=claim.hint)
        return _view(said, claim, "", found.id, prose)
    verdict = check_claim(claim, _facts(case, found))
    if isinstance(verdict, NotUnderstood):
        sink.add(codes.C004, verdict.message, at=at, hint=verdict.hint)
        return _view(said, verdict, "", found.id, prose)
    _tell(said, verdict, at, sink)
    href = ""
    match verdict:
        case Holds(where) | Fails(at=where) if where is not None:
            href = _href(where, case, found)
    return _view(said, verdict, href, found.id, prose)


def _facts(case: Case, log: CaseLog) -> Facts:
    seen = sum(one.count for one in case.front.occurrences)
    logs = len(case.logs)
    return Facts(log.log, log.evidence, log.listings, log.registers, logs, logs + seen)


def _no_log(said: str, wanted: str, case: Case, at: Place, sink: Sink) -> Unknown:
    if case.logs:
        hint = nearest_hint(wanted, {one.id for one in case.logs})
        sink.add(codes.M005, f"the case has no log '{_cut(wanted)}'", at=at, hint=hint)
        return Unknown("there is no such log")
    message = f"there is no log to check the claim '{_cut(said)}' against"
    sink.add(codes.C006, message, at=at, hint="put it into a case that has a log")
    return Unknown("there is no log on this page")


def _tell(said: str, verdict: Verdict, at: Place, sink: Sink) -> None:
    name = f"the claim '{_cut(said)}'"
    match verdict:
        case Fails(expected, found, _, hint):
            message = f"{name} is false: expected {_cut(expected)}, found {_cut(found)}"
            sink.add(codes.C003, message, at=at, hint=hint)
        case Unknown(reason, hint):
            sink.add(codes.C005, f"{name} cannot be checked: {reason}", at=at, hint=hint)


def _cut(text: str) -> str:
    return shortened(text, _LONGEST)


_LONGEST = 120
"""Characters of a claim, and of what was found, that a message quotes."""


# --- Where its evidence stands ------------------------------------------------------------------


def _href(anchor: Anchor, case: Case, log: CaseLog) -> str:
    """The place on the page; of a line that the page leaves out, the log."""
    match anchor:
        case AtLine(line):
            return _line_href(line, case, log)
        case AtStep(function):
            steps = (one for one in steps_of(case, log) if one.step.function == function)
            step = next(steps, None)
            return f"#{step.anchor}" if step else f"#{case.anchor(log, 'chain')}"
        case AtSource(file, line) if href := spot(file, line, log.browse).href:
            return href
        case AtPart("chain" | "log" as part):
            return f"#{case.anchor(log, part)}"
        case AtPart("reports") if occurrences_view(case) is not None:
            return "#reports"
    return "#summary" if log is case.logs[0] else f"#{case.section(log)}"


def _line_href(line: int, case: Case, log: CaseLog) -> str:
    if is_shown(log, line):
        return f"#{case.prefix(log)}L{line}"
    return f"#{case.anchor(log, 'log')}"


def _view(
    said: str, verdict: Verdict | NotUnderstood, href: str, log: str, prose: str
) -> ClaimView:
    words = f"<code>{escape(said, quote=False)}</code>"
    claimed = Claimed(claim=said, log=log, verdict="unknown")
    match verdict:
        case Holds(at, says):
            shown = f"line {at.line}: {says}".removesuffix(": ") if isinstance(at, AtLine) else says
            # A blank that does not break: the mark stays with its words.
            mark = "&nbsp;" + _link(href, "✓", f"checked against the evidence: {shown}", shown)
            part = "holds"
            claimed = replace(claimed, verdict="holds", says=shown)
        case Fails(expected, found):
            seen = _link(href, escape(found, quote=False), "", "")
            mark = _beside("✗ not so:", f"expected {escape(expected, quote=False)}, found {seen}")
            part = "fails"
            claimed = replace(claimed, verdict="fails", expected=expected, found=found)
        case Unknown(reason):
            mark = _beside("? not checked:", escape(reason, quote=False))
            part = "unknown"
            claimed = replace(claimed, says=reason)
        case NotUnderstood():
            mark = _beside("✗ not understood", "")
            part = "fails"
            claimed = replace(claimed, says="not understood")
    html = f'<span class="claim {part}">{words}{mark}</span>'
    return ClaimView(part, trusted(html), trusted(prose), claimed)


def _beside(what: str, why: str) -> str:
    return f' <span class="says"><b>{what}</b>{why and " "}{why}</span>'


def _link(href: str, mark: str, unseen: str, title: str) -> str:
    more = f'<span class="unseen"> {escape(unseen, quote=False)}</span>' if unseen else ""
    says = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(href)}"{says}>{mark}{more}</a>' if href else f"{mark}{more}"
