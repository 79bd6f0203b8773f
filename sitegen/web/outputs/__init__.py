"""Site -> files, one module a format. Nothing is written here: that is the build's."""

from collections.abc import Callable, Iterable, Iterator

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.web.index import Output, Site
from sitegen.web.outputs import data, html, static, text

__all__ = ["OUTPUTS", "Output", "collect"]

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
