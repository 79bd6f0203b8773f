"""Words of each processor's exceptions."""

import pytest

from sitegen.crash.explain.cpu import CPUS, find_cpu
from sitegen.crash.explain.cpu.powerpc import dsisr_text, trap_text
from sitegen.crash.explain.cpu.s390 import code_text, stays, teid_access
from sitegen.crash.explain.lines import line_words


def said(text: str, arch: str) -> dict[str, str]:
    return {text[word.start : word.end]: word.text for word in line_words(text, arch)}


def register(arch: str, name: str, value: int) -> str:
    told = find_cpu(arch).registers[name](value)
    assert told is not None
    return told.text


# --- PowerPC ----------------------------------------------------------------------------------


def test_the_bits_of_msr_are_told_by_their_names() -> None:
    words = said("MSR:  8000000000009033 <SF,EE,ME,IR,DR,RI,LE>  CR: 24002822  XER: 0", "ppc64le")
    assert {"SF", "EE", "ME", "IR", "DR", "RI", "LE"} <= words.keys()
    assert "let in" in register("ppc64le", "msr", 0x8000000000009033)
    assert "held back" in register("ppc64le", "msr", 0x8000000000001033)
    assert "a process ran" in register("ppc64le", "msr", 0x800000000280F033)


@pytest.mark.parametrize(
    ("number", "part"),
    [(0x300, "data storage"), (0x301, "data storage"), (0x700, "BUG()"), (0x900, "decrementer")],
)
def test_a_trap_is_told_by_its_number(number: int, part: str) -> None:
    assert part in trap_text(number)
    assert trap_text(0xFFFF0) == ""


def test_traps_are_told_where_they_stand() -> None:
    words = said("REGS: c00000000a51f9b0 TRAP: 0380   Not tainted  (5.10.0)", "ppc64le")
    assert "data segment" in words["0380"]
    assert "Not tainted" in words
    assert "system call" in said("--- interrupt: 3000 at 0x7fff9d2a4f2c", "ppc64le")["3000"]


def test_the_bits_of_dsisr_tell_the_access() -> None:
    assert dsisr_text(0x42000000) == "DSISR: bit 1 (no page is mapped there), bit 6 (a store)."
    assert dsisr_text(0x08000000).endswith("not for this kind of access); bit 6 is clear, a load.")


def test_the_kernel_s_own_mask_tells_whether_interrupts_were_held_back() -> None:
    assert "let interrupts in" in said("CFAR: c000 IRQMASK: 0 ", "ppc64le")["0"]
    assert "held back" in said("CFAR: c000 IRQMASK: 1 ", "ppc64le")["1"]
    assert "held back" in said("SOFTE: 0", "ppc64le")["0"]


def test_the_build_of_powerpc_is_told() -> None:
    words = said("LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries", "ppc64le")
    assert set(words) == {"LE", "PAGE_SIZE=64K", "MMU=Radix", "SMP", "NUMA", "pSeries"}


# --- s390 -------------------------------------------------------------------------------------


def test_an_interruption_code_is_told() -> None:
    words = said("Oops: 0038 ilc:3 [#1] SMP", "s390x")
    assert "wild pointer" in words["0038"]
    assert words["3"] == "The instruction was 6 bytes long."
    assert "BUG()" in said("monitor event: 0040 ilc:2 [#1]", "s390x")["0040"]
    assert code_text(0x7F) == ""


def test_the_psw_stays_at_what_can_be_done_again() -> None:
    assert stays(0x10)
    assert stays(0x04)
    assert not stays(0x01)
    assert not stays(0x40)


def test_the_bits_of_the_psw_are_told() -> None:
    line = "           R:0 T:1 IO:0 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3"
    words = said(line, "s390x")
    assert "could not sleep" in words["IO:0"]
    assert "the kernel ran" in words["P:0"]
    assert "EA:3" in words


def test_the_teid_tells_a_store_from_a_fetch() -> None:
    assert teid_access(0x483) == "a store"
    assert teid_access(0x803) == "a fetch"
    assert teid_access(0x003) == ""
    words = said("Failing address: 0000000000000000 TEID: 0000000000000803", "s390x")
    assert "a fetch, in the home address space" in words["0000000000000803"]


def test_page_tables_of_s390_tell_where_the_walk_ended() -> None:
    text = "AS:00000001a0b5c007 R3:0000000000000024 "
    assert "nothing is mapped from there on" in next(iter(said(text, "s390x").values()))
    text = "AS:00000001a0b5c007 R3:00000001fff20007 S:00000001fff26000 P:0000000000000400 "
    assert "no page is there" in next(iter(said(text, "s390x").values()))


# --- MIPS and LoongArch -----------------------------------------------------------------------


def test_the_cause_of_mips_is_told_and_its_delay_slot() -> None:
    assert register("mips", "cause", 0x40800008) == (
        "Cause, exception code 2: a load or fetch met no page."
    )
    assert "the delay slot" in register("mips", "cause", 0xC0800008)
    assert "met no page" in said("Cause : 40800008 (ExcCode 02)", "mips")["02"]
    assert "the kernel ran" in register("mips", "status", 0x1100FC03)
    assert {"KERNEL", "EXL", "IE"} <= said("Status: 1100fc03 KERNEL EXL IE ", "mips").keys()


