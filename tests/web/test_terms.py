"""What cases share: passages, findings, terms and where their pages stand."""

import re

import pytest

from sitegen.model import (
    ChainStep,
    Edge,
    Evidence,
    ImageId,
    LogEvidence,
    Provenance,
    ReportEvidence,
    Table,
)
from sitegen.web.content import Document, Fixes, FrontMatter
from sitegen.web.index import (
    TAXONOMIES,
    CaseFacts,
    Term,
    facts_of,
    find_terms,
    moved_terms,
    term_url,
)

_WRITE = Table("proc_fops", "fs/proc/inode.c", 10, 12, "file_operations")
_WAY = (
    ChainStep(function="vfs_write", file="fs/read_write.c", line=5, layer="VFS", letter="V"),
    ChainStep(
        function="proc_write",
        file="fs/proc/inode.c",
        line=3,
        layer="proc",
        letter="P",
        subsystem="PROC FILESYSTEM",
        edge=Edge(kind="indirect", slot="file_operations.write", tables=(_WRITE,)),
    ),
    ChainStep(function="panic", file="kernel/panic.c", line=9, layer="Panic", letter="K"),
)


def facts(
    slug: str, *reports: ReportEvidence, front: FrontMatter | None = None, logs: int = 1
) -> CaseFacts:
    document = Document(
        path=f"cases/{slug}.md",
        file=f"content/cases/{slug}.md",
        kind="case",
        slug=slug,
        url=f"cases/{slug}/",
        front=front or FrontMatter(),
    )
    entries = tuple(
        LogEvidence(id=f"panic-{n}", sha256="0", kernel=f"6.{n}", reports=reports)
        for n in range(1, logs + 1)
    )
    return facts_of(document, Evidence(schema=1, logs=entries))


REPORT = ReportEvidence(title="t", kind="sysrq", label="Sysrq", crash=True, chain=_WAY)


def names(terms: tuple[Term, ...]) -> list[str]:
    return [term.name for term in terms]


def test_a_passage_knows_its_neighbours_and_how_control_came_and_went() -> None:
    first, middle, last = facts("a", REPORT).passages
    assert (first.before, first.after, first.onward) == ("", "proc_write", "file_operations.write")
    assert (middle.before, middle.after, middle.slot) == (
        "vfs_write",
        "panic",
        "file_operations.write",
    )
    assert [holder.symbol for holder in middle.holders] == ["proc_fops"]
    assert [one.crashed for one in (first, middle, last)] == [False, True, False]
    assert (middle.number, middle.steps, middle.anchor) == (2, 3, "walk-proc_write")


def test_only_the_report_that_a_page_walks_gives_places_on_it() -> None:
    note = ReportEvidence(title="n", kind="oom", chain=_WAY[:1])
    found = facts("a", note, REPORT, logs=2)
    assert [one.anchor for one in found.passages] == [
        "",
        *("walk-vfs_write", "walk-proc_write", "walk-panic"),
        "",
        *("panic-2-walk-vfs_write", "panic-2-walk-proc_write", "panic-2-walk-panic"),
    ]
    assert [(one.kind, one.lead) for one in found.findings] == [("oom", False), ("sysrq", True)] * 2


def test_a_function_that_calls_itself_passes_once() -> None:
    twice = ReportEvidence(title="t", chain=(_WAY[0], _WAY[0], _WAY[1]))
    assert [one.function for one in facts("a", twice).passages] == ["vfs_write", "proc_write"]


def test_terms_list_every_case_that_has_them() -> None:
    front = FrontMatter(
        tags=("proc",),
        authors=("A. Nother",),
        fixes=Fixes(introduced="1234567", fixed="89abcdef", cve="CVE-2024-1", syzbot="0" * 8),
    )
    other = ReportEvidence(title="u", kind="bug", label="BUG()", chain=_WAY[:1])
    terms = find_terms([facts("a", REPORT, front=front), facts("b", other)])
    assert set(terms) == {one.key for one in TAXONOMIES}
    assert {key: names(found) for key, found in terms.items()} == {
        "functions": ["panic", "proc_write", "vfs_write"],
        "files": ["fs/proc/inode.c", "fs/read_write.c", "kernel/panic.c"],
        "tables": ["proc_fops"],
        "subsystems": ["PROC FILESYSTEM"],
        "layers": ["Panic", "proc", "VFS"],
        "kinds": ["bug", "sysrq"],
        "kernels": ["6.1"],
        "commits": ["1234567", "89abcdef"],
        "cves": ["CVE-2024-1"],
        "syzbot": ["00000000"],
        "tags": ["proc"],
        "authors": ["A. Nother"],
    }
    vfs = terms["functions"][-1]
    assert [mention.case.url for mention in vfs.mentions] == ["cases/a/", "cases/b/"]
    assert terms["kinds"][0].title == "BUG()"


