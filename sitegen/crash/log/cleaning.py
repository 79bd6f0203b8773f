"""A title -> the title without what differs from one run to the next.

The steps and their order are syzkaller's (pkg/report, Apache-2.0, Copyright syzkaller project
authors), taken as facts.
"""

import re

_LONGEST = 1280
"characters of a title before it is cleaned"

# Takes quadratic time where no offset stands.
_PLACE = re.compile(r"([a-zA-Z][a-zA-Z0-9_.]*+)\+0x[0-9a-z]+/0x[0-9a-z]+")
_CLEANINGS = (
    (re.compile(r"syz-executor\.?[0-9]+(?:[/:][0-9]+)?"), "syz-executor"),
    (re.compile(r"syzkaller[0-9]+(?:[/:][0-9]+)?"), "syzkaller"),
    (re.compile(r"([^a-zA-Z0-9])(?:0x)?[0-9a-f]{6,}"), r"\1ADDR"),
    (re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"), "IP"),
    (re.compile(r"(\.[a-zA-Z]+):[0-9]+(?::[0-9]+)?"), r"\1:LINE"),
    (_PLACE, r"\1"),
    (re.compile(r"CPU#[0-9]+"), "CPU"),
    (re.compile(r"([^a-zA-Z0-9_])[0-9]+(?=[^a-zA-Z0-9_]|$)"), r"\1NUM"),
    (re.compile(r"[0-9]{7,}"), "NUM"),
)


def clean(title: str) -> str:
    """The title without what differs from one run to the next.

    >>> clean("INFO: Freed in fasync_free_rcu+0x14/0x20 age=57 cpu=0 pid=18338")
    'INFO: Freed in fasync_free_rcu age=NUM cpu=NUM pid=NUM'
    """
    title = title[:_LONGEST]
    for wanted, replacement in _CLEANINGS:
        if wanted is _PLACE and "+0x" not in title:
            continue
        while (cleaned := wanted.sub(replacement, title)) != title:
            title = cleaned
    cut = title.encode("utf-8", "replace")[:120].replace(b"\t", b" ")
    printable = bytes(byte for byte in cut if 0x20 <= byte < 0x7F)
    return " ".join(printable.decode("ascii").split())
