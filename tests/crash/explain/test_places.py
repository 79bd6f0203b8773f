"""Which function a reader is sent to, and what the dumps of memory point at."""

import pytest

from sitegen.crash.explain import explain_log
from sitegen.crash.log import parse
from sitegen.model import CrashLog

TASK = "CPU: 1 PID: 93 Comm: sh Not tainted 6.1.9-amd64 #1\n"
TRACE = "Call Trace:\n <TASK>\n"
END = " entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n </TASK>\n"


def texts(log: CrashLog) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in explain_log(log)[0]:
        word = log.lines[one.at.line - 1][one.at.column - 1 : one.at.end - 1]
        found.setdefault(word, one.text)
    return found


def headline(text: str) -> str:
    log = parse(text)
    line = log.reports[0].headline.line
    return next(one.text for one in explain_log(log)[0] if one.at.line == line)


def test_a_sanitizer_s_function_is_that_of_its_headline() -> None:
    text = headline(
        "BUG: KASAN: slab-use-after-free in widget_poll+0x1c4/0x2a0\n"
        f"Read of size 8 at addr ffff88800c1f2a18 by task sh/93\n{TASK}{TRACE}"
        " dump_stack_lvl+0x60/0x80\n print_report+0xb4/0x280\n kasan_report+0xb6/0xf0\n"
        f" widget_poll+0x1c4/0x2a0\n do_sys_poll+0x50a/0xa10\n{END}\n"
        "Allocated by task 498:\n kasan_save_stack+0x24/0x50\n __kasan_kmalloc+0xaa/0xb0\n"
        " widget_open+0x5c/0x1b0\n\n"
        "Freed by task 505:\n kasan_save_stack+0x24/0x50\n ____kasan_slab_free+0x51/0x70\n"
        " kfree+0xdd/0x340\n widget_release+0x31/0x60\n"
    )
    assert "The access was made in `widget_poll`." in text
    assert "allocated by `widget_open` and freed by `widget_release`" in text


def test_a_helper_in_the_headline_is_left_for_who_called_it() -> None:
    text = headline(
        "BUG: KASAN: slab-out-of-bounds in memcpy+0x24/0x60\n"
        f"Read of size 64 at addr ffff88800c1f2a18 by task sh/93\n{TASK}{TRACE}"
        " dump_stack_lvl+0x60/0x80\n kasan_report+0xb6/0xf0\n kasan_check_range+0x1/0x10\n"
        f" memcpy+0x24/0x60\n widget_copy+0x31/0x60\n{END}"
    )
    assert "The access was made in `widget_copy`." in text


def test_a_panic_that_an_interrupt_led_to_is_told_by_who_called_it() -> None:
    text = headline(
        f"Kernel panic - not syncing: widget: firmware lost\n{TASK}{TRACE}"
        " dump_stack_lvl+0x44/0x5c\n panic+0x118/0x2f4\n widget_watch+0x15/0x40\n"
        " __handle_irq_event_percpu+0x40/0x80\n asm_common_interrupt+0x35/0x40\n"
        "RIP: 0010:default_idle+0xb/0x10\n"
        "RSP: 0018:ffffc90000003000 EFLAGS: 00000282\n"
        "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000002\n"
        " do_idle+0x1/0x20\n cpu_startup_entry+0x26/0x30\n"
    )
    assert "panic() was called by `widget_watch`" in text
    assert "An interrupt or exception had led there, from `default_idle`." in text


def test_a_warning_that_panics_is_told_by_its_function() -> None:
    text = headline(
        "WARNING: CPU: 0 PID: 99 at drivers/widget/core.c:88 widget_check+0x40/0x6c\n"
        "CPU: 0 PID: 99 Comm: sh Not tainted 4.9.9-amd64 #1\n"
        f"{TRACE} dump_stack+0x44/0x5c\n panic+0x118/0x2f4\n __warn+0xd8/0xf0\n"
        f" warn_slowpath_null+0x1d/0x20\n widget_check+0x40/0x6c\n vfs_write+0x1/0x20\n{END}"
    )
    assert "The warning is in `widget_check`." in text


def test_what_may_sleep_is_told_with_who_called_it() -> None:
    text = headline(
        "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580\n"
        "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 93, name: sh\n"
        f"{TASK}{TRACE} dump_stack_lvl+0x44/0x5c\n __might_resched+0x1b/0x30\n"
        f" mutex_lock+0x1b/0x30\n widget_lock_all+0x2a/0x60\n vfs_write+0x1/0x20\n{END}"
    )
    assert "`mutex_lock` may sleep; it was called by `widget_lock_all`." in text


def test_a_function_that_had_only_begun_has_its_caller_among_the_doubted() -> None:
    text = headline(
        "BUG: kernel NULL pointer dereference, address: 0000000000000010\n"
        f"Oops: 0000 [#1] SMP\n{TASK}"
        "RIP: 0010:strlen+0x0/0x20\nRSP: 0018:ffffc90000003000 EFLAGS: 00010246\n"
        "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000002\n"
        f"{TRACE} ? widget_name+0x12/0x40\n widget_show+0x33/0x60\n{END}"
    )
    assert "on behalf of `widget_show`" in text
    assert "in `widget_name`, if that is no leftover" in text


