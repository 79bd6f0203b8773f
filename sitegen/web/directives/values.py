"""A case as directives see it: its logs with what decoding found, and the anchors on its page."""

from sitegen.model import (
    CrashLog,
    Explanation,
    Listing,
    LogEvidence,
    Report,
    ReportEvidence,
    Value,
)
from sitegen.web.content import EmbeddedLog, FrontMatter
from sitegen.web.directives.places import NOWHERE, Browse
from sitegen.web.index import anchor_prefix, section_anchor


class CaseLog(Value, frozen=True, kw_only=True):
    """A log of a case with everything that is known of it."""

    id: str
    embedded: EmbeddedLog
    log: CrashLog
    evidence: LogEvidence
    browse: Browse = NOWHERE
    "of the log's kernel"
    explanations: tuple[Explanation, ...] = ()
    "of the reports' words, in order of place"
    listings: tuple[Listing, ...] = ()
    "of their `Code:` lines, in order"
    registers: tuple[str, ...] = ()
    "what logs of this processor call its registers, lower case; empty where it is not known"
    raw: str = ""
    "from the site's root: where the log's text is published; empty when it is not"

    @property
    def lead(self) -> int:
        """The index of the report that the verdict is about: the first crash, else the first."""
        crashes = (index for index, one in enumerate(self.log.reports) if one.crash)
        return next(crashes, 0)

    @property
    def report(self) -> Report | None:
        """The report of the verdict; None when the log has none."""
        return self.log.reports[self.lead] if self.log.reports else None

    @property
    def found(self) -> ReportEvidence:
        """What decoding found in that report; the empty evidence where there is none."""
        reports = self.evidence.reports
        return reports[self.lead] if self.lead < len(reports) else _NOTHING


_NOTHING = ReportEvidence(title="")


class Compared(Value, frozen=True, kw_only=True):
    """Another case, as far as this one is compared with it."""

    written: str
    "its file as the author names it, without detours"
    title: str
    url: str
    logs: tuple[LogEvidence, ...] = ()
    browse: Browse = NOWHERE
    "of the first log's kernel"


class Case(Value, frozen=True, kw_only=True):
    """What a directive may show."""

    front: FrontMatter
    logs: tuple[CaseLog, ...] = ()
    compared: tuple[Compared, ...] = ()
    "other cases that its `diff` directives name"
    placed: frozenset[tuple[str, str]] = frozenset()
    "name and log id of every directive in the prose, `frame:NAME` for frames: not shown again"
    sections: bool = True
    "whether each further log has a section of its own on the page, with a heading that names it"

    def find_log(self, log_id: str) -> CaseLog | None:
        """The log of this id; the first one for an empty id; None when there is none."""
        if not log_id:
            return self.logs[0] if self.logs else None
        return next((log for log in self.logs if log.id == log_id), None)

    def prefix(self, log: CaseLog) -> str:
        """What tells a log's anchors from another's: nothing for the first log, so links stay good."""
        return anchor_prefix(log.id, self._number(log))

    def section(self, log: CaseLog) -> str:
        """The id of all that the page shows of a further log."""
        return section_anchor(log.id, self._number(log))

    def _number(self, log: CaseLog) -> int:
        return next(n for n, one in enumerate(self.logs, 1) if one.id == log.id)

    def anchor(self, log: CaseLog, name: str) -> str:
        """The id of a part of the page that shows `log`. `PARTS` names those of every page."""
        return self.prefix(log) + name

    def labels(self, log: CaseLog, name: str) -> str:
        """Ids of the headings that name a part, apart from the like part of another log."""
        own = f"{self.anchor(log, name)}-title"
        further = self.prefix(log) and self.sections
        return f"{own} {self.section(log)}-title" if further else own

    def heading(self, log: CaseLog, text: str) -> str:
        """The heading of a part, which names a further log where nothing else on the page does."""
        return text if self.sections or not self.prefix(log) else f"{text}, {log.id}"

    def has_placed(self, name: str) -> bool:
        """Whether the prose shows this part, which stands once a case."""
        return any(one == name for one, _ in self.placed)

    def is_placed(self, name: str, log: CaseLog) -> bool:
        return (name, log.id) in self.placed
