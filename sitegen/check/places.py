"""Places in the source that the prose names, held against the tree."""

from collections.abc import Iterator

from sitegen import codes
from sitegen.build.kernels import Kernels
from sitegen.check.subjects import Subject
from sitegen.crash.source import Tree
from sitegen.diagnostics import Diagnostic, Place, meant_hint
from sitegen.model import LogEvidence
from sitegen.web.markdown import Asked, find_roles
from sitegen.wording import counted


def named_places(subject: Subject, kernels: Kernels) -> Iterator[Diagnostic]:
    """`src` roles whose file, or line of it, no tree of the case's kernels has.

    Files that the evidence names are left alone: those of modules stand in no tree.
    """
    asked = find_roles(subject.document.body, "src")
    if not asked:
        return
    trees: dict[str, Tree] = {}
    known: set[str] = set()
    for log, entry in subject.entries():
        kernel = kernels.find(subject.document.release(log, entry.kernel), "")
        if kernel is None or kernel.source is None or not kernel.source.exists():
            return  # the place may be one of a tree that is elsewhere
        tree = kernels.tree(kernel)
        if tree is None:
            return
        trees[kernel.name] = tree
        known |= set(_files(entry))
    for one in asked:
        file, _, lines = one.argument.partition(":")
        faults = [_fault(file, lines, tree) for tree in trees.values()]
        elsewhere = file in known and all(tree.lines(file) is None for tree in trees.values())
        if faults and all(faults) and not elsewhere:
            near = {name for tree in trees.values() for name in tree.siblings(file)}
            hint = "" if file in near else meant_hint(file, near)
            yield Diagnostic(codes.R010, faults[0], _place(one, subject), hint)


def _files(entry: LogEvidence) -> Iterator[str]:
    for report in entry.reports:
        for step in report.chain:
            yield step.file
            yield from (table.file for table in step.edge.tables)
        for trace in report.traces:
            yield from (call.file for frame in trace.frames for call in frame.calls)


def _fault(file: str, lines: str, tree: Tree) -> str:
    """What is wrong with a place in this tree; empty when nothing is."""
    text = tree.lines(file)
    if text is None:
        return tree.why_not(file)
    last = lines.rpartition("-")[2]
    if last.isascii() and last.isdigit() and len(last) < _DIGITS and int(last) > len(text):
        return f"'{file}' has {counted(len(text), 'line')}, and no line {int(last)}"
    return ""


_DIGITS = 8


def _place(one: Asked, subject: Subject) -> Place:
    """Where the role's text stands, as far as its line tells."""
    document = subject.document
    line = document.body.split("\n")[one.line - 1]
    number = document.body_line + one.line - 1
    column = line.find(f"`{one.argument}`") + 2
    if column < 2 or len(line) > _LONGEST:
        return Place(document.file, number)
    return Place(document.file, number, column, column + len(one.argument), line)


_LONGEST = 300
"""Characters of a line that a diagnostic still quotes."""
