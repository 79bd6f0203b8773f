"""What the last build knew, so that the next one reads only what changed.

One file of the cache a project: documents by what they were read from, pages by the digest
of what they were rendered from, outputs by how they were written. All of it can be worked
out again; a state that is damaged, of other code or of another configuration is no state.
"""

import hashlib
import os
from pathlib import Path

import msgspec

from sitegen.build.likeness import Likeness
from sitegen.diagnostics import Diagnostic
from sitegen.model import Fingerprint, Value
from sitegen.store import write_atomically
from sitegen.web.content import Document
from sitegen.web.index import CaseFacts, Link
from sitegen.web.links import Target
from sitegen.web.pages import Chrome

_TICK = 2_000_000_000
"""Nanoseconds in which a file may be written twice and look the same, on the coarsest file system."""


class Stamp(Value, frozen=True, array_like=True):
    """How a file looks from outside; all zero where there is none."""

    size: int = 0
    modified: int = 0
    "nanoseconds"
    changed: int = 0
    "nanoseconds; no program can set it"
    inode: int = 0


NOTHING = Stamp()


def stamp(path: Path | str) -> Stamp:
    """The stamp of the file that `path` leads to."""
    try:
        found = os.stat(path)  # noqa: PTH116  reason: a build looks at thousands, and making a path takes as long
    except (OSError, ValueError):
        return NOTHING
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


class Entry(Value, frozen=True, kw_only=True):
    """A document as the index knows it."""

    head: Document
    "without body, logs and occurrences"
    facts: CaseFacts | None = None
    "of a case"
    prints: tuple[Fingerprint, ...] = ()
    "what each log of a case is compared by"
    digest: str = ""
    "of all it was read from; empty when another build may find something else in the same files"
    order: tuple[str, ...] = ()
    "of a folder's index page: what it links to in the content folder, each once, in its order"
    known: str = ""
    "digest of `head`, `facts`, `prints` and `order`: of all that other pages can know of it"
    undecoded: int = 0
    "logs without an image, here or in the lock"
    problems: tuple[Diagnostic, ...] = ()
    "met when it was read"
    remarks: tuple[Diagnostic, ...] = ()
    "on its evidence"
    files: tuple[tuple[str, Stamp], ...] = ()
    "what it was read from, relative to the project's root"


class Memo(Value, frozen=True, kw_only=True):
    """A rendered page: enough to know that it stands, and what was said."""

    key: str
    "digest of what it was rendered from, but for `answers`"
    files: tuple[tuple[str, str], ...]
    "path and SHA-256"
    answers: tuple[tuple[str, Target], ...] = ()
    "links as written, and where they led"
    links: tuple[Link, ...] = ()
    assets: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class State(Value, frozen=True):
    """Everything remembered between two builds of a project."""

    when: int = 0
    "before the first file was looked at, in nanoseconds"
    world: str = ""
    "digest of what all entries depend on"
    entries: dict[str, Entry] = msgspec.field(default_factory=dict)
    "by path in the content folder"
    memos: dict[str, Memo] = msgspec.field(default_factory=dict)
    "by url"
    common: str = ""
    "digest of what all pages depend on beside their own files: see `Overview`"
    terms: tuple[str, ...] = ()
    "urls of the terms' pages, in their order"
    chrome: Chrome | None = None
    assets: dict[str, tuple[str, Stamp]] = msgspec.field(default_factory=dict)
    "SHA-256 and stamp of each file of the content folder that is published, by path"
    likeness: Likeness = Likeness()
    redactions: str = ""
    "digest of the map of redactions as it was left; empty without rules"
    outputs: dict[str, tuple[str, Stamp]] = msgspec.field(default_factory=dict)
    "SHA-256 and stamp of each file of the site, by path"

    def holds(self, known: Stamp, found: Stamp) -> bool:
        """Whether a file that looked like `known` and looks like `found` is the same still.

        One written just before it was looked at may have been written again unseen.
        """
        return known == found and known.changed < self.when - _TICK


def read_state(path: Path | None) -> State:
    """The state at `path`; the empty one where there is none that can be read."""
    if path is None:
        return State()
    try:
        data = path.read_bytes()
        if hashlib.blake2b(data[20:], digest_size=20).digest() != data[:20]:
            return State()
        return msgspec.msgpack.decode(data[20:], type=State)
    except (OSError, ValueError, msgspec.MsgspecError):
        return State()


def write_state(path: Path | None, state: State) -> None:
    """Keeps the state where that is possible; a full disk or a read-only folder is no error."""
    if path is None:
        return
    data = msgspec.msgpack.encode(state)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, hashlib.blake2b(data, digest_size=20).digest() + data)
    except OSError:
        return
