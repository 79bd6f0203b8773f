"""Bytes of a mail or an mbox -> Mails: their headers as text, their bodies decoded.

Everything in a mail is another's word: it is bounded, never raises, and no header becomes
more than one line.
"""

import email
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote

from sitegen.authoring.dates import known_day
from sitegen.authoring.imported import link_of
from sitegen.wording import one_line

MOST = 500
"""Mails of a thread that are read."""
MOST_PARTS = 64
"""Parts of a mail, all levels together, that are read."""
_MOST_MULTIPARTS = 10
"of a mail; one with more is read as plain text: each line is compared with each of their borders"
LARGEST = 4 << 20
"""Bytes of a mail that are read, and of all mails together four times as many."""
_LONGEST = 1000
"characters of a header"
_BEGIN = re.compile(rb"^From [^\n]*\n(?=[A-Za-z-]{1,60}:|>From )", re.MULTILINE)
_HEADER = re.compile(rb"(?:From [^\n]{0,400}\r?\n)?[A-Za-z][A-Za-z0-9-]{0,60}:[ \t][^\n]*\n")
_NAMES = re.compile(rb"^(?:from|subject|date|message-id):", re.IGNORECASE | re.MULTILINE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


class Attached(NamedTuple):
    """A file that came with a mail."""

    name: str
    text: str


class Mail(NamedTuple):
    """A mail. Every text but the last two is one line."""

    subject: str
    sender: str
    "the name, else the address"
    address: str
    day: str
    "YYYY-MM-DD where it was sent; empty when the header says none"
    archived: str
    "its address in a public archive; empty when it is not known to be in one"
    text: str
    "of the body, lines ended by a newline"
    attached: tuple[Attached, ...] = ()
    cut: bool = False
    "its end was not read: it is too large"


def is_mail(data: bytes) -> bool:
    """Whether these bytes begin as a mail or an mbox does."""
    head = data[: 1 << 14].lstrip(b"\r\n")
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return _HEADER.match(head) is not None and len(_NAMES.findall(block)) > 1


def read_mails(data: bytes) -> tuple[Mail, ...]:
    """The mails, in the order in which they stand; no more than `MOST`."""
    mails: list[Mail] = []
    left = 4 * LARGEST
    for raw in islice(_split(data), MOST):
        if left <= 0:
            break
        size = min(len(raw), LARGEST, left)
        mails.append(_mail(raw[:size], cut=size < len(raw)))
        left -= size
    return tuple(mails)


def _split(data: bytes) -> Iterator[bytes]:
    """The mails of an mbox, their quoted `From ` lines as they were sent; else the one mail."""
    begins = filter(_is_begin, _BEGIN.finditer(data)) if data.startswith(b"From ") else ()
    starts = list(islice(begins, MOST + 1))
    if not starts:
        yield data
        return
    ends = [found.start() for found in starts[1:]] + [len(data)]
    for found, end in zip(starts, ends, strict=True):
        yield _QUOTED_FROM.sub(rb"\1", data[found.end() : end])


def _is_begin(found: re.Match[bytes]) -> bool:
    """Whether a line that looks as if it began a mail has a blank line above it, or nothing."""
    at = found.start()
    return not at or found.string[max(0, at - 4) : at].endswith((b"\n\n", b"\r\n\r\n"))


def _mail(raw: bytes, *, cut: bool) -> Mail:
    if raw.lower().count(b"multipart/") > _MOST_MULTIPARTS:
        head, _, body = raw.partition(b"\n\n")
        raw = re.sub(rb"(?im)^content-type:.*(?:\n[ \t].*)*\n?", b"", head + b"\n") + b"\n" + body
    try:
        message = email.message_from_bytes(raw, policy=compat32)
        texts = list(_texts(message))
    except (MessageError, RecursionError, ValueError):
        message, texts = Message(), [("", raw.decode("utf-8", "replace"))]
    name, address = _sender(_header(message, "From"))
    return Mail(
        subject=_header(message, "Subject"),
        sender=(name or address)[:200],
        address=address[:200],
        day=_day(_header(message, "Date")),
        archived=_archived(message),
        text="\n".join(text for file, text in texts if not file),
        attached=tuple(Attached(file, text) for file, text in texts if file),
        cut=cut,
    )


def _sender(value: str) -> tuple[str, str]:
    """Name and address. Not by `parseaddr`, which recurses into comments as deep as they go."""
    name, found, address = value.rpartition("<")
    if not found:
        return "", value.partition(" ")[0]
    return name.strip(" \"'"), address.partition(">")[0].strip()


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    """File name (empty for what is the body) and text of each part that is text."""
    left = LARGEST
    bodies = 0
    for count, part in enumerate(message.walk()):
        if count > MOST_PARTS or left <= 0:
            return
        kind = part.get_content_type()
        if part.is_multipart() or kind == "text/html":
            continue
        file = _decoded(part.get_filename() or "")
        if not (kind.startswith("text/") or file.lower().endswith((".log", ".txt", ".dmesg"))):
            continue
        payload = part.get_payload(decode=True)
        text = _text(payload[:left], part) if isinstance(payload, bytes) else ""
        left -= len(text)
        if not file and part.get_content_disposition() == "attachment":
            file = "attachment.log"
        if file or bodies < MOST_PARTS:
            bodies += not file
            yield file, text


def _text(data: bytes, part: Message) -> str:
    charset = part.get_content_charset("utf-8")
    try:
        text = data.decode(charset, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    text = text.replace("\r\n", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, delete=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unflowed(text: str, *, delete: bool) -> str:
    """Lines that were broken at a blank put together again (RFC 3676); quoted ones are left alone."""
    lines: list[str] = []
    flowing = False
    for line in text.split("\n"):
        plain = line.removeprefix(" ")
        if flowing and not line.startswith(">"):
            before = lines[-1][:-1] if delete else lines[-1]
            # Not one by one: a line of a million pieces would be copied as often.
            lines[-1] = before + plain if len(before) < _MOST_JOINED else before
            if len(before) >= _MOST_JOINED:
                lines.append(plain)
        else:
            lines.append(plain)
        flowing = plain.endswith(" ") and plain != "-- " and not line.startswith(">")
    return "\n".join(lines)


_MOST_JOINED = 1000


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return _decoded(str(value)) if value is not None else ""


def _decoded(value: str) -> str:
    """A header's text on one line, its encoded words read."""
    value = value[: 4 * _LONGEST]
    try:
        parts = decode_header(value)
    except (MessageError, ValueError):
        parts = [(value, None)]
    text = ""
    for part, charset in parts:
        if isinstance(part, str):
            text += part
            continue
        try:
            text += part.decode(charset or "utf-8", "replace")
        except (LookupError, ValueError):
            text += part.decode("utf-8", "replace")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return one_line(text)[:_LONGEST]


def _id(value: str) -> str:
    found = re.search(r"<([^\s<>\"'\\]{3,250})>", value)
    return found[1] if found else ""


def _day(value: str) -> str:
    try:
        return known_day(parsedate_to_datetime(value).date().isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


_LISTS = re.compile(
    r"[\w.+-]{1,60}@(?:vger\.kernel\.org|lists\.linux\.dev|kvack\.org|lists\.infradead\.org|lists\.freedesktop\.org"
    r"|lists\.ozlabs\.org|googlegroups\.com|lists\.linaro\.org|kernel\.org)\b"
)


def _archived(message: Message) -> str:
    """Its address in an archive, as it says itself, or as its lists are archived."""
    said = re.search(r"<(https?://[^\s<>\"'\\]{1,400})>", _header(message, "Archived-At"))
    if said:
        return link_of(said[1])
    to = " ".join(_header(message, name) for name in ("To", "Cc", "List-Id", "List-Post"))
    name = _id(_header(message, "Message-ID"))
    if not name or _LISTS.search(to) is None:
        return ""
    return f"https://lore.kernel.org/r/{quote(name, safe='@.-_+=~!$&*')}"
