"""Pages and data -> files, one module a format. Nothing is written here: that is the build's."""

from collections.abc import Callable, Iterable, Iterator

from sitegen.web.index import CaseData, Index, Output
from sitegen.web.outputs import data, search, text
from sitegen.web.outputs.html import page_output

__all__ = ["CASE_OUTPUTS", "SITE_OUTPUTS", "case_outputs", "page_output", "site_outputs"]

CASE_OUTPUTS: tuple[Callable[[CaseData], Iterable[Output]], ...] = (
    data.case_outputs,
    text.case_outputs,
)
"""What is written of each case beside its page."""

SITE_OUTPUTS: tuple[Callable[[Index], Iterable[Output]], ...] = (
    data.site_outputs,
    search.site_outputs,
)
"""What is written once a site, beside pages and the theme's files."""


def case_outputs(case: CaseData) -> Iterator[Output]:
    """The files of one case beside its page, format by format."""
    for outputs in CASE_OUTPUTS:
        yield from outputs(case)


def site_outputs(index: Index) -> Iterator[Output]:
    """The files that belong to no page, format by format."""
    for outputs in SITE_OUTPUTS:
        yield from outputs(index)
