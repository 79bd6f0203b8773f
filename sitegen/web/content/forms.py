"""The keys of front matter, and the form of each one's value."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, get_args

from sitegen.diagnostics import nearest_hint
from sitegen.web.content.nodes import QUOTE, Node, WrongError, short
from sitegen.web.content.values import Fixes, Occurrence, Snapshot, Status


def text(node: Node) -> str:
    """A text, its white space collapsed; raises `WrongError` for anything else."""
    if not isinstance(node.value, str):
        raise WrongError(node, "takes a text", QUOTE)
    return " ".join(node.value.split())


def _texts(node: Node) -> tuple[str, ...]:
    if not isinstance(node.value, list):
        raise WrongError(node, "takes a list", "write it as [one, two]")
    return tuple(dict.fromkeys(word for item in node.value if (word := text(item))))


def _links(node: Node) -> tuple[str, ...]:
    if isinstance(node.value, list):
        for item in node.value:
            if not re.match(r"https?://[^\s\"'<>\\]+\Z", text(item)):
                raise WrongError(item, f"'{short(text(item))}' is no http or https address")
    return _texts(node)


def read_day(text: str) -> str | None:
    """`text` if it is a day that exists, as YYYY-MM-DD; None when it is not."""
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", text):
        return None
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return None
    return text


def _day(node: Node) -> str:
    day = read_day(text(node))
    if day is None:
        raise WrongError(node, f"'{short(text(node))}' is no date", "write it as YYYY-MM-DD")
    return day


def _status(node: Node) -> str:
    word = text(node)
    if word not in get_args(Status):
        raise WrongError(
            node, f"unknown status '{short(word)}'", nearest_hint(word[:80], get_args(Status))
        )
    return word


def _flag(node: Node) -> bool:
    if not isinstance(node.value, str) or node.value not in {"true", "false"}:
        raise WrongError(node, "takes true or false")
    return node.value == "true"


def _matching(pattern: str, what: str, hint: str) -> Callable[[Node], str]:
    form = re.compile(pattern)

    def read(node: Node) -> str:
        word = text(node)
        if not form.match(word):
            raise WrongError(node, f"'{short(word)}' is no {what}", hint)
        return word

    return read


def _count(node: Node) -> int:
    word = text(node)
    if not re.fullmatch(r"[0-9]{1,9}", word) or not int(word):
        raise WrongError(node, f"'{short(word)}' is no count", "write a number from 1")
    return int(word)


def _link(node: Node) -> str:
    return _links(Node([node], node.line, node.column, node.end))[0]


def _alias(node: Node) -> tuple[str, ...]:
    """Addresses below the site's root, as `cases/old-name/`, each once."""
    for item in node.value if isinstance(node.value, list) else ():
        parts = text(item).strip("/").split("/")
        if any(not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", part) for part in parts):
            raise WrongError(
                item,
                f"'{short(text(item))}' is no address of this site",
                "write it as cases/old-name",
            )
    return tuple(dict.fromkeys(f"{word.strip('/')}/" for word in _texts(node)))


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


Form = Callable[[Node], Any] | Group | Rows | Names
Fields = Mapping[str, Form]

_commit = _matching(r"[0-9a-f]{7,40}\Z", "commit", "give 7 to 40 digits of its hash, in lower case")

OCCURRENCE: Fields = {
    "date": _day,
    "kernel": text,
    "host": text,
    "count": _count,
    "link": _link,
}
"""The keys of an occurrence, and the columns of a file of them."""

FIELDS: Fields = {
    "title": text,
    "date": _day,
    "status": _status,
    "kernel": text,
    "trigger": text,
    "repro": text,
    "reported": _day,
    "tags": _texts,
    "authors": _texts,
    "aliases": _alias,
    "layers": Names("a function or the beginning of a path"),
    "fixes": Group(
        {
            "introduced": _commit,
            "fixed": _commit,
            "cve": _matching(r"CVE-[0-9]{4}-[0-9]{4,9}\Z", "CVE", "write it as CVE-2024-50082"),
            "syzbot": _matching(r"[0-9a-f]{8,64}\Z", "syzbot id", "copy what follows '?extid='"),
            "reported-by": _texts,
            "links": _links,
        },
        Fixes,
    ),
    "occurrences": Rows(OCCURRENCE, Occurrence, required="date"),
    "snapshot": Group({"source": text, "date": _day, "link": _link}, Snapshot),
    "draft": _flag,
}
"""Every key there is, and how its value is read."""
