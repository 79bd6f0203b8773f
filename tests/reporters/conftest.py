"""Diagnostics with everything in them that a form could stumble over."""

import pytest

from sitegen import codes
from sitegen.diagnostics import Diagnostic, Place
from sitegen.reporters import Report

LINE = "\N{SNOWMAN}\N{CRAB} see [it](gone.md), 100%"
"""The crab takes two UTF-16 code units."""


@pytest.fixture
def report() -> Report:
    return Report(
        (
            Diagnostic(codes.G001, "no place at all"),
            Diagnostic(
                codes.M009, "no line", Place("content/a b,c:d%é.md"), "rename: one, of them"
            ),
            Diagnostic(
                codes.X001,
                "there is no 'gone.md': 100%\x1b\n::error::mine",
                Place("content/x.md", 7, 13, 20, LINE),
                "did you mean 'there.md'?",
            ),
            Diagnostic(codes.S006, "twice", Place("content/x.md", 8)),
            Diagnostic(codes.S006, "twice", Place("content/x.md", 9)),
            Diagnostic(codes.M004, "long line", Place("content/x.md", 10, 400, 410)),
            Diagnostic(codes.S001, "outside", Place("../../elsewhere.md", 3)),
        ),
        prefix="wiki/",
    )
