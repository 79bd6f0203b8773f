"""What stands in the margin of a log, on logs of the example kernel."""

from pathlib import Path

from sitegen.crash.log import parse
from sitegen.web.directives.labels import label

LOGS = Path(__file__).parent.parent.parent / "content" / "_kernel" / "logs"


def glosses(name: str, kind: str) -> list[str]:
    report = parse((LOGS / f"{name}.log").read_text()).reports[0]
    found = [label(report, section)[1] for section in report.sections if section.kind == kind]
    return list(dict.fromkeys(found))


def test_registers_of_the_crash_the_interrupted_and_the_process_are_told_apart() -> None:
    assert glosses("irq", "registers") == [
        "at the crash",
        "of what was interrupted",
        "the process's, saved on entry",
    ]


def test_code_bytes_are_told_apart_too() -> None:
    assert glosses("irq", "code") == [
        "bytes around the PC",
        "bytes around the interrupted PC",
        "bytes around the process's PC",
    ]


def test_a_panic_from_a_system_call_shows_the_process_alone() -> None:
    assert set(glosses("sysrq", "registers")) == {"the process's, saved on entry"}
