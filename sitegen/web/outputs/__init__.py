"""Site -> files, one module a format. Nothing is written here: that is the build's."""

from collections.abc import Callable, Iterable, Iterator

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.web.index import CaseData, Index, Output, Site
from sitegen.web.outputs import data, html, static, text

__all__ = ["OUTPUTS", "Output", "case_outputs", "collect", "page_output", "site_outputs"]

page_output = html.page_output

OUTPUTS: tuple[Callable[[Site], Iterable[Output]], ...] = (
    html.outputs,
    data.outputs,
    text.outputs,
    static.outputs,
)
"""Every format, in the order of precedence: of two files of one path the first stands."""


def collect(site: Site, sink: Sink) -> Iterator[Output]:
    """All files of the site, made one at a time; complains when two have the same path."""
    seen: set[str] = set()
    for outputs in OUTPUTS:
        for output in outputs(site):
            if output.path in seen:
                sink.add(
                    codes.M009,
                    "two files of the site have this path",
                    at=Place(output.path),
                    hint="rename the document or the file that is published here",
                )
                continue
            seen.add(output.path)
            yield output


def case_outputs(case: CaseData) -> Iterator[Output]:
    """The files of one case beside its page."""
    yield data.case_output(case)
    yield from text.case_outputs(case)


def site_outputs(index: Index, static_files: Iterable[tuple[str, bytes]]) -> Iterator[Output]:
    """The files that belong to no page: the list of all cases as data, and the theme's."""
    yield data.cases_output(index)
    yield from (Output(path, content) for path, content in static_files)
