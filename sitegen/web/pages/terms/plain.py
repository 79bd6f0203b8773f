"""The page of a term that is no more than its name: the cases that have it."""

from typing import NamedTuple

from sitegen.web import links
from sitegen.web.index import Mention, Taxonomy, Term
from sitegen.web.pages.chrome import StatusView, status_view
from sitegen.web.pages.terms.shape import Snippets
from sitegen.wording import counted


class TermRow(NamedTuple):
    """A case in a term's list."""

    url: str
    anchor: str
    "on the case's page; empty for its beginning"
    title: str
    status: StatusView
    kind: str
    function: str
    kernel: str
    date: str
    role: str
    "what a commit did to it; empty for other terms"


class TermView(NamedTuple):
    """The page of a term."""

    list_url: str
    "of all terms of the taxonomy"
    list_title: str
    says: str
    mono: bool
    "whether the name is something that a machine wrote"
    elsewhere: str
    "address of what others say of it; empty for none"
    builds: tuple[str, ...]
    "build IDs, where it is a kernel"
    rows: tuple[TermRow, ...]


_ELSEWHERE = {
    "commits": links.commit_url,
    "cves": links.cve_url,
    "syzbot": links.syzbot_url,
}
"""Where others speak of a term, by taxonomy."""


def term_view(taxonomy: Taxonomy, term: Term, snippets: Snippets) -> TermView:
    del snippets
    return TermView(
        list_url=f"{taxonomy.key}/",
        list_title=taxonomy.title,
        says=_says(term),
        mono=taxonomy.mono,
        elsewhere=_ELSEWHERE[taxonomy.key](term.name) if taxonomy.key in _ELSEWHERE else "",
        builds=_builds(term) if term.taxonomy == "kernels" else (),
        rows=tuple(row_of(mention) for mention in term.mentions),
    )


def _says(term: Term) -> str:
    if term.taxonomy != "commits":
        return f"{counted(len(term.mentions), 'case')}."
    words = []
    for note, verb in _ROLES.items():
        number = sum(note in mention.notes for mention in term.mentions)
        if number:
            words.append(f"{verb} {counted(number, 'case')}")
    return f"{', '.join(words).capitalize()}."


_ROLES = {"fixes": "fixes", "introduces": "introduced"}
"""What a commit did, as a mention notes it and as a page says it."""


def _builds(term: Term) -> tuple[str, ...]:
    return tuple(sorted({note for mention in term.mentions for note in mention.notes}))


def row_of(mention: Mention) -> TermRow:
    case = mention.case
    anchors = (passage.anchor for passage in mention.passages if passage.anchor)
    return TermRow(
        url=case.url,
        anchor=next(anchors, ""),
        title=case.title,
        status=status_view(case.status, draft=case.draft),
        kind=case.label,
        function=case.function,
        kernel=case.kernel,
        date=case.date,
        role=", ".join(f"{_ROLES[note]} it" for note in mention.notes if note in _ROLES),
    )
