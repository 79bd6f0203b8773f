"""The ways by which a log reaches a person: what each makes of the same records.

A channel takes records, a time in microseconds and a message each, and gives the file.
"""

import json
import re
import textwrap
from collections.abc import Callable, Sequence

Records = Sequence[tuple[int, str]]
Channel = Callable[[Records], bytes]

_CLOCK = "15:04:05"
_COLOURS = "\x1b[32m", "\x1b[0m\x1b[33m", "\x1b[0m"


def stamp(time: int) -> str:
    return f"[{time // 1_000_000:5}.{time % 1_000_000:06}]"


def console(records: Records) -> list[str]:
    return [f"{stamp(time)} {text}" for time, text in records]


def before(prefix: str, *, stamped: bool = True, end: str = "\n") -> Channel:
    """Each line behind the same prefix, with printk's own time or without."""

    def write(records: Records) -> bytes:
        lines = console(records) if stamped else [text for _, text in records]
        return "".join(f"{prefix}{line}{end}" for line in lines).encode()

    return write


def timed(template: str) -> Channel:
    """Each line of its time in seconds and its message, as the template puts them."""

    def write(records: Records) -> bytes:
        return "".join(
            template.format(seconds=time / 1_000_000, text=text) + "\n" for time, text in records
        ).encode()

    return write


def dmesg_human(records: Records) -> bytes:
    lines = [
        f"[{'Jan 2 15:04' if index % 20 == 0 else '  +0.000123'}] {text}"
        for index, (_, text) in enumerate(records)
    ]
    return "\n".join(lines).encode()


def coloured(records: Records) -> bytes:
    """`dmesg --color=always`: the time, and what stands before a colon, in colours."""
    time, subsystem, end = _COLOURS
    lines = []
    for at, text in records:
        head, colon, rest = text.partition(": ")
        said = f"{head}{colon}{end}{rest}" if colon else f"{text}{end}"
        lines.append(f"{time}{stamp(at)} {subsystem}{said}")
    return "\n".join(lines).encode()


def _entry(time: int, text: str) -> dict[str, object]:
    return {
        "__CURSOR": f"s=0f;i={time:x};b=1",
        "__REALTIME_TIMESTAMP": str(1_672_671_845_000_000 + time),
        "__MONOTONIC_TIMESTAMP": str(time + 17),
        "_BOOT_ID": "5" * 32,
        "PRIORITY": "4",
        "_TRANSPORT": "kernel",
        "SYSLOG_FACILITY": "0",
        "SYSLOG_IDENTIFIER": "kernel",
        "MESSAGE": text,
        "_SOURCE_MONOTONIC_TIMESTAMP": str(time),
    }


def journal_json(records: Records) -> bytes:
    return "".join(json.dumps(_entry(*record)) + "\n" for record in records).encode()


def journal_bytes(records: Records) -> bytes:
    """What is not printable comes as an array of bytes."""
    entries = [{**_entry(*record), "MESSAGE": list(record[1].encode())} for record in records]
    return "".join(json.dumps(entry) + "\n" for entry in entries).encode()


def journal_pretty(records: Records) -> bytes:
    return "".join(
        json.dumps(_entry(*record), indent="\t", separators=(",", " : ")) + "\n"
        for record in records
    ).encode()


def journal_pretty_bytes(records: Records) -> bytes:
    entries = [{**_entry(*record), "MESSAGE": list(record[1].encode())} for record in records]
    return "".join(
        json.dumps(entry, indent="\t", separators=(",", " : ")) + "\n" for entry in entries
    ).encode()


def journal_seq(records: Records) -> bytes:
    return "".join(f"\x1e{json.dumps(_entry(*record))}\n" for record in records).encode()


def journal_sse(records: Records) -> bytes:
    return "".join(f"data: {json.dumps(_entry(*record))}\n\n" for record in records).encode()


def journal_together(records: Records) -> bytes:
    """Several lines in one message, as kernel code that prints line feeds makes it."""
    entries = []
    for index in range(0, len(records), 5):
        some = records[index : index + 5]
        entries.append(_entry(some[0][0], "\n".join(text for _, text in some)))
    return "".join(json.dumps(entry) + "\n" for entry in entries).encode()


