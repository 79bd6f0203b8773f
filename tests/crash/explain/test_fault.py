"""What is said of an address that failed: made of an instruction, registers, and how the CPU was asked."""

from collections.abc import Mapping

import pytest

from sitegen.crash.explain import explain_log
from sitegen.crash.log import parse
from sitegen.model import CrashLog


def oops(
    code: str,
    address: int,
    *,
    error: int = 0,
    cr4: int = 0x6F0,
    eflags: int = 0x10246,
    pc: str = "widget_get+0x10/0x80 [widget]",
    **values: int,
) -> CrashLog:
    """A page fault on x86-64 by the marked instruction of `code` with these registers."""
    names = (
        "rax",
        "rbx",
        "rcx",
        "rdx",
        "rsi",
        "rdi",
        "rbp",
        "r8",
        "r9",
        "r10",
        "r12",
        "r13",
        "r14",
    )
    held = dict.fromkeys(names, 4369) | {"rsp": 0xFFFFC90000003000} | values
    dump = " ".join(
        f"{name.upper() if len(name) > 2 else name.upper().replace('R', 'R0')}: {held[name]:016x}"
        for name in names
    )
    return parse(
        f"BUG: unable to handle page fault for address: {address:016x}\n"
        "#PF: supervisor access in kernel mode\n"
        f"#PF: error_code(0x{error:04x}) - of some sort\n"
        f"Oops: {error:04x} [#1] PREEMPT SMP\n"
        "CPU: 0 PID: 1 Comm: init Not tainted 6.1.9 #1\n"
        f"RIP: 0010:{pc}\nCode: 90 {code}\n"
        f"RSP: 0018:{held['rsp']:016x} EFLAGS: {eflags:08x}\n{dump}\n"
        f"FS:  0000000000000000(0000) GS:ffff88807fc00000(0000) knlGS:0000000000000000\n"
        f"CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033\n"
        f"CR2: {address:016x} CR3: 00000000024da000 CR4: {cr4:016x}\n"
        "Call Trace:\n <TASK>\n widget_show+0x1/0x20\n entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n"
    )


def said(log: CrashLog, word: str) -> str:
    """What is said where `word` ends a word of the log, first."""
    for one in explain_log(log)[0]:
        if log.lines[one.at.line - 1][one.at.column - 1 : one.at.end - 1].endswith(word):
            return one.text
    return ""


def of(log: CrashLog) -> str:
    address = log.reports[0].fault_address
    assert address is not None
    return said(log, f"{address:x}")


# mov 0x28(%rdi),%eax; mov %eax,0x28(%rdi); and their like.
READ, WRITE = "<8b> 47 28", "<89> 47 28"


@pytest.mark.parametrize(
    ("rdi", "address", "part"),
    [
        (
            0,
            0x28,
            "reads 4 bytes at RDI + 0x28 = 0x28, the address of the fault. RDI is 0x0, a NULL",
        ),
        (0x10, 0x38, "RDI is 0x10, near NULL"),
        (0x6B6B6B6B6B6B6B6B, 0x6B6B6B6B6B6B6B93, "slab poison 0x6b: a freed object"),
        (0xAAAAAAAAAAAAAAAA, 0xAAAAAAAAAAAAAAD2, "looks like a freed page, 0xaa"),
        (0xDEAD000000000100, 0xDEAD000000000128, "LIST_POISON1: a deleted list entry"),
        (0xDEAD000000000122, 0xDEAD00000000014A, "LIST_POISON2: a deleted list entry"),
        (2**64 - 12, 0x1C, "an error pointer (-ENOMEM), or just before NULL"),
        (0xFFFFFF8A, 0xFFFFFFB2, "no pointer: -118 in 32 bits"),
        (0x5555000000001000, 0x5555000000001028, "no canonical address"),
        (0xDEAD4EAD00000000, 0xDEAD4EAD00000028, "the magic of a spinlock"),
        (0x7FFC00001000, 0x7FFC00001028, "an address of user space"),
    ],
)
def test_the_pointer_that_was_followed_is_named_for_what_it_is(
    rdi: int, address: int, part: str
) -> None:
    assert part in of(oops(READ, address, rdi=rdi))


def test_a_member_before_null_is_container_of() -> None:
    text = of(oops("<8b> 47 f0", 2**64 - 0x10, rdi=0))
    assert "RDI - 0x10" in text
    assert "a NULL pointer: 0x10 before what it should point to" in text


def test_an_address_that_the_code_itself_holds_is_said_to_be_that() -> None:
    text = of(oops("<8b> 04 25 44 00 00 00", 0x44))
    assert "reads 4 bytes at 0x44" in text
    assert "The code itself holds this address: the compiler knew the pointer to be NULL." in text


