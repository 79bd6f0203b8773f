"""Mails -> what they tell of a crash: the log, who said what when, and the tags in them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.authoring.facts import agreed
from sitegen.authoring.imported import Imported, Row, link_of, markdown_link
from sitegen.authoring.mail.messages import MOST, Mail
from sitegen.authoring.render import plain
from sitegen.authoring.sources import Found, Refused
from sitegen.crash.log import parse
from sitegen.model import CrashLog
from sitegen.web.content import Fixes, Status

MOST_ROWS = 40
"""Mails that the timeline names."""
_MOST_LINKS = 20
_MOST_PEOPLE = 10

_TAG = re.compile(
    r"^[ \t]{0,8}(Fixes|Reported-by|Reported-and-tested-by|Closes|Link|BugLink):[ \t]*(\S[^\n]{0,400})$",
    re.MULTILINE,
)
_COMMIT = re.compile(r"([0-9a-f]{8,40})\b")
_SYZBOT = re.compile(r"syzbot\+([0-9a-f]{8,64})@|[?&]extid=([0-9a-f]{8,64})\b")
_FIELD = re.compile(
    r"^(dashboard link|C reproducer|syz repro|console output|console\+strace):[ \t]*(https?://\S{1,400})$",
    re.MULTILINE,
)
_COMMAND = re.compile(r"^#syz (fix|dup|invalid)\b:?[ \t]*([^\n]{0,300})$", re.MULTILINE)
_STATES: dict[str, Status] = {"dup": "duplicate", "invalid": "invalid"}


class _Source(NamedTuple):
    """A text that may be the crash's log."""

    mail: Mail
    name: str
    "of the attachment; empty for the body"
    text: str
    log: CrashLog


def read_thread(mails: Sequence[Mail], name: str) -> Imported | Refused:
    """What the mails tell of the crash that the first of them reports."""
    source = _find_log(mails)
    if source is None:
        hint = "give the mail that holds the log, or the log itself: sitegen new LOG"
        several = f"first {MOST} mails" if len(mails) == MOST else "mails"
        where = "mail" if len(mails) == 1 else several
        return Refused(f"no crash report in the {where}", hint)
    root = source.mail
    told = [root, *(mail for mail in mails if mail is not root)]
    tags = [(tag.lower(), value.strip()) for mail in told for tag, value in _TAG.findall(mail.text)]
    fields = dict(reversed(_FIELD.findall(root.text)))
    commands = [(word, rest.strip()) for mail in told for word, rest in _COMMAND.findall(mail.text)]
    return Imported(
        status=next((_STATES[word] for word, _ in commands if word in _STATES), "open"),
        day=root.day,
        reported=root.day,
        repro="C" if "C reproducer" in fields else "syz" if "syz repro" in fields else "",
        fixes=Fixes(
            introduced=agreed(
                found[1]
                for tag, value in tags
                if tag == "fixes" and (found := _COMMIT.match(value))
            ),
            syzbot=_syzbot(told),
            reported_by=tuple(_people(root, tags)),
            links=tuple(_links(root, tags, fields)),
        ),
        log=_found(source, name),
        reproduce=_reproducers(fields),
        fix="\n".join(
            f"Fixed by “{plain(rest)}”, as syzbot was told."
            for word, rest in commands[:5]
            if word == "fix" and rest
        ),
        timeline=tuple(_timeline(mails)),
    )


# --- The log -----------------------------------------------------------------------------------


def _find_log(mails: Iterable[Mail]) -> _Source | None:
    """The log of the first mail that has one: the body's, or an attachment that holds more of it."""
    for mail in mails:
        texts = [("", mail.text), *mail.attached]
        sources = [_Source(mail, file, text, parse(text)) for file, text in texts if text.strip()]
        good = [one for one in sources if (report := one.log.lead_report) and report.crash]
        if good:
            return max(good, key=_worth)
    return None


def _worth(source: _Source) -> tuple[int, bool]:
    """More frames first; the body where it says as much."""
    frames = sum(len(trace.frames) for report in source.log.reports for trace in report.traces)
    return frames, not source.name


def _found(source: _Source, name: str) -> Found:
    """The log by itself: an attachment whole, of a body the part that is one."""
    if source.name:
        return Found(name, source.name, source.text.encode(), source.mail.day)
    reports = [one for one in source.log.reports if one.crash]
    first = min(one.first for one in reports)
    last = max(one.last for one in reports)
    lines = list(source.log.lines[first - 1 : last])
    return Found(name, "report.log", ("\n".join(lines) + "\n").encode(), source.mail.day)


# --- What is said of it ------------------------------------------------------------------------


def _syzbot(mails: Iterable[Mail]) -> str:
    for mail in mails:
        if found := _SYZBOT.search(f"{mail.address} {mail.text}"):
            return found[1] or found[2]
    return ""


def _people(root: Mail, tags: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Who reported it, by name: addresses are not for a public page."""
    named = [value for tag, value in tags if tag.startswith("reported")]
    people = dict.fromkeys(_person(value) for value in named or [f"{root.sender} <{root.address}>"])
    yield from [person for person in people if person][:_MOST_PEOPLE]


def _person(value: str) -> str:
    if "syzbot" in value.lower():
        return "syzbot"
    name = re.sub(r"<[^>]*>|\([^)]*\)", "", value).strip(" \"'")
    return name.partition("@")[0][:100]


def _links(root: Mail, tags: Iterable[tuple[str, str]], fields: dict[str, str]) -> Iterator[str]:
    said = [value.split()[0] for tag, value in tags if tag in {"closes", "link", "buglink"}]
    found = [root.archived, fields.get("dashboard link", ""), *said]
    links: dict[str, str] = {}
    for one in found:
        if link := link_of(one.rstrip(".,;")):
            # One mail has an address in each archive of lore's.
            mail = _LORE.match(link)
            links.setdefault(unquote(mail[1]) if mail else link, link)
    yield from list(links.values())[:_MOST_LINKS]


_LORE = re.compile(
    r"https?://(?:lore\.kernel\.org/[\w.-]{1,80}|lkml\.kernel\.org/r)/([^/\s?#@]{1,250}@[^/\s?#@]{1,250})/?\Z"
)


def _reproducers(fields: dict[str, str]) -> str:
    labels = (
        ("C reproducer", "C program"),
        ("syz repro", "syzkaller program"),
        ("console output", "console output"),
    )
    said = [
        markdown_link(label, link) for key, label in labels if (link := link_of(fields.get(key)))
    ]
    return f"From the report: {', '.join(said)}." if said else ""


def _timeline(mails: Sequence[Mail]) -> Iterator[Row]:
    """A row a mail, oldest first; those without a date are left out."""
    dated = sorted((mail for mail in mails if mail.day), key=lambda mail: mail.day)
    for mail in dated[:MOST_ROWS]:
        subject = plain(mail.subject[:200] or "a mail")
        yield Row(
            mail.day, f"{plain(_person(mail.sender))}: {markdown_link(subject, mail.archived)}"
        )
