"""A case's page: verdict and facts, the author's prose, and every part that the prose did not place."""

from typing import NamedTuple

from sitegen.diagnostics import Sink
from sitegen.web.content import Document
from sitegen.web.directives import Case, CaseLog, Compared
from sitegen.web.directives.chain import chain_view
from sitegen.web.directives.ladder import LadderView, ladder_view
from sitegen.web.directives.log import log_view
from sitegen.web.directives.occurrences import occurrences_view
from sitegen.web.directives.steps import steps_of
from sitegen.web.directives.verdict import Fact, Trust, Verdict, facts_of, trust_of, verdict_of
from sitegen.web.directives.walk import walk_view
from sitegen.web.index import Claimed, term_url
from sitegen.web.markdown import (
    Rendered,
    Resolve,
    Syntax,
)
from sitegen.web.pages.chrome import StatusView, status_view
from sitegen.web.pages.margin import Entry, File, files_beside, headings
from sitegen.web.pages.prose import Steps, lay_prose, means_of, render_part
from sitegen.web.pages.similar import SimilarCase, similar_view
from sitegen.web.theme import Theme, trusted


class LogSet(NamedTuple):
    """What a page says of one log."""

    anchor: str
    heading: str
    verdict: Verdict | None
    facts: tuple[Fact, ...]
    trust: Trust
    parts: tuple[str, ...]
    "rendered, trusted: those that the author did not place, in the standard order"


class CaseView(NamedTuple):
    """The whole page."""

    status: StatusView
    date: str
    tags: tuple[tuple[str, str], ...]
    "each with the url of its page"
    authors: tuple[tuple[str, str], ...]
    first: LogSet
    others: tuple[LogSet, ...]
    ladder: LadderView | None
    prose: str
    "trusted"
    closing: tuple[str, ...]
    "rendered, trusted: what stands at the end of the page, once a case"
    contents: tuple[Entry, ...]
    files: tuple[File, ...]


class Laid(NamedTuple):
    """A case laid out, and what its prose met on the way."""

    view: CaseView
    description: str
    rendered: Rendered
    claims: tuple[Claimed, ...]


_TAKEN = ("main", "summary", "reports", "reports-title", "similar", "similar-title")
"""Ids of the page besides those of its logs."""

_NOTHING = LogSet("", "", None, (), Trust("", "", ""), ())


def lay_out(
    document: Document,
    logs: tuple[CaseLog, ...],
    *,
    compared: tuple[Compared, ...] = (),
    similar: tuple[SimilarCase, ...] = (),
    syntax: Syntax,
    theme: Theme,
    resolve: Resolve,
    sink: Sink,
) -> Laid:
    """The case's page but for its frame. A part whose template fails is left out, with a complaint."""
    case = Case(front=document.front, logs=logs, compared=compared)
    steps = {log.id: steps_of(case, log) for log in logs}
    means = means_of(case, steps, taken=_TAKEN)._replace(syntax=syntax)
    made = lay_prose(document, case, means=means, theme=theme, resolve=resolve, sink=sink)
    prose, rendered, case, claims = made
    page = _Page(case, steps, theme, document.url, sink)
    sets = tuple(page.log_set(log, number) for number, log in enumerate(logs, 1))
    closing = page.closing(similar)
    first = sets[0] if sets else _NOTHING
    walked = any(step for step in steps.values()) and bool(steps[logs[0].id])
    view = CaseView(
        status=status_view(document.front.status, draft=document.front.draft),
        date=document.front.date,
        tags=tuple((tag, term_url("tags", tag)) for tag in document.front.tags),
        authors=tuple((name, term_url("authors", name)) for name in document.front.authors),
        first=first,
        others=sets[1:],
        ladder=ladder_view(steps[logs[0].id], logs[0].found.kind) if walked else None,
        prose=trusted(prose.strip("\n")),
        closing=closing,
        contents=_contents(prose, sets, closing),
        files=files_beside(document.url, logs),
    )
    return Laid(view, _description(first), rendered, claims)


class _Page:
    """Renders the parts of one page."""

    def __init__(
        self,
        case: Case,
        steps: Steps,
        theme: Theme,
        url: str,
        sink: Sink,
    ) -> None:
        self._case = case
        self._steps = steps
        self._theme = theme
        self._url = url
        self._sink = sink

    def log_set(self, log: CaseLog, number: int) -> LogSet:
        """What the page says of a log, apart from what the prose shows already."""
        case, steps = self._case, self._steps[log.id]
        parts = []
        if not case.is_placed("panic", log):
            parts.append(self._part("panic", log_view(case, log, steps)))
        if not case.is_placed("walk", log) and (walk := walk_view(case, log, steps)):
            parts.append(self._part("walk", walk))
        if not case.is_placed("chain", log) and (chain := chain_view(case, log, steps)):
            parts.append(self._part("chain", chain))
        return LogSet(
            anchor=case.section(log),
            heading=_heading(log, number),
            verdict=verdict_of(case, log, steps),
            facts=facts_of(case, log),
            trust=trust_of(log),
            parts=tuple(parts),
        )

    def closing(self, similar: tuple[SimilarCase, ...]) -> tuple[str, ...]:
        """Reports over time, unless the prose shows them, and cases that are alike."""
        parts = []
        reports = occurrences_view(self._case)
        if reports is not None and not self._case.has_placed("occurrences"):
            parts.append(self._part("occurrences", reports))
        alike = similar_view(similar)
        if alike is not None:
            parts.append(self._partial("partials/similar.html", alike))
        return tuple(parts)

    def _part(self, name: str, view: object) -> str:
        return self._partial(f"directives/{name}.html", view)

    def _partial(self, template: str, view: object) -> str:
        return render_part(template, view, self._url, self._theme, self._sink)


# --- Around the parts -------------------------------------------------------------------------


def _heading(log: CaseLog, number: int) -> str:
    """What tells a log from the others of its page."""
    kernel = log.evidence.kernel or log.log.release
    known = ", ".join(part for part in (kernel, log.embedded.date) if part)
    return f"Log {number}: {known}" if known else f"Log {number}"


def _contents(prose: str, sets: tuple[LogSet, ...], closing: tuple[str, ...]) -> tuple[Entry, ...]:
    """The second-level headings in the order of the page; a further log is one line."""
    found = [Entry("summary", "Summary")]
    found += headings((prose, *(sets[0].parts if sets else ())))
    found += [Entry(one.anchor, one.heading) for one in sets[1:]]
    found += headings(closing)
    return tuple(found)


def _description(first: LogSet) -> str:
    """The verdict in a sentence, for search engines and previews."""
    verdict = first.verdict
    if verdict is None:
        return ""
    where = f" in {verdict.function}" if verdict.function else ""
    place = f", {verdict.where.text}" if verdict.where.text else ""
    return f"{verdict.label}: {verdict.message}{where}{place}"[:300]
