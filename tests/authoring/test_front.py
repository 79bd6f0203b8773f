"""Front matter that is written is read back as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.authoring.front import one_line, quoted, write_front_matter
from sitegen.diagnostics import Sink
from sitegen.web.content import Fixes, FrontMatter, Occurrence, Snapshot
from sitegen.web.content.frontmatter import read_front_matter

HOSTILE = (
    "",
    " ",
    "a: b",
    "a # b",
    "- a",
    "---",
    "...",
    "'it''s'",
    '"quoted" \\ and \\n',
    "[list]",
    "{key: value}",
    "!tag",
    "&anchor *alias",
    "%directive",
    "@at `tick`",
    "| block",
    "> fold",
    "? key",
    "null",
    "~",
    "True",
    "6.10",
    "0123456",
    "1e5",
    "2026-11-23",
    "a, b",
    "ends:",
    "ends -",
    "tab\there",
    "two\nlines\r\n--- \n",
    "nul\0 bell\a del\x7f",
    "\ufeffmark \u2028 line \x85 next",
    "\ud800 half",
    "\U0001f4a1 lamp äöü 中文",
    "KASAN: slab-use-after-free Read in tipc_recvmsg",
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80))
DAYS = st.dates().map(lambda day: f"{day.year:04}-{day.month:02}-{day.day:02}")
LISTS = st.lists(TEXTS, max_size=4)


def kept(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for value in values if (word := one_line(value))))


def read(front: FrontMatter) -> FrontMatter:
    sink = Sink()
    found, lines = read_front_matter(f"{write_front_matter(front)}\nbody\n", "a.md", sink)
    assert sink.found() == ()
    assert lines == write_front_matter(front).count("\n")
    return found


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS, LISTS, LISTS)
def test_texts_come_back_with_their_white_space_collapsed(title, kernel, trigger, tags, authors):
    front = FrontMatter(
        title=title, kernel=kernel, trigger=trigger, tags=kept(tags), authors=kept(authors)
    )
    assert read(front) == FrontMatter(
        title=one_line(title),
        kernel=one_line(kernel),
        trigger=one_line(trigger),
        tags=kept(tags),
        authors=kept(authors),
    )


@settings(deadline=None)
@given(DAYS, LISTS, TEXTS, st.integers(1, 999_999_999))
def test_groups_and_rows_come_back(day, names, host, count):
    front = FrontMatter(
        title="x",
        date=day,
        status="fixed",
        fixes=Fixes(
            introduced="0123456",
            fixed="12345e6789",
            cve="CVE-2024-50082",
            syzbot="12345678",
            reported_by=kept(names),
            links=("https://lore.kernel.org/r/a%3Ab@c?x=1#y",),
        ),
        occurrences=(
            Occurrence(date=day, kernel="6.10", host=one_line(host), count=count),
            Occurrence(date=day, link="https://a.example/?x,y={z}"),
        ),
        snapshot=Snapshot(source="syz: bot", date=day),
        layers={"vfs_": one_line(host) or "x"},
        aliases=("cases/old/",),
        draft=True,
    )
    assert read(front) == front


@pytest.mark.parametrize(
    "text", ["6.1.0-56-amd64", "echo c > /proc/sysrq-trigger", "A lamp", "2026-11-23"]
)
def test_what_is_safe_is_written_plainly(text):
    assert quoted(text) == text


@pytest.mark.parametrize("text", ["6.10", "null", "Yes", "0x10", "a: b", "1e5", "-x", ""])
def test_what_yaml_may_take_for_something_else_is_quoted(text):
    assert quoted(text) == f'"{text}"'


def test_a_file_of_occurrences_is_named():
    front = FrontMatter(title="x", occurrences_file="seen.csv")
    assert read(front) == front
