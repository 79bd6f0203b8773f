"""Cases as JSON: `cases.json` for all of them, and for each its facts with the evidence.

The form of the evidence is the lock file's; `case.schema.json` describes it.
"""

from collections.abc import Iterator

import msgspec

from sitegen.model import Evidence, Value, to_plain
from sitegen.web.index import CaseData, CaseSummary, Claimed, Index, Output, case_files

CASES = "cases.json"
SCHEMA = "case.schema.json"


class _Log(Value, frozen=True, kw_only=True):
    """A log of a case, by its files; urls relative to the site's root."""

    id: str
    sha256: str
    raw: str
    decoded: str = ""
    kernel: str = ""
    date: str = ""


class _Case(Value, frozen=True):
    """One case: what its page says, for programs."""

    case: CaseSummary
    logs: tuple[_Log, ...] = ()
    evidence: Evidence | None = None
    claims: tuple[Claimed, ...] = ()
    "what the author claims of the logs, and what came of checking it"


def site_outputs(index: Index) -> Iterator[Output]:
    """The list of all cases, and the JSON Schema of a case's file."""
    yield Output(CASES, _json({"cases": index.cases}))
    yield Output(SCHEMA, _json(msgspec.json.schema(_Case)))


def case_outputs(case: CaseData) -> Iterator[Output]:
    """What is known of a case."""
    files = case_files(case.summary.url, tuple(log.id for log in case.logs))
    logs = tuple(
        _Log(
            id=log.id,
            sha256=log.sha256,
            raw=raw,
            decoded=decoded if number < len(case.decoded) and case.decoded[number] else "",
            kernel=log.kernel,
            date=log.date,
        )
        for number, (log, (raw, decoded)) in enumerate(zip(case.logs, files.logs, strict=True))
    )
    yield Output(files.json, _json(_Case(case.summary, logs, case.evidence, case.claims)))


def _json(value: object) -> bytes:
    """Readable, one item a line, keys in the order of the values' fields."""
    return msgspec.json.format(msgspec.json.encode(to_plain(value)), indent=2) + b"\n"