def journal_export(records: Records) -> bytes:
    lines = []
    for record in records:
        lines += [f"{name}={value}" for name, value in _entry(*record).items()]
        lines.append("")
    return "\n".join(lines).encode()


def journal_export_binary(records: Records) -> bytes:
    """A message that is not printable stands behind its size."""
    data = b""
    for record in records:
        for name, value in _entry(*record).items():
            if name == "MESSAGE":
                text = str(value).encode()
                data += b"MESSAGE\n" + len(text).to_bytes(8, "little") + text + b"\n"
            else:
                data += f"{name}={value}\n".encode()
        data += b"\n"
    return data


def journal_verbose(records: Records) -> bytes:
    lines = []
    for time, text in records:
        lines.append(f"Mon 2023-01-02 15:04:05.{time % 1000000:06} UTC [s={'0' * 32};i=1;b=2]")
        lines += [f"    {name}={value}" for name, value in _entry(time, text).items()]
    return "\n".join(lines).encode()


def _kmsg(time: int, text: str, sequence: int, more: str = "") -> str:
    escaped = re.sub(r"[^\x20-\x7e]|\\", lambda one: f"\\x{ord(one[0]):02x}", text)
    return f"4,{sequence},{time},-{more};{escaped}"


def kmsg(records: Records) -> bytes:
    """With the lines of devices, which belong to no message."""
    lines = [_kmsg(*record, index) for index, record in enumerate(records)]
    return "\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:02.0\n".join(lines).encode()


def netconsole_pieces(between: str) -> Channel:
    """Long records in two packets, with or without a line feed between them."""

    def write(records: Records) -> bytes:
        lines = []
        for index, (time, text) in enumerate(records):
            if len(text) < 30:
                lines.append(f"6.4.0,{_kmsg(time, text, index)}")
                continue
            for at in (0, 25):
                lines.append(
                    "6.4.0,"
                    + _kmsg(
                        time,
                        text[at : at + 25 if not at else None],
                        index,
                        f",ncfrag={at}/{len(text)}",
                    )
                )
                lines[-1] += between if not at else ""
        return "".join(line + ("" if "ncfrag=0/" in line else "\n") for line in lines).encode()

    return write


def docker(records: Records) -> bytes:
    lines = [{"log": f"{line}\n", "stream": "stdout"} for line in console(records)]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def aws(records: Records) -> bytes:
    whole = {"InstanceId": "i-0", "Output": "\r\n".join(console(records)), "Timestamp": "2023"}
    return json.dumps(whole, indent=4).encode()


def google(records: Records) -> bytes:
    lines = [
        {"insertId": str(index), "textPayload": line, "timestamp": "2023-01-02T15:04:05Z"}
        for index, line in enumerate(console(records))
    ]
    return json.dumps(lines, indent=2).encode()


def pstore(records: Records) -> bytes:
    return b"====1672671845.123456-D\nPanic#1 Part1\n" + before("<4>")(records)


def cut(width: int) -> Channel:
    """A terminal's screen copied: lines end where it does."""

    def write(records: Records) -> bytes:
        lines = []
        for line in console(records):
            lines += [line[at : at + width] for at in range(0, len(line), width)]
        return "\n".join(lines).encode()

    return write


def mailed(width: int) -> Channel:
    """A mailer breaks lines between words."""

    def write(records: Records) -> bytes:
        lines = []
        for line in console(records):
            lines += textwrap.wrap(
                line, width, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
            )
        return "\n".join(lines).encode()

    return write


def with_nuls(records: Records) -> bytes:
    """A serial line that was switched on late and off early, and bytes that are no text."""
    lines = [f"{line}\r\n".encode() for line in console(records)]
    lines[0] = b"\x00\x00\xff\xfe\x00" + lines[0]
    lines[::7] = [b"\x00" + line for line in lines[::7]]
    return b"".join(lines)


def powershell(records: Records) -> bytes:
    return ("\r\n".join(console(records)) + "\r\n").encode("utf-16")


def prompted(records: Records) -> bytes:
    """A shell's prompt, at which nobody has typed, before the first line."""
    return b"root@host:/# " + before("")(records)


