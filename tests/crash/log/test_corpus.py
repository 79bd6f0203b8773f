"""Logs that are not part of the project, where they are at hand.

`SITEGEN_CORPUS` names the folder; without it `../shared/corpus` beside the checkout is tried.
"""

import os
import re
from pathlib import Path

import pytest

from sitegen.crash.log import decode_bytes, parse
from sitegen.model import CrashLog

CORPUS = Path(os.environ.get("SITEGEN_CORPUS") or Path(__file__).parents[4] / "shared/corpus")
QEMU = sorted((CORPUS / "qemu/logs").glob("*.log"))
REPORTS = CORPUS / "syzkaller/report"

# How a note words the first line of the report -> the kinds it may be.
KINDS = (
    (r"NULL pointer dereference", "null-deref"),
    (r"page fault for address|kernel paging request|read-only memory|non-executable", "paging"),
    (r"access to user memory", "user-access"),
    (r"general protection fault", "gpf"),
    (r"kernel BUG at lib/list_debug", "list-corruption"),
    (r"kernel BUG at", "bug"),
    (r"divide error", "divide"),
    (r"int3:|BRK handler", "int3"),
    (r"invalid opcode|Undefined instruction", "invalid-opcode"),
    (r"soft lockup", "soft-lockup"),
    (r"detected stall|self-detected", "rcu-stall"),
    (r"blocked for more than", "hung-task"),
    (r"scheduling while atomic", "atomic-sleep"),
    (r"stack guard page|Insufficient stack", "stack-overflow"),
    (r"^BUG kmalloc", "slub"),
    (r"pagealloc", "page-poison"),
    (r"oom-killer", "oom-kill"),
    (r"Machine Check", "mce"),
    (r"WARNING", "warning"),
    (r"Attempted to kill init", "init-killed"),
    (r"Unable to mount root", "no-root"),
    (r"Kernel panic|EXT4-fs error", "panic"),
    (r"sysrq: Show", "trace"),
)


def read(path: Path) -> CrashLog:
    return parse(decode_bytes(path.read_bytes()))


def note(path: Path, what: str) -> str:
    found = re.search(rf"^{what}: (.*)$", path.with_suffix(".txt").read_text(), re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.skipif(not QEMU, reason="needs the corpus of logs captured in QEMU")
@pytest.mark.parametrize("path", QEMU, ids=lambda path: path.stem)
def test_a_captured_log_has_the_kind_and_the_place_that_its_note_tells(path: Path) -> None:
    log = read(path)
    assert log.arch == ("aarch64" if path.name.startswith("arm64") else "x86_64")
    first = note(path, "First report line")
    if first == "(none)":
        assert not any(report.crash for report in log.reports)
        return
    kind = next(kind for pattern, kind in KINDS if re.search(pattern, first))
    assert log.reports[0].kind == kind
    symbol = note(path, r"Faulting RIP/pc").partition(" ")[0]
    if "+0x" in symbol and not first.startswith(("Kernel panic", "Machine", "sysrq")):
        state = next(state for state in log.reports[0].states if not state.user)
        assert state.pc is not None
        assert state.pc.symbol is not None
        printed = state.pc.symbol
        assert f"{printed.name}+{printed.offset:#x}/{printed.size:#x}" == symbol


@pytest.mark.skipif(not REPORTS.is_dir(), reason="needs syzkaller's report tests")
def test_reports_of_syzkaller_get_the_titles_expected_there() -> None:
    wrong = []
    for path in sorted(REPORTS.iterdir(), key=lambda path: int(path.name)):
        head, _, data = path.read_bytes().replace(b"\r", b"").partition(b"\n\n")
        wanted = re.findall(r"^TITLE: (.*)$", head.decode("utf-8", "replace"), re.MULTILINE)
        log = read_report(data.partition(b"\n\nREPORT:\n")[0])
        found = [report.title for report in log.reports if report.crash][:1]
        if found != [title for title in wanted if title]:
            wrong.append((path.name, wanted, found))
    assert wrong == []


def read_report(data: bytes) -> CrashLog:
    return parse(decode_bytes(data))