def test_a_commit_notes_what_it_did_and_a_kernel_which_builds_were_seen() -> None:
    front = FrontMatter(fixes=Fixes(introduced="1234567", fixed="89abcdef"))
    log = LogEvidence(
        id="panic-1",
        sha256="",
        kernel="6.1",
        provenance=Provenance(images=(ImageId("vmlinux", "ab" * 20), ImageId("lamp", "cd" * 20))),
        reports=(REPORT,),
    )
    document = Document(path="", file="", kind="case", slug="a", url="cases/a/", front=front)
    terms = find_terms([facts_of(document, Evidence(schema=1, logs=(log, log)))])
    notes = {
        (key, term.name): term.mentions[0].notes
        for key in ("commits", "kernels")
        for term in terms[key]
    }
    assert notes == {
        ("commits", "1234567"): ("introduces",),
        ("commits", "89abcdef"): ("fixes",),
        ("kernels", "6.1"): ("ab" * 20,),
    }


def test_names_that_differ_in_case_alone_have_pages_on_every_disk() -> None:
    names = ("SyS_write", "sys_write", "Sys_write", "vfs_write")
    way = tuple(ChainStep(function=name) for name in names)
    terms = find_terms([facts("a", ReportEvidence(title="t", chain=way))])
    urls = {term.name: term.url for term in terms["functions"]}
    assert urls["sys_write"] == "functions/sys_write/"
    assert urls["vfs_write"] == "functions/vfs_write/"
    assert re.fullmatch(r"functions/SyS_write-[0-9a-f]{6}/", urls["SyS_write"])
    assert len({url.lower() for url in urls.values()}) == 4
    assert moved_terms(terms) == {
        f"functions/{name}/": urls[name] for name in ("SyS_write", "Sys_write")
    }


def test_a_name_keeps_its_address_when_another_comes_that_differs_in_case() -> None:
    alone, both = (
        find_terms([facts("a", ReportEvidence(title="t", chain=tuple(map(ChainStep, names))))])
        for names in (("foo",), ("Foo", "foo"))
    )
    assert alone["functions"][0].url == both["functions"][1].url == "functions/foo/"
    assert moved_terms(alone) == {}


def test_several_reports_through_one_function_are_one_mention() -> None:
    (panic, *_) = find_terms([facts("a", REPORT, logs=3)])["functions"]
    assert len(panic.mentions) == 1
    assert len(panic.mentions[0].passages) == 3


@pytest.mark.parametrize(
    ("taxonomy", "name", "url"),
    [
        (
            "functions",
            "entry_SYSCALL_64_after_hwframe",
            "functions/entry_SYSCALL_64_after_hwframe/",
        ),
        ("files", "fs/read_write.c", "files/fs/read_write.c/"),
        ("kernels", "6.2.0-rc2+", "kernels/6.2.0-rc2+/"),
        ("layers", "System call interface", "layers/system-call-interface/"),
        ("functions", "..", "functions/5ec1f7/"),
        ("functions", "<T as core::fmt>::fmt", "functions/t-as-core-fmt-fmt-11cdde/"),
        ("files", "../../etc/passwd", "files/5ec1f7/5ec1f7/etc/passwd/"),
        ("files", "/lab/a.c", "files/lab/a.c/"),
        ("files", "///", "files/732c4e/"),
        ("tags", "index.html", "tags/index-html-0eb547/"),
    ],
)
def test_a_term_stands_at_an_address_that_depends_on_its_name_alone(
    taxonomy: str, name: str, url: str
) -> None:
    assert term_url(taxonomy, name) == url


@pytest.mark.parametrize(
    "name", ["a" * 5000, "\ud800", "a\0b", "a\nb", ".", " ", "-", "%2e%2e", "ä"]
)
def test_no_name_leaves_its_folder(name: str) -> None:
    url = term_url("functions", name)
    folder, segment, end = url.split("/")
    assert (folder, end) == ("functions", "")
    assert 0 < len(segment) <= 100
    assert segment.isascii()
    assert segment.isprintable()
    assert not segment.startswith(".")


def test_a_function_that_nobody_can_name_is_no_term() -> None:
    lost = ChainStep(function="the function before panic", missing=True)
    found = facts("a", ReportEvidence(title="t", chain=(_WAY[0], lost, _WAY[2])))
    assert [(one.function, one.before, one.after) for one in found.passages] == [
        ("vfs_write", "", ""),
        ("panic", "", ""),
    ]


def test_the_authors_layers_are_the_wikis() -> None:
    found = facts(
        "a", REPORT, front=FrontMatter(layers={"fs/proc/": "Procs", "vfs_write": "Files"})
    )
    assert [one.layer for one in found.passages] == ["Files", "Procs", "Panic"]
