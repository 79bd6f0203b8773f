r"""This machine's own log, from /dev/kmsg, as dmesg prints it.

A record is `6,339,5140900,-,caller=T1;text`, what cannot be printed written as `\x0a`, and
lines after it that begin with a blank, which name a device.
"""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator

from sitegen.authoring.sources.values import Found, Refused
from sitegen.wording import reason_of

_KMSG = "/dev/kmsg"
_RECORD = 8192
"bytes that hold any record"
_MOST = 1 << 20
"records; the kernel's ring holds fewer"
_HEADER = re.compile(
    rb"(?P<level>\d{1,3}),\d{1,20},(?P<time>\d{1,18}),[^,;]{0,4}(?:,caller=(?P<caller>[A-Z]\d{1,9}))?[^;]{0,80};"
)
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")

ReadRecords = Callable[[], Iterable[bytes]]
"""Gives the records of the kernel's log as /dev/kmsg does, one at a time."""


def read_machine(read: ReadRecords | None = None) -> Found | Refused:
    """The log of the machine that runs this. `read` stands in for the device."""
    try:
        data = b"".join(_lines((read or _records)()))
    except PermissionError:
        return Refused(
            "this machine's log may not be read",
            "give it as root reads it: sudo dmesg | sitegen new -",
        )
    except OSError as error:
        return Refused(f"'{_KMSG}': {reason_of(error)}", "give the log: dmesg | sitegen new -")
    if not data:
        return Refused("this machine's log is empty")
    return Found("this machine's log", "dmesg.log", data)


def _records() -> Iterator[bytes]:
    handle = os.open(_KMSG, os.O_RDONLY | os.O_NONBLOCK)
    try:
        for _ in range(_MOST):
            try:
                record = os.read(handle, _RECORD)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.EPIPE:  # overwritten while it was read
                    continue
                raise
            if not record:
                return
            yield record
    finally:
        os.close(handle)


def _lines(records: Iterable[bytes]) -> Iterator[bytes]:
    """The records as lines: `[   79.803379][  T969] text`."""
    for record in records:
        head = _HEADER.match(record)
        if head is None:
            continue
        stamp = b"[%5d.%06d]" % divmod(int(head["time"]), 1_000_000)
        if head["caller"]:
            stamp += b"[%6s]" % head["caller"]
        text = record[head.end() :].split(b"\n", 1)[0]
        plain = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)
        for line in plain.split(b"\n"):
            yield b"%s %s\n" % (stamp, line)
