"""What cases share: functions, files, kinds and the like, each with a page that lists its cases.

A taxonomy is a row of `TAXONOMIES`: the folder of its pages, and a function from a
case's facts to the names under which it is listed.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.model import Subsystem, Value
from sitegen.web.index.facts import CaseFacts, Finding, Passage
from sitegen.web.index.summary import CaseRow


class Hit(NamedTuple):
    """A name under which a case is listed, and why."""

    name: str
    title: str = ""
    "in words, where that is not the name"
    passage: Passage | None = None
    finding: Finding | None = None
    subsystem: Subsystem | None = None
    note: str = ""
    "see `Mention.notes`"


class Taxonomy(NamedTuple):
    """A sort of terms."""

    key: str
    "the folder of its pages"
    title: str
    noun: str
    hits: Callable[[CaseFacts], Iterable[Hit]]
    mono: bool = False
    "whether a machine wrote its names"
    nav: bool = False
    "whether the header of every page links to its list"


class Mention(Value, frozen=True):
    """A case that a term lists."""

    case: CaseRow
    passages: tuple[Passage, ...] = ()
    "where the term is about code: how the case passes through"
    findings: tuple[Finding, ...] = ()
    "where the term is a kind: the reports of it"
    subsystem: Subsystem | None = None
    "where the term is one: what the tree of the case's kernel says of it"
    notes: tuple[str, ...] = ()
    "where the term is a commit: `fixes`, `introduces`; where it is a kernel: build IDs of its image"


class Term(Value, frozen=True):
    """A name that cases share, with all cases that have it."""

    taxonomy: str
    "key"
    name: str
    title: str
    url: str
    mentions: tuple[Mention, ...]
    "newest case first"


# --- The table ---------------------------------------------------------------------------------


def _functions(facts: CaseFacts) -> Iterator[Hit]:
    return (Hit(one.function, passage=one) for one in facts.passages)


def _files(facts: CaseFacts) -> Iterator[Hit]:
    return (Hit(one.file, passage=_short(one)) for one in facts.passages)


def _tables(facts: CaseFacts) -> Iterator[Hit]:
    for passage in facts.passages:
        for holder in passage.holders:
            through = replace(passage, holders=(holder,), snippet="")
            yield Hit(holder.symbol, passage=through)


def _layers(facts: CaseFacts) -> Iterator[Hit]:
    return (Hit(one.layer, passage=_short(one)) for one in facts.passages)


def _subsystems(facts: CaseFacts) -> Iterator[Hit]:
    known = {one.name: one for one in facts.subsystems}
    for one in facts.passages:
        yield Hit(one.subsystem, passage=_short(one), subsystem=known.get(one.subsystem))


def _kinds(facts: CaseFacts) -> Iterator[Hit]:
    return (Hit(one.kind, one.label, finding=one) for one in facts.findings)


def _commits(facts: CaseFacts) -> Iterator[Hit]:
    yield Hit(facts.summary.introduced, facts.summary.introduced[:12], note="introduces")
    yield Hit(facts.summary.fixed, facts.summary.fixed[:12], note="fixes")


def _kernels(facts: CaseFacts) -> Iterator[Hit]:
    yield from map(Hit, facts.summary.kernels)
    for kernel, build in facts.builds:
        yield Hit(kernel, note=build)


def _cves(facts: CaseFacts) -> Iterator[Hit]:
    yield Hit(facts.summary.cve)


def _syzbot(facts: CaseFacts) -> Iterator[Hit]:
    yield Hit(facts.summary.syzbot)


def _tags(facts: CaseFacts) -> Iterator[Hit]:
    return map(Hit, facts.summary.tags)


def _authors(facts: CaseFacts) -> Iterator[Hit]:
    return map(Hit, facts.summary.authors)


def _short(passage: Passage) -> Passage:
    """Without what only the function's own page shows."""
    return replace(passage, snippet="", holders=())


TAXONOMIES: tuple[Taxonomy, ...] = (
    Taxonomy("functions", "Functions", "function", _functions, mono=True, nav=True),
    Taxonomy("files", "Source files", "source file", _files, mono=True),
    Taxonomy("tables", "Ops tables", "ops table", _tables, mono=True),
    Taxonomy("subsystems", "Subsystems", "subsystem", _subsystems, nav=True),
    Taxonomy("layers", "Layers", "layer", _layers),
    Taxonomy("kinds", "Kinds", "kind", _kinds, nav=True),
    Taxonomy("kernels", "Kernels", "kernel release", _kernels, nav=True),
    Taxonomy("commits", "Commits", "commit", _commits, mono=True),
    Taxonomy("cves", "CVEs", "CVE", _cves),
    Taxonomy("syzbot", "syzbot bugs", "syzbot bug", _syzbot, mono=True),
    Taxonomy("tags", "Tags", "tag", _tags),
    Taxonomy("authors", "Authors", "author", _authors),
)