def test_code_of_a_module_that_is_gone_is_suspected_where_its_address_fits() -> None:
    text = (
        "BUG: unable to handle page fault for address: ffffffffc02ff760\n"
        f"Oops: 0010 [#1] SMP\n{TASK}"
        "RIP: 0010:0xffffffffc02ff760\nRSP: 0018:ffffc90000003000 EFLAGS: 00010246\n"
        "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000002\n"
        f"{TRACE} call_timer_fn+0x27/0x130\n{END}"
        "Modules linked in: gadget(O) [last unloaded: widget(O)]\n"
    )
    assert "`widget` was unloaded: its code may have been there" in headline(text)
    assert "unloaded" not in headline(text.replace("[last unloaded: widget(O)]", ""))


def test_the_area_of_modules_is_x86_64_s_and_says_nothing_of_other_processors() -> None:
    text = (
        "Unable to handle kernel paging request at virtual address ffffffffc0123456\n"
        "Oops [#1]\nepc : 0xffffffffc0123456\n ra : caller+0x10/0x20\n"
        "epc : ffffffffc0123456 ra : ffffffff80001000 sp : ffffffc010003cd0\n"
        "status: 0000000200000120 badaddr: ffffffffc0123456 cause: 000000000000000c\n"
        "Modules linked in: gadget(O) [last unloaded: widget(O)]\n"
    )
    assert parse(text).arch == "riscv64"
    assert "`caller` called it" in headline(text)
    assert "unloaded" not in headline(text)


def test_lockdep_is_told_by_its_trace_though_a_dump_stands_in_it() -> None:
    text = headline(
        "WARNING: possible recursive locking detected\n6.1.9-amd64 #1 Not tainted\n"
        f"{TASK}{TRACE} dump_stack_lvl+0x44/0x5c\n __lock_acquire.cold+0x1b/0x30\n"
        f" lock_acquire+0x1b/0x30\n _raw_spin_lock+0x2a/0x60\n widget_get+0x1/0x20\n"
        "RIP: 0010:default_idle+0xb/0x10\nRSP: 0018:ffffc90000003000 EFLAGS: 00000282\n"
        "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000002\n"
    )
    assert "It was noticed in `widget_get`." in text


@pytest.mark.parametrize(
    ("lead", "word"),
    [("", "BUG"), ("2018/01/09 20:38:51 ", "BUG"), ("[ ", "BUG")],
)
def test_the_explanation_stands_at_a_word_and_no_date(lead: str, word: str) -> None:
    log = parse(f"{lead}BUG: spinlock bad magic on CPU#0, sh/93\n{TASK}{TRACE} f+0x1/0x2\n{END}")
    for report in log.reports:
        first = next(one for one in explain_log(log)[0] if one.at.line == report.headline.line)
        assert log.lines[first.at.line - 1][first.at.column - 1 :].startswith(word)


# --- Shadow memory ----------------------------------------------------------------------------

SHADOW = """BUG: KASAN: slab-out-of-bounds in widget_poll+0x1c4/0x2a0
Read of size 8 at addr ffff88800c1f2a60 by task sh/93
CPU: 1 PID: 93 Comm: sh Not tainted 6.1.9-amd64 #1
Call Trace:
 widget_poll+0x1c4/0x2a0
Memory state around the buggy address:
 ffff88800c1f2980: fa fb fb fb fb fb fb fb fb fb fb fb fc fc fc fc
>ffff88800c1f2a00: 00 00 00 00 00 00 00 00 00 00 00 05 fc fc fc fc
                                                       ^
 ffff88800c1f2a80: fa fb fb fb fb fb fb fb fb fb fb fb fc fc fc fc
"""


def test_the_byte_under_the_caret_is_where_the_access_went() -> None:
    found = texts(parse(SHADOW))
    assert found["fc"].startswith("Here the access went. fc: the red zone")
    assert found["00"] == "00: all 8 bytes may be used."
    assert found["05"] == "05: only the first 5 bytes of 8 may be used."
    # Only those of the marked row.
    assert "fb" not in found


def test_a_byte_in_brackets_needs_no_caret() -> None:
    text = SHADOW.replace("05 fc fc fc fc\n      ", "05[fc]fc fc fc\n")
    lines = [line for line in text.split("\n") if "^" not in line]
    found = texts(parse("\n".join(lines)))
    assert found["fc"].startswith("Here the access went.")


def test_tags_are_no_bytes_of_shadow() -> None:
    text = SHADOW.replace("Call Trace", "Pointer tag: [f7], memory tag: [fe]\nCall Trace")
    found = texts(parse(text))
    assert "fc" not in found
    assert "The tags of memory" in found["Memory state around the buggy address"]


def test_a_frame_s_ending_of_the_compiler_is_told_once() -> None:
    log = parse(
        f"Kernel panic - not syncing: lost\n{TASK}{TRACE} panic+0x118/0x2f4\n"
        f" widget_get.constprop.0.cold+0x15/0x40\n widget_put.cold+0x1/0x2\n{END}"
    )
    words = [
        log.lines[one.at.line - 1][one.at.column - 1 : one.at.end - 1]
        for one in explain_log(log)[0]
    ]
    assert words.count(".constprop.0") == 1
    assert words.count(".cold") == 1


def test_where_arm64_has_a_frame_from_is_told() -> None:
    log = parse(
        "Kernel panic - not syncing: lost\n"
        "CPU: 1 UID: 0 PID: 93 Comm: sh Not tainted 6.14.0-arm64 #1\nCall trace:\n"
        " show_stack+0x20/0x38 (C)\n dump_stack_lvl+0x60/0x80\n panic+0x168/0x360\n"
        " widget_get+0x15/0x40 [widget] (P)\n el0_svc+0x34/0xdc\n"
    )
    found = texts(log)
    assert found["P"].startswith("P: the PC itself")
    assert found["C"].startswith("C: where the function was")
