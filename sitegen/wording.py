"""Pieces of messages that all parts need: numbers of things, the system's reasons, foreign names.

Imports nothing, so that anyone may have it.
"""


def counted(number: int, noun: str) -> str:
    """A number of things; the noun takes an s where there is not one.

    >>> counted(1, "case"), counted(0, "report")
    ('1 case', '0 reports')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def named(names: list[str], most: int = 5) -> str:
    """Names in quotes: the first of them, and how many more there are.

    >>> named(["a", "b", "c"]), named(["a", "b", "c"], 1)
    ("'a', 'b', 'c'", "'a' and 2 more")
    """
    shown = ", ".join(f"'{name}'" for name in names[:most])
    more = len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown


def reason_of(error: OSError) -> str:
    """Why the system refused, to stand behind a colon.

    >>> reason_of(PermissionError(13, "Permission denied"))
    'permission denied'
    """
    return (error.strerror or "no reason given").lower()


def printable(text: str) -> str:
    r"""`text` on one line without control characters: logs and names must not drive a terminal.

    >>> printable("a\tb\x1b[2J")
    'a b\ufffd[2J'
    """
    return "".join(
        c if c.isprintable() else " " if c in "\t\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def one_line(text: str) -> str:
    r"""`text` on one line: what cannot be shown is a blank, and blanks in a row are one.

    >>> one_line(" a\x07\n b ")
    'a b'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shortened(text: str, most: int) -> str:
    """As much of `text` as a message has room for.

    >>> shortened("frame vfs_write", 5)
    'frame...'
    """
    return text if len(text) <= most else f"{text[:most]}..."
