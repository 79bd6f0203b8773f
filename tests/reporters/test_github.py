"""Workflow commands, read back by a strict parser of their grammar."""

import re

from sitegen import codes
from sitegen.diagnostics import Diagnostic, Place
from sitegen.reporters import FORMATS, Report, step_summary

COMMAND = re.compile(
    r"::(?P<name>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<data>[^\r\n]*)"
)
PROPERTY = re.compile(r"(?P<name>file|line|endLine|col|endColumn|title)=(?P<value>[^,:\r\n]+)")
ESCAPE = re.compile(r"%(25|0D|0A|3A|2C)")


def decode(text: str, *, escapes: str) -> str:
    """The text behind the escapes, which must all be of those that its place has."""
    for found in re.findall(r"%..?", text):
        assert found in escapes.split(), found
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def parse(line: str) -> tuple[str, dict[str, str], str]:
    """Name, properties and message of a command; a line that is none fails."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    properties = {}
    for part in found["properties"].split(","):
        one = PROPERTY.fullmatch(part)
        assert one is not None, part
        assert one["name"] not in properties
        properties[one["name"]] = decode(one["value"], escapes="%25 %0D %0A %3A %2C")
    return found["name"], properties, decode(found["data"], escapes="%25 %0D %0A")


def test_every_diagnostic_comes_back_as_it_was(report) -> None:
    *lines, total = FORMATS["github"](report).splitlines()

    assert [parse(line) for line in lines] == [
        ("error", {"title": "sitegen G001"}, "no place at all"),
        (
            "error",
            {"file": "wiki/content/a b,c:d%é.md", "title": "sitegen M009"},
            "no line\nrename: one, of them",
        ),
        (
            "warning",
            {
                "file": "wiki/content/x.md",
                "line": "7",
                "col": "13",
                "endColumn": "20",
                "title": "sitegen X001",
            },
            "there is no 'gone.md': 100%\N{REPLACEMENT CHARACTER} ::error::mine\ndid you mean 'there.md'?",
        ),
        ("notice", {"file": "wiki/content/x.md", "line": "8", "title": "sitegen S006"}, "twice"),
        ("notice", {"file": "wiki/content/x.md", "line": "9", "title": "sitegen S006"}, "twice"),
        (
            "error",
            {
                "file": "wiki/content/x.md",
                "line": "10",
                "col": "400",
                "endColumn": "410",
                "title": "sitegen M004",
            },
            "long line",
        ),
        ("warning", {"title": "sitegen S001"}, "outside"),
    ]
    assert total == "sitegen: 3 errors, 2 warnings, 2 notes"


def test_what_is_beyond_ten_of_a_kind_is_told_in_plain_lines() -> None:
    many = [
        Diagnostic(codes.M004, f"number {number}", Place("a.md", number)) for number in range(1, 13)
    ]
    told = FORMATS["github"](Report((*many, Diagnostic(codes.X001, "one warning")))).splitlines()

    assert [line.startswith("::error ") for line in told].count(True) == 10
    assert [line.startswith("::warning ") for line in told].count(True) == 1
    assert told[-3:] == [
        "a.md:11: error[M004]: number 11",
        "a.md:12: error[M004]: number 12",
        "sitegen: 12 errors, 1 warning; 2 of them without an annotation",
    ]


def test_a_plain_line_is_never_a_command() -> None:
    hostile = Diagnostic(codes.M004, "##[add-mask]x", Place("::error::a", 1, text="::set-env::b"))
    told = FORMATS["github"](Report((hostile,) * 11)).splitlines()

    plain = [
        line for line in told if not line.startswith("::error title=sitegen") and "M004" in line
    ]
    assert plain
    commands = [line for line in told if line.lstrip().startswith("::")]
    assert len(commands) == 10
    assert not any("##[" in line for line in told[10:])


def test_nothing_is_told_of_nothing() -> None:
    assert FORMATS["github"](Report(())) == ""
    assert step_summary(Report(())) == "### sitegen: no problems\n\n"


def test_the_summary_is_a_table_that_no_message_breaks(report) -> None:
    hostile = Diagnostic(codes.M004, "a|b `c` <script> [x](y)\n| z |", Place("a|b.md", 3))
    lines = step_summary(Report((hostile,))).splitlines()

    assert lines[:4] == [
        "### sitegen: 1 error",
        "",
        "| | Code | Where | What |",
        "|---|---|---|---|",
    ]
    assert len(lines) == 5
    assert lines[4].count("|") == 5
    assert not set("`<>[]") & set(lines[4])
    assert len(step_summary(report).splitlines()) == 4 + len(report.diagnostics)


def test_a_long_summary_says_how_much_is_left_out() -> None:
    told = step_summary(Report((Diagnostic(codes.M004, "x"),) * 250)).splitlines()

    assert told[-1] == "50 more are in the log of the step."


def test_an_escape_in_a_property_is_read_back() -> None:
    odd = Diagnostic(codes.M004, "100%, 1:2", Place("a%2C,b:c.md", 1))
    line, _ = FORMATS["github"](Report((odd,))).splitlines()

    assert "%0A" not in line
    assert parse(line)[1]["file"] == "a%2C,b:c.md"
    assert parse(line)[2] == "100%, 1:2"
