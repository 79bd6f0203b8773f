"""Every key of front matter: its form, what it means, and an example.

What stands here once is what the reader checks, what the JSON Schema says and what the
documentation shows.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sitegen.web.content.forms import (
    ALIASES,
    COMMIT,
    COUNT,
    CVE,
    DAY,
    FLAG,
    LINK,
    LINKS,
    STATUS,
    SYZBOT,
    TEXT,
    TEXTS,
    Form,
)
from sitegen.web.content.values import Fixes, Occurrence, Snapshot


class Group(NamedTuple):
    """A key that takes keys of its own."""

    fields: "Fields"
    make: Callable[..., Any]


class Rows(NamedTuple):
    """A key that takes a list, each item with keys of its own; or the name of a file with such rows."""

    fields: "Fields"
    make: Callable[..., Any]
    required: str
    "the key that no item may lack"


class Names(NamedTuple):
    """A key that takes any keys, each with a text."""

    what: str


class Field(NamedTuple):
    """A key."""

    form: Form | Group | Rows | Names
    says: str
    example: object
    "as YAML would have it"


Fields = Mapping[str, Field]

OCCURRENCE: Fields = {
    "date": Field(DAY, "The day it happened. No report goes without one.", "2026-11-20"),
    "kernel": Field(TEXT, "The kernel's release.", "6.1.0-56-amd64"),
    "host": Field(TEXT, "What sort of machine it was.", "build farm"),
    "count": Field(COUNT, "How often it happened that day; 1 when left out.", 3),
    "link": Field(LINK, "Where the report is.", "https://lore.kernel.org/all/20261120@example/"),
}
"""The keys of an occurrence, and the columns of a file of them."""

FIXES: Fields = {
    "introduced": Field(COMMIT, "The commit that brought the bug in.", "9f3a2b1c0d4e"),
    "fixed": Field(COMMIT, "The commit that mends it.", "e972b08b91ef"),
    "cve": Field(CVE, "Its CVE.", "CVE-2024-50082"),
    "syzbot": Field(
        SYZBOT, "syzbot's id of the bug: what follows `?extid=`.", "5a281fe8aadf8f11230d"
    ),
    "reported-by": Field(TEXTS, "Who reported it.", ["R. Reporter"]),
    "links": Field(
        LINKS,
        "Discussions, patches, bug reports.",
        ["https://lore.kernel.org/all/20261121@example/"],
    ),
}

SNAPSHOT: Fields = {
    "source": Field(TEXT, "The dashboard's name.", "syzbot"),
    "date": Field(DAY, "The day of the copy. `sitegen import` leaves it to you: an export does not tell it.", "2026-11-23"),
    "link": Field(LINK, "Its address.", "https://syzkaller.appspot.com/"),
}

FIELDS: Fields = {
    "title": Field(
        TEXT,
        "What the page is called. Left out, it is called after its `# heading` or its file.",
        "Reading a lamp without a bulb",
    ),
    "date": Field(DAY, "The day it happened. New cases come first in lists.", "2026-11-23"),
    "status": Field(
        STATUS,
        "What became of it: open (which it is when nothing is said), investigating, fixed, wontfix,"
        " duplicate or invalid.",
        "investigating",
    ),
    "kernel": Field(
        TEXT,
        "The kernel's release, where the log does not say it. It decides which of the configured"
        " kernels decodes the log.",
        "6.1.0-56-amd64",
    ),
    "trigger": Field(
        TEXT, "What set it off. It stands at the head of the chain.", "cat /dev/lamp"
    ),
    "repro": Field(TEXT, "What reproduces it, in a word or two.", "C"),
    "reported": Field(DAY, "The day it was reported to those who can mend it.", "2026-11-24"),
    "tags": Field(TEXTS, "Words to find it by. Each has a page.", ["lamp", "null-dereference"]),
    "authors": Field(TEXTS, "Who wrote the page. Each has a page, too.", ["A. Author"]),
    "aliases": Field(
        ALIASES,
        "Addresses that the page had before. They lead here.",
        ["cases/lamp-crash"],
    ),
    "layers": Field(
        Names("a function or the beginning of a path"),
        "Your names for layers: of a function, or of all below a path. A function's own goes before"
        " a path's, and a longer path before a shorter one.",
        {"drivers/misc/": "Lamp driver", "desk_lamp_status": "Desk lamp"},
    ),
    "fixes": Field(Group(FIXES, Fixes), "How the bug came and went.", None),
    "occurrences": Field(
        Rows(OCCURRENCE, Occurrence, required="date"),
        "When it was seen elsewhere than in the page's own logs: a list, or the name of a file"
        " beside the page with comma-separated values, its first line these names.",
        "seen.csv",
    ),
    "snapshot": Field(
        Group(SNAPSHOT, Snapshot),
        "Of which outside dashboard the occurrences are a copy, since that goes on without you.",
        None,
    ),
    "draft": Field(FLAG, "Written, but not to be published: the build leaves it out.", True),
}
"""Every key there is, in the order in which the reference lists them."""
