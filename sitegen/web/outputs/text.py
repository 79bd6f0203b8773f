"""Logs as text: as embedded, and decoded as `sitegen decode` prints them."""

from collections.abc import Iterator

from sitegen.web.index import CaseData, Output, case_files


def case_outputs(case: CaseData) -> Iterator[Output]:
    """Each log of the case; a decoded one beside it where there is one."""
    files = case_files(case.summary.url, tuple(log.id for log in case.logs))
    for number, (log, (raw, decoded)) in enumerate(zip(case.logs, files.logs, strict=True)):
        yield Output(raw, log.text.encode("utf-8", "replace"))
        if number < len(case.decoded) and case.decoded[number]:
            yield Output(decoded, case.decoded[number].encode("utf-8", "replace"))
