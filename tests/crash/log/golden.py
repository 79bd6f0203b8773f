"""Golden logs: files of comments, headers, a blank line, and the raw log.

    # what the log is and where it comes from
    LOG: arch=x86_64 release=6.1.0-56-amd64 slide=0x1e00000
    TITLE: BUG: unable to handle kernel NULL pointer dereference in widget_set
    KIND: null-deref
    ...

    [  100.000001] BUG: kernel NULL pointer dereference, address: 0000000000000010

Each `TITLE:` begins the headers of another report. `pytest --update` rewrites the headers.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.crash.log import decode_bytes, parse
from sitegen.model import CallTrace, CrashLog, Frame, Report, State, Task

FOLDER = Path(__file__).parents[2] / "logs"


class Golden(NamedTuple):
    """One file, taken apart."""

    path: Path
    comments: tuple[str, ...]
    headers: tuple[str, ...]
    data: bytes

    @property
    def text(self) -> str:
        return decode_bytes(self.data)


def read_golden(path: Path) -> Golden:
    head, _, data = path.read_bytes().partition(b"\n\n")
    lines = head.decode().split("\n")
    return Golden(
        path,
        tuple(line for line in lines if line.startswith("#")),
        tuple(line for line in lines if not line.startswith("#")),
        data,
    )


def write_golden(golden: Golden, headers: list[str]) -> None:
    head = "\n".join([*golden.comments, *headers])
    golden.path.write_bytes(head.encode() + b"\n\n" + golden.data)


def paths() -> list[Path]:
    return sorted(FOLDER.glob("*/*.txt"))


def texts() -> Iterator[str]:
    for path in paths():
        yield read_golden(path).text


def describe(log: CrashLog) -> list[str]:
    """What a log was parsed to, in headers."""
    words = {"arch": log.arch, "release": log.release, "build-id": log.build_id}
    words["slide"] = "" if log.slide is None else hex(log.slide)
    lines = ["LOG: " + " ".join(f"{key}={value}" for key, value in words.items() if value)]
    for report in log.reports:
        lines += _describe_report(report)
    return [line.rstrip() for line in lines]


def describe_text(text: str) -> list[str]:
    return describe(parse(text))


def _describe_report(report: Report) -> Iterator[str]:
    yield f"TITLE: {report.title}"
    for alt in report.alt_titles:
        yield f"ALT: {alt}"
    optional = {
        "TYPE": report.type,
        "KIND": f"{report.kind} ({report.label})",
        "MESSAGE": report.message,
        "GUESS": report.guess,
        "CORRUPTED": report.corrupted or "",
        "PANICKED": "yes" if report.panicked else "",
        "CRASH": "" if report.crash else "no",
        "GUILTY": report.guilty_file,
        "ADDRESS": "" if report.fault_address is None else hex(report.fault_address),
        "TASK": f"cpu={report.task.cpu} pid={report.task.pid} comm={report.task.comm}"
        if report.task != Task()
        else "",
        "RELEASE": report.release,
        "TAINT": report.taint,
        "HARDWARE": report.hardware,
        "MODULES": " ".join(
            f"{one.name}({one.flags})" if one.flags else one.name for one in report.modules
        ),
    }
    yield from (f"{key}: {value}" for key, value in optional.items() if value)
    at = report.headline
    yield f"LINES: {report.first}-{report.last}, headline {at.line}:{at.column}-{at.end}"
    for state in report.states:
        yield _describe_state(state)
    for trace in report.traces:
        yield _describe_trace(trace)
    yield "SECTIONS: " + " ".join(f"{one.kind}:{one.first}-{one.last}" for one in report.sections)


def _describe_state(state: State) -> str:
    words = [f"STATE: {state.first}-{state.last}"]
    words += ["user"] if state.user else []
    words += [f"pc={_place(state.pc)}"] if state.pc else []
    words += [f"lr={_place(state.lr)}"] if state.lr else []
    if state.registers:
        first, last = state.registers[0], state.registers[-1]
        words.append(
            f"{len(state.registers)} registers {first.name}={first.value:#x}..{last.name}={last.value:#x}"
        )
    if state.code:
        words.append(f"code={state.code.data[:4].hex()}..{len(state.code.data)}@{state.code.mark}")
    return " ".join(words)


def _describe_trace(trace: CallTrace) -> str:
    frames = " ".join(_frame(frame) for frame in trace.frames)
    return f"FRAMES: {trace.at.line} {trace.context} {trace.title!r}: {frames}"


def _frame(frame: Frame) -> str:
    text = ("" if frame.reliable else "?") + _place(frame)
    if frame.lookup == "exact":
        text += "!"
    if frame.given:
        places = (f"{call.function or '-'}@{call.file}:{call.line}" for call in frame.given)
        text += "{" + ", ".join(places) + "}"
    return text


def _place(frame: Frame) -> str:
    if frame.symbol is None:
        return f"{frame.address:#x}"
    symbol = frame.symbol
    return symbol.name + (f"[{symbol.module}]" if symbol.module else "")
