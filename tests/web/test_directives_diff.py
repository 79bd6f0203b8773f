"""Two logs of one bug beside each other."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from sitegen.diagnostics import Place, Sink, as_text
from sitegen.model import Call, ChainStep, LogEvidence, ReportEvidence, Trace, TraceFrame
from sitegen.web import directives
from sitegen.web.content import FrontMatter
from sitegen.web.directives import Case, CaseLog, Compared
from sitegen.web.directives.align import (
    MOST,
    Passed,
    align,
    joining,
    parting,
    way_of_chain,
    way_of_trace,
)
from sitegen.web.directives.diff import DiffView
from sitegen.web.markdown import DirectiveUse
from sitegen.web.theme import Theme


def way(names: str) -> list[Passed]:
    """`a:1 b` -> functions with lines."""
    found = []
    for word in names.split():
        name, _, line = word.partition(":")
        found.append(Passed(name, "x.c", int(line) if line else None))
    return found


@pytest.mark.parametrize(
    ("left", "right", "pairs", "parted"),
    [
        ("a b c", "a b c", "=a =b =c", ""),
        ("a:1 b:2", "a:1 b:3", "=a ~b", ""),
        ("a b c d", "a c d", "=a -b =c =d", "a"),
        ("a c d", "a b c d", "=a +b =c =d", "a"),
        ("a b d", "a c d", "=a -b +c =d", "a"),
        ("a b", "c d", "-a -b +c +d", ""),
        ("a a a b", "a b", "=a -a -a =b", "a"),
    ],
)
def test_ways_are_aligned_by_the_names_of_their_functions(
    left: str, right: str, pairs: str, parted: str
) -> None:
    signs = {"same": "=", "moved": "~", "left": "-", "right": "+"}
    found = align(way(left), way(right))
    said = [signs[one.kind] + next(x.name for x in (one.left, one.right) if x) for one in found]
    kept = {"=", "~"}
    assert sorted(said) == sorted(pairs.split())
    assert [x[1] for x in said if x[0] in kept] == [x[1] for x in pairs.split() if x[0] in kept]
    assert [one.left for one in found if one.left] == way(left)
    assert [one.right for one in found if one.right] == way(right)
    if "a a" not in left:
        assert parting(found) == parted


def test_ways_that_end_alike_join_and_others_do_not() -> None:
    assert joining(align(way("a b d e"), way("a c d e"))) == "d"
    assert joining(align(way("a b"), way("a b"))) == ""
    assert joining(align(way("a b"), way("a c"))) == ""
    assert joining(align(way("a"), way("b"))) == ""


def test_a_function_that_calls_itself_stands_once_and_long_ways_keep_their_end() -> None:
    chain = (*[ChainStep("f", "x.c", n) for n in range(5)], ChainStep("g", "x.c", 9))
    assert way_of_chain(ReportEvidence("t", chain=chain)) == (
        Passed("f", "x.c", 4, times=5),
        Passed("g", "x.c", 9),
    )
    long = tuple(ChainStep(f"f{number}") for number in range(10_000))
    found = way_of_chain(ReportEvidence("t", chain=long))
    assert (len(found), found[-1].name) == (MOST, "f9999")


def test_the_way_of_a_trace_is_its_reliable_frames_outermost_first() -> None:
    frames = (
        TraceFrame(
            symbol="inner",
            reliable=True,
            calls=(Call("deep", "x.c", 1, inlined=True), Call("inner", "x.c", 2)),
        ),
        TraceFrame(symbol="doubt", reliable=False, calls=(Call("doubt", "x.c", 3),)),
        TraceFrame(symbol="outer", reliable=True, undecoded="why"),
    )
    report = ReportEvidence("t", traces=(Trace("Call Trace", "task", 1, frames),))
    assert way_of_trace(report) == (
        Passed("outer"),
        Passed("inner", "x.c", 2),
        Passed("deep", "x.c", 1, inlined=True),
    )
    assert way_of_trace(ReportEvidence("t")) == ()


# --- The directive ----------------------------------------------------------------------------


def changed(log: CaseLog, name: str) -> CaseLog:
    """The log by another kernel: one function at another line, one gone, one new."""
    report = log.evidence.reports[0]
    chain = [step for step in report.chain if step.function != "do_write"]
    chain[2] = replace(chain[2], line=41)
    chain.insert(3, ChainStep("new_write", "fs/rw.c", 99))
    entry = replace(
        log.evidence, kernel="6.2.0", reports=(replace(report, chain=tuple(chain)),), id=name
    )
    return replace(log, id=name, evidence=entry)


@pytest.fixture
def two(case_log: Callable[..., CaseLog]) -> Case:
    first = case_log()
    return Case(front=FrontMatter(), logs=(first, changed(first, "second")))


def show(case: Case, argument: str, **options: str) -> tuple[DiffView | None, list[str]]:
    sink = Sink()
    use = DirectiveUse(
        name="diff", argument=argument, options=tuple(options.items()), at=Place("a.md", 3)
    )
    view = directives.view_of(use, case, sink)
    return view, [as_text(one) for one in sink]  # type: ignore[return-value]  reason: of this directive


def test_a_log_is_compared_with_the_first_and_the_rows_say_what_differs(two: Case) -> None:
    view, said = show(two, "second")
    assert view is not None
    assert said == []
    assert [(row.sign, row.name, row.left.text, row.right.text) for row in view.rows] == [
        ("", "entry_SYSCALL_64", "arch/entry.S:121", "arch/entry.S:121"),
        ("", "__x64_sys_write", "fs/rw.c:60", "fs/rw.c:60"),
        ("~", "vfs_write", "fs/rw.c:40", "fs/rw.c:41"),
        ("\N{MINUS SIGN}", "do_write", "fs/rw.c:30, inlined", ""),
        ("+", "new_write", "", "fs/rw.c:99"),
        ("", "lamp_handle", "drivers/lamp.c:12", "drivers/lamp.c:12"),
        ("", "panic", "kernel/panic.c:339", "kernel/panic.c:339"),
    ]
    assert view.says == (
        "5 of 7 functions are the same; 1 is at another line, as the kernels differ; "
        "1 only in the first; 1 only in the second."
    )
    assert (view.parted, view.joined) == ("vfs_write", "lamp_handle")
    assert (view.left.name, view.left.kernel) == ("panic-1", "6.1.0-test")
    assert (view.right.name, view.right.kernel) == ("second", "6.2.0")


def test_two_logs_are_named_and_the_first_comes_first(two: Case) -> None:
    view, _ = show(two, "second panic-1")
    assert view is not None
    assert (view.left.name, view.right.name) == ("second", "panic-1")
    view, _ = show(two, "panic-1", log="second")
    assert view is not None
    assert (view.left.name, view.right.name) == ("second", "panic-1")


def test_traces_can_be_compared_instead_of_chains(two: Case) -> None:
    view, _ = show(two, "second", by="trace")
    assert view is not None
    assert [row.name for row in view.rows] == [
        *("entry_SYSCALL_64", "vfs_write", "do_write", "lamp_handle", "panic"),
    ]
    assert view.says == "Both went the same way, through 5 functions."


def test_another_case_is_compared_by_its_file(two: Case) -> None:
    entry = two.logs[1].evidence
    other = Compared(
        written="../b/index.md", title="The <other>", url="cases/b/", logs=(entry, entry)
    )
    case = replace(two, logs=two.logs[:1], compared=(other,))
    view, said = show(case, "../a/../b/index.md#second")
    assert said == []
    assert view is not None
    assert (view.right.name, view.right.href) == ("The <other>, second", "cases/b/")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("secnod", "error[M005]: the case has no log 'secnod'\n  hint: did you mean 'second'?"),
        ("panic-1", "error[M005]: compares a log with itself"),
        ("panic-1 second third", "error[M005]: compares two logs"),
        ("none.md", "error[M005]: the case 'none.md' does not exist"),
        ("b.md#third", "error[M005]: the case 'b.md' has no log 'third'"),
        ("empty.md", "warning[C002]: the case 'empty.md' has no lock to compare with"),
        ("silent.md", "warning[C002]: there is no trace in 'Silent' to compare"),
    ],
)
def test_what_cannot_be_compared_is_a_complaint(two: Case, argument: str, message: str) -> None:
    silent = LogEvidence("panic-1", "", reports=(ReportEvidence("t"),))
    case = replace(
        two,
        compared=(
            Compared(written="b.md", title="B", url="cases/b/", logs=(two.logs[1].evidence,)),
            Compared(written="empty.md", title="Empty", url="cases/empty/"),
            Compared(written="silent.md", title="Silent", url="cases/s/", logs=(silent,)),
        ),
    )
    view, said = show(case, argument)
    assert view is None
    assert len(said) == 1
    assert said[0].startswith(f"a.md:3: {message}")


def test_the_table_is_read_without_style(two: Case, default_theme: Theme) -> None:
    view, _ = show(two, "second")
    sink = Sink()
    html = default_theme.render(
        "directives/diff.html", url="cases/a/", context={"view": view}, sink=sink
    )
    assert html is not None
    assert list(sink) == []
    assert '<span class="unseen">only in the first</span>' in html
    assert '<th scope="row">new_write</th>' in html
    assert html.count('colspan="2"') == 4


def test_a_way_is_made_of_the_stack_that_the_chain_was_made_of() -> None:
    def trace(title: str, line: int, name: str) -> Trace:
        frame = TraceFrame(line=line, symbol=name, reliable=True, lookup="return")
        return Trace(title, "task", line - 1, (frame,))

    traces = (trace("Allocated in g", 3, "g"), trace("Call Trace", 9, "f"))
    report = ReportEvidence("t", traces=traces, chain=(ChainStep("f", log_line=9),))
    assert [passed.name for passed in way_of_trace(report)] == ["f"]
    assert [passed.name for passed in way_of_trace(replace(report, chain=()))] == ["g"]
