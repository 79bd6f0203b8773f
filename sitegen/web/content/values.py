"""What the content folder holds, as values: documents, their front matter, the logs in them."""

from collections.abc import Callable
from typing import Literal

import msgspec

from sitegen.model import Value

Kind = Literal["case", "page"]
Status = Literal["open", "investigating", "fixed", "wontfix", "duplicate", "invalid"]

TODO = "TODO:"
"""What a line begins with that is still to be written."""

PANIC_OPTIONS = frozenset({"file", "id", "date", "kernel"})
"""Options of the `panic` directive; the rest of its lines is the log."""


class Fixes(Value, frozen=True, rename={"reported_by": "reported-by"}):
    """How the bug came and went. Empty where the author says nothing."""

    introduced: str = ""
    "commit, 7 to 40 lower-case hex digits"
    fixed: str = ""
    "commit, 7 to 40 lower-case hex digits"
    cve: str = ""
    "`CVE-2024-50082`"
    syzbot: str = ""
    "syzbot's id of the bug: hex digits"
    reported_by: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    "http and https only: they become links"


class Occurrence(Value, frozen=True, kw_only=True):
    """Once, or so often on one day, that the crash was seen elsewhere than in the case's logs."""

    date: str
    "YYYY-MM-DD"
    kernel: str = ""
    host: str = ""
    "what sort of machine it was"
    count: int = 1
    link: str = ""
    "http or https"


class Snapshot(Value, frozen=True):
    """Where the occurrences were taken from, and when: an outside dashboard goes on without us."""

    source: str = ""
    date: str = ""
    "YYYY-MM-DD"
    link: str = ""
    "http or https"


class FrontMatter(Value, frozen=True):
    """What stands between the `---` lines, checked. White space is collapsed, nothing is escaped."""

    title: str = ""
    "empty: the page is called after its heading or the crash, see `Document.heading`"
    date: str = ""
    "YYYY-MM-DD, a day that exists; or empty"
    status: Status = "open"
    kernel: str = ""
    trigger: str = ""
    repro: str = ""
    "what reproduces it, in a word or two (`C`, `syz`, `sh`)"
    reported: str = ""
    "YYYY-MM-DD"
    tags: tuple[str, ...] = ()
    "in the order written, each once"
    authors: tuple[str, ...] = ()
    "in the order written, each once"
    aliases: tuple[str, ...] = ()
    "addresses below the site's root that lead here, each ended by `/`"
    layers: dict[str, str] = msgspec.field(default_factory=dict)
    "function or beginning of a path -> the layer that the author gives it"
    fixes: Fixes = Fixes()
    occurrences: tuple[Occurrence, ...] = ()
    "by date, of the front matter and of the file that it names"
    occurrences_file: str = ""
    "a file beside the document that holds more of them; not a key of its own"
    snapshot: Snapshot = Snapshot()
    draft: bool = False
    "written but not to be published: the build leaves the document out"


class EmbeddedLog(Value, frozen=True, kw_only=True):
    """A log of a document: the text of a `panic` block, or the file that the block names."""

    id: str
    "`panic-1`, `panic-2`, ... in the order of the document, or the block's `:id:`; once a document"
    text: str
    "as embedded, line ends included; bytes of a file that are not UTF-8 are U+FFFD"
    sha256: str
    "of the bytes as embedded"
    path: str
    "the file the text stands in, relative to the project's root: the document or the `:file:`"
    line: int = 1
    "of that file, from 1, where the log's first line stands"
    indent: int = 0
    "characters before the log's first line (a list item, a quote)"
    block: int
    "line of the document where the block opens, from 1: `DirectiveUse.at.line` of its use"
    kernel: str = ""
    date: str = ""
    "YYYY-MM-DD, or empty"


class Document(Value, frozen=True, kw_only=True):
    """A Markdown file, read and not yet rendered."""

    path: str
    "relative to the content folder, with `/`"
    file: str
    "relative to the project's root, with `/`: what diagnostics name"
    kind: Kind
    slug: str
    "`sysrq-crash`; of a case in a folder of cases `2023/sysrq-crash`; empty for the root's index"
    url: str
    "from the site's root: `cases/sysrq-crash/`, `about/`, and empty for the root's index"
    front: FrontMatter = FrontMatter()
    heading: str = ""
    "the `# heading` that the body begins with, as written; empty when it does not"
    body: str = ""
    "the Markdown below the front matter, lines ended by a newline only"
    body_line: int = 1
    "of the file, from 1, where the body begins"
    logs: tuple[EmbeddedLog, ...] = ()
    "in the order of the document"
    tables: tuple[str, ...] = ()
    "files that it was read from beside itself and its logs, relative to the project's root"

    @property
    def title(self) -> str:
        """The author's title, else the heading, else the last part of the path."""
        return self.front.title or self.heading or self.slug.rpartition("/")[2] or "Home"

    def release(self, log: EmbeddedLog, printed: str) -> str:
        """Of a log's kernel: as the author says, else as the log has `printed` it; may be empty."""
        return log.kernel or self.front.kernel or printed


class PanicBlock(Value, frozen=True, kw_only=True):
    """A `panic` block as the Markdown parser found it. Lines are of the body, from 1."""

    line: int
    "where the block opens"
    options: tuple[tuple[str, str, int], ...] = ()
    "name, value and line"
    text: str
    text_line: int
    indent: int
    "characters before the text's first line"


FindPanics = Callable[[str], tuple[PanicBlock, ...]]
"""Finds the panic blocks of a body, in order: `markdown.find_panics`."""
