"""A directive as written -> a DirectiveUse that fits its spec, and boxes for what does not."""

from typing import NamedTuple

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.markdown.fences import Block
from sitegen.web.markdown.pieces import problem_box
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.values import Directives, DirectiveSpec, DirectiveUse


class Checked(NamedTuple):
    """What is left of a directive after checking."""

    use: DirectiveUse | None
    "None when it cannot be used at all"
    boxes: str = ""
    "HTML of what was wrong, to stand before it or in its place"


def check_use(
    block: Block, body: str, source: str, directives: Directives, places: Places, sink: Sink
) -> Checked:
    """The use of a block by its spec. Complains (M004, M005, M018) and shows what it cannot use.

    `body` is HTML or text as the spec wants it, `source` the whole block as written.
    """
    at = places.at(block.line, block.name)
    if block.closes:
        hint = f"write '{block.closes}' on a line below it"
        sink.add(codes.M018, f"directive '{block.name}' is never closed", at=at, hint=hint)
    spec = directives.get(block.name) if block.braces else None
    if spec is None:
        return Checked(None, _unknown(block, at, source, directives, sink))
    if block.half:
        message = f"the brace of '{{{spec.name}' is never closed"
        sink.add(codes.M018, message, at=at, hint=f"write '{{{spec.name}}}'")
    if spec.argument == "required" and not block.argument:
        message = f"directive '{spec.name}' needs an argument"
        hint = f"name {spec.wants}" if spec.wants else f"write it behind '{{{spec.name}}}'"
        sink.add(codes.M005, message, at=at, hint=hint)
        return Checked(None, problem_box(message, source))
    boxes: list[str] = []
    argument = block.argument
    if spec.argument == "none" and argument:
        message = f"directive '{spec.name}' takes no argument"
        sink.add(codes.M005, message, at=at, hint="put it into the lines below")
        boxes.append(problem_box(message, argument))
        argument = ""
    options = _options(block, spec, boxes, places, sink)
    if spec.body == "none" and body.strip():
        message = f"directive '{spec.name}' takes no lines"
        sink.add(codes.M005, message, at=at, hint="close it before the text")
        boxes.append(problem_box(message) + body)
        body = ""
    use = DirectiveUse(name=spec.name, argument=argument, options=options, body=body, at=at)
    return Checked(use, "".join(boxes))


_INSTEAD = {
    "admonition": "write ':::{note} Title'",
    "attention": "write ':::{warning}'",
    "code-block": "write '```c {linenos hl_lines=2,4-5}'",
    "danger": "write ':::{caution}'",
    "figure": "write '![what it shows](picture.png)'",
    "hint": "write ':::{tip}'",
    "image": "write '![what it shows](picture.png)'",
    "linenos": "name a language first: '```text {linenos}'",
    "literalinclude": "write ':::{source} fs/read_write.c:582-600'",
    "math": "write '$$' before and after it, with math = true in the configuration",
    "sourcecode": "write '```c {linenos hl_lines=2,4-5}'",
}
"""What other tools have as directives, and how it is written here."""


def _unknown(block: Block, at: Place, source: str, directives: Directives, sink: Sink) -> str:
    message = f"unknown directive '{block.name}'"
    hint = _INSTEAD.get(block.name) or nearest_hint(block.name, directives)
    if not block.braces and block.name in directives:
        message = f"directive '{block.name}' without braces"
        hint = f"write ':::{{{block.name}}}'"
    sink.add(codes.M004, message, at=at, hint=hint)
    return problem_box(message, source)


def _options(
    block: Block, spec: DirectiveSpec, boxes: list[str], places: Places, sink: Sink
) -> tuple[tuple[str, str], ...]:
    """Those the directive takes, the first of each name; a box for every other."""
    found: dict[str, str] = {}
    for option in block.options:
        message, hint = "", ""
        if option.name not in spec.options:
            message = f"option '{option.name}' of directive '{spec.name}' does not exist"
            hint = nearest_hint(option.name, spec.options)
        elif option.name in found:
            message = f"option '{option.name}' of directive '{spec.name}' stands twice"
            hint = "keep one of them"
        if message:
            sink.add(codes.M005, message, at=places.at(option.line, option.name), hint=hint)
            boxes.append(problem_box(message, f":{option.name}: {option.value}"))
        else:
            found[option.name] = option.value
    return tuple(found.items())
