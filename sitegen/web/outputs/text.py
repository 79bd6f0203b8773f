"""Cases as text: the logs as embedded and as `sitegen decode` prints them, and a summary for mail."""

from collections.abc import Iterator
from textwrap import TextWrapper

from sitegen.web.index import CaseData, CaseSummary, Output, case_files

_WIDTH = 72
_MOST_LINES = 400
"""Lines of a decoded log that a mail still carries."""


def case_outputs(case: CaseData) -> Iterator[Output]:
    """Each log of the case, a decoded one beside it where there is one, and the text for mail."""
    files = case_files(case.summary.url, tuple(log.id for log in case.logs))
    for number, (log, (raw, decoded)) in enumerate(zip(case.logs, files.logs, strict=True)):
        yield Output(raw, log.text.encode("utf-8", "replace"))
        if number < len(case.decoded) and case.decoded[number]:
            yield Output(decoded, case.decoded[number].encode("utf-8", "replace"))
    if case.logs:
        yield Output(files.text, _mail(case).encode("utf-8", "replace"))


def _mail(case: CaseData) -> str:
    """Title, facts and chain within 72 columns; then the first log, decoded, its lines as they are."""
    parts = ["\n".join(_head(case.summary))]
    parts += [chain.rstrip("\n") for chain in case.chains if chain]
    log = next((text for text in case.decoded if text), case.logs[0].text)
    lines = _printable(log).split("\n")
    if len(lines) <= _MOST_LINES:
        parts.append("\n".join(line.rstrip() for line in lines).strip("\n"))
    return "\n\n".join(parts) + "\n"


def _head(summary: CaseSummary) -> Iterator[str]:
    wrap = TextWrapper(_WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    where = f" in {summary.function}" if summary.function else ""
    place = f", {summary.file}:{summary.line}" if summary.file and summary.line else ""
    facts = (
        summary.title,
        summary.crash if summary.crash != summary.title else "",
        f"{summary.label}{where}{place}" if summary.label else "",
        "Kernel: " + ", ".join(summary.kernels) if summary.kernels else "",
        f"Seen: {summary.first}" + (f" to {summary.last}" if summary.last != summary.first else "")
        if summary.first
        else "",
        f"Fixed by: {summary.fixed}" if summary.fixed else "",
        f"Introduced by: {summary.introduced}" if summary.introduced else "",
        f"CVE: {summary.cve}" if summary.cve else "",
    )
    for fact in facts:
        yield from wrap.wrap(_printable(fact))


def _printable(text: str) -> str:
    """Without what a terminal acts upon; line ends and tabs stay."""
    return "\n".join(
        line if line.isprintable() else "".join(c for c in line if c.isprintable() or c == "\t")
        for line in text.split("\n")
    )
