"""An apport report (`/var/crash/*.crash`) of a kernel crash -> the log in it.

Fields stand at the beginning of a line; a long value follows on lines that begin with a blank.
"""

import re
from collections.abc import Iterator

from sitegen.authoring.dates import day_in
from sitegen.authoring.sources.values import Found, Refused

_FIELD = re.compile(rb"([A-Za-z][\w.-]{0,80}):(?: (.*))?", re.DOTALL)
_LOGS = ("VmCoreDmesg", "OopsText", "CurrentDmesg", "CurrentDmesg.txt", "KernLog")
"fields that may hold the crash, the best first"
_KERNEL = frozenset({"KernelCrash", "KernelOops"})


def is_apport(data: bytes) -> bool:
    """Whether these are the bytes of a report of apport's."""
    return data.startswith(b"ProblemType: ") or b"\nProblemType: " in data[:4096]


def read_apport(data: bytes, name: str, day: str) -> Found | Refused:
    """The kernel's log of the report."""
    fields = dict(_fields(data))
    kind = fields.get("ProblemType", b"").decode("ascii", "replace").strip()
    if kind not in _KERNEL:
        return Refused(f"an apport report of a {kind[:40] or 'problem'}, not of a kernel crash")
    for field in _LOGS:
        text = fields.get(field, b"")
        if text.strip() and not text.startswith(b"base64"):
            dated = day_in(fields.get("Date", b"").decode("utf-8", "replace"))
            return Found(name, f"{field.partition('.')[0].lower()}.log", text, dated or day)
    return Refused(
        "an apport report without a readable log",
        "unpack it: apport-unpack FILE FOLDER, and give what is in the folder",
    )


def _fields(data: bytes) -> Iterator[tuple[str, bytes]]:
    name, lines = "", list[bytes]()
    for line in data.split(b"\n"):
        if line.startswith(b" ") or not line:
            lines.append(line[1:])
            continue
        if name:
            yield name, b"\n".join(lines)
        found = _FIELD.fullmatch(line)
        name = found[1].decode("ascii") if found else ""
        lines = [found[2]] if found and found[2] else []
    if name:
        yield name, b"\n".join(lines)
