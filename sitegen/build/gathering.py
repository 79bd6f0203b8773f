"""The outputs of one build on their way to the publication, and what was met in them."""

from collections.abc import Iterable
from pathlib import Path

from sitegen import codes
from sitegen.build.publish import Publication
from sitegen.build.redaction import Redaction
from sitegen.build.render import Rendered
from sitegen.build.state import NOTHING, Memo, Stamp, State, stamp
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.web import links
from sitegen.web.content import output_path
from sitegen.web.index import Link, Output, Page
from sitegen.web.outputs import page_output

Files = tuple[tuple[str, str], ...]
"""Paths and SHA-256 of outputs; that of one whose path another has is empty."""


def remember(key: str, rendered: Rendered, files: Files) -> Memo:
    """A page that was rendered from what `key` names, and gave these files."""
    return Memo(
        key=key,
        files=files,
        answers=rendered.answers,
        links=rendered.links,
        assets=rendered.assets,
        problems=rendered.problems,
    )


class Gathering:
    """The outputs of one build on their way to the publication, and what was met in them."""

    def __init__(self, publication: Publication, sink: Sink) -> None:
        self._publication = publication
        self._sink = sink
        self._seen: set[str] = set()
        self._folders: set[str] = set()
        self._links: list[tuple[str, tuple[Link, ...]]] = []
        self._assets: list[str] = []

    def add(self, outputs: Iterable[Output]) -> Files:
        return tuple(
            (one.path, self._publication.stage(one.path, one.data) if self._claim(one.path) else "")
            for one in outputs
        )

    def add_rendered(self, url: str, rendered: Rendered) -> Files:
        files = self.add(rendered.outputs)
        self._publication.keep(rendered.failed)
        self._met(url, rendered.links, rendered.assets, rendered.problems)
        return files

    def add_page(self, url: str, page: Page | None) -> Files:
        """A page that knows all cases; None when its template failed, and then its last version stays."""
        if page is None:
            self._publication.keep([output_path(url)])
            return ((output_path(url), ""),)
        files = self.add([page_output(page)])
        self._met(url, page.links, page.assets, ())
        return files

    def add_redirect(self, page: Page) -> None:
        """A page at an address that a document had before: whatever else stands there stays."""
        path = output_path(page.url)
        problem = self._conflict(path)
        if problem:
            hint = "take it out of 'aliases'"
            message = f"the alias '{page.url}': {problem}"
            self._sink.add(codes.M009, message, at=Place(page.source), hint=hint)
        else:
            self.add([page_output(page)])

    def complain(self, problems: Iterable[Diagnostic]) -> None:
        self._sink.extend(problems)

    def has(self, memo: Memo, state: State) -> bool:
        """Whether the outputs of `memo` are all there as they were."""
        return self._publication.has(memo.files, state)

    def add_remembered(self, url: str, memo: Memo, *, held: bool = False) -> None:
        """Lets the outputs of `memo` stand, which are there.

        Of a page that is `held` nothing is told: its document no longer says what it was made of.
        """
        for path, digest in memo.files:
            if self._claim(path):
                self._publication.let_stand(path, digest)
        told = ((), ()) if held else (memo.links, memo.problems)
        self._met(url, told[0], memo.assets, told[1])

    def add_assets(
        self, content: Path, state: State, redaction: Redaction
    ) -> dict[str, tuple[str, Stamp]]:
        """Adds the files of the content folder that pages need. Returns what to remember of them.

        One that looks as it did when `state` was made is not read.
        """
        found = {}
        for path in sorted(set(self._assets)):
            seen = stamp(content / path)
            digest, known = state.assets.get(path, ("", NOTHING))
            stands = bool(digest) and state.holds(known, seen)
            if stands and self._publication.has([(path, digest)], state):
                if self._claim(path):
                    self._publication.let_stand(path, digest)
            else:
                read = links.read_assets([path], content, self._sink)
                outputs = [Output(*one) for one in redaction.attachments(read, self._sink)]
                digest = "".join(digest for _, digest in self.add(outputs))
            if digest:
                found[path] = (digest, seen)
        return found

    def read_page(self, url: str) -> bytes:
        """The page as it will be published; empty when it will not be there."""
        return self._publication.read(output_path(url))

    def page_digest(self, url: str) -> str:
        """SHA-256 of the page as it will be published; empty when it will not be there."""
        return self._publication.digest(output_path(url))

    def check_links(self) -> None:
        """Complains about links to anchors that are not there; reads only pages that are so linked to."""
        wanted = {link.url for _, found in self._links for link in found if link.fragment}
        found = dict(self._links)
        links.check(
            (
                Page(
                    url=url,
                    title="",
                    html=self._html(url) if url in wanted else "",
                    links=found.get(url, ()),
                )
                for url in sorted(wanted | set(found))
            ),
            self._sink,
            files=self._seen,
        )

    def _html(self, url: str) -> str:
        return self._publication.read(output_path(url)).decode("utf-8", "replace")

    def _met(
        self,
        url: str,
        found: tuple[Link, ...],
        assets: tuple[str, ...],
        problems: tuple[Diagnostic, ...],
    ) -> None:
        if found:
            self._links.append((url, found))
        self._assets += assets
        self._sink.extend(problems)

    def _claim(self, path: str) -> bool:
        """Takes a path for an output; complains and gives False when it cannot be had."""
        problem = self._conflict(path)
        if problem:
            hint = "rename the document or the file that is published here"
            self._sink.add(codes.M009, problem, at=Place(path), hint=hint)
            return False
        self._seen.add(path)
        above = path.rpartition("/")[0]
        if above and above not in self._folders:
            self._folders.update(_with_parents(above))
        return True

    def _conflict(self, path: str) -> str:
        if path in self._seen:
            return "two files of the site have this path"
        above = path.rpartition("/")[0]
        # What is known for a folder can no longer become a file.
        new = above and above not in self._folders
        if path in self._folders or (new and not self._seen.isdisjoint(_with_parents(above))):
            return "a file of the site would be a folder as well"
        return _too_long(path)


_LONGEST_NAME = 255
"""Bytes of a file's name."""
_LONGEST_PATH = 2048
"""Bytes of a path below the site's folder: half of what Linux takes, for wherever the site is put."""


def _too_long(path: str) -> str:
    """What is wrong with the length of a path or of a name in it; empty when nothing is."""
    if len(path) * 4 <= _LONGEST_NAME:  # no character takes more bytes
        return ""
    if any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in path.split("/")):
        return "the name is longer than file systems take"
    if len(path.encode("utf-8", "replace")) > _LONGEST_PATH:
        return "the path is longer than file systems take"
    return ""


def _with_parents(folder: str) -> tuple[str, ...]:
    """A folder and those above it, the nearest first: `a/b`, `a`."""
    above = folder.rpartition("/")[0]
    return (folder, *(_with_parents(above) if above else ()))
