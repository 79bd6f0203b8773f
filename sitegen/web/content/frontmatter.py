"""The YAML between `---` lines -> FrontMatter. Complains about each key by itself.

Read from the parser's events: they carry the place of every key and value, an
alias is seen before it is expanded, and depth is bounded. (Composing nodes
recurses in C: 60 000 brackets end the process.) Every value stays the text
that was written, so `kernel: 6.10` is not 6.1 and `commit: 0123456` no octal.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.content.values import Fixes, FrontMatter, Status

if TYPE_CHECKING:
    from yaml import Event

MAX_CHARACTERS = 64 * 1024
"""Longer front matter is not read: it is a misplaced `---`, or an attack."""

MAX_EXCERPT = 300
"""Characters of a line that a diagnostic still quotes."""

_MAX_DEPTH = 3  # the mapping, `fixes` in it, a list in that
_FENCE = "---"


class _Node(NamedTuple):
    value: "str | list[_Node] | dict[str, tuple[_Node, _Node]]"
    "text, items, or key -> (key, value)"
    line: int
    "from 0, within the YAML"
    column: int
    end: int
    "the column after; 0 when it ends on another line"


class _WrongError(Exception):
    """A value of the wrong form."""

    def __init__(self, node: _Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.hint = hint


def read_front_matter(text: str, file: str, sink: Sink) -> tuple[FrontMatter, int]:
    """What the front matter at the start of `text` says, and how many lines it takes (0: none).

    Whatever is wrong keeps its default, and the rest counts.
    """
    head = text[: MAX_CHARACTERS + 8].split("\n")
    if head[0].rstrip() != _FENCE:
        return FrontMatter(), 0
    close = next((n for n, line in enumerate(head) if n and line.rstrip() in {_FENCE, "..."}), 0)
    if not close:
        sink.add(
            codes.M001,
            "the front matter has no end",
            at=Place(file, 1, 1, 4, head[0]),
            hint="close it with a line of three dashes",
        )
        return FrontMatter(), 1
    reader = _Reader(file, head, sink)
    return reader.read("\n".join(head[1:close]) + "\n"), close + 1


class _Reader:
    """Reads one front matter; keeps the file's lines for the places of complaints."""

    def __init__(self, file: str, lines: list[str], sink: Sink) -> None:
        self._file = file
        self._lines = lines
        self._sink = sink

    def read(self, yaml_text: str) -> FrontMatter:
        """What could be read before the first fault of the YAML counts."""
        found: list[_Node] = []
        try:
            self._parse(yaml_text, found)
        except _WrongError as wrong:
            self._sink.add(codes.M001, str(wrong), at=self._place(wrong.node), hint=wrong.hint)
            found = [_before(node, wrong.node.line) for node in found]
        if not found or found[0].value == "":
            return FrontMatter()
        if not isinstance(found[0].value, dict):
            message = "the front matter is no list of keys"
            self._sink.add(codes.M001, message, at=self._place(found[0]), hint=_EXAMPLE)
            return FrontMatter()
        return FrontMatter(**self._convert(found[0], _FIELDS))

    def _parse(self, yaml_text: str, found: list[_Node]) -> None:
        import yaml  # noqa: PLC0415  reason: 15 ms, which a build without changes does not pay

        try:
            _build(yaml.parse(yaml_text, Loader=yaml.CBaseLoader), found)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            node = _Node("", mark.line, mark.column, 0) if mark else _Node("", 0, 0, 0)
            raise _WrongError(node, f"not YAML: {error.problem or error.context}", _QUOTE) from None
        except yaml.reader.ReaderError as error:
            line = yaml_text.encode()[: error.position].count(b"\n")
            raise _WrongError(_Node("", line, 0, 0), f"not YAML: {error.reason}") from None

    def _convert(self, node: _Node, fields: "_Fields", prefix: str = "") -> dict[str, Any]:
        """The values of a mapping by the names of our fields; unknown and wrong ones left out."""
        found: dict[str, Any] = {}
        if not isinstance(node.value, dict):
            self._wrong(_WrongError(node, f"'{prefix[:-1]}' takes keys and values"))
            return found
        for name, (key, value) in node.value.items():
            field = fields.get(name)
            if field is None:
                self._sink.add(
                    codes.M002,
                    f"unknown key '{_short(prefix + name)}'",
                    at=self._place(key),
                    hint=nearest_hint(name[:80], fields),
                )
            elif isinstance(field, Mapping):
                found[name] = Fixes(**self._convert(value, field, f"{name}."))
            elif value.value != "":
                try:
                    found[name.replace("-", "_")] = field(value)
                except _WrongError as wrong:
                    self._wrong(wrong, f"'{prefix + name}': ")
        return found

    def _wrong(self, wrong: _WrongError, what: str = "") -> None:
        self._sink.add(codes.M003, f"{what}{wrong}", at=self._place(wrong.node), hint=wrong.hint)

    def _place(self, node: _Node) -> Place:
        line = min(node.line + 2, len(self._lines))  # from 1, and the `---` stands above
        text = self._lines[line - 1]
        column = min(node.column + 1, len(text) + 1)
        shown = text if len(text) <= MAX_EXCERPT else ""
        return Place(self._file, line, column, max(column + 1, node.end + 1), shown)


