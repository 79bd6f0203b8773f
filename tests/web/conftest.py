"""A small case made by hand: a write that panics in a driver, decoded, with its source."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitegen.diagnostics import Sink
from sitegen.model import (
    Call,
    CallTrace,
    ChainStep,
    CodeDump,
    CrashLog,
    Edge,
    Frame,
    ImageId,
    LogEvidence,
    Provenance,
    Record,
    Register,
    Report,
    ReportEvidence,
    Section,
    Sizes,
    Snippet,
    Span,
    State,
    Symbol,
    Table,
    Task,
    Trace,
    TraceFrame,
)
from sitegen.web.content import Document, EmbeddedLog, FrontMatter
from sitegen.web.directives import Case, CaseLog
from sitegen.web.directives.places import Browse
from sitegen.web.theme import Theme, load_theme

LINES = (
    "[    1.000000] sysrq: Trigger a crash",
    "[    1.000000] Kernel panic - not syncing: sysrq <b>triggered</b> crash",
    "[    1.000001] CPU: 1 PID: 92 Comm: sh Not tainted 6.1.0-test",
    "[    1.000002] Call Trace:",
    "[    1.000002]  panic+0x118/0x2f4",
    "[    1.000002]  lamp_handle+0x16/0x20",
    "[    1.000002]  ? stray+0x1/0x2",
    "[    1.000002]  vfs_write+0xc7/0x3f0",
    "[    1.000002]  entry_SYSCALL_64+0x6e/0xd8",
    "[    1.000002] RIP: 0033:0x47b7a0",
    "[    1.000002] Code: 0f 05 <48> 3d",
    "[    1.000002] RAX: 00000000000000da RBX: 0000000000000000",
    "[    1.000003] ---[ end Kernel panic ]---",
)
_TEXT_AT = 16

FRAMES = (
    (5, "panic", 0x118, 0x2F4, True),
    (6, "lamp_handle", 0x16, 0x20, True),
    (7, "stray", 1, 2, False),
    (8, "vfs_write", 0xC7, 0x3F0, True),
    (9, "entry_SYSCALL_64", 0x6E, 0xD8, True),
)
_CALLS = {
    "panic": (Call("panic", "kernel/panic.c", 339),),
    "lamp_handle": (Call("lamp_handle", "drivers/lamp.c", 12),),
    "stray": (Call("deep", "lib/stray.c", 3, inlined=True), Call("stray", "lib/stray.c", 9)),
    "vfs_write": (
        Call("do_write", "fs/rw.c", 30, inlined=True),
        Call("vfs_write", "fs/rw.c", 40),
    ),
    "entry_SYSCALL_64": (Call("entry_SYSCALL_64", "arch/entry.S", 121),),
}


def make_log() -> CrashLog:
    records = tuple(
        Record(
            at=Span(number, _TEXT_AT, len(line) + 1),
            text=line[_TEXT_AT - 1 :],
            time=line[5:13].strip(),
        )
        for number, line in enumerate(LINES, 1)
    )
    frames = tuple(
        Frame(at=Span(line, 17, 30), symbol=Symbol(name, offset, size), reliable=reliable)
        for line, name, offset, size, reliable in FRAMES
    )
    state = State(
        first=10,
        last=12,
        user=True,
        registers=(
            Register("RAX", 0xDA, Span(12, 16, 37)),
            Register("RBX", 0, Span(12, 38, 59)),
        ),
        code=CodeDump(at=Span(11, 16, 34), data=b"\x0f\x05\x48\x3d", mark=2),
    )
    report = Report(
        title="kernel panic: sysrq triggered crash",
        type="DoS",
        kind="panic",
        label="Kernel panic",
        message="sysrq <b>triggered</b> crash",
        headline=records[1].at,
        first=1,
        last=13,
        task=Task(cpu=1, pid=92, comm="sh"),
        release="6.1.0-test",
        taint="Not tainted",
        states=(state,),
        traces=(CallTrace("Call Trace", Span(4, 16, 27), frames),),
        sections=(
            Section("header", 1, 3),
            Section("trace", 4, 9),
            Section("registers", 10, 10),
            Section("code", 11, 11),
            Section("registers", 12, 12),
            Section("end", 13, 13),
        ),
    )
    return CrashLog(
        lines=LINES, records=records, reports=(report,), arch="x86_64", release="6.1.0-test"
    )


def make_chain(*, text: bool = True) -> tuple[ChainStep, ...]:
    ops = Table(
        symbol="lamp_fops",
        file="drivers/lamp.c",
        line=50,
        initializer=51,
        type="file_operations",
        snippet=Snippet(
            "drivers/lamp.c",
            50,
            52,
            shown=((50, 52),),
            sha256="",
            mark=51,
            text="struct file_operations lamp_fops = {\n\t.write\t= lamp_handle,\n};\n"
            if text
            else "",
        ),
    )
    system, files, driver, end = (
        {"layer": "System call interface", "letter": "S"},
        {"layer": "Virtual File System", "letter": "V"},
        {"layer": "lamp driver", "letter": "D"},
        {"layer": "Panic", "letter": "K"},
    )
    return (
        ChainStep(
            "entry_SYSCALL_64",
            "arch/entry.S",
            121,
            log_line=9,
            edge=Edge("entry", "log", mechanism="system call", call="write"),
            **system,
        ),
        ChainStep(
            "__x64_sys_write",
            "fs/rw.c",
            60,
            missing=True,
            edge=Edge("direct", "call-site"),
            **system,
        ),
        ChainStep(
            "vfs_write",
            "fs/rw.c",
            40,
            log_line=8,
            edge=Edge("tail", "instruction", note="jmp vfs_write at __x64_sys_write+0x10"),
            snippet=Snippet(
                "fs/rw.c",
                36,
                42,
                shown=((36, 36), (40, 40)),
                sha256="",
                mark=40,
                text='long vfs_write(char *s) /* "x" */\n\treturn do_write("<s>", s);\n'
                if text
                else "",
            ),
            **files,
        ),
        ChainStep(
            "do_write",
            "fs/rw.c",
            30,
            inlined=True,
            log_line=8,
            edge=Edge("inlined", "inline-tree"),
            **files,
        ),
        ChainStep(
            "lamp_handle",
            "drivers/lamp.c",
            12,
            log_line=6,
            edge=Edge(
                "indirect",
                "ops-table",
                expression="file->f_op->write(file, s)",
                pointer="file->f_op->write",
                slot="file_operations.write",
                tables=(ops,),
            ),
            snippet=Snippet(
                "drivers/lamp.c",
                10,
                13,
                shown=((10, 13),),
                sha256="",
                mark=12,
                column=2,
                end=15,
                text='void lamp_handle(void)\n{\n\tpanic("dark");\n}\n' if text else "",
            ),
            **driver,
        ),
        ChainStep(
            "panic",
            "kernel/panic.c",
            339,
            log_line=5,
            edge=Edge("direct", "call-site"),
            **end,
        ),
    )


def make_case_log(
    *, name: str = "panic-1", decoded: bool = True, text: bool = True, browse: str = ""
) -> CaseLog:
    log = make_log()
    frames = tuple(
        TraceFrame(
            line=line,
            symbol=name,
            offset=offset,
            size=size,
            reliable=reliable,
            lookup="return",
            calls=_CALLS[name] if decoded else (),
            undecoded="" if decoded else "no image of this kernel",
        )
        for line, name, offset, size, reliable in FRAMES
    )
    provenance = (
        Provenance(
            images=(ImageId("vmlinux", "0123456789abcdef"),),
            sizes=Sizes(equal=5),
            decoded_by="sitegen",
        )
        if decoded
        else Provenance(missing="no image of this kernel")
    )
    found = ReportEvidence(
        title=log.reports[0].title,
        traces=(Trace("Call Trace", "task", 4, frames),),
        chain=make_chain(text=text),
    )
    return CaseLog(
        id=name,
        embedded=EmbeddedLog(id=name, text="\n".join(LINES), sha256="", path="x.md", block=1),
        log=log,
        evidence=LogEvidence(
            id=name, sha256="", kernel="6.1.0-test", provenance=provenance, reports=(found,)
        ),
        browse=Browse(browse),
        raw=f"cases/lamp/{name}.log",
    )


@pytest.fixture
def dig() -> Iterator[Callable[[Path], None]]:
    """Makes 1100 folders in each other, deeper than Python recurses; they are gone after the test."""
    made: list[str] = []

    def make(folder: Path) -> None:
        made.extend(f"{folder}{'/d' * depth}" for depth in range(1, 1101))
        for path in made:
            Path(path).mkdir()

    yield make
    for path in reversed(made):
        Path(path).rmdir()


@pytest.fixture
def case_log() -> Callable[..., CaseLog]:
    return make_case_log


@pytest.fixture
def case() -> Case:
    return Case(front=FrontMatter(trigger="echo <c>"), logs=(make_case_log(),))


@pytest.fixture
def document() -> Callable[..., Document]:
    def make(body: str, *logs: CaseLog, url: str = "cases/lamp/", **front: object) -> Document:
        return Document(
            path="cases/lamp.md",
            file="content/cases/lamp.md",
            kind="case" if url.startswith("cases/") else "page",
            slug="lamp",
            url=url,
            front=FrontMatter(**{"title": "A <lamp>", "trigger": "echo <c>", **front}),  # type: ignore[arg-type]  reason: tests give what the field takes
            body=body,
            logs=tuple(log.embedded for log in logs),
        )

    return make


@pytest.fixture(scope="session")
def default_theme() -> Theme:
    sink = Sink()
    theme = load_theme("default", Path(__file__).parents[2], sink=sink)
    assert theme is not None, list(sink)
    return theme
