"""Words of lines by topic: what each means where it stands, and where it means something else."""

import pytest

from sitegen.crash.explain.helpers import is_helper
from sitegen.crash.explain.lines import line_words
from sitegen.crash.explain.topics.ends import exit_text
from sitegen.crash.explain.topics.locks import state_text, usage_text
from sitegen.crash.explain.topics.preempt import scheduling_text
from sitegen.crash.explain.topics.sanitizers import shadow_text


def said(text: str, kind: str = "", arch: str = "x86_64") -> dict[str, str]:
    """By the word; of two explanations of one the more particular."""
    found: dict[str, str] = {}
    for word in line_words(text, arch, kind):
        found.setdefault(text[word.start : word.end], word.text)
    return found


# --- Ends and machines ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0x300, "It returned 3: the program ended by itself."),
        (0x0B, "Signal 11 (SIGSEGV) killed it."),
        (0x86, "Signal 6 (SIGABRT) killed it, and its memory was dumped."),
        (0x7F, "Signal 127 killed it."),
    ],
)
def test_an_exit_code_is_taken_apart(code: int, text: str) -> None:
    assert exit_text(code) == text


def test_the_reason_of_a_panic_is_told() -> None:
    words = said("Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b")
    assert "SIGSEGV" in words["0x0000000b"]
    assert "not syncing" in words
    words = said("Kernel panic - not syncing: sysrq triggered crash")
    assert "Somebody asked for it" in words["sysrq triggered crash"]


@pytest.mark.parametrize(
    ("task", "part"),
    [
        ("PID: 0 Comm: swapper/1", "The idle task"),
        ("PID: 1 Comm: swapper/0", "before it starts `init`"),
        ("PID: 29 Comm: kworker/1:1", "A worker thread"),
        ("PID: 1 Comm: systemd", "the kernel panics when it ends"),
        ("PID: 92 Comm: sh", "the program's name"),
        ("PID: 93 Comm: syzkaller195313", "this one may be longer"),
        ("PID: 94 Comm: Web Content", "the program's name"),
    ],
)
def test_a_task_is_told_by_its_name(task: str, part: str) -> None:
    words = said(f"CPU: 1 {task} Not tainted 6.1.9 #1")
    assert part in words[task.partition("Comm: ")[2]]


def test_a_queue_is_told_apart_from_the_work() -> None:
    words = said("Workqueue: events do_free_init")
    assert "shared by all" in words["events"]
    assert "The work" in words["do_free_init"]
    assert not said("Workqueue:  0x0 (mm_percpu_wq)")


def test_hardware_is_told_once() -> None:
    words = said("Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16 04/01/2014")
    assert set(words) == {"QEMU", "BIOS 1.16 04/01/2014"}
    words = said("Hardware name: Dell Inc. PowerEdge R640/0X45NX, BIOS 2.10.2 02/24/2021")
    assert "Dell Inc. PowerEdge R640/0X45NX" in words
    assert set(said("Hardware name: linux,dummy-virt (DT)")) == {"linux,dummy-virt", "(DT)"}


def test_a_scheduler_of_bpf_is_told() -> None:
    words = said("Sched_ext: simple (enabled+all), task: runnable_at=-4ms")
    assert {"simple (enabled+all)", "runnable_at=-4ms"} <= words.keys()


# --- Sleeping ---------------------------------------------------------------------------------


def test_a_preempt_count_in_the_scheduler_counts_the_scheduler_s_own() -> None:
    assert "2 deep, one of them by the scheduler itself" in scheduling_text(2)
    assert "it should be 1 here" in scheduling_text(0)
    words = said("BUG: scheduling while atomic: sh/93/0x00000000")
    assert "enabled once more" in words["0x00000000"]


def test_lines_about_sleeping_are_told() -> None:
    assert "no section" in said("RCU nest depth: 0, expected: 0")["0"]
    assert "forbid" in said("RCU nest depth: 1, expected: 0")["1"]
    assert "that is the place" in said("Preemption disabled at:")["Preemption disabled at"]


