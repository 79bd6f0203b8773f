"""What an author can place on a page: one entry of `DIRECTIVES` each, and the partial of its name.

A directive is its spec (for web/markdown, which checks its use) and a function from
a use and the case to the view that `directives/NAME.html` of the theme shows. To add
one, add both.
"""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.content import PANIC_OPTIONS
from sitegen.web.directives.chain import chain_view
from sitegen.web.directives.claim import claim_view
from sitegen.web.directives.diff import diff_view
from sitegen.web.directives.excerpt import excerpt_view
from sitegen.web.directives.log import log_view
from sitegen.web.directives.occurrences import occurrences_view
from sitegen.web.directives.parts import TITLES, frame_view, note_view, part_view, registers_view
from sitegen.web.directives.steps import steps_of
from sitegen.web.directives.values import Case, CaseLog, Compared
from sitegen.web.directives.walk import walk_view
from sitegen.web.markdown import DirectiveSpec, DirectiveUse

__all__ = [
    "DIRECTIVES",
    "NOTES",
    "SPECS",
    "Case",
    "CaseLog",
    "Compared",
    "Directive",
    "placed_key",
    "view_of",
]


class Directive(NamedTuple):
    """A directive: what it takes, and what it shows (None: nothing, and the sink knows why)."""

    spec: DirectiveSpec
    view: Callable[[DirectiveUse, Case, Sink], object | None]


_LOG = frozenset({"log"})


