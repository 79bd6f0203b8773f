"""Text -> CrashLog. Pure: reads no file and never raises on text.

`tokens` can be imported without the values of `sitegen.model`; `parse` brings them in.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sitegen.model import CrashLog

__all__ = ["decode_bytes", "parse", "unwrap"]


def parse(text: str) -> "CrashLog":
    """The log with the reports found in it, in the order they begin. Takes linear time."""
    from sitegen.crash.log.crashlog import parse_text  # noqa: PLC0415  reason: see above

    return parse_text(text)


def unwrap(text: str) -> str:
    """The lines of a console that is one string of JSON, as clouds give it; any other text as it is.

    All that is known of a log is known by the number of a line, and that string stands in one.
    """
    if "{" not in text[:_BEGINNING]:
        return text
    from sitegen.crash.log.wrapped.json_text import read_console  # noqa: PLC0415  reason: see above

    return read_console(text)


_BEGINNING = 80


def decode_bytes(data: bytes) -> str:
    r"""The bytes of a log as text, one character a byte but for what is valid UTF-8.

    Bytes that are not UTF-8 become U+FFFD, NUL becomes U+2400, so that lines and
    columns stay what they are and everything can be shown. A byte order mark goes;
    UTF-16, which it may announce, is read as such.

    >>> decode_bytes(b"a\x00\xff")
    'a␀�'
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return text.replace("\x00", "\N{SYMBOL FOR NULL}")
