"""Sinks: what is collected, and what a configuration makes of it."""

from sitegen import codes
from sitegen.diagnostics import Diagnostic, Sink, as_text, count


def test_a_sink_keeps_what_it_is_given_in_order() -> None:
    sink = Sink()
    sink.add(codes.M004, "one")
    sink.extend([Diagnostic(codes.X001, "two")])

    assert [one.message for one in sink] == ["one", "two"]
    assert sink.found() == tuple(sink)


def test_a_sink_weighs_what_comes_in() -> None:
    sink = Sink({"X001": "error", "M004": "ignore", "S006": "warning"})
    for code in (codes.X001, codes.M004, codes.S006, codes.X002):
        sink.add(code, "said")

    assert [as_text(one) for one in sink] == [
        "error[X001]: said",
        "warning[S006]: said",
        "warning[X002]: said",
    ]
    assert (count(sink, "error"), count(sink, "warning")) == (1, 2)