@pytest.mark.parametrize(
    ("code", "error", "part"),
    [
        (READ, 0, "Nothing is mapped there"),
        (WRITE, 3, "writes 4 bytes at RDI + 0x28 = 0xffffffff81000028"),
        (WRITE, 3, "must not be written to: code, constants"),
    ],
)
def test_an_address_that_looks_all_right_is_told_by_the_error_code(
    code: str, error: int, part: str
) -> None:
    assert part in of(oops(code, 0xFFFFFFFF81000028, error=error, rdi=0xFFFFFFFF81000000))


def test_user_memory_is_told_to_be_behind_smap_only_where_it_is() -> None:
    smap = 1 << 21
    address, rdi = 0x7FFC00001028, 0x7FFC00001000
    assert "SMAP keeps the kernel from" in of(oops(READ, address, rdi=rdi, error=1, cr4=smap))
    # The page is not there; the CPU has no SMAP; the kernel had allowed it.
    assert "where nothing is mapped" in of(oops(READ, address, rdi=rdi, error=0, cr4=smap))
    assert "SMAP" not in of(oops(READ, address, rdi=rdi, error=1, cr4=0))
    assert "SMAP" not in of(oops(READ, address, rdi=rdi, error=1, cr4=smap, eflags=0x50246))


def test_what_a_string_instruction_does_is_right() -> None:
    address = 0xFFFFC90FDEADB000
    stored = of(oops("<f3> 48 ab", address, rdi=address, rcx=0x200, error=2))
    assert "writes 8 bytes at RDI" in stored
    assert "repeated 0x200 times more (RCX)" in stored
    copied = of(oops("<f3> a4", address, rsi=address, rdi=0xFFFF888000000000, rcx=7))
    assert "reads 1 byte at RSI" in copied
    written = of(oops("<f3> a4", address, rdi=address, rsi=0xFFFF888000000000, error=2))
    assert "writes 1 byte at RDI" in written


def test_what_is_written_by_a_string_instruction_is_no_poison() -> None:
    log = oops("<f3> 48 ab", 0x1000, rdi=0x1000, rax=0x5A5A5A5A5A5A5A5A, error=2)
    assert said(log, "RAX: 5a5a5a5a5a5a5a5a") == "The value that is written."


def test_parts_of_a_sum_are_shown_and_none_is_blamed() -> None:
    text = of(oops("<8b> 44 8f 10", 0xFFFF888000000050, rdi=0xFFFF888000000000, rcx=0x10))
    assert "RDI + RCX * 4 + 0x10 = 0xffff888000000050" in text
    assert "RDI is 0xffff888000000000, RCX is 0x10" in text


def test_a_place_relative_to_the_code_gives_the_pc() -> None:
    text = of(oops("<c7> 05 31 22 00 00 01 00 00 00", 0xFFFFFFFFC03B2430, error=3))
    assert "writes 4 bytes at RIP + 0x2231 = 0xffffffffc03b2430" in text
    assert "the instruction itself stands at 0xffffffffc03b01f5." in text


def test_an_access_that_begins_on_the_page_before_is_the_one() -> None:
    text = of(oops("<48> 8b 07", 0xFFFF888000001000, rdi=0xFFFF888000000FFC))
    assert "reads 8 bytes at RDI = 0xffff888000000ffc" in text
    assert "across 0xffff888000001000, where the next page begins" in text


def test_a_call_on_a_stack_that_is_none_tells_the_stack_pointer() -> None:
    text = of(oops("<e8> 00 00 00 00", 0xFFF8, rsp=0x10000, error=2))
    assert "puts the return address on the stack, at 0xfff8" in text
    text = of(oops("<c3>", 0x6B6B6B6B6B6B6B6B, rsp=0x6B6B6B6B6B6B6B6B))
    assert "takes the return address off the stack" in text
    assert "slab poison" in text


def test_a_jump_through_a_register_tells_the_pointer() -> None:
    text = of(oops("<ff> e0", 0xDEAD000000000100, rax=0xDEAD000000000100, error=0x10))
    assert "jumps to RAX = 0xdead000000000100, LIST_POISON1" in text


def test_a_pc_in_no_function_is_what_failed() -> None:
    log = oops("90 90 90", 0xFFFF888000001000, error=0x11, pc="0xffff888000001000")
    assert (
        "The CPU was to run code at 0xffff888000001000. Memory is there, but it is no code."
        in of(log)
    )
    log = oops("90 90 90", 0, error=0x10, pc="0x0")
    assert "at 0x0: a NULL pointer" in of(log)