# --- The engine --------------------------------------------------------------------------------


def find_terms(cases: Iterable[CaseFacts]) -> dict[str, tuple[Term, ...]]:
    """The terms of every taxonomy by its key, sorted by name; a taxonomy without terms has an empty tuple.

    `cases` in the order in which a term lists them.
    """
    known = tuple(cases)
    return {one.key: tuple(_terms(one, known)) for one in TAXONOMIES}


def _terms(taxonomy: Taxonomy, cases: tuple[CaseFacts, ...]) -> Iterator[Term]:
    titles: dict[str, str] = {}
    mentions: dict[str, list[Mention]] = {}
    for facts in cases:
        row = facts.summary.row
        found: dict[str, list[Hit]] = {}
        for hit in taxonomy.hits(facts):
            if hit.name:
                found.setdefault(hit.name, []).append(hit)
                titles.setdefault(hit.name, hit.title or hit.name)
        for name, hits in found.items():
            mentions.setdefault(name, []).append(
                Mention(
                    row,
                    tuple(hit.passage for hit in hits if hit.passage),
                    tuple(hit.finding for hit in hits if hit.finding),
                    hits[0].subsystem,
                    tuple(dict.fromkeys(hit.note for hit in hits if hit.note)),
                )
            )
    urls = _urls(taxonomy.key, mentions)
    for name in sorted(mentions, key=lambda name: (name.lower(), name)):
        yield Term(taxonomy.key, name, titles[name], urls[name], tuple(mentions[name]))


def _urls(taxonomy: str, names: Iterable[str]) -> dict[str, str]:
    """Where each name's page stands: those that differ in case alone would be one file on some disks.

    The name with the fewest capitals keeps its address, the others get a digest at their ends.
    """
    urls = {name: term_url(taxonomy, name) for name in names}
    alike: dict[str, list[str]] = {}
    for name, url in urls.items():
        alike.setdefault(url.lower(), []).append(name)
    for some in alike.values():
        kept = min(some, key=lambda name: (sum(map(str.isupper, name)), name))
        for name in some:
            if urls[name] != urls[kept]:
                urls[name] = f"{urls[name][:-1]}-{_mark(name)}/"
    return urls


def moved_terms(terms: Mapping[str, Iterable[Term]]) -> dict[str, str]:
    """`term_url` -> the page's address, of the terms that do not stand there."""
    marked = (one for some in terms.values() for one in some if _MARKED.search(one.url))
    plain = ((term_url(one.taxonomy, one.name), one.url) for one in marked)
    return {url: there for url, there in plain if url != there}


_MARKED = re.compile(r"-[0-9a-f]{6}/\Z")


def term_url(taxonomy: str, name: str) -> str:
    """The address of a term's page: depends on its name alone, so that any page can link to it.

    Words are joined by hyphens, in small letters; a name that makes no address gets a digest
    at its end. Two names may so get one address, which the build complains about; of those that
    differ in case alone some pages stand elsewhere, see `moved_terms`.

    >>> term_url("functions", "vfs_write"), term_url("files", "fs/read_write.c")
    ('functions/vfs_write/', 'files/fs/read_write.c/')
    """
    folded = taxonomy == "files" and len(name) <= _LONGEST_PATH
    parts = [_segment(part) for part in name.split("/") if part] if folded else []
    return f"{taxonomy}/{'/'.join(parts) or _segment(name)}/"


_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?<![.])")
_WORDS = re.compile(r"[A-Za-z0-9_]+(?: [A-Za-z0-9_+-]+)+")
_LONGEST = 100
"""Characters of a part of an address."""
_LONGEST_PATH = 400
"""Characters of a path that is an address's folders; that of a longer one has a digest at its end."""


def _segment(name: str) -> str:
    if len(name) <= _LONGEST and _PLAIN.fullmatch(name) and name.lower() != "index.html":
        return name
    if len(name) <= _LONGEST and _WORDS.fullmatch(name):
        return name.replace(" ", "-").lower()
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", name)[: _LONGEST - 10].strip("-").lower()
    return f"{readable}-{_mark(name)}" if readable else _mark(name)


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
