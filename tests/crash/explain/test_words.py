"""Lines of a log and the words in them that are explained."""

import re

import pytest

from sitegen.crash.explain.cpu import find_cpu
from sitegen.crash.explain.cpu.arm64 import esr_text
from sitegen.crash.explain.cpu.x86 import page_fault_text, selector_text
from sitegen.crash.explain.lines import line_words
from sitegen.crash.explain.topics import TOPICS
from sitegen.crash.explain.topics.preempt import count_text
from sitegen.crash.explain.topics.taint import TAINTS


def said(text: str, arch: str = "x86_64") -> dict[str, str]:
    return {text[word.start : word.end]: word.text for word in line_words(text, arch)}


def test_each_taint_letter_is_explained_where_it_stands() -> None:
    words = said("CPU: 0 PID: 92 Comm: sh Tainted: G    B D    OE      6.1.0-56-amd64 #1")
    assert [word for word in words if word in TAINTS] == ["G", "B", "D", "O", "E"]
    assert words["D"] == TAINTS["D"]


def test_letters_of_a_task_or_release_are_no_taint() -> None:
    words = said("CPU: 0 PID: 92 Comm: GOE Not tainted 6.1.0-W #1")
    assert set(words) == {"0", "GOE", "Not tainted", "#1"}
    assert words["GOE"].startswith("The task that ran")


def test_the_words_of_newer_kernels_are_taints_too() -> None:
    words = said("Tainted: [B]=BAD_PAGE, [O]=OOT_MODULE, [E]=UNSIGNED_MODULE")
    assert list(words) == ["[B]=BAD_PAGE", "[O]=OOT_MODULE", "[E]=UNSIGNED_MODULE"]
    assert words["[O]=OOT_MODULE"] == TAINTS["O"]


def test_flags_of_modules_are_explained_once_each() -> None:
    words = list(line_words("Modules linked in: a(OE) b(O) c(+) OE", "x86_64"))
    assert [word.start for word in words if word.start] == [21, 22, 32]


def test_an_oops_says_its_error_code_and_which_one_it_is() -> None:
    words = said("Oops: 0002 [#2] PREEMPT SMP NOPTI")
    assert words["0002"] == page_fault_text(2)
    assert "a write" in words["0002"]
    assert words["[#2]"].startswith("Oops number 2")
    assert {"PREEMPT", "SMP", "NOPTI"} <= words.keys()


@pytest.mark.parametrize(
    ("code", "part"),
    [
        (0x0, "bit 1 clear, a read"),
        (0x3, "bit 0 set, the page is mapped"),
        (0x6, "bit 2 set, by user mode"),
        (0x10, "bit 4 set, to fetch an instruction"),
        (0x20, "protection keys"),
        (0x80000000, "SEV-SNP"),
    ],
)
def test_each_bit_of_a_page_fault_is_named(code: int, part: str) -> None:
    assert part in page_fault_text(code)


def test_a_fetch_is_neither_read_nor_write() -> None:
    assert "bit 1" not in page_fault_text(0x10)


def test_a_selector_is_taken_apart() -> None:
    assert selector_text(0).startswith("Error code 0: no segment")
    assert "entry 13 of the IDT; raised by an event" in selector_text(13 << 3 | 3)
    assert "entry 2 of the GDT" in selector_text(0x10)


def test_a_protection_fault_has_a_selector_and_no_page_fault_bits() -> None:
    words = said(
        "general protection fault, probably for non-canonical address 0xdead000000000128: 0000 [#1] SMP"
    )
    assert words["0000"].startswith("Error code 0: no segment")


def test_page_tables_tell_where_the_walk_ended() -> None:
    [(word, text)] = said("PGD 1bfb7067 P4D 1bfb7067 PUD 1bfb8067 PMD 0").items()
    assert word.startswith("PGD")
    assert "The PMD is 0" in text
    [text] = said("PGD 9001067 P4D 9002067 PTE 80000000026aa163").values()
    assert "present, writable, for the kernel only, not executable" in text


