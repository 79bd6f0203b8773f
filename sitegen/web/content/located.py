"""Where the keys of front matter stand, for those who find fault with a value when all is read."""

from collections.abc import Iterator

from sitegen.diagnostics import Place
from sitegen.web.content.frontmatter import MAX_CHARACTERS, MAX_EXCERPT
from sitegen.web.content.nodes import Node, WrongError, build_nodes


def find_keys(text: str, file: str) -> dict[str, Place]:
    """The place of each value in the front matter at the start of `text`, as far as it is YAML.

    A key without a value has none.

    Keys are as `title`, `fixes.fixed`, `tags.0` and `occurrences.2.link`, items counted from 0.
    """
    lines = text[: MAX_CHARACTERS + 8].split("\n")
    if lines[0].rstrip() != "---":
        return {}
    close = next((n for n, line in enumerate(lines) if n and line.rstrip() in {"---", "..."}), 0)
    found = _parse("\n".join(lines[1:close]) + "\n") if close else []
    return {
        name: _place(node, file, lines)
        for root in found
        for name, node in _walk("", root)
        if name and node.value != ""
    }


def _parse(yaml_text: str) -> list[Node]:
    import yaml  # noqa: PLC0415  reason: asked for only where something is wrong

    found: list[Node] = []
    try:
        build_nodes(yaml.parse(yaml_text, Loader=yaml.CBaseLoader), found)
    except (WrongError, yaml.YAMLError):  # told when it was read
        pass
    return found


def _walk(name: str, node: Node) -> Iterator[tuple[str, Node]]:
    """A node and all below it; no deeper than nodes are built."""
    yield name, node
    prefix = f"{name}." if name else ""
    if isinstance(node.value, dict):
        for key, (_, value) in node.value.items():
            yield from _walk(f"{prefix}{key}", value)
    elif isinstance(node.value, list):
        for index, item in enumerate(node.value):
            yield from _walk(f"{prefix}{index}", item)


def _place(node: Node, file: str, lines: list[str]) -> Place:
    line = min(node.line + 2, len(lines))  # from 1, and the `---` stands above
    text = lines[line - 1]
    column = min(node.column + 1, len(text) + 1)
    shown = text if len(text) <= MAX_EXCERPT else ""
    return Place(file, line, column, max(column + 1, node.end + 1), shown)
