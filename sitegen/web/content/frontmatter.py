"""The YAML between `---` lines -> FrontMatter. Complains about each key by itself."""

from typing import Any

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.content.fields import FIELDS, Field, Fields, Group, Names, Rows
from sitegen.web.content.forms import text
from sitegen.web.content.nodes import QUOTE, Node, WrongError, build_nodes, short
from sitegen.web.content.values import FrontMatter

MAX_CHARACTERS = 64 * 1024
"""Longer front matter is not read: it is a misplaced `---`, or an attack."""

MAX_EXCERPT = 300
"""Characters of a line that a diagnostic still quotes."""

_FENCE = "---"


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
        found: list[Node] = []
        try:
            self._parse(yaml_text, found)
        except WrongError as wrong:
            self._sink.add(codes.M001, str(wrong), at=self._place(wrong.node), hint=wrong.hint)
            found = [_before(node, wrong.node.line) for node in found]
        if not found or found[0].value == "":
            return FrontMatter()
        if not isinstance(found[0].value, dict):
            message = "the front matter is no list of keys"
            self._sink.add(codes.M001, message, at=self._place(found[0]), hint=_EXAMPLE)
            return FrontMatter()
        return FrontMatter(**self._convert(found[0], FIELDS))

    def _parse(self, yaml_text: str, found: list[Node]) -> None:
        import yaml  # noqa: PLC0415  reason: 15 ms, which a build without changes does not pay

        try:
            build_nodes(yaml.parse(yaml_text, Loader=yaml.CBaseLoader), found)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            node = Node("", mark.line, mark.column, 0) if mark else Node("", 0, 0, 0)
            raise WrongError(node, f"not YAML: {error.problem or error.context}", QUOTE) from None
        except yaml.reader.ReaderError as error:
            line = yaml_text.encode()[: error.position].count(b"\n")
            raise WrongError(Node("", line, 0, 0), f"not YAML: {error.reason}") from None

    def _convert(self, node: Node, fields: Fields, prefix: str = "") -> dict[str, Any]:
        """The values of a mapping by the names of our fields; unknown and wrong ones left out."""
        found: dict[str, Any] = {}
        if not isinstance(node.value, dict):
            self._wrong(WrongError(node, f"'{prefix[:-1]}' takes keys and values"))
            return found
        for name, (key, value) in node.value.items():
            field = fields.get(name)
            if field is None:
                self._sink.add(
                    codes.M002,
                    f"unknown key '{short(prefix + name)}'",
                    at=self._place(key),
                    hint=nearest_hint(name[:80], fields),
                )
            elif isinstance(field.form, Rows) and isinstance(value.value, str) and value.value:
                found[f"{name}_file"] = text(value)
            elif value.value != "":
                try:
                    found[name.replace("-", "_")] = self._value(value, field, prefix + name)
                except WrongError as wrong:
                    self._wrong(wrong, f"'{prefix + name}': ")
        return found

    def _value(self, node: Node, field: Field, name: str) -> object:
        """The value of one key; raises `WrongError`."""
        match field.form:
            case Group(fields, make):
                return make(**self._convert(node, fields, f"{name}."))
            case Rows() as rows:
                return self._rows(node, rows, name)
            case Names(what):
                if not isinstance(node.value, dict):
                    raise WrongError(node, f"takes keys ({what}) and values")
                return {
                    " ".join(key.split()): text(value) for key, (_, value) in node.value.items()
                }
            case form:
                return form.read(node)

    def _rows(self, node: Node, rows: Rows, name: str) -> tuple[object, ...]:
        """The items of a list; one that lacks what it needs is left out, with a complaint."""
        if not isinstance(node.value, list):
            raise WrongError(node, "takes a list", "write each item as '- {date: 2026-11-23}'")
        found = []
        for item in node.value:
            values = self._convert(item, rows.fields, f"{name}.")
            if rows.required in values:
                found.append(rows.make(**values))
            elif isinstance(item.value, dict) and rows.required not in item.value:
                self._wrong(WrongError(item, f"'{name}': an item without '{rows.required}'"))
        return tuple(found)

    def _wrong(self, wrong: WrongError, what: str = "") -> None:
        self._sink.add(codes.M003, f"{what}{wrong}", at=self._place(wrong.node), hint=wrong.hint)

    def _place(self, node: Node) -> Place:
        line = min(node.line + 2, len(self._lines))  # from 1, and the `---` stands above
        text = self._lines[line - 1]
        column = min(node.column + 1, len(text) + 1)
        shown = text if len(text) <= MAX_EXCERPT else ""
        return Place(self._file, line, column, max(column + 1, node.end + 1), shown)


def _before(node: Node, line: int) -> Node:
    """A mapping without the keys that a fault on `line` may have cut short."""
    if not isinstance(node.value, dict):
        return node
    kept = {name: pair for name, pair in node.value.items() if pair[1].line < line}
    return node._replace(value=kept)


_EXAMPLE = "write 'title: ...' on a line of its own"
