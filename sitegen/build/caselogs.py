"""The logs of a document with all that is known of them: for its page, and for the files beside it."""

from collections.abc import Iterator

from sitegen.build.reading import Read
from sitegen.crash.chain.texttree import chain_text
from sitegen.crash.lockfile import SCHEMA
from sitegen.crash.log import unwrap
from sitegen.crash.text import decoded_text
from sitegen.model import Evidence, LogEvidence
from sitegen.project import Project
from sitegen.web import pages
from sitegen.web.directives.places import NOWHERE, Browse
from sitegen.web.index import CaseData, CaseSummary, Claimed, case_files


def case_logs(read: Read, project: Project) -> Iterator[pages.CaseLog]:
    """The logs of a document with all that is known of them. Those of a case are published beside it."""
    if not read.document.logs:
        return
    # A build without changes parses nothing.
    from sitegen.crash.arch import register_names  # noqa: PLC0415  reason: see above
    from sitegen.crash.explain import explain_log  # noqa: PLC0415  reason: see above
    from sitegen.crash.log import parse  # noqa: PLC0415  reason: see above

    document = read.document
    files = case_files(document.url, tuple(log.id for log in document.logs)).logs
    is_case = document.kind == "case"
    for log, entry, (raw, _) in zip(document.logs, read.entries, files, strict=True):
        release = document.release(log, entry.kernel)
        kernel = project.find_kernel(release, "")
        parsed = parse(unwrap(log.text))
        explanations, listings = explain_log(parsed)
        yield pages.CaseLog(
            id=log.id,
            embedded=log,
            log=parsed,
            evidence=entry,
            explanations=explanations,
            listings=listings,
            registers=register_names(entry.arch or parsed.arch),
            browse=Browse(kernel.browse, kernel.outside()) if kernel else NOWHERE,
            raw=raw if is_case else "",
        )


def case_data(read: Read, summary: CaseSummary, claims: tuple[Claimed, ...]) -> CaseData:
    """What a case publishes beside its page."""
    return CaseData(
        summary=summary,
        logs=read.document.logs,
        evidence=Evidence(schema=SCHEMA, logs=read.entries),
        decoded=tuple(
            decoded_text(unwrap(log.text), entry)
            for log, entry in zip(read.document.logs, read.entries, strict=True)
        ),
        chains=tuple(_chain(entry, read.document.front.trigger) for entry in read.entries),
        claims=claims,
    )


def _chain(entry: LogEvidence, trigger: str) -> str:
    """The chain of the report that the log's page is about, as text; empty without one."""
    return chain_text(entry.reports[entry.lead], trigger=trigger) if entry.reports else ""