CHANNELS: dict[str, Channel] = {
    "serial": before("", end="\r\n"),
    "serial-cr-cr": before("", end="\r\r\n"),
    "prompt": prompted,
    "no-time": before("", stamped=False),
    "levels": before("<4>"),
    "levels-no-time": before("<4>", stamped=False),
    "caller": timed("[{seconds:12.6f}][  T969] {text}"),
    "caller-apart": timed("[{seconds:12.6f}] [  T969] {text}"),
    "caller-and-cpu": timed("[{seconds:12.6f}][T969@C1] {text}"),
    "dmesg-T": timed("[Mon Jan  2 15:04:05 2023] {text}"),
    "dmesg-x": before("kern  :warn  : "),
    "dmesg-x-T": timed("kern  :warn  : [Mon Jan  2 15:04:05 2023] {text}"),
    "dmesg-H": dmesg_human,
    "dmesg-d": timed("[{seconds:12.6f} <    0.000012>] {text}"),
    "dmesg-iso": timed("2023-01-02T15:04:05,123456+01:00 {text}"),
    "dmesg-colours": coloured,
    "journal-short": timed("Jan 02 15:04:05 host kernel: {text}"),
    "journal-short-precise": timed("Jan 02 15:04:05.123456 host kernel: {text}"),
    "journal-short-iso": timed("2023-01-02T15:04:05+0100 host kernel: {text}"),
    "journal-short-iso-precise": timed("2023-01-02T15:04:05.123456+0100 host kernel: {text}"),
    "journal-short-full": timed("Mon 2023-01-02 15:04:05 CET host kernel: {text}"),
    "journal-short-unix": timed("1672671845.123456 host kernel: {text}"),
    "journal-short-monotonic": timed("[{seconds:12.6f}] host kernel: {text}"),
    "journal-no-hostname": timed("Jan 02 15:04:05 kernel: {text}"),
    "journal-json": journal_json,
    "journal-json-bytes": journal_bytes,
    "journal-json-pretty": journal_pretty,
    "journal-json-pretty-bytes": journal_pretty_bytes,
    "journal-json-seq": journal_seq,
    "journal-json-sse": journal_sse,
    "journal-json-lines-together": journal_together,
    "journal-export": journal_export,
    "journal-export-binary": journal_export_binary,
    "journal-verbose": journal_verbose,
    "rfc3164": before("Jan  2 15:04:05 host kernel: "),
    "rfc3164-priority": before("<4>Jan  2 15:04:05 host kernel: "),
    "rfc5424": before("2023-01-02T15:04:05.123456+01:00 host kernel: "),
    "rfc5424-priority": before("<4>1 2023-01-02T15:04:05.123456+01:00 host kernel - - - "),
    "busybox": before("Jan  2 15:04:05 host kern.warn kernel: "),
    "openwrt": before("Mon Jan  2 15:04:05 2023 kern.warn kernel: "),
    "logcat": timed("01-02 15:04:05.123     0     0 W         : {text}"),
    "pstore": pstore,
    "samsung": timed("<4>[{seconds:12.6f}] [1:             sh:  969] {text}"),
    "mediatek": timed("[{seconds:12.6f}] <1>.(1)[969:sh]{text}"),
    "qualcomm": timed("[{seconds:12.6f}] c1    969 {text}"),
    "amlogic": timed("[{seconds:12.6f}@1] {text}"),
    "vmcore-dmesg": timed("[{seconds:12.6f}] {text}"),
    "kmsg": kmsg,
    "netconsole-pieces": netconsole_pieces(""),
    "netconsole-pieces-in-lines": netconsole_pieces("\n"),
    "nuls": with_nuls,
    "utf-16": powershell,
    "cut-at-80": cut(80),
    "cut-at-100": cut(100),
    "mailed-at-76": mailed(76),
    "quoted": before("> "),
    "quoted-twice": before("> > "),
    "quoted-twice-closely": before(">> "),
    "indented": before("    "),
    "indented-by-a-tab": before("\t"),
    "list-item": before("      "),
    "docker-timestamps": before("2023-01-02T15:04:05.123456789Z "),
    "docker-compose": before("web-1  | "),
    "docker-json": docker,
    "kubectl-prefix": before("[pod/web-0/main] 2023-01-02T15:04:05.123456789Z "),
    "aws": aws,
    "google": google,
    "github-actions": before("2023-01-02T15:04:05.1234567Z "),
    "jenkins": before("[2023-01-02T15:04:05.123Z] "),
    "ts": before("Jan 02 15:04:05 "),
    "clock": before("15:04:05.123 "),
}
