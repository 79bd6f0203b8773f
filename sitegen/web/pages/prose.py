"""An author's prose with the directives in it, of a case and of any other page.

Directives are rendered after the prose, because what one shows depends on which others
are there; until then a marker stands in their place, which no author can write.
"""

import re
from collections.abc import Collection, Mapping
from html import escape
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.web import directives
from sitegen.web.content import Document
from sitegen.web.directives import NOTES, Case, CaseLog, Compared
from sitegen.web.directives.claim import ClaimView, claim_view
from sitegen.web.directives.places import NOWHERE, spot
from sitegen.web.directives.steps import Step, steps_of
from sitegen.web.directives.tables import table_anchor
from sitegen.web.directives.walk import frame_anchor
from sitegen.web.index import PARTS, Claimed
from sitegen.web.markdown import (
    DirectiveUse,
    Means,
    Rendered,
    Resolve,
    RoleUse,
    Syntax,
    render,
    standard_roles,
)
from sitegen.web.theme import Theme, trusted

Steps = Mapping[str, tuple[Step, ...]]
"""The steps of each log, by its id."""


class Prose(NamedTuple):
    """The prose of a page, laid out."""

    html: str
    "trusted; every directive in its place"
    rendered: Rendered
    "what was met on the way"
    case: Case
    "which knows what the prose shows"
    claims: tuple[Claimed, ...]
    "in the order of the prose"


def render_prose(
    document: Document,
    logs: tuple[CaseLog, ...] = (),
    *,
    compared: tuple[Compared, ...] = (),
    syntax: Syntax,
    theme: Theme,
    resolve: Resolve,
    sink: Sink,
) -> Rendered:
    """The prose of a page that is no case: what its author placed, and nothing by itself.

    Links into parts of a log that are not on the page are text.
    """
    case = Case(front=document.front, logs=logs, compared=compared, sections=False)
    steps = {log.id: steps_of(case, log) for log in logs}
    means = means_of(case, steps, taken={"main"})._replace(syntax=syntax)
    made = lay_prose(document, case, means=means, theme=theme, resolve=resolve, sink=sink)
    return replace(made.rendered, html=_without_dead_ends(made.html) if logs else made.html)


def lay_prose(
    document: Document, case: Case, *, means: Means, theme: Theme, resolve: Resolve, sink: Sink
) -> Prose:
    """The prose with its directives. A part that stands twice is a link the second time.

    A directive about a log, where the page has none, is complained about and left out.
    """
    uses: list[DirectiveUse] = []

    def place(use: DirectiveUse) -> str:
        uses.append(use)
        return _marker(len(uses) - 1)

    claims: list[tuple[Place, Claimed]] = []

    def claim(use: RoleUse) -> str:
        found = claim_view(use.text, "", case, at=use.at, sink=sink)
        claims.append((use.at, found.claimed))
        return found.html

    means = means._replace(roles={**means.roles, "claim": claim})
    rendered = render(document, means=means, place=place, resolve=resolve, sink=sink)
    keys = [directives.placed_key(use, case) for use in uses]
    case = replace(case, placed=frozenset(key for key in keys if key))
    done: list[str] = []
    seen: set[tuple[str, str]] = set()
    for use, key in zip(uses, keys, strict=True):
        if not case.logs and document.kind == "page" and use.name not in NOTES:
            sink.add(
                codes.M022,
                f"'{use.name}' speaks of a log, and the page has none",
                at=use.at,
                hint="put a log into a fenced block that begins with ```panic",
            )
            done.append("")
        elif key and key in seen:
            done.append(_again(key, case))
        else:
            seen |= {key} if key else set()
            is_html = directives.SPECS[use.name].body == "markdown"  # a log may hold any marker
            whole = _with_body(use, _fill(use.body, done)) if is_html and use.body else use
            view = directives.view_of(whole, case, sink)
            if isinstance(view, ClaimView):
                claims.append((use.at, view.claimed))
            template = f"directives/{use.name}.html"
            shown = view is not None
            done.append(render_part(template, view, document.url, theme, sink) if shown else "")
    ordered = tuple(one for _, one in sorted(claims, key=lambda found: found[0]))
    return Prose(_fill(rendered.html, done), rendered, case, ordered)


def render_part(template: str, view: object, url: str, theme: Theme, sink: Sink) -> str:
    """A part of the page at `url`, trusted; empty, with a complaint, when the template fails."""
    html = theme.render(template, url=url, context={"view": view}, sink=sink)
    return trusted((html or "").strip("\n"))


def means_of(case: Case, steps: Steps, *, taken: Collection[str]) -> Means:
    """What the author's words stand for: functions of the chain link to their place in the walk.

    `taken` are ids of the page besides those of its logs.
    """
    functions: dict[str, str] = {}
    ids = set(taken)
    for log in case.logs:
        for step in steps[log.id]:
            functions.setdefault(step.step.function, f"#{step.anchor}")
            ids |= {step.anchor, frame_anchor(case, log, step)}
            ids |= {table_anchor(case, log, table) for table in step.onward.tables}
        ids |= {case.section(log), f"{case.section(log)}-title"}
        for one in log.explanations:
            ids.add(f"{case.prefix(log)}w{one.at.line}-{one.at.column}")
        for part in PARTS:
            ids |= {case.anchor(log, part), f"{case.anchor(log, part)}-title"}
    browse = case.logs[0].browse if case.logs else NOWHERE
    roles = standard_roles(functions, lambda file, line: spot(file, line, browse).href)
    return Means(directives.SPECS, roles, functions, ids)


# --- Directives in the prose ------------------------------------------------------------------

_MARKER = re.compile("<!--sitegen:([0-9]+)-->")


def _marker(number: int) -> str:
    """A comment: stands in HTML only, where the `<` of all authors and logs is escaped."""
    return f"<!--sitegen:{number}-->\n"


def _fill(html: str, parts: list[str]) -> str:
    """`html` with the parts where their markers stand. Never given text as written."""
    return _MARKER.sub(lambda found: parts[int(found[1])], html)


def _again(key: tuple[str, str], case: Case) -> str:
    """A link to the part of the page that shows it already."""
    name, log_id = key
    log = case.find_log(log_id)
    if log is None:
        return ""
    kind, _, function = name.partition(":")
    part = "log" if kind == "panic" else name.replace(":", "-", 1)
    href = escape(f"#{case.anchor(log, part)}")
    text = escape(function or kind)
    return f'<p class="skipped"><a href="{href}">{text}: above</a></p>'


def _with_body(use: DirectiveUse, body: str) -> DirectiveUse:
    return DirectiveUse(
        name=use.name,
        argument=use.argument,
        options=use.options,
        body=body,
        at=use.at,
        log=use.log,
    )


_ID = re.compile(r' id="([^"]*)"')
_OWN_LINK = re.compile(r'<a( class="[^"]*")? href="#([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def _without_dead_ends(html: str) -> str:
    """`html` without links to places that it does not have. Never given text as written."""
    here = set(_ID.findall(html)) | {"main"}

    def end(found: re.Match[str]) -> str:
        part, target, text = found.groups()
        if target in here:
            return found[0]
        return f"<span{part}>{text}</span>" if part else text

    return _OWN_LINK.sub(end, html)