def test_what_does_not_add_up_is_not_said() -> None:
    text = of(oops(READ, 0x28, rdi=0xFFFF888000000000))
    assert "RDI" not in text


# --- General protection -----------------------------------------------------------------------


def refused(
    code: str,
    values: Mapping[str, int],
    *,
    head: str = "",
    cr4: int = 0x6F0,
    pc: str = "widget_get+0x10/0x80",
) -> str:
    """What is said of a general protection fault of which the kernel prints no address."""
    log = oops(code, 0x1234, cr4=cr4, pc=pc, **values)
    text = "\n".join(log.lines)
    start = text.index("CPU: 0")
    log = parse(f"general protection fault: 0000 [#1] SMP\n{head}{text[start:]}")
    assert log.reports[0].kind == "gpf"
    return said(log, "fault")


@pytest.mark.parametrize(
    ("code", "values", "part"),
    [
        (READ, {"rdi": 0x6B6B6B6B6B6B6B6B}, "which is no canonical address: the CPU refuses it"),
        ("<0f> 28 47 08", {"rdi": 0xFFFF888000000000}, "wants a multiple of 16, but RDI + 0x8"),
        (
            "<0f> 30",
            {"rcx": 0x123, "rax": 5, "rdx": 1},
            "writes 0x100000005 to model-specific register 0x123",
        ),
        ("<0f> 32", {"rcx": 0x123}, "reads model-specific register 0x123"),
        ("<0f> 22 e7", {"rdi": 0x1606F0}, "writes 0x1606f0 to CR4"),
        ("<c3>", {}, "what stood on the stack as return address is damaged"),
        ("<ff> 57 08", {"rdi": 0xFFFF888000000000}, "jumps to an address read from memory"),
        ("<ff> e0", {"rax": 0x6B6B6B6B6B6B6B6B}, "jumps to RAX"),
        ("<8b> 07", {"rdi": 0x800000000000}, "no canonical address"),
    ],
)
def test_why_the_cpu_refused_an_instruction_is_told(
    code: str, values: dict[str, int], part: str
) -> None:
    assert part in refused(code, values)


def test_five_levels_of_page_tables_make_more_addresses_canonical() -> None:
    assert "canonical" not in refused("<8b> 07", {"rdi": 0x800000000000}, cr4=1 << 12)


def test_a_thunk_of_the_compiler_jumps_to_its_register() -> None:
    pc = "__x86_indirect_thunk_rdx+0x10/0x20"
    text = refused("<c3>", {"rdx": 0xDEAD4EAD00000000}, pc=pc)
    assert "jumps to RDX = 0xdead4ead00000000, the magic of a spinlock" in text


@pytest.mark.parametrize(
    ("code", "values", "wanted"),
    [
        ("<80> 3c 02 00", {"rax": 0xDFFFFC0000000000, "rdx": 5}, "0x28, near NULL"),
        ("<80> 3c 02 00", {"rax": 0xDFFFFC0000000000, "rdx": 0}, "0x0, a NULL pointer"),
        ("<0f> b6 14 02", {"rax": 0xDFFFFC0000000000, "rdx": 0x175B7DDF75B7DD}, "0xbadbeefbadbee8"),
        ("<a0> 00 00 00 00 00 fc ff df", {}, "0x0, a NULL pointer"),
        ("<80> 38 00", {"rax": 0xDFFFFC0000000004}, "0x20, near NULL"),
    ],
)
def test_a_look_up_of_kasan_is_turned_back(code: str, values: dict[str, int], wanted: str) -> None:
    text = refused(code, values, head="KASAN: null-ptr-deref in range [0x0-0x7]\n")
    assert f"KASAN looks there before an access to {wanted}" in text


# --- Other processors -------------------------------------------------------------------------


def arm64(code: str, address: int, *, esr: int = 0x96000006, **values: int) -> str:
    dump = "".join(f"{name:<3}: {value:016x}\n" for name, value in values.items())
    log = parse(
        f"Unable to handle kernel paging request at virtual address {address:016x}\n"
        f"Mem abort info:\n  ESR = 0x{esr:016x}\n"
        f"Internal error: Oops: {esr:016x} [#1] SMP\n"
        "CPU: 1 PID: 93 Comm: sh Not tainted 6.1.9 #1\n"
        "pstate: 60000005 (nZCv daif -PAN -UAO -TCO -DIT -SSBS BTYPE=--)\n"
        "pc : widget_get+0x10/0x80 [widget]\nlr : widget_show+0x10/0x20 [widget]\n"
        f"sp : ffff80000827fe80\n{dump}Call trace:\n widget_get+0x10/0x80\n"
        f"Code: d503201f ({code})\n"
    )
    return of(log)


