"""Records of pstore -> logs: the pieces of one dump put together again.

Each piece begins with a line such as `Panic#2 Part3`. The kernel writes the end of its log
first, so that the piece with the highest number is the oldest.
"""

import re
from collections.abc import Sequence

from sitegen.authoring.sources.values import Found
from sitegen.wording import counted

_NAME = re.compile(r"(?:dmesg|console)-[a-z0-9_]{1,20}-\d{1,24}")
_HEAD = re.compile(
    rb"(?P<reason>[A-Z][A-Za-z]{2,12})#(?P<count>\d{1,6}) Part(?P<part>\d{1,6})\r?\n"
)
_SECOND = re.compile(r"dmesg-efi(?:_pstore)?-\d{10}")


def is_record(name: str) -> bool:
    """Whether pstore calls its records so."""
    return _NAME.fullmatch(name) is not None


def join_records(records: Sequence[Found]) -> tuple[Found, ...]:
    """The logs of records that lie in one folder: each dump once, then what is no piece."""
    dumps: dict[tuple[str, bytes, bytes], list[tuple[int, Found]]] = {}
    whole: list[Found] = []
    for record in records:
        head = _HEAD.match(record.data)
        if head is None:
            whole.append(record)
            continue
        # A record of EFI is named after the second of the crash: every boot may have a `Panic#1`.
        second = _SECOND.match(record.file)
        key = (second[0] if second else "", head["reason"], head["count"])
        dumps.setdefault(key, []).append((int(head["part"]), record))
    return (*(_joined(pieces) for pieces in dumps.values()), *whole)


def _joined(pieces: list[tuple[int, Found]]) -> Found:
    """The pieces of one dump, oldest first, without their first lines."""
    ordered = [record for _, record in sorted(pieces, key=lambda piece: (-piece[0], piece[1].name))]
    texts = (_HEAD.sub(b"", record.data, count=1).rstrip(b"\n") + b"\n" for record in ordered)
    first = ordered[-1]
    more = len(ordered) - 1
    name = f"{first.name} and {counted(more, 'more part')}" if more else first.name
    return first._replace(name=name, data=b"".join(texts))