# --- Stalls -----------------------------------------------------------------------------------


def test_the_counters_of_a_stall_are_told() -> None:
    line = (
        "rcu: \t1-....: (999 ticks this GP) idle=b664/1/0x4000000000000000 softirq=152/152 fqs=499"
    )
    words = said(line)
    assert words["1"].startswith("CPU 1 has kept RCU waiting")
    assert "it did serve them" in words["999 ticks this GP"]
    assert "it was not idle" in words["b664/1/0x4000000000000000"]
    assert "none in between" in words["152/152"]
    assert words["499"].endswith("prod.")


def test_a_cpu_that_does_not_answer_is_told() -> None:
    words = said("\t0-...!: (3 ticks this GP) idle=2f6/1/0x4000 softirq=23/24 fqs=0")
    assert "interrupts were off" in words["...!"]
    assert "next to none" in words["3 ticks this GP"]
    assert "never" in words["0"] or "CPU 0" in words["0"]
    words = said("rcu: \t2-O..0: (1 GPs behind) idle=2f6/0/0x0 softirq=23/24 fqs=7")
    assert "offline" in words["O..0"]
    assert "1 GPs behind" in words


def test_how_long_a_stall_lasts_is_told() -> None:
    words = said("\t(t=1000 jiffies g=-819 q=12 ncpus=2)")
    assert {"1000 jiffies", "-819", "12", "2"} <= words.keys()
    assert "2100 jiffies" in said("\t(detected by 1, t=2100 jiffies, g=5, q=24 ncpus=4)")


def test_a_hung_task_s_columns_are_told() -> None:
    line = "task:sh              state:D stack:0     pid:92    ppid:1      flags:0x00004002"
    words = said(line)
    assert "cannot be interrupted" in words["D"]
    assert {"0", "ppid:1", "flags:0x00004002"} <= words.keys()


def test_idle_cpus_are_told_from_others_in_backtraces() -> None:
    idle = said("NMI backtrace for cpu 0 skipped: idling at default_idle+0xb/0x10")
    assert "nothing of interest" in idle["NMI backtrace for cpu 0"]
    assert "was doing" in said("NMI backtrace for cpu 1")["NMI backtrace for cpu 1"]


# --- Locks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        ("....", "How it was used: always with interrupts disabled, and never within one."),
        ("-.-.", "How it was used: taken within hard interrupts; taken within softirqs."),
        ("..+.", "How it was used: taken while softirqs were enabled."),
        (".+..", "How it was used: taken for reading while hard interrupts were enabled."),
    ],
)
def test_the_letters_of_a_lock_tell_how_it_was_used(marks: str, text: str) -> None:
    assert usage_text(marks) == text
    assert "its own CPU's lock" in usage_text("?...")


@pytest.mark.parametrize(
    ("line", "word", "part"),
    [
        (" #0: ffff8880123456f8 (&w->lock){+.+.}-{3:3}, at: f+0x1/0x2", "{3:3}", "a mutex"),
        ("ffff8880123456f8 (&w->lock){?.+.}-{2:2}, at: f+0x1/0x2", "{2:2}", "spins"),
        ("-> #1 (&w->lock){+.+.}-{4:4}:", "{4:4}", "a mutex and its like"),
        (" #1: ffffffff8 (rcu_read_lock){....}-{1:2}, at: f+0x1/0x2", "{1:2}", "rcu_read_lock()"),
    ],
)
def test_the_sort_of_a_lock_is_told_wherever_it_stands(line: str, word: str, part: str) -> None:
    assert part in said(line, "lockdep")[word]


def test_the_context_of_a_report_is_told() -> None:
    words = said("swapper/0/0 [HC1[1]:SC0[0]:HE0:SE1] takes:", "lockdep")
    assert "within a hard interrupt" in words["[HC1[1]:SC0[0]:HE0:SE1]"]
    assert not said("swapper/0/0 [HC1[1]:SC0[0]:HE0:SE1] takes:")