def _panic(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """A log: the lines below, or the file that `:file:` names.

    `:id:`, `:date:` and `:kernel:` say what it is called, when it happened, and which kernel it
    is of where it does not say so itself.
    """
    del sink
    log = case.find_log(use.log) if use.log else None
    return log_view(case, log) if log else None


def _trace(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """The call trace, decoded, of the log that `:log:` names, else of the case's first."""
    log = _log(use, case, sink)
    return part_view(case, log, "trace") if log else None


def _registers(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """The registers of the dump, or those alone that the argument names (`RIP RAX`)."""
    log = _log(use, case, sink)
    if log is None:
        return None
    if not use.argument:
        return part_view(case, log, "registers")
    found = registers_view(case, log, use.argument)
    shown = {row.name.lower() for row in found.rows} if found else set()
    states = log.report.states if log.report else ()
    names = {register.name.lower() for state in states for register in state.registers}
    for name in dict.fromkeys(use.argument.replace(",", " ").split()):
        if name.lower() in shown:
            continue
        if name.lower() in names:
            message, hint = f"the dump shown has no register '{name}', another has", ""
        else:
            message = f"the log has no register '{name}'"
            hint = nearest_hint(name.lower(), names)
        sink.add(codes.M005, message, at=use.at, hint=hint)
    return found


def _code(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """The `Code:` line with the instructions around the PC."""
    log = _log(use, case, sink)
    return part_view(case, log, "code") if log else None


def _chain(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """The summary chain, entry first: one row a step, each with how control got there and the proof.

    Headed by the case's trigger. `:log:` names another log than the case's first.
    """
    log = _log(use, case, sink)
    return chain_view(case, log) if log else None


def _walk(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """The walk: one block a function, entry first, from its signature to the call, by layers.

    Steps that `frame` directives show in the prose are links there. `:log:` names another log
    than the case's first.
    """
    log = _log(use, case, sink)
    return walk_view(case, log) if log else None


def _frame(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """One step of the walk, the first of the function named, with the author's prose below it.

    A function that the chain does not have is an error naming the nearest. `:log:` names
    another log than the case's first.
    """
    log = _log(use, case, sink)
    if log is None:
        return None
    found = frame_view(case, log, use.argument, use.body)
    if found is None:
        sink.add(
            codes.C001,
            f"no function '{use.argument}' in the chain",
            at=use.at,
            hint=nearest_hint(use.argument, {step.step.function for step in steps_of(case, log)}),
        )
    return found


def _occurrences(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """The reports of the case over time: its own logs and what was seen elsewhere."""
    del use, sink
    return occurrences_view(case)


def _diff(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """Two logs of one bug, the ways they took side by side, entry first.

    The argument names one log (compared with the one that `:log:` names, else the case's
    first) or two: by their ids, or `other-case.md` and `other-case.md#panic-2` for logs of
    another case. `:by: trace` compares the frames of the traces instead of the chains.
    """
    return diff_view(use, case, sink)


def _source(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """Lines of the source tree of the log's kernel, or a function of it, as the lock holds them.

    `fs/read_write.c:582-600`, `fs/read_write.c:582` (the function up to that line),
    `fs/read_write.c:vfs_write` or `vfs_write`; build/excerpts.py finds them before.
    """
    log = _log(use, case, sink)
    return excerpt_view(log, use.argument, use.body) if log else None


def _claim(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """A claim that is checked against the evidence, above the prose that explains it.

    `RDI == 0x6fc`, `frame vfs_write at fs/read_write.c:582`, `fault at 0x8`; `sitegen explain
    C004` lists the forms. `:log:` names another log than the case's first.
    """
    return claim_view(
        use.argument, use.body, case, log=use.option("log"), at=_argument_at(use), sink=sink
    )


def _argument_at(use: DirectiveUse) -> Place:
    """Where the argument stands in the line that opens the directive; the directive's name else."""
    column = use.at.text.rfind(use.argument) + 1
    if not column:
        return use.at
    return replace(use.at, column=column, end=column + len(use.argument))


def _note(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """A remark set apart; the argument is its title."""
    del case, sink
    return note_view(use.name, use.argument, use.body)


DIRECTIVES: tuple[Directive, ...] = (
    Directive(DirectiveSpec("panic", options=PANIC_OPTIONS, body="text"), _panic),
    Directive(DirectiveSpec("trace", options=_LOG, body="none"), _trace),
    Directive(DirectiveSpec("registers", "optional", options=_LOG, body="none"), _registers),
    Directive(DirectiveSpec("code", options=_LOG, body="none"), _code),
    Directive(DirectiveSpec("walk", options=_LOG, body="none"), _walk),
    Directive(DirectiveSpec("chain", options=_LOG, body="none"), _chain),
    Directive(
        DirectiveSpec(
            "frame",
            "required",
            options=_LOG,
            wants="a function of the chain, as in ':::{frame} vfs_write'",
        ),
        _frame,
    ),
    Directive(DirectiveSpec("occurrences", body="none"), _occurrences),
    Directive(
        DirectiveSpec(
            "diff",
            "required",
            options=frozenset({"log", "by"}),
            body="none",
            wants="two logs, as in ':::{diff} panic-1 panic-2', or one to compare with the case's "
            "first, as in ':::{diff} other-case.md'",
        ),
        _diff,
    ),
    Directive(
        DirectiveSpec(
            "source",
            "required",
            options=_LOG,
            wants="a place in the source, as in ':::{source} fs/read_write.c:582-600'",
        ),
        _source,
    ),
    Directive(
        DirectiveSpec(
            "claim",
            "required",
            options=_LOG,
            wants="what the evidence should show, as in ':::{claim} RDI == 0x6fc'",
        ),
        _claim,
    ),
    Directive(DirectiveSpec("note", "optional"), _note),
    Directive(DirectiveSpec("tip", "optional"), _note),
    Directive(DirectiveSpec("important", "optional"), _note),
    Directive(DirectiveSpec("warning", "optional"), _note),
    Directive(DirectiveSpec("caution", "optional"), _note),
)

SPECS: dict[str, DirectiveSpec] = {one.spec.name: one.spec for one in DIRECTIVES}
NOTES: dict[str, DirectiveSpec] = {
    name: spec for name, spec in SPECS.items() if name in TITLES or name == "claim"
}
"""Those that need no log, and `claim`, which says best itself that it does."""

_VIEWS = {one.spec.name: one.view for one in DIRECTIVES}


def view_of(use: DirectiveUse, case: Case, sink: Sink) -> object | None:
    """What `directives/NAME.html` shows for this use; None when there is nothing to show."""
    return _VIEWS[use.name](use, case, sink)


def placed_key(use: DirectiveUse, case: Case) -> tuple[str, str] | None:
    """The part of the page that this use puts into the prose; None when it is no such part."""
    log = case.find_log(use.log or use.option("log"))
    if log is None:
        return None
    match use.name:
        case "frame":
            known = any(step.step.function == use.argument for step in steps_of(case, log))
            return (f"frame:{use.argument}", log.id) if known else None
        case "registers" if use.argument:  # a few registers stand for themselves
            return None
        case "panic" | "trace" | "registers" | "code" | "walk" | "chain" | "occurrences":
            return (use.name, log.id)
    return None


def _log(use: DirectiveUse, case: Case, sink: Sink) -> CaseLog | None:
    """The log that the use is about: the one its `:log:` names, else the case's first."""
    wanted = use.option("log")
    log = case.find_log(wanted)
    if log is None and wanted and case.logs:  # that a case has none at all was said
        sink.add(
            codes.M005,
            f"the case has no log '{wanted}'",
            at=use.at,
            hint=nearest_hint(wanted, {one.id for one in case.logs}),
        )
    return log
