"""What lists and links are made from."""

import random

import msgspec

from sitegen.model import (
    Call,
    ChainStep,
    Evidence,
    LogEvidence,
    ReportEvidence,
    TraceFrame,
)
from sitegen.web.content import Document, EmbeddedLog, Fixes, FrontMatter, Occurrence
from sitegen.web.index import CaseSummary, PageSummary, case_files, facts_of, make_index, summarize


def case(slug: str, front: FrontMatter | None = None, *, logs: int = 1) -> Document:
    embedded = tuple(
        EmbeddedLog(
            id=f"panic-{n}", text="x", sha256="0", path="x.md", block=1, date=f"2023-01-0{n}"
        )
        for n in range(1, logs + 1)
    )
    return Document(
        path=f"cases/{slug}.md",
        file=f"content/cases/{slug}.md",
        kind="case",
        slug=slug,
        url=f"cases/{slug}/",
        front=front or FrontMatter(),
        logs=embedded,
    )


def evidence(report: ReportEvidence) -> Evidence:
    entry = LogEvidence(id="panic-1", sha256="0", kernel="6.1.0", arch="x86_64", reports=(report,))
    return Evidence(schema=1, logs=(entry,))


def test_a_summary_prefers_the_author_to_the_evidence() -> None:
    found = ReportEvidence(
        title="kernel panic: found",
        kind="sysrq",
        label="Kernel panic",
        chain=(
            ChainStep(function="vfs_write", letter="V"),
            ChainStep(function="ksys_write", letter="V"),
            ChainStep(function="proc_write", file="fs/proc/inode.c", line=3, letter="P"),
            ChainStep(function="panic", file="kernel/panic.c", line=3, letter="K"),
        ),
    )
    front = FrontMatter(title="Mine", status="fixed", tags=("a",), fixes=Fixes(cve="CVE-2024-1"))
    assert summarize(case("s", front), evidence(found)) == CaseSummary(
        url="cases/s/",
        slug="s",
        title="Mine",
        date="2023-01-01",
        status="fixed",
        kernel="6.1.0",
        kernels=("6.1.0",),
        arch="x86_64",
        archs=("x86_64",),
        kind="sysrq",
        label="Kernel panic",
        crash="kernel panic: found",
        function="proc_write",
        file="fs/proc/inode.c",
        line=3,
        letter="P",
        functions=("vfs_write", "ksys_write", "proc_write", "panic"),
        count=1,
        first="2023-01-01",
        last="2023-01-01",
        seen=(("2023-01-01", 1),),
        tags=("a",),
        cve="CVE-2024-1",
        logs=1,
        source="cases/s.md",
    )


def test_a_case_without_title_is_called_after_its_crash() -> None:
    found = evidence(ReportEvidence(title="kernel panic: found"))
    assert summarize(case("s"), found).title == "kernel panic: found"
    assert summarize(case("s"), None).title == "s"


def test_the_first_crash_is_what_a_case_is_about() -> None:
    note = ReportEvidence(title="oom-killer", kind="oom")
    crash = ReportEvidence(title="kernel panic: found", kind="panic", crash=True)
    entry = LogEvidence(id="panic-1", sha256="0", reports=(note, crash))
    assert summarize(case("s"), Evidence(schema=1, logs=(entry,))).kind == "panic"


def test_without_a_chain_the_crash_is_where_the_pc_was() -> None:
    calls = (Call("inlined", "a.c", 1, inlined=True), Call("outer", "a.c", 9))
    decoded = TraceFrame(symbol="outer", reliable=True, calls=calls)
    bare = TraceFrame(symbol="outer", reliable=True, undecoded="no image")
    for pc, expected in (
        (decoded, ("inlined", "a.c", 1)),
        (bare, ("outer", "", None)),
        (None, ("", "", None)),
    ):
        found = summarize(case("s"), evidence(ReportEvidence(title="t", pc=pc)))
        assert (found.function, found.file, found.line) == expected


def test_an_index_is_the_same_in_whatever_order_it_is_made() -> None:
    documents = [
        case(slug, FrontMatter(date=date))
        for slug, date in (("a", "2023-01-02"), ("b", "2024-01-01"), ("c", "2023-01-02"), ("d", ""))
    ]
    documents.append(
        Document(path="about.md", file="content/about.md", kind="page", slug="about", url="about/")
    )
    made = [
        PageSummary("cases/", "Cases"),
        PageSummary("", "Home"),
        PageSummary("about/", "Theirs comes first"),
    ]
    first = None
    for seed in range(5):
        random.Random(seed).shuffle(documents)
        random.Random(seed).shuffle(made)
        index = make_index(
            documents, [facts_of(one, None) for one in documents if one.kind == "case"], made
        )
        first = first or msgspec.json.encode(index)
        assert msgspec.json.encode(index) == first
    # The last of `logs` dates the case that has no date of its own.
    assert [one.slug for one in index.cases] == ["b", "a", "c", "d"]
    assert [(one.url, one.title) for one in index.pages] == [
        ("", "Home"),
        ("about/", "about"),
        ("cases/", "Cases"),
    ]
    assert index.documents["cases/a.md"] == "cases/a/"
    assert index.titles["cases/a/"] == "a"


def test_files_of_a_case_are_named_after_it() -> None:
    assert case_files("cases/2023/a/", ("panic-1", "x")).logs == (
        ("cases/2023/a/a.panic-1.log", "cases/2023/a/a.panic-1.decoded.txt"),
        ("cases/2023/a/a.x.log", "cases/2023/a/a.x.decoded.txt"),
    )
    assert case_files("cases/a/", ()).json == "cases/a/a.json"


def test_a_summary_tells_each_day_once() -> None:
    days = ("2026-01-02", "2026-01-01", "2026-01-02")
    front = FrontMatter(occurrences=tuple(Occurrence(date=day) for day in days))
    found = summarize(case("s", front, logs=0), None)
    assert found.seen == (("2026-01-01", 1), ("2026-01-02", 2))
    assert (found.first, found.last, found.count) == ("2026-01-01", "2026-01-02", 3)