def _before(node: _Node, line: int) -> _Node:
    """A mapping without the keys that a fault on `line` may have cut short."""
    if not isinstance(node.value, dict):
        return node
    kept = {name: pair for name, pair in node.value.items() if pair[1].line < line}
    return node._replace(value=kept)


_EXAMPLE = "write 'title: ...' on a line of its own"
_QUOTE = "put a value with special characters in quotes"


def _build(events: "Iterator[Event]", root: list[_Node]) -> None:
    """Fills `root` with the node of the first document, if any. Never deeper than `_MAX_DEPTH`."""
    from yaml import events as kind  # noqa: PLC0415  reason: as above

    stack: list[_Node] = []  # open lists and mappings
    keys: list[_Node | None] = []  # beside it: the key that waits for its value
    for event in events:
        match event:
            case kind.AliasEvent():
                raise _WrongError(_at(event, ""), "an alias ('*name')", "write the value again")
            case kind.ScalarEvent():
                null = event.implicit[0] and event.value in {"~", "null"}
                # An escape can write half of a surrogate pair, which no file can hold.
                text = event.value.encode("utf-8", "replace").decode("utf-8")
                node = _at(event, "" if null else text)
            case kind.SequenceStartEvent() | kind.MappingStartEvent():
                empty: list[_Node] | dict[str, tuple[_Node, _Node]]
                empty = [] if isinstance(event, kind.SequenceStartEvent) else {}
                node = _at(event, empty)
                if len(stack) == _MAX_DEPTH:
                    raise _WrongError(node, "lists and keys nested too deeply")
            case kind.CollectionEndEvent():
                stack.pop()
                keys.pop()
                continue
            case kind.DocumentEndEvent():
                break
            case _:
                continue
        _attach(node, root, stack, keys)
        if not isinstance(node.value, str):
            stack.append(node)
            keys.append(None)


def _attach(node: _Node, root: list[_Node], stack: list[_Node], keys: list[_Node | None]) -> None:
    """Puts `node` where it belongs: the root, the open list, or the open mapping as key or value."""
    if not stack:
        root.append(node)
        return
    parent = stack[-1].value
    if isinstance(parent, list):
        parent.append(node)
    elif isinstance(parent, dict):
        key = keys[-1]
        if key is not None:
            parent[str(key.value)] = (key, node)
            keys[-1] = None
        elif not isinstance(node.value, str):
            raise _WrongError(node, "a key that is no plain word")
        elif node.value in parent:
            raise _WrongError(node, f"'{_short(node.value)}' stands twice", "keep one of them")
        else:
            keys[-1] = node


def _at(event: "Event", value: "str | list[_Node] | dict[str, tuple[_Node, _Node]]") -> _Node:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return _Node(value, 0, 0, 0)
    same = start.line == end.line and isinstance(value, str)
    return _Node(value, start.line, start.column, end.column if same else 0)


# --- Forms of values -------------------------------------------------------------------------


def _text(node: _Node) -> str:
    if not isinstance(node.value, str):
        raise _WrongError(node, "takes a text", _QUOTE)
    return " ".join(node.value.split())


def _texts(node: _Node) -> tuple[str, ...]:
    if not isinstance(node.value, list):
        raise _WrongError(node, "takes a list", "write it as [one, two]")
    return tuple(dict.fromkeys(text for item in node.value if (text := _text(item))))


def _links(node: _Node) -> tuple[str, ...]:
    if isinstance(node.value, list):
        for item in node.value:
            if not re.match(r"https?://[^\s\"'<>\\]+\Z", _text(item)):
                raise _WrongError(item, f"'{_short(_text(item))}' is no http or https address")
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


def _day(node: _Node) -> str:
    day = read_day(_text(node))
    if day is None:
        raise _WrongError(node, f"'{_short(_text(node))}' is no date", "write it as YYYY-MM-DD")
    return day


def _status(node: _Node) -> str:
    word = _text(node)
    if word not in get_args(Status):
        raise _WrongError(
            node, f"unknown status '{_short(word)}'", nearest_hint(word[:80], get_args(Status))
        )
    return word


def _flag(node: _Node) -> bool:
    if not isinstance(node.value, str) or node.value not in {"true", "false"}:
        raise _WrongError(node, "takes true or false")
    return node.value == "true"


def _matching(pattern: str, what: str, hint: str) -> Callable[[_Node], str]:
    form = re.compile(pattern)

    def read(node: _Node) -> str:
        text = _text(node)
        if not form.match(text):
            raise _WrongError(node, f"'{_short(text)}' is no {what}", hint)
        return text

    return read


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


_Fields = Mapping[str, "Callable[[_Node], Any] | _Fields"]

_commit = _matching(r"[0-9a-f]{7,40}\Z", "commit", "give 7 to 40 digits of its hash, in lower case")

_FIELDS: _Fields = {
    "title": _text,
    "date": _day,
    "status": _status,
    "kernel": _text,
    "trigger": _text,
    "tags": _texts,
    "authors": _texts,
    "fixes": {
        "introduced": _commit,
        "fixed": _commit,
        "cve": _matching(r"CVE-[0-9]{4}-[0-9]{4,9}\Z", "CVE", "write it as CVE-2024-50082"),
        "syzbot": _matching(r"[0-9a-f]{8,64}\Z", "syzbot id", "copy what follows '?extid='"),
        "reported-by": _texts,
        "links": _links,
    },
    "draft": _flag,
}
"""Every key there is, and how its value is read."""