def test_states_of_locks_are_told() -> None:
    assert state_text("IN-HARDIRQ-W") == "taken within hard interrupts, for writing"
    assert state_text("SOFTIRQ-ON-R") == "taken while softirqs were enabled, for reading"
    words = said("{HARDIRQ-ON-W} state was registered at:", "lockdep")
    assert "hard interrupts were enabled" in words["{HARDIRQ-ON-W}"]


# --- Memory -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byte", "text"),
    [
        (0x00, "00: all 8 bytes may be used."),
        (0x01, "01: only the first byte of 8 may be used."),
        (0x05, "05: only the first 5 bytes of 8 may be used."),
        (0xFB, "fb: freed memory of an object."),
        (0x77, ""),
    ],
)
def test_a_byte_of_shadow_is_told(byte: int, text: str) -> None:
    assert shadow_text(byte) == text


def test_where_in_an_object_means_another_thing_after_it_is_freed() -> None:
    line = "The buggy address is located 24 bytes inside of"
    assert "the time" in said(line, "kasan-uaf")["24 bytes inside of"]
    assert "runs past its end" in said(line, "kasan-oob")["24 bytes inside of"]
    assert not said(line, "kasan-wild")


def test_the_ranges_of_kasan_are_told() -> None:
    line = "KASAN: null-ptr-deref in range [0x0000000000000018-0x000000000000001f]"
    assert "near a NULL pointer" in said(line)["null-ptr-deref"]
    line = "KASAN: maybe wild-memory-access in range [0xe0000bf0-0xe0000bf7]"
    assert "maybe wild-memory-access" in said(line)


def test_tags_are_told() -> None:
    words = said("Pointer tag: [f7], memory tag: [fe]")
    assert "freed" in words["[fe]"]
    assert "highest byte" in words["[f7]"]


def test_bytes_of_a_slab_that_are_not_its_filling_stand_out() -> None:
    line = "Object   ffff894edfce0650: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 58 59 6b 6b a5  kkkkkkkkkkkXYkk."
    assert "These bytes were written over" in said(line)["58 59"]
    assert "58" not in said(line.replace("58 59", "6b 6b"))
    # An object in use holds whatever it likes.
    line = "Object   ffff894edfce0650: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  ................"
    assert list(said(line)) == ["Object"]
    line = "Redzone  ffff894edfce0680: cc cc 01 cc cc cc cc cc                          ........"
    assert "This byte was" in said(line)["01"]


def test_the_first_byte_that_is_wrong_is_told() -> None:
    line = "0xffff894edfce065b-0xffff894edfce065b @offset=1627. First byte 0x58 instead of 0x6b"
    words = said(line, "slub")
    assert "(the letter X)" in words["0x58"]
    assert "after it was freed" in words["0x6b"]


def test_what_slab_debugging_complains_about_is_told() -> None:
    line = "BUG kmalloc-64 (Tainted: G           OE     ): Poison overwritten"
    assert "A freed object was written to" in said(line, "slub")["Poison overwritten"]


def test_a_request_for_memory_is_told() -> None:
    line = "ucrash invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0"
    words = said(line, "oom-kill")
    assert "for a process" in words["0x140dca"]
    assert "one page" in words["0"]
    line = "kworker/0:1: page allocation failure: order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)"
    words = said(line, "alloc-failure")
    assert "32 pages side by side, 128 KiB" in words["5"]
    assert "fragmentation" in words["5"]


def test_the_levels_of_a_zone_tell_whether_it_was_short() -> None:
    line = (
        "Node 0 DMA32 free:{}kB boost:0kB min:3668kB low:4072kB high:4476kB reserved_highatomic:0KB"
    )
    assert "below `min`" in str(said(line.format(1836)))
    assert "below `low`" in str(said(line.format(3900)))
    assert "not what was short" in str(said(line.format(9000)))


