"""Code that logs print in forms of their own, and the instruction that failed."""

import pytest

from sitegen.crash.arch import find_arch
from sitegen.crash.explain import explain_log
from sitegen.crash.explain.dumps import Dump, find_dumps
from sitegen.crash.log import parse
from sitegen.model import CrashLog, Instruction

POWER = """BUG: Unable to handle kernel data access on read at 0x6b6b6b6b6b6b6b9b
Faulting instruction address: 0xc000000000123456
Oops: Kernel access of bad area, sig: 11 [#1]
LE PAGE_SIZE=64K MMU=Hash SMP NR_CPUS=2048 NUMA pSeries
CPU: 4 PID: 980 Comm: cat Not tainted 5.10.0 #1
NIP:  c000000000123456 LR: c0000000009c3a20 CTR: c0080000021a0070
REGS: c00000000a51f9b0 TRAP: 0380   Not tainted  (5.10.0)
MSR:  800000000280b033 <SF,VEC,VSX,EE,FP,ME,IR,DR,RI,LE>  CR: 24002822  XER: 20000000
CFAR: c0000000009c3a1c IRQMASK: 0
GPR00: c0000000009c3a20 c00000000a51fc50 c0080000021a8000 c000000006c1d400
GPR04: c0080000021a2130 c00000000b3e0000 0000000000000000 0000000000000000
GPR08: c0080000021a2130 6b6b6b6b6b6b6b6b 0000000000000000 0000000000000000
NIP [c000000000123456] widget_show+0x56/0x80
LR [c0000000009c3a20] dev_attr_show+0x40/0xb0
Call Trace:
[c00000000a51fc50] [c0000000005f2b14] sysfs_kf_seq_show+0xa4/0x160 (unreliable)
Instruction dump:
60000000 7c0802a6 fbe1fff8 7c7f1b78 f8010010 f821ffd1 60000000 60000000
60000000 e93f0028 2fa90000 419e0010 <e8690030> 38210030 e8010010 7c0803a6
---[ end trace 8d4f2a4c6f4b4e2e ]---
"""
S390 = """Unable to handle kernel pointer dereference in virtual kernel address space
Failing address: 6b6b6b6b6b6b6000 TEID: 6b6b6b6b6b6b6803
Oops: 0038 ilc:3 [#1] PREEMPT SMP
CPU: 1 PID: 610 Comm: cat Not tainted 6.1.9 #1
Hardware name: IBM 8561 T01 703 (LPAR)
Krnl PSW : 0704c00180000000 000003ff80352036 (widget_show+0x16/0x40)
           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3
Krnl GPRS: 0000000000000000 6b6b6b6b6b6b6b6b 0000000084b1f000 000003ff803540d8
           0000000091a0c000 0000000000000000 0000000000000001 00000380005dfd38
           0000000091a0c000 0000000000000000 0000000000000001 00000380005dfd38
           0000000091a0c000 0000000000000000 0000000000000001 00000380005dfd38
Krnl Code: 000003ff80352028: a7f4fffa\t\tbrc\t15,000003ff8035201c
           000003ff8035202c: a7190000\t\tlghi\t%r1,0
          #000003ff80352030: e31020100004\tlg\t%r1,16(%r2)
          >000003ff80352036: e32010280004\tlg\t%r2,40(%r1)
           000003ff8035203c: 07fe\t\tbcr\t15,%r14
Call Trace:
 [<000003ff80352036>] widget_show+0x16/0x40
Last Breaking-Event-Address:
 [<00000001a04f6e26>] dev_attr_show+0x26/0x70
"""
MIPS = """CPU 0 Unable to handle kernel paging request at virtual address 00000010, epc == c0a11030, ra == 80398d04
Oops[#1]:
CPU: 0 PID: 410 Comm: cat Not tainted 5.10.100 #0
$ 0   : 00000000 00000001 00000000 80fe0000
$ 4   : 81b94c00 c0a13000 82a05000 00000000
Hi    : 00000012
Lo    : 4bda1400
epc   : c0a11030 widget_show+0x10/0x40
ra    : 80398d04 dev_attr_show+0x2c/0x78
Status: 1100fc03 KERNEL EXL IE
Cause : c0800008 (ExcCode 02)
BadVA : 00000010
PrId  : 0001974c (MIPS 74Kc)
Call Trace:
[<c0a11030>] widget_show+0x10/0x40
Code: 27bdffe8  afbf0014  00000000 <1000fffd> 8c420010  24a50004
"""


def dump(text: str) -> Dump:
    log = parse(text)
    [report] = log.reports
    arch = find_arch(log.arch)
    assert arch is not None
    return find_dumps(report, log.records, arch)[0]


def listing(log: CrashLog) -> tuple[Instruction, ...]:
    return next((one.instructions for one in explain_log(log)[1]), ())