def test_the_segment_of_the_pc_says_whose_registers_these_are() -> None:
    assert "user mode" in said("RIP: 0033:0x47b7a0")["0033"]
    assert "32-bit" in said("RIP: 0023:0xf7f1f559")["0023"]
    assert "kernel's code segment" in said("RIP: 0010:f+0x1/0x2")["0010"]


def test_a_syndrome_is_taken_apart() -> None:
    text = esr_text(0x96000046)
    for part in ("EC 0x25", "data abort in the kernel", "a write", "FSC 0x06", "at level 2"):
        assert part in text
    assert "its number is 0x800, BUG() or WARN()" in esr_text(0xF2000800)
    assert esr_text(0xFC000000) == ""


def test_the_lines_of_an_abort_are_explained() -> None:
    assert "permission fault" in str(said("  FSC = 0x0f: level 3 permission fault", "aarch64"))
    assert said("  CM = 0, WnR = 1", "aarch64")["1"].endswith("1: the access was a write.")
    assert "IABT" not in str(
        said("  EC = 0x21: IABT (current EL), IL = 32 bits", "aarch64").values()
    )


def test_the_code_of_an_internal_error_goes_by_the_architecture() -> None:
    line = "Internal error: Oops: 817 [#1] SMP ARM"
    assert "page translation fault" in said(line, "arm")["817"]
    assert "a write" in said(line, "arm")["817"]
    assert (
        "data abort"
        in said("Internal error: Oops: 0000000096000006 [#1] SMP", "aarch64")["0000000096000006"]
    )


def test_flags_of_arm64_tell_whether_interrupts_were_on() -> None:
    off = said("pstate: 604000c5 (nZCv daIF +PAN -UAO -TCO -DIT -SSBS BTYPE=--)", "aarch64")
    assert "interrupts were off" in off["nZCv daIF"]
    on = said("pstate: 60000005 (nZCv daif -PAN -UAO -TCO -DIT -SSBS BTYPE=--)", "aarch64")
    assert "interrupts were on" in on["nZCv daif"]


def test_causes_of_riscv_are_named() -> None:
    cause = find_cpu("riscv64").registers["cause"]
    load, interrupt = cause(13), cause(1 << 63 | 5)
    assert load is not None
    assert load.brief == "a page fault of a load"
    assert interrupt is not None
    assert interrupt.text.endswith("an interrupt, of the timer.")


@pytest.mark.parametrize(
    ("count", "part"),
    [
        (0x0, "nothing forbids to sleep"),
        (0x2, "preemption is disabled, 2 deep"),
        (0x100, "softirq"),
        (0x10000, "hard interrupt"),
        (0x100000, "NMI"),
    ],
)
def test_a_preempt_count_is_taken_apart(count: int, part: str) -> None:
    assert part in count_text(count)


def test_lines_about_sleeping_show_the_count() -> None:
    assert "2 deep" in said("BUG: scheduling while atomic: sh/93/0x00000002")["0x00000002"]
    assert "preemption is disabled" in said("note: sh[92] exited with preempt_count 1")["1"]
    assert "irqs disabled" in said("note: sh[92] exited with irqs disabled")
    atomic = said("in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 93, name: sh")
    assert atomic["1"].startswith("1: code that must not sleep")


def test_every_rule_is_reached_by_the_first_word_of_its_lines() -> None:
    for rule in (rule for topic in TOPICS for rule in topic.rules):
        assert " " not in rule.first
        assert re.compile(rule.pattern).groups <= 1 + rule.pattern.count("(?P<code>")
        assert rule.text[-1] in ".)"
        first, rest = rule.text[0], rule.text[1:]
        assert first == first.upper() or first == "`" or rest.startswith(":")


def test_lines_of_no_interest_have_no_words() -> None:
    for text in ("", "   ", "Oops", "nothing to see: 0002 [#1]", "CPU: ", "Tainted: "):
        assert not said(text)
