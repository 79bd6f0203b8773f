"""The page of a kind of crash: what it means, how to read it, what to do next, its cases."""

import re
from collections import Counter
from html import escape
from typing import NamedTuple

from sitegen.web.index import Finding, Taxonomy, Term, term_url
from sitegen.web.pages.terms.guides import GUIDES
from sitegen.web.pages.terms.plain import TermRow, row_of
from sitegen.web.pages.terms.shape import Snippets
from sitegen.web.theme import trusted
from sitegen.wording import counted

_MOST = 20
"""Functions that are listed."""


class KindFunction(NamedTuple):
    """A function where such crashes happened."""

    name: str
    url: str
    reports: int


class KindView(NamedTuple):
    """The page of a kind; what is said of it is trusted HTML."""

    list_url: str
    list_title: str
    says: str
    means: str
    read: tuple[str, ...]
    next: tuple[str, ...]
    functions: tuple[KindFunction, ...]
    rows: tuple[TermRow, ...]


def kind_view(taxonomy: Taxonomy, term: Term, snippets: Snippets) -> KindView:
    del snippets
    findings = [finding for mention in term.mentions for finding in mention.findings]
    guide = GUIDES.get(term.name)
    return KindView(
        list_url=f"{taxonomy.key}/",
        list_title=taxonomy.title,
        says=f"{counted(len(findings), 'report')} in {counted(len(term.mentions), 'case')}.",
        means=_html(guide.means) if guide else "",
        read=tuple(map(_html, guide.read)) if guide else (),
        next=tuple(map(_html, guide.next)) if guide else (),
        functions=_functions(findings),
        rows=tuple(row_of(mention) for mention in term.mentions),
    )


def _functions(findings: list[Finding]) -> tuple[KindFunction, ...]:
    """Where such crashes happened, most frequent first."""
    counts = Counter(finding.function for finding in findings if finding.function)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        KindFunction(name, term_url("functions", name), number) for name, number in ordered[:_MOST]
    )


def _html(words: str) -> str:
    """What stands in backticks as code."""
    return trusted(re.sub("`([^`]*)`", r"<code>\1</code>", escape(words)))
