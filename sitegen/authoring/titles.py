"""The title of a crash -> how a case is called, and the name of its file."""

import re
import unicodedata

from sitegen.crash.log.cleaning import clean
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


# What syzkaller's titles have in the place of what differs from one run to the next.
_TAINT = re.compile(r"\s*\((?:Not tainted|Tainted: [^()]{0,80})\)")
_MARK = re.compile(r"(?<![A-Za-z_])(?:NUM|ADDR|IP|LINE)(?![A-Za-z_])")
_WORDS = {"NUM": r"[0-9]+", "IP": r"[0-9.]+", "LINE": r"[0-9:]+", "ADDR": r"(?:0x)?[0-9a-f]+"}
# An address tells nobody anything.
_ADDRESS = re.compile(r",?(?: at| from)?(?: virtual)?(?: address)?:? ADDR\b")
_UNKNOWN = re.compile(r"\((?:NUM|ADDR|,)+\)|[- :#]?(?<![A-Za-z_])(?:NUM|ADDR|IP|LINE)(?![A-Za-z_])")


def own_words(title: str, headline: str, function: str) -> str:
    """A crash's title with what it leaves open as the log has it, and without the taint.

    >>> own_words("kernel panic: lamp NUM of NUM", "Kernel panic - not syncing: lamp 3 of 4", "")
    'kernel panic: lamp 3 of 4'
    >>> own_words("BUG kmalloc-NUM (Tainted: G OE ): Poison", "no such words", "")
    'BUG kmalloc: Poison'
    """
    title, headline = _TAINT.sub("", title), _TAINT.sub("", headline)
    title = _ADDRESS.sub("", title)
    begin, _, named = title.rpartition(" in ")
    if begin and function and clean(f" {function}").startswith(named):
        title = f"{begin} in {function}"
    words = title.split(" ")
    marked = [index for index, word in enumerate(words) if _MARK.search(word)]
    if not marked:
        return title
    first, last = max(0, marked[0] - 1), marked[-1] + 1
    pattern = r"\s+".join(map(_pattern, words[first:last]))
    if found := re.search(pattern, headline[:_LONGEST_HEADLINE]):
        return " ".join([*words[:first], *found[0].split(), *words[last:]])
    return _UNKNOWN.sub("", title)


_LONGEST_HEADLINE = 1000


def _pattern(word: str) -> str:
    """What a word of a title stands for in the log."""
    parts = re.split(rf"({_MARK.pattern})", word)
    return "".join(_WORDS.get(part, re.escape(part)) for part in parts)


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
