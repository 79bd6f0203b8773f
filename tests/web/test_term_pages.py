"""The pages of terms: neighbours, source and counts, as plain values and through the theme."""

from hashlib import sha256

import pytest

from sitegen.diagnostics import Sink
from sitegen.model import Snippet, Subsystem
from sitegen.web import pages
from sitegen.web.index import (
    TAXONOMIES,
    CaseRow,
    Finding,
    Holder,
    Index,
    Mention,
    Passage,
    Term,
    term_url,
)
from sitegen.web.pages.terms import overview_view, shape_of, taxonomy_of
from sitegen.web.pages.terms.code import code_view
from sitegen.web.pages.terms.function import function_view
from sitegen.web.pages.terms.listing import listing
from sitegen.web.pages.terms.neighbours import callees, callers
from sitegen.web.pages.terms.plain import term_view
from sitegen.web.theme import Theme

CHROME = pages.make_chrome(Index(), title="Notes")


def row(slug: str, date: str = "2026-01-01") -> CaseRow:
    return CaseRow(
        url=f"cases/{slug}/", title=f"Case <{slug}>", date=date, source=f"cases/{slug}.md"
    )


def passage(**facts: object) -> Passage:
    known = {"function": "vfs_write", "file": "fs/read_write.c", "line": 7, "letter": "V"}
    return Passage(**(known | facts))


def term(taxonomy: str, name: str, *passages: tuple[Passage, ...]) -> Term:
    mentions = tuple(Mention(row(f"c{n}"), found) for n, found in enumerate(passages))
    return Term(taxonomy, name, name, term_url(taxonomy, name), mentions)


def snippet(text: str, *shown: tuple[int, int], mark: int | None = None) -> Snippet:
    digest = sha256(text.encode()).hexdigest()
    return Snippet("fs/read_write.c", 1, 20, shown, digest, mark, text=text)


def test_neighbours_stand_by_count_and_say_how_control_came() -> None:
    ways = [
        passage(before="ksys_write", kind="direct", before_letter="V"),
        passage(before="kernel_write", kind="tail"),
        passage(before="ksys_write", kind="direct", before_letter="V"),
        passage(before="", kind="entry"),
    ]
    found = callers(ways)
    assert [(one.name, one.chains, one.share, one.part, one.words) for one in found.shown] == [
        ("ksys_write", 2, 100, "layer-v", "direct"),
        ("kernel_write", 1, 50, "layer-x", "tail call"),
    ]
    assert found.shown[0].url == "functions/ksys_write/"
    assert found.more == 0


def test_callees_say_through_which_pointer_and_the_many_are_counted() -> None:
    ways = [passage(after=f"f{n:02}", onward="file_operations.write") for n in range(15)]
    found = callees(ways)
    assert len(found.shown) == 12
    assert found.more == 3
    assert found.shown[0].words == "through file_operations.write"


def test_source_is_put_together_from_what_the_cases_show() -> None:
    head = snippet("int f(void)\n{\n\tg();\n", (1, 2), (7, 7), mark=7)
    tail = snippet("int f(void)\n\th();\n\treturn 0;\n", (1, 1), (9, 10), mark=9)
    ways = [
        passage(line=7, after="g", snippet=head.sha256),
        passage(line=7, after="g", snippet=head.sha256),
        passage(line=9, snippet=tail.sha256, crashed=True),
    ]
    found = listing(ways, {one.sha256: one for one in (head, tail)})
    assert found is not None
    assert [(one.number, one.gap, one.goes, one.crashed) for one in found.lines] == [
        (1, 0, "", False),
        (2, 0, "", False),
        (7, 4, "calls g in 2 reports", False),
        (9, 1, "crashed here", True),
        (10, 0, "", False),
    ]
    assert (found.first, found.last, found.others) == (1, 20, 0)


def test_a_line_with_several_callees_counts_them() -> None:
    text = snippet("\tp->f();\n", (7, 7), mark=7)
    ways = [passage(line=7, after=name, snippet=text.sha256) for name in ("a", "b", "b")]
    found = listing(ways, {text.sha256: text})
    assert found is not None
    assert [one.goes for one in found.lines] == ["3 reports, 2 callees"]


def test_states_of_a_function_in_several_kernels_are_not_mixed() -> None:
    one = snippet("int f(void)\n", (1, 1))
    other = Snippet(
        "fs/read_write.c", 500, 520, ((500, 500),), "other", None, text="long f(void)\n"
    )
    ways = [passage(snippet=name) for name in (one.sha256, "other", "other")]
    found = listing(ways, {one.sha256: one, "other": other})
    assert found is not None
    assert [line.number for line in found.lines] == [500]
    assert found.others == 1


@pytest.mark.parametrize("shown", [((1, 9),), ((5, 1),), ((1, 10**12),), ((2, 1), (1, 1))], ids=str)
def test_a_snippet_whose_lines_do_not_fit_is_no_source(shown) -> None:
    bad = snippet("one\ntwo\n", *shown)
    assert listing([passage(snippet=bad.sha256)], {bad.sha256: bad}) is None


def test_a_function_says_what_happened_in_it() -> None:
    view = function_view(
        TAXONOMIES[0], term("functions", "f", (passage(),), (passage(crashed=True), passage())), {}
    )
    assert view.says == "On the way of 3 reports in 2 cases; 1 crashed here."
    always = function_view(TAXONOMIES[0], term("functions", "f", (passage(crashed=True),)), {})
    assert always.says == "On the way of 1 report in 1 case, which crashed here."
    never = function_view(TAXONOMIES[0], term("functions", "f", (passage(),)), {})
    assert never.says == "On the way of 1 report in 1 case; none ended here."