def test_rows_below_an_instruction_dump_are_one_dump() -> None:
    code = dump(POWER).state.code
    assert code is not None
    assert (len(code.data), code.mark) == (64, 48)
    assert code.data[:4] == bytes.fromhex("60000000")[::-1]


def test_a_row_that_could_not_be_read_ends_what_is_before_it() -> None:
    code = dump(POWER.replace("60000000 e93f0028", "XXXXXXXX e93f0028")).state.code
    assert code is not None
    assert (len(code.data), code.mark) == (28, 12)


def test_the_marked_instruction_of_powerpc_is_explained() -> None:
    log = parse(POWER)
    [marked] = [one for one in listing(log) if one.mark]
    assert marked.text == "ld r3, 0x30(r9)"
    assert "reads 8 bytes at GPR09 + 0x30 = 0x6b6b6b6b6b6b6b9b" in marked.note
    assert explain_log(log)[1][0].line == POWER.split("\n").index("Instruction dump:") + 1


def test_what_s390_takes_apart_itself_is_shown_as_it_says() -> None:
    log = parse(S390)
    texts = [one.text for one in listing(log)]
    assert texts[:2] == ["brc 15,000003ff8035201c", "lghi %r1,0"]
    [marked] = [one for one in listing(log) if one.mark]
    assert marked.text == "lg %r2,40(%r1)"
    assert "reads at r1 + 0x28 = 0x6b6b6b6b6b6b6b93; r1 is 0x6b6b6b6b6b6b6b6b, slab" in marked.note
    told = " ".join(one.text for one in explain_log(log)[0])
    assert "in the page that the kernel names" in told


def test_where_the_psw_stands_behind_the_instruction_the_one_before_failed() -> None:
    assert dump(S390).failing == 14
    assert dump(S390.replace("Oops: 0038 ilc:3", "illegal operation: 0001 ilc:3")).failing == 8


def test_a_monitor_call_of_s390_is_bug() -> None:
    text = S390.replace("Oops: 0038 ilc:3", "monitor event: 0040 ilc:2").replace(
        "e31020100004\tlg\t%r1,16(%r2)", "af000000\t\tmc\t0,0"
    )
    text = text.replace("000003ff80352036: e32", "000003ff80352034: e32").replace(
        "000003ff8035203c: 07fe", "000003ff8035203a: 07fe"
    )
    log = parse("kernel BUG at drivers/widget/core.c:12!\n" + text[text.index("monitor") :])
    notes = {one.text: one.note for one in listing(log)}
    assert notes["mc 0,0"].startswith("BUG(): traps")


def test_in_a_delay_slot_of_mips_the_instruction_behind_the_branch_failed() -> None:
    assert dump(MIPS).failing == 16
    log = parse(MIPS)
    notes = {one.text: one.note for one in listing(log)}
    assert "reads 4 bytes at $2 + 0x10 = 0x10" in notes["lw $v0, 0x10($v0)"]
    assert "in the delay slot of the branch at the PC" in notes["lw $v0, 0x10($v0)"]
    assert dump(MIPS.replace("Cause : c0800008", "Cause : 40800008")).failing == 12


@pytest.mark.parametrize("words", ["Unable to access opcode bytes at 0x0.", "Bad RIP value."])
def test_words_in_place_of_bytes_are_no_code(words: str) -> None:
    log = parse(
        "BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
        f"Oops: 0010 [#1] SMP\nRIP: 0010:0x0\nCode: {words}\n"
        "RSP: 0018:ffffc90000003000 EFLAGS: 00010246\n"
        "RAX: 0000000000000000 RBX: 0000000000000000 RCX: 0000000000000000\n"
    )
    assert explain_log(log)[1] == ()


def test_a_warning_of_s390_without_a_code_is_the_monitor_call() -> None:
    text = (
        "WARNING: CPU: 1 PID: 610 at drivers/widget/core.c:88 widget_hold+0x3e/0x60\n"
        "CPU: 1 PID: 610 Comm: sh Not tainted 6.6.1 #1\n"
        "Krnl PSW : 0704c00180000000 000003ff80352140 (widget_hold+0x40/0x60)\n"
        "           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:2 PM:0 RI:0 EA:3\n"
        "Krnl GPRS: 0000000000000000 000003ff80352100 0000000000000000 000003ff803540d8\n"
        "           0000000091a0c000 0000000000000000 0000000000000001 00000380005dfd38\n"
        "Krnl Code: 000003ff80352136: ec28000a007e\tcij\t%r2,0,8,000003ff8035214a\n"
        "          #000003ff8035213c: af000000\t\tmc\t0,0\n"
        "          >000003ff80352140: a7290000\t\tlghi\t%r2,0\n"
        "Call Trace:\n [<000003ff80352140>] widget_hold+0x40/0x60\n"
    )
    notes = {one.text: one.note for one in listing(parse(text))}
    assert notes["mc 0,0"].startswith("WARN(): traps")
