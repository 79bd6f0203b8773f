"""The table of architectures."""

import re
import subprocess
import sys

import pytest

from sitegen.crash.arch import ARCHES, Arch, find_arch, is_exception_entry
from sitegen.crash.log import parse
from tests.crash.log.golden import FOLDER, read_golden, texts


@pytest.mark.parametrize("arch", ARCHES, ids=lambda arch: arch.name)
def test_an_architecture_is_whole(arch: Arch) -> None:
    for pattern in arch.user:
        re.compile(pattern)
    assert arch.pc
    assert arch.sp
    assert arch.entries
    assert arch.syscall_arguments
    assert arch.code_order in ("little", "big")
    assert all(name == name.lower() for name in arch.registers)


@pytest.mark.parametrize("arch", ARCHES, ids=lambda arch: arch.name)
def test_where_a_mark_stands_one_of_its_words_does(arch: Arch) -> None:
    for pattern, *words in arch.marks:
        assert words, pattern
        wanted = re.compile(pattern, re.MULTILINE)
        for text in texts():
            found = wanted.search(text)
            assert found is None or any(word in found[0] for word in words), pattern


@pytest.mark.parametrize("arch", ARCHES, ids=lambda arch: arch.name)
def test_an_architecture_has_a_golden_log_that_shows_it(arch: Arch) -> None:
    names = {arch.name, *arch.aliases}
    folder = next(one for one in sorted(FOLDER.iterdir()) if one.name in names)
    logs = [parse(read_golden(path).text) for path in sorted(folder.glob("*.txt"))]
    assert all(log.arch in (arch.name, "") for log in logs)
    states = [state for log in logs for report in log.reports for state in report.states]
    assert any(state.pc and state.pc.symbol and state.registers for state in states)
    assert any(trace.frames for log in logs for report in log.reports for trace in report.traces)


def test_names_and_aliases_find_one_architecture_each() -> None:
    names = [name for arch in ARCHES for name in (arch.name, *arch.aliases)]
    assert len(names) == len(set(names))
    assert find_arch("arm64") is find_arch("aarch64")
    assert find_arch("vax") is None


def test_entries_of_exceptions_are_known() -> None:
    assert is_exception_entry("asm_exc_page_fault", find_arch("x86_64"))
    assert is_exception_entry("el1h_64_irq", find_arch("arm64"))
    assert is_exception_entry("el1h_64_irq")
    assert not is_exception_entry("vfs_write")


def test_the_tables_are_read_without_the_values_library() -> None:
    code = "import sys, sitegen.crash.arch, sitegen.crash.log.tokens; sys.exit('msgspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
