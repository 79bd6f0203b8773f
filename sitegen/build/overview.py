"""What is known of all documents together: the index, which cases are alike, what logs are compared with.

Each part is worked out when it is first asked for. A build in which nothing changed but the
text of documents asks for next to none of them: `common_digest` tells it so.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from sitegen.build.likeness import Likeness, find_likeness, similar_cases
from sitegen.build.reading import Reading
from sitegen.build.state import State
from sitegen.model import Fingerprint, KnownCase
from sitegen.project import Project
from sitegen.store import code_version, digest
from sitegen.web import pages
from sitegen.web.content import Document
from sitegen.web.index import (
    CaseFacts,
    CaseRow,
    Index,
    PageSummary,
    Term,
    make_index,
    make_link_index,
)


def common_digest(
    project: Project, theme: str, readings: tuple[Reading, ...], changes: Mapping[str, str]
) -> str:
    """Names all that pages depend on beside their own files: code, configuration, theme, each other.

    `theme` is the theme's digest, `changes` the days that pages tell of documents.
    """
    nowhere = Path()
    settled = msgspec.structs.replace(
        project, root=nowhere, output=nowhere, content=nowhere, severity={}
    )
    return digest(
        "common",
        code_version(),
        theme,
        msgspec.msgpack.encode(settled, enc_hook=str, order="sorted"),
        msgspec.msgpack.encode(changes, order="sorted"),
        *(one.entry.known for one in readings),
    )


class Overview:
    """What is known of all documents together, drafts left out or not, as `readings` has them.

    `before` is the last build's state, and `same` whether `common_digest` is as it was then.
    """

    def __init__(
        self, project: Project, readings: tuple[Reading, ...], before: State, *, same: bool
    ) -> None:
        self._project = project
        self._readings = readings
        self._before = before
        self._same = same

    @cached_property
    def index(self) -> Index:
        """All documents, cases and terms."""
        return make_index(*self._indexed)

    @cached_property
    def links(self) -> Index:
        """All that pages may link to, without cases and terms."""
        return make_link_index(*self._indexed)

    @property
    def _indexed(self) -> tuple[list[Document], list[CaseFacts], list[PageSummary]]:
        return (
            [one.entry.head for one in self._readings],
            [one.entry.facts for one in self._readings if one.entry.facts],
            [
                PageSummary("", self._project.title),
                PageSummary(pages.CASES, "Cases"),
                PageSummary(pages.SEARCH, "Search"),
                PageSummary(pages.MATCH, "Match"),
            ],
        )

    @cached_property
    def chrome(self) -> pages.Chrome:
        """What stands around the text of every page."""
        if self._same and self._before.chrome is not None:
            return self._before.chrome
        project = self._project
        return pages.make_chrome(
            self.index,
            title=project.title,
            description=project.description,
            language=project.language,
            base_url=project.base_url,
            edit=project.edit,
        )

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All terms, taxonomy by taxonomy, sorted by name."""
        return tuple(term for terms in self.index.terms.values() for term in terms)

    @cached_property
    def term_urls(self) -> tuple[str, ...]:
        """Addresses of the terms' pages, in the same order."""
        return self._before.terms if self._same else tuple(term.url for term in self.terms)

    @cached_property
    def likeness(self) -> Likeness:
        """Which cases are like which."""
        if self._same:
            return self._before.likeness
        return find_likeness(self._prints, self._before.likeness, self._before.world)

    def similar(self, url: str) -> tuple[pages.SimilarCase, ...]:
        """The cases like the one at `url`, best first."""
        return similar_cases(url, self.likeness, self._prints, self._rows)

    def around(self, url: str) -> pages.Around:
        """The pages before and after the one at `url`, in the order of its folder."""
        return self._around.get(url, pages.Around())

    def known_cases(self) -> tuple[KnownCase, ...]:
        """What a reader's log is compared with."""
        return tuple(
            KnownCase(case.slug, case.url, case.title, case.status, self._prints.get(case.url, ()))
            for case in self.index.cases
        )

    @cached_property
    def _around(self) -> dict[str, pages.Around]:
        orders = {one.entry.head.path: one.entry.order for one in self._readings if one.entry.order}
        return pages.find_around(self.links, orders)

    @cached_property
    def _prints(self) -> dict[str, tuple[Fingerprint, ...]]:
        return {one.entry.head.url: one.entry.prints for one in self._readings if one.entry.prints}

    @cached_property
    def _rows(self) -> dict[str, CaseRow]:
        found = (one.entry.facts.summary for one in self._readings if one.entry.facts)
        return {summary.url: summary.row for summary in found}
