"""Answers -> the words that stand for a token: `ksys_write (fs/read_write.c:637)`."""

from __future__ import annotations

from sitegen.crash.symbols.values import Decoded, Undecoded
from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sitegen.crash.tokens import Frame, Token

_MANGLED = ("_R", "_ZN")


class Said(Record):
    """A token, and what is known of it."""

    token: Token
    answer: Decoded | Undecoded | None


def rewritten(text: bytes, frame: Frame | None, said: Sequence[Said], strip: str = "") -> bytes:
    """The line with the words for its tokens; `strip` is a folder to take off absolute paths.

    A frame line has one blank after its prefix and no `[<address>]`, as the script prints it,
    but no blank at its end; all else stays, and all of a line of which nothing is known.
    """
    words = [_words(text[one.start : one.end], one, answer, strip) for one, answer in said]
    if not any(words):
        return text
    found, at = [], 0
    if frame:
        prefix = frame.prefix.lstrip()
        found.append(prefix + b" " if prefix else b"")
        found.append(b"? " if frame.guess else b"")
        at = said[-1].token.start
    for (token, _), word in zip(said, words, strict=True):
        if token.start >= at:
            found.append(text[at : token.start])
            found.append(word or text[token.start : token.end])
            at = token.end
    found.append(text[at:])
    return b"".join(found)


def _words(printed: bytes, token: Token, answer: Decoded | Undecoded | None, strip: str) -> bytes:
    """What stands for a token, itself before it where it is another name; empty where nothing is known."""
    if not isinstance(answer, Decoded) or not answer.calls:
        return b""
    name = answer.calls[-1].function
    if answer.calls[0].file:
        words = f"{_shown(name)} ({' '.join(_places(answer, strip))})"
    elif token.name:
        return b""
    else:
        words = f"{_shown(name)}+{answer.address - answer.start:#x}"
    if not words.isprintable():
        # Names come from an image; a hostile one must not forge lines or drive a terminal.
        words = "".join(c if c.isprintable() else "?" for c in words)
    text = words.encode("utf-8", "replace")
    return text if name == token.name.decode() else printed + b" = " + text


def _places(answer: Decoded, strip: str) -> list[str]:
    return [
        f"{call.file.removeprefix(strip) if strip else call.file}:{call.line or '?'}"
        for call in answer.calls
    ]


def _shown(name: str) -> str:
    """A name as people write it."""
    if not name.startswith(_MANGLED):
        return name
    from sitegen.crash.names.demangle import demangle  # noqa: PLC0415  reason: few kernels have Rust

    return demangle(name)
