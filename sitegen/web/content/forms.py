"""The forms that values of front matter take: how each is read, and what JSON Schema calls it.

Every value is the text that was written, whatever YAML takes it for, so that the schemas
of texts let numbers pass: `kernel: 6.10`, `fixed: 1234567`. An empty value is none.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, get_args

from sitegen.diagnostics import nearest_hint
from sitegen.web.content.nodes import QUOTE, Node, WrongError, short
from sitegen.web.content.values import Status

Schema = Mapping[str, object]


class Form(NamedTuple):
    """How a value is written and read."""

    word: str
    "what it is, for a reference"
    read: Callable[[Node], Any]
    "raises `WrongError`"
    schema: Schema


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
            if not re.fullmatch(_ADDRESS, text(item)):
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
        if any(not re.fullmatch(_PART, part) for part in parts):
            raise WrongError(
                item,
                f"'{short(text(item))}' is no address of this site",
                "write it as cases/old-name",
            )
    return tuple(dict.fromkeys(f"{word.strip('/')}/" for word in _texts(node)))


_WORD = ["string", "number", "null"]
_ADDRESS = r"https?://[^\s\"'<>\\]+"
_PART = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"


def _matching(word: str, pattern: str, *, noun: str, hint: str) -> Form:
    form = re.compile(pattern)

    def read(node: Node) -> str:
        found = text(node)
        if not form.fullmatch(found):
            raise WrongError(node, f"'{short(found)}' is no {noun}", hint)
        return found

    return Form(word, read, {"type": _WORD, "pattern": f"^{pattern}$"})


TEXT = Form("text", text, {"type": [*_WORD, "boolean"]})
TEXTS = Form("list of texts", _texts, {"type": ["array", "null"], "items": TEXT.schema})
FLAG = Form("`true` or `false`", _flag, {"type": ["boolean", "null"]})
DAY = Form(
    "date, `YYYY-MM-DD`",
    _day,
    {"type": ["string", "null"], "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
)
STATUS = Form("one of them", _status, {"enum": [*get_args(Status), None]})
COUNT = Form("number from 1", _count, {"type": ["integer", "null"], "minimum": 1})
LINK = Form("http or https address", _link, {"type": ["string", "null"], "pattern": f"^{_ADDRESS}$"})
LINKS = Form(
    "list of http or https addresses",
    _links,
    {"type": ["array", "null"], "items": {"type": "string", "pattern": f"^{_ADDRESS}$"}},
)
ALIASES = Form(
    "list of addresses of this site",
    _alias,
    {
        "type": ["array", "null"],
        "items": {"type": ["string", "number"], "pattern": f"^/*{_PART}(/{_PART})*/*$"},
    },
)
COMMIT = _matching(
    "7 to 40 hexadecimal digits",
    "[0-9a-f]{7,40}",
    noun="commit",
    hint="give 7 to 40 digits of its hash, in lower case",
)
CVE = _matching(
    "CVE id", "CVE-[0-9]{4}-[0-9]{4,9}", noun="CVE", hint="write it as CVE-2024-50082"
)
SYZBOT = _matching(
    "hexadecimal digits", "[0-9a-f]{8,64}", noun="syzbot id", hint="copy what follows '?extid='"
)