def test_registers_of_arm64_are_extended_and_shifted_as_the_instruction_says() -> None:
    # ldr x0, [x1, w2, sxtw #3]; ldrb w0, [x1, w2, uxtw]
    text = arm64("f862d820", 0xFFFF000000000FF8, x1=0xFFFF000000001000, x2=0xFFFFFFFF)
    assert "reads 8 bytes at x1 + x2 * 8 = 0xffff000000000ff8" in text
    text = arm64("38624820", 0xFFFF000100000FFF, x1=0xFFFF000000001000, x2=0xFFFFFFFF)
    assert "reads 1 byte at x1 + x2 = 0xffff000100000fff" in text


def test_arm64_leaves_the_tag_out_of_an_address() -> None:
    text = arm64("b9402800", 0x006B6B6B6B6B6B93, x0=0x6B6B6B6B6B6B6B6B)
    assert "x0 is 0x6b6b6b6b6b6b6b6b, slab poison" in text


def test_a_tag_of_memory_is_told() -> None:
    text = arm64("b9402800", 0xFFFF000012345028, x0=0xF7FF000012345000, esr=0x96000011)
    assert "reads 4 bytes at x0 + 0x28 = 0xf7ff000012345028, the address of the fault" in text


def test_a_pointer_whose_authentication_failed_looks_like_that() -> None:
    text = arm64("b9402800", 0xBFFF800008123028, x0=0xBFFF800008123000)
    assert "looks like a pointer whose authentication failed" in text


def test_an_address_in_neither_half_is_none() -> None:
    text = arm64("b9402800", 0x0040000008123028, x0=0x0040000008123000)
    assert "it is in neither half" in text


def test_an_address_that_is_not_aligned_is_told_where_it_matters() -> None:
    text = arm64("c85f7c20", 0xFFFF000012345003, x1=0xFFFF000012345003, esr=0x96000021)
    assert "It is not a multiple of 8, as this instruction demands." in text


def test_the_kernel_reaches_user_memory_not_past_pan() -> None:
    text = arm64("39400260", 0x0000FFFFB35EB000, x19=0x0000FFFFB35EB000, esr=0x9600000F)
    assert "an address of user space, which the kernel must not touch directly (PAN)" in text


def test_a_load_of_several_registers_fails_anywhere_in_them() -> None:
    log = parse(
        "Unable to handle kernel NULL pointer dereference at virtual address 00000000\n"
        "Internal error: Oops: 5 [#1] SMP ARM\n"
        "CPU: 1 PID: 142 Comm: sh Not tainted 5.4.70 #1\n"
        "PC is at widget_store+0x24/0x5c\nLR is at dev_attr_store+0x20/0x2c\n"
        "pc : [<c0000024>]    lr : [<c0612f60>]    psr: 600f0013\n"
        "sp : c8d5de90  ip : 00000000  fp : c8d5deac\n"
        "r10: 00000004  r9 : c8d5c000  r8 : c8a3a880\n"
        "r7 : c8d5df60  r6 : 00000002  r5 : c0e04c48  r4 : 00000000\n"
        "r3 : 00000000  r2 : c8a3a880  r1 : bf002044  r0 : c0e04c48\n"
        "Flags: nZCv  IRQs on  FIQs on  Mode SVC_32  ISA ARM  Segment none\n"
        "Code: e1a04000 (e8930018)\n"
    )
    assert "reads 8 bytes at r3 = 0x0, the address of the fault. r3 is 0x0, a NULL pointer" in of(
        log
    )


# --- Addresses by themselves ------------------------------------------------------------------


def test_a_hash_is_not_taken_for_an_address() -> None:
    log = parse(
        "BUG: KFENCE: use-after-free read in widget_name+0x1d/0x80\n\n"
        "Use-after-free read at 0x00000000b2a1c3f4 (in kfence-#12):\n"
        " widget_name+0x1d/0x80\n widget_show+0x10/0x20\n"
        "CPU: 1 PID: 93 Comm: sh Not tainted 6.1.9-amd64 #1\n"
    )
    assert said(log, "0x00000000b2a1c3f4").startswith("No address: the kernel prints a hash")


def test_the_stack_s_end_is_told_from_where_the_stack_is() -> None:
    log = parse(
        "BUG: TASK stack guard page was hit at ffffc9000e4aff58 (stack is ffffc9000e4b0000..ffffc9000e4b4000)\n"
        "stack guard page: 0000 [#1] PREEMPT SMP\n"
        "CPU: 0 PID: 1 Comm: init Not tainted 6.1.9 #1\n"
        "RIP: 0010:widget_recurse+0x5/0x20\n"
    )
    assert "0xa8 below the task's stack" in said(log, "ffffc9000e4aff58")