def test_a_warning_is_not_counted_as_a_crash() -> None:
    ends = (
        passage(crashed=True, report="warning"),
        passage(crashed=True, report="null-deref"),
        passage(crashed=True, report="warning"),
        passage(crashed=True, report="warning", after="panic"),
        passage(),
    )
    view = function_view(TAXONOMIES[0], term("functions", "f", ends), {})
    assert view.says.endswith("; 2 warned, 1 crashed, 1 panicked here.")
    code = code_view(TAXONOMIES[1], term("files", "a.c", ends), {})
    assert [(one.reports, one.ended, one.ends) for one in code.functions] == [
        (5, 4, "2 warned, 1 crashed, 1 panicked")
    ]


def test_a_function_leads_to_where_a_case_walks_it() -> None:
    ways = (passage(number=3, steps=9), passage(number=4, steps=8, anchor="walk-vfs_write"))
    (shown,) = function_view(TAXONOMIES[0], term("functions", "vfs_write", ways), {}).rows
    assert (shown.place, shown.anchor) == ("4 of 8", "walk-vfs_write")


def test_an_ops_table_names_the_slots_that_were_called_through() -> None:
    holder = Holder(symbol="fops", type="file_operations", file="a.c", line=3, slot="x.write")
    tables = next(one for one in TAXONOMIES if one.key == "tables")
    view = code_view(tables, term("tables", "fops", (passage(holders=(holder,)),) * 2), {})
    assert view.table is not None
    assert view.table.slots == (("x.write", "vfs_write", "functions/vfs_write/"),)
    assert (view.table.file, view.table.line) == ("a.c", "3")


def test_where_it_crashed_comes_first_among_the_functions_of_a_file() -> None:
    ways = (passage(function="a"), passage(function="a"), passage(function="z", crashed=True))
    files = next(one for one in TAXONOMIES if one.key == "files")
    view = code_view(files, term("files", "a.c", ways), {})
    assert [(one.name, one.reports, one.ended) for one in view.functions] == [
        ("z", 1, 1),
        ("a", 2, 0),
    ]


@pytest.mark.parametrize("taxonomy", [one.key for one in TAXONOMIES])
def test_every_taxonomy_has_pages_that_escape_what_they_show(
    taxonomy: str, default_theme: Theme
) -> None:
    name = "<b>&\"'"
    holder = Holder(symbol=name, type=name, file=name, slot=name)
    way = passage(
        function=name, file=name, layer=name, subsystem=name, before=name, after=name,
        onward=name, slot=name, holders=(holder,), anchor=name,
    )  # fmt: skip
    finding = Finding(kind=name, label=name, title=name, function=name)
    made = Term(
        taxonomy, name, name, term_url(taxonomy, name), (Mention(row("a"), (way,), (finding,)),)
    )
    sink = Sink()
    page = pages.render_term(made, {}, theme=default_theme, chrome=CHROME, sink=sink)
    assert not sink.found()
    assert page is not None
    assert "<b>&" not in page.html
    assert "Case &lt;a&gt;" in page.html
    home = taxonomy_of(made)
    listed = pages.render_terms(home, (made,), theme=default_theme, chrome=CHROME, sink=sink)
    assert listed is not None
    assert "<b>&" not in listed.html
    assert not sink.found()


def test_a_commits_page_says_what_it_fixes_and_what_it_introduced() -> None:
    mentions = (
        Mention(row("a"), notes=("fixes",)),
        Mention(row("b"), notes=("introduces", "fixes")),
        Mention(row("c"), notes=("fixes",)),
    )
    made = Term("commits", "1234567", "1234567", "commits/1234567/", mentions)
    view = term_view(taxonomy_of(made), made, {})
    assert view.says == "Fixes 3 cases, introduced 1 case."
    assert [one.role for one in view.rows] == ["fixes it", "introduced it, fixes it", "fixes it"]
    assert view.builds == ()


def test_a_kernels_page_has_its_build_ids() -> None:
    mentions = (Mention(row("a"), notes=("cd", "ab")), Mention(row("b"), notes=("ab",)))
    made = Term("kernels", "6.1", "6.1", "kernels/6.1/", mentions)
    view = term_view(taxonomy_of(made), made, {})
    assert (view.says, view.builds) == ("2 cases.", ("ab", "cd"))


def test_only_pages_that_show_source_ask_for_it() -> None:
    assert {one.key for one in TAXONOMIES if shape_of(one.key).snippets} == {"functions"}


def test_the_list_of_a_taxonomy_counts_cases_once() -> None:
    made = (term("files", "a.c", (passage(),)), term("files", "b.c", (passage(),), (passage(),)))
    view = overview_view(taxonomy_of(made[0]), made)
    assert view.says == "2 source files in 2 cases."
    assert [(one.title, one.cases) for one in view.rows] == [("a.c", 1), ("b.c", 2)]


def test_a_subsystem_says_who_keeps_it(default_theme: Theme) -> None:
    known = Subsystem("LAMPS", "Odd Fixes", ("A <a@b.example>",), ("lamps@lists.example",))
    mention = Mention(row("a"), (passage(subsystem="LAMPS"),), (), known)
    made = Term("subsystems", "LAMPS", "LAMPS", "subsystems/LAMPS/", (mention,))
    page = pages.render_term(made, {}, theme=default_theme, chrome=CHROME, sink=Sink())
    assert page is not None
    for words in ("Odd Fixes", "A &lt;a@b.example&gt;", "lamps@lists.example"):
        assert f"<dd>{words}</dd>" in page.html