def test_the_columns_of_tasks_are_told_and_not_their_rows() -> None:
    line = "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name"
    assert {"pid", "total_vm", "rss", "oom_score_adj"} <= said(line).keys()
    assert not said(
        "[     92]     0    92    35715    35388   327680        0             0 ucrash"
    )


def test_lists_tell_what_was_found_in_them() -> None:
    words = said("list_del corruption, ffff888012345678->next is LIST_POISON1 (dead000000000100)")
    assert "deleted before" in words["next is LIST_POISON1"]
    assert "LIST_POISON1" in words["dead000000000100"]
    line = (
        "list_add double add: new=ffff888012345678, prev=ffff888012345678, next=ffff888012345680."
    )
    assert "on the list already" in said(line)["double add"]


def test_code_that_cannot_be_read_is_told_by_whose_it_is() -> None:
    word = "Unable to access opcode bytes"
    kernel = said("Code: Unable to access opcode bytes at 0xffffffffffffffd6.")
    assert "the PC is 0x0, where no code is" in kernel[word]
    process = said("Code: Unable to access opcode bytes at RIP 0x4276d6.")
    assert "It is no error" in process[word]
    wild = said("Code: Unable to access opcode bytes at 0xffff888000000fd6.")
    assert "no memory is there" in wild[word]


def test_a_machine_check_is_taken_apart() -> None:
    line = "mce: [Hardware Error]: CPU 0: Machine Check Exception: 5 Bank 4: be00000000000135"
    words = said(line, "mce")
    assert "could not correct it" in words["be00000000000135"]
    line = "mce: [Hardware Error]: RIP !INEXACT! 10:<ffffffffb9a592eb> {native_safe_halt+0xb/0x10}"
    assert "not what caused the error" in said(line)["!INEXACT!"]


# --- Helpers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("memcpy", "memcpy_erms", "__memset", "strlen", "strscpy", "copy_from_user", "sprintf"),
        *("__list_del_entry_valid", "__list_del_entry_valid.cold", "refcount_warn_saturate"),
        *("kasan_save_stack", "__kasan_kmalloc", "____kasan_slab_free.constprop.0", "kfree"),
        *("kmalloc_trace", "__kmem_cache_alloc_node", "__lock_acquire.cold", "lock_acquire"),
        *("_raw_spin_lock", "native_queued_spin_lock_slowpath", "mutex_lock_nested", "down_write"),
        *("check_noncircular", "dump_stack_lvl", "warn_slowpath_fmt", "usercopy_abort"),
        *("__x86_indirect_thunk_rax", "__sanitizer_cov_trace_pc", "skb_over_panic"),
    ],
)
def test_helpers_act_for_others(name: str) -> None:
    assert is_helper(name)


@pytest.mark.parametrize(
    "name",
    [
        *("ext4_find_extent", "strp_work", "sysrq_handle_crash", "widget_lock", "memory_failure"),
        *("listen", "printer_open", "warm_boot", "kernel_init", "lockd_up", "checkpoint", "upload"),
    ],
)
def test_others_act_for_themselves(name: str) -> None:
    assert not is_helper(name)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("active_anon:1688 inactive_anon:44311 isolated_anon:0", "active_anon"),
        ("CPU#1 Utilization every 4000ms during lockup:", "Utilization every"),
        ("oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/", "CONSTRAINT_NONE"),
        ("65406 pages RAM", "pages RAM"),
        ("1 lock held by sh/92:", "lock held by sh/92"),
        ("Oops[#3]:", "[#3]"),
        ("memory: usage 102400kB, limit 102400kB, failcnt 12", "usage 102400kB, limit 102400kB"),
    ],
)
def test_lines_that_begin_otherwise_in_each_log_are_found(line: str, word: str) -> None:
    assert word in said(line)