def test_the_state_of_loongarch_is_told() -> None:
    assert "a load met no page" in register("loongarch64", "estat", 0x10000)
    words = said(" ESTAT: 00010000 [PIL] (IS= ECode=1 EsubCode=0)", "loongarch64")
    assert "a load met no page" in words["ECode=1"]
    words = said("  PRMD: 00000000 (PPLV0 -PIE -PWE)", "loongarch64")
    assert "could not sleep" in words["-PIE"]


# --- ARM and RISC-V ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("5", "section translation fault); bit 11 says that it was a read"),
        ("817", "page translation fault); bit 11 says that it was a write"),
        ("80000005", "it was fetched as an instruction"),
        ("206", "nothing is mapped there (translation fault)"),
        ("a0f", "mapped, but not for this kind of access (permission fault)"),
    ],
)
def test_the_fault_status_of_arm_is_told(code: str, part: str) -> None:
    assert part in said(f"Internal error: Oops: {code} [#1] SMP ARM", "arm")[code]


def test_a_bug_of_arm_has_no_fault_status() -> None:
    assert "0" not in said("Internal error: Oops - BUG: 0 [#1] SMP ARM", "arm")
    words = said("Internal error: Oops - undefined instruction: 0 [#1] SMP ARM", "arm")
    assert "0" not in words


def test_the_rows_of_arm_are_told() -> None:
    words = said("Control: 10c5387d  Table: 58d6c06a  DAC: 00000051", "arm")
    assert set(words) == {"10c5387d", "58d6c06a", "00000051"}
    words = said("Flags: nZCv  IRQs off  FIQs on  Mode SVC_32  ISA Thumb  Segment none", "arm")
    assert "could not sleep" in words["IRQs off"]
    assert {"SVC_32", "ISA Thumb"} <= words.keys()
    words = said("[00000008] *pgd=8c7d2835, *pte=00000000", "arm")
    assert "The pte is 0" in next(iter(words.values()))
    assert "interrupts are off" in register("arm", "psr", 0x60000093)


def test_page_tables_of_arm64_tell_where_the_walk_ended() -> None:
    line = "[0000000000000028] pgd=08000000485e7003, p4d=08000000485e7003, pmd=0000000000000000"
    assert "The pmd is 0: nothing" in next(iter(said(line, "aarch64").values()))
    line = "[ffffac60e4ccd200] pgd=100000005ffff003, pte=0060000042cbf783"
    assert "read-only, for the kernel only" in next(iter(said(line, "aarch64").values()))


def test_risc_v_tells_who_ran_and_whether_interrupts_were_on() -> None:
    text = register("riscv64", "status", 0x200000100)
    assert "it came from the kernel" in text
    assert "interrupts were off" in text
    assert "allowed to touch user memory" in register("riscv64", "status", 0x40120)


# --- x86 --------------------------------------------------------------------------------------


def test_i386_has_selectors_where_x86_64_has_addresses() -> None:
    assert "selector" in register("i386", "fs", 0xD8)
    assert "base" in register("x86_64", "fs", 0)


def test_page_tables_one_a_line_say_only_where_the_walk_ended() -> None:
    assert not said("PGD 1d8d6a067 ", "x86_64")
    assert "The PMD is 0" in said("PMD 0 ", "x86_64")["PMD 0"]
    assert (
        "of a large page, says present"
        in said("PGD 1067 PMD 80000000b3c001e3", "x86_64")["PGD 1067 PMD 80000000b3c001e3"]
    )
    assert "The pde is 0" in said("*pde = 00000000 ", "i386")["*pde = 00000000"]


def test_an_exploit_attempt_is_mostly_none() -> None:
    words = said("kernel tried to execute NX-protected page - exploit attempt? (uid: 0)", "x86_64")
    assert "mostly a function pointer" in words["exploit attempt? (uid: 0)"]


def test_ways_to_be_interrupted_are_told_as_newer_kernels_print_them() -> None:
    line = "CPU: 3 UID: 0 PID: 512 Comm: sh Not tainted 6.12.4 #3 PREEMPT(voluntary)"
    assert "where it says so" in said(line, "x86_64")["PREEMPT(voluntary)"]
    line = line.replace("PREEMPT(voluntary)", "PREEMPT_{RT,(full)}")
    assert "real-time" in said(line, "x86_64")["PREEMPT_{RT,(full)}"]


def test_a_control_protection_fault_tells_which() -> None:
    words = said("Oops: control protection fault: 0003 [#1] PREEMPT SMP", "x86_64")
    assert "endbr" in words["0003"]


# --- All --------------------------------------------------------------------------------------


def test_every_architecture_is_known_and_says_how_functions_are_called() -> None:
    for name, cpu in CPUS.items():
        assert "argument" in cpu.calls, name
        for reader in cpu.registers.values():
            for value in (0, 1, 2**31, 2**63, 2**64 - 1):
                told = reader(value)
                assert told is None or (told.text and told.text[-1] == "."), name


def test_a_log_of_no_architecture_is_read_as_one_of_x86_64() -> None:
    assert find_cpu("") is find_cpu("x86_64")
