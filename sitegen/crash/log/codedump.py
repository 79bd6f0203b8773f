"""A `Code:` line -> the bytes around the PC."""

import re
from typing import Literal

from sitegen.crash.arch import Arch
from sitegen.crash.log.printk import Line
from sitegen.model import CodeDump

_CODE = re.compile(r"\s{0,4}(?:Code|Instruction dump): ?")
_ITEM = re.compile(
    r"(?P<open>[<(])?(?P<item>[0-9a-f]{2}(?:[0-9a-f]{2}){0,3})(?P<close>[>)])?(?: {1,80}|$)"
)
_REST = re.compile(
    r"\s{0,4}[<(]?[0-9a-f]{1,8}[>)]?(?: {1,3}[<(]?[0-9a-f]{2,8}[>)]?){1,200}(?: \.\.\.)?\s{0,4}$"
)


def is_code(text: str) -> bool:
    return _CODE.match(text) is not None


def is_rest_of_code(text: str) -> bool:
    """Whether the line may go on with the bytes of the line before."""
    return _REST.match(text) is not None and "Code" not in text


def code_text(line: Line) -> str:
    """What stands behind `Code:`; also words, where the kernel could not read the bytes."""
    found = _CODE.match(line.text)
    return line.text[found.end() :] if found else line.text


def join_code(text: str, following: str) -> str:
    """Bytes that were wrapped, on one line again."""
    following = following.strip()
    # A terminal cuts where its width ends, also within a byte.
    split = re.search(r"(?:^| )[<(]?[0-9a-f]$", text) and re.match(
        r"[0-9a-f][>)]?(?: |$)", following
    )
    return text + ("" if split else " ") + following


def read_code(line: Line, text: str, arch: Arch | None) -> CodeDump | None:
    """The bytes that `text`, the end of the line or a longer one made of it, lists.

    In memory's order: words are turned round on little-endian machines. None for words
    instead of bytes.
    """
    order: Literal["little", "big"] = "big" if arch and arch.code_order == "big" else "little"
    data = bytearray()
    mark = None
    at = 0
    text = text.rstrip()
    while found := _ITEM.match(text, at):
        if found["open"]:
            mark = len(data)
        item = bytes.fromhex(found["item"])
        data += item if order == "big" else item[::-1]
        at = found.end()
    if not data:
        return None
    start = len(line.text) - len(code_text(line))
    return CodeDump(line.span(start, min(start + at, len(line.text.rstrip()))), bytes(data), mark)
