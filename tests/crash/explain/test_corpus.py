"""Captured logs that are not part of the project: the explanation names what the note does."""

import os
import re
from pathlib import Path

import pytest

from sitegen.crash.explain import explain_log
from sitegen.crash.log import decode_bytes, parse

CORPUS = Path(os.environ.get("SITEGEN_CORPUS") or Path(__file__).parents[4] / "shared/corpus")
QEMU = sorted((CORPUS / "qemu/logs").glob("*.log"))

FAULTS = ("null-deref", "paging", "gpf", "user-access")

# Where the log itself cannot name the function of the note, and why.
UNSAID = {
    "x86-leak-preempt": "its function had returned long before",
    "x86-stack-print": "its function prints, and leaves no frame of its own",
}


def functions(note: str) -> set[str]:
    """Functions that the first line of a note or its fields name."""
    first = note.splitlines()[0]
    named = set(re.findall(r"\b((?:cm|c2)_\w+|tail_\w+|\w+(?=\(\)))", first))
    for field in (r"Faulting RIP/pc: ([\w.]+)\+0x", r"Function that called panic.*?: ([\w.]+)\+0x"):
        if found := re.search(field, note):
            named.add(found[1])
    return {name.partition(".")[0] for name in named}


@pytest.mark.skipif(not QEMU, reason="needs the corpus of logs captured in QEMU")
@pytest.mark.parametrize("path", QEMU, ids=lambda path: path.stem)
def test_the_function_of_the_note_is_the_title_s_or_named(path: Path) -> None:
    wanted = functions(path.with_suffix(".txt").read_text())
    if path.stem in UNSAID or not wanted:
        pytest.skip(UNSAID.get(path.stem, "the note names no function"))
    log = parse(decode_bytes(path.read_bytes()))
    said = " ".join(
        [
            *(title for report in log.reports for title in (report.title, *report.alt_titles)),
            *(one.text for one in explain_log(log)[0]),
        ]
    )
    assert any(re.search(rf"\b{re.escape(name)}\b", said) for name in wanted), wanted


@pytest.mark.skipif(not QEMU, reason="needs the corpus of logs captured in QEMU")
@pytest.mark.parametrize("path", QEMU, ids=lambda path: path.stem)
def test_the_address_of_every_fault_is_told_by_what_failed(path: Path) -> None:
    log = parse(decode_bytes(path.read_bytes()))
    told = [one.text for one in explain_log(log)[0] if one.weight == "misleading"]
    for report in log.reports[:2]:
        if report.kind in FAULTS and report.fault_address is not None and report.crash:
            address = f"{report.fault_address:#x}"
            assert any(
                ("marked instruction" in text or "to run code" in text)
                and (address in text or address.removeprefix("0x") in text)
                for text in told
            ), (report.title, told)


@pytest.mark.skipif(not QEMU, reason="needs the corpus of logs captured in QEMU")
@pytest.mark.parametrize("path", QEMU, ids=lambda path: path.stem)
def test_every_dump_of_code_has_its_marked_instruction(path: Path) -> None:
    log = parse(decode_bytes(path.read_bytes()))
    for one in explain_log(log)[1]:
        [mark] = [part for part in one.instructions if part.mark]
        assert mark.text not in ("", "(bad)")
