"""Two logs of one bug: the ways they took, function by function."""

import posixpath
from typing import NamedTuple

from sitegen import codes
from sitegen.diagnostics import Sink, nearest_hint
from sitegen.model import LogEvidence, ReportEvidence
from sitegen.web.directives.align import (
    Pair,
    Passed,
    align,
    joining,
    parting,
    way_of_chain,
    way_of_trace,
)
from sitegen.web.directives.places import Browse, Spot, spot
from sitegen.web.directives.values import Case
from sitegen.web.markdown import DirectiveUse


class SideView(NamedTuple):
    """One of the two."""

    name: str
    kernel: str
    href: str
    "from the site's root; empty for a log of this page"


class DiffRow(NamedTuple):
    """A function of one or of both."""

    kind: str
    sign: str
    says: str
    "what the sign stands for"
    name: str
    left: Spot
    right: Spot
    "where it stood; both are the same where `kind` is"


class DiffView(NamedTuple):
    """The ways side by side."""

    left: SideView
    right: SideView
    says: str
    parted: str
    "the last function before they part; empty when they do not"
    joined: str
    "the first function from which on they are the same; empty when there is none"
    rows: tuple[DiffRow, ...]


class _Side(NamedTuple):
    view: SideView
    evidence: LogEvidence
    browse: Browse

    @property
    def report(self) -> ReportEvidence | None:
        reports = self.evidence.reports
        return reports[self.evidence.lead] if reports else None


_SIGNS = {
    "same": ("", ""),
    "moved": ("~", "at another line"),
    "left": ("\N{MINUS SIGN}", "only in the first"),
    "right": ("+", "only in the second"),
}


def diff_view(use: DirectiveUse, case: Case, sink: Sink) -> DiffView | None:
    """The view; None, with a complaint, where one of the two is not there or has no way to show."""
    names = use.argument.split()
    if len(names) == 1:
        names.insert(0, use.option("log") or (case.logs[0].id if case.logs else ""))
    if len(names) != 2:
        sink.add(codes.M005, "compares two logs", at=use.at, hint="name one log or two")
        return None
    sides = [_side(name, use, case, sink) for name in names]
    left, right = sides
    if left is None or right is None:
        return None
    if left == right:
        sink.add(codes.M005, "compares a log with itself", at=use.at, hint="name another log")
        return None
    ways = _ways(left, right, use.option("by"))
    if not (ways[0] and ways[1]):
        silent = left if not ways[0] else right
        message = f"there is no trace in '{silent.view.name}' to compare"
        sink.add(codes.C002, message, at=use.at)
        return None
    pairs = align(*ways)
    return DiffView(
        left=left.view,
        right=right.view,
        says=_says(pairs, left, right),
        parted=parting(pairs),
        joined=joining(pairs),
        rows=tuple(_row(pair, left, right) for pair in pairs),
    )


def _side(name: str, use: DirectiveUse, case: Case, sink: Sink) -> _Side | None:
    """The log of this name: one of the case's, or the first (or the one behind `#`) of another's."""
    path, _, wanted = name.partition("#")
    if not path.endswith(".md"):
        log = case.find_log(name)
        if log is None and case.logs:  # that a case has none at all was said
            hint = nearest_hint(name, {one.id for one in case.logs})
            sink.add(codes.M005, f"the case has no log '{name}'", at=use.at, hint=hint)
        if log is None:
            return None
        view = SideView(log.id, log.evidence.kernel or log.log.release, "")
        return _Side(view, log.evidence, log.browse)
    other = next((one for one in case.compared if one.written == posixpath.normpath(path)), None)
    if other is None:
        hint = "name its file as a link would, `other-case.md`"
        sink.add(codes.M005, f"the case '{path}' does not exist", at=use.at, hint=hint)
        return None
    if not other.logs:
        sink.add(codes.C002, f"the case '{path}' has no lock to compare with", at=use.at)
        return None
    found = next((one for one in other.logs if one.id == wanted), None) if wanted else other.logs[0]
    if found is None:
        hint = nearest_hint(wanted, {one.id for one in other.logs})
        sink.add(codes.M005, f"the case '{path}' has no log '{wanted}'", at=use.at, hint=hint)
        return None
    name = other.title if len(other.logs) == 1 else f"{other.title}, {found.id}"
    return _Side(SideView(name, found.kernel, other.url), found, other.browse)


def _ways(left: _Side, right: _Side, by: str) -> tuple[tuple[Passed, ...], tuple[Passed, ...]]:
    """What is compared: the chains where both have one, unless traces are asked for."""
    if left.report is None or right.report is None:
        return (), ()
    if by != "trace" and left.report.chain and right.report.chain:
        return way_of_chain(left.report), way_of_chain(right.report)
    return way_of_trace(left.report), way_of_trace(right.report)


def _row(pair: Pair, left: _Side, right: _Side) -> DiffRow:
    sign, says = _SIGNS[pair.kind]
    name = next(one.name for one in (pair.left, pair.right) if one)
    return DiffRow(
        pair.kind, sign, says, name, _spot(pair.left, left.browse), _spot(pair.right, right.browse)
    )


def _spot(passed: Passed | None, browse: Browse) -> Spot:
    if passed is None:
        return Spot("")
    where = spot(passed.file, passed.line, browse)
    said = [where.text] if where.text else ["there"]
    said += ["inlined"] if passed.inlined else []
    said += [f"{passed.times} times"] if passed.times > 1 else []
    return Spot(", ".join(said), where.href)


_ONLY = (("left", "only in the first"), ("right", "only in the second"))


def _says(pairs: tuple[Pair, ...], left: _Side, right: _Side) -> str:
    """How much of the way is the same."""
    count = {kind: sum(pair.kind == kind for pair in pairs) for kind in _SIGNS}
    both = count["same"] + count["moved"]
    total = len(pairs)
    if both == total:
        words = f"Both went the same way, through {total} functions"
    elif both == 0:
        words = "They have no function in common"
    else:
        words = f"{both} of {total} functions are the same"
    said = [words]
    if count["moved"]:
        differ = left.evidence.kernel != right.evidence.kernel
        why = ", as the kernels differ" if differ else ""
        where = (
            "1 is at another line"
            if count["moved"] == 1
            else f"{count['moved']} are at other lines"
        )
        said.append(f"{where}{why}")
    if both != total and both:
        said += [f"{count[kind]} {where}" for kind, where in _ONLY if count[kind]]
    return "; ".join(said) + "."
