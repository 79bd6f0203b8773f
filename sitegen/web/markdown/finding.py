"""What stands in a Markdown text, for those who do not render it: prose, where links lead, roles."""

from collections.abc import Iterator

from markdown_it.token import Token

from sitegen.web.content import Document
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.syntax import block_tokens, parse
from sitegen.web.markdown.values import PLAIN, Syntax, Written

_VERBATIM = frozenset({"fence", "code_block", "directive"})


def find_prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are no code and no log, numbered from 1, as they stand."""
    hidden: set[int] = set()
    for token in block_tokens(text):
        if token.type in _VERBATIM and token.map:
            hidden.update(range(*token.map))
    for number, line in enumerate(text.split("\n")):
        if number not in hidden:
            yield number + 1, line


def find_links(document: Document, syntax: Syntax) -> Iterator[Written]:
    """The addresses that links and pictures are written with, in order. Those of HTML are not among them."""
    places = Places(document)
    line = 0
    for token in parse(document.body, None, syntax).tokens:
        if token.map:
            line = token.map[0]
        for child in _flat(token.children or ()):
            href = child.attrs.get("href" if child.type == "link_open" else "src")
            if child.type in {"link_open", "image"} and isinstance(href, str):
                yield Written(href, places.at_link(line, href))


def _flat(tokens: "list[Token] | tuple[()]") -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def find_roles(text: str, name: str) -> Iterator[tuple[str, int]]:
    """Text and line (of `text`, from 0) of the roles of this name, in the order of the tokens."""
    for token in parse(text, None, PLAIN).tokens:
        for child in token.children or ():
            if child.type == "role" and child.meta["name"] == name:
                line = (token.map or (0, 0))[0]
                line += token.content.count("\n", 0, child.meta["position"])
                yield child.content, line
