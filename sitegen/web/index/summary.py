"""A case in one row: what lists show and other pages link to."""

from collections import Counter

from sitegen.model import ChainStep, Evidence, ReportEvidence, Value
from sitegen.web.content import Document, Status


class CaseRow(Value, frozen=True, kw_only=True):
    """A case on the pages of others: as little as a row shows."""

    url: str
    title: str
    status: Status = "open"
    label: str = ""
    "the kind in words"
    function: str = ""
    "where it crashed"
    kernel: str = ""
    count: int = 0
    "reports: logs and occurrences"
    date: str = ""
    source: str = ""
    "path of the document in the content folder"
    draft: bool = False
    "not to be published: only a preview has such"


class CaseSummary(Value, frozen=True, kw_only=True):
    """A case in one row of a list, with all that lists sort and filter by."""

    url: str
    slug: str
    title: str
    date: str = ""
    "as the author says, else of the first log that has one"
    status: Status = "open"
    kernel: str = ""
    "as the author says, else as the first log prints"
    kernels: tuple[str, ...] = ()
    "of all logs, each once, in their order; then those where it was only seen"
    arch: str = ""
    archs: tuple[str, ...] = ()
    kind: str = ""
    "key of the crash kind; empty when no report was recognised"
    label: str = ""
    "the kind in words"
    crash: str = ""
    "the first report's title, as syzkaller words it"
    function: str = ""
    "where it crashed; file and line are empty when nothing was decoded"
    file: str = ""
    line: int | None = None
    layer: str = ""
    "of that function"
    letter: str = ""
    subsystem: str = ""
    functions: tuple[str, ...] = ()
    "of the first report's chain, entry first, each once"
    trigger: str = ""
    repro: str = ""
    reported: str = ""
    count: int = 0
    "reports: logs and occurrences"
    first: str = ""
    "date of the first report, and of the last"
    last: str = ""
    seen: tuple[tuple[str, int], ...] = ()
    "days of reports, oldest first, and how many; each day once"
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    cve: str = ""
    introduced: str = ""
    fixed: str = ""
    syzbot: str = ""
    logs: int = 0
    source: str = ""
    "path of the document in the content folder"
    draft: bool = False
    "not to be published: only a preview has such"

    @property
    def row(self) -> CaseRow:
        return CaseRow(
            url=self.url,
            title=self.title,
            status=self.status,
            label=self.label,
            function=self.function,
            kernel=self.kernel,
            count=self.count,
            date=self.last or self.date,
            source=self.source,
            draft=self.draft,
        )


def summarize(document: Document, evidence: Evidence | None) -> CaseSummary:
    """The case in one row, from the report that its page is about. The author's word comes first."""
    logs = evidence.logs if evidence else ()
    entry = logs[0] if logs else None
    found = entry.reports[entry.lead] if entry and entry.reports else None
    crash = found.title if found else ""
    at = _crashed_in(found)
    steps = found.chain if found else ()
    front = document.front
    seen = [(log.date or (front.date if not n else ""), 1) for n, log in enumerate(document.logs)]
    seen += [(one.date, one.count) for one in front.occurrences]
    days: Counter[str] = Counter()
    for date, times in seen:
        if date:
            days[date] += times
    return CaseSummary(
        url=document.url,
        slug=document.slug,
        title=front.title or document.heading or crash or document.title,
        date=front.date or next((log.date for log in document.logs if log.date), ""),
        status=front.status,
        kernel=front.kernel or (entry.kernel if entry else ""),
        kernels=_each(
            [
                front.kernel,
                *(log.kernel for log in logs),
                *(one.kernel for one in front.occurrences),
            ]
        ),
        arch=entry.arch if entry else "",
        archs=_each([log.arch for log in logs]),
        kind=found.kind if found else "",
        label=found.label if found else "",
        crash=crash,
        function=at.function,
        file=at.file,
        line=at.line,
        layer=at.layer,
        letter=at.letter,
        subsystem=at.subsystem,
        functions=_each([step.function for step in steps]),
        trigger=front.trigger,
        repro=front.repro,
        reported=front.reported,
        count=len(document.logs) + sum(one.count for one in front.occurrences),
        first=min(days, default=""),
        last=max(days, default=""),
        seen=tuple(sorted(days.items())),
        tags=front.tags,
        authors=front.authors,
        cve=front.fixes.cve,
        introduced=front.fixes.introduced,
        fixed=front.fixes.fixed,
        syzbot=front.fixes.syzbot,
        logs=len(document.logs),
        source=document.path,
        draft=front.draft,
    )


def _each(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


_NOWHERE = ChainStep(function="")


def _crashed_in(report: ReportEvidence | None) -> ChainStep:
    """The step that crashed: the last before the panic itself, else what the PC says."""
    if report is None:
        return _NOWHERE
    if report.chain:
        return crashed_step(report.chain)
    if report.pc is None:
        return _NOWHERE
    if report.pc.calls:
        call = report.pc.calls[0]
        return ChainStep(function=call.function, file=call.file, line=call.line)
    return ChainStep(function=report.pc.symbol)


def crashed_step(chain: tuple[ChainStep, ...]) -> ChainStep:
    """The last step before the panic itself; of a chain that is all panic, the last. Not empty."""
    return next((step for step in reversed(chain) if step.letter != "K"), chain[-1])
