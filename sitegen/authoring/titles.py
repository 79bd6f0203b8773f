"""The title of a crash -> how a case is called, and the name of its file."""

import re
import unicodedata

from sitegen.wording import one_line

LONGEST = 60
"""Characters of a slug."""
LONGEST_TITLE = 200

# syzkaller's titles name the macro that printed them; a case is called by what happened.
_READABLE = (
    (re.compile(r"BUG: unable to handle kernel "), ""),
    (re.compile(r"BUG: unable to handle "), ""),
    (re.compile(r"INFO: rcu detected stall"), "RCU stall"),
    (re.compile(r"INFO: task hung"), "Task hung"),
    (
        re.compile(r"BUG: (?=soft lockup|workqueue lockup|spinlock|sleeping|scheduling|corrupted)"),
        "",
    ),
    (re.compile(r"INFO: (?=possible|suspicious|inconsistent|trying)"), ""),
    # No function could be named.
    (re.compile(r" in corrupted$"), ""),
)
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def readable_title(title: str) -> str:
    """A crash's title in the words of a heading.

    >>> readable_title("BUG: unable to handle kernel NULL pointer dereference in lamp_status")
    'NULL pointer dereference in lamp_status'
    >>> readable_title("possible deadlock in lamp_lock")
    'Possible deadlock in lamp_lock'
    """
    text = one_line(title)
    for pattern, instead in _READABLE:
        text = pattern.sub(instead, text, count=1)
    first = text.split(" ", 1)[0]
    if first.isalpha() and first.islower():
        text = text[:1].upper() + text[1:]
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 3].rstrip()}..."


def slug_of(title: str) -> str:
    """A file name for a case of this title: lower-case ASCII, digits and dashes; never empty.

    >>> slug_of("KASAN: slab-use-after-free Read in tipc_recvmsg")
    'kasan-slab-use-after-free-read-in-tipc-recvmsg'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return "crash" if slug in {"", "index"} or slug in _DEVICES else slug


def is_slug(text: str) -> bool:
    """Whether an author may call a case so: one part of an address, and of a file's name."""
    return _SLUG.fullmatch(text) is not None and text.lower() not in {"index", *_DEVICES}


# What Windows takes for a device, whatever follows its dot: such a file cannot be checked out there.
_DEVICES = frozenset(
    {"aux", "con", "nul", "prn"} | {f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)}
)
