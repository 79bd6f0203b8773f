import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.authoring.titles import (
    LONGEST,
    LONGEST_TITLE,
    is_slug,
    own_words,
    readable_title,
    slug_of,
)


@pytest.mark.parametrize(
    ("title", "readable"),
    [
        ("BUG: unable to handle kernel paging request in lamp_set", "Paging request in lamp_set"),
        ("kernel panic: sysrq triggered crash", "Kernel panic: sysrq triggered crash"),
        ("INFO: rcu detected stall in lamp_wait", "RCU stall in lamp_wait"),
        ("INFO: task hung in lamp_wait", "Task hung in lamp_wait"),
        ("BUG: soft lockup in lamp_wait", "Soft lockup in lamp_wait"),
        ("possible deadlock in lamp_lock", "Possible deadlock in lamp_lock"),
        ("KASAN: use-after-free Read in lamp_get", "KASAN: use-after-free Read in lamp_get"),
        ("general protection fault in corrupted", "General protection fault"),
        ("WARNING in lamp_get", "WARNING in lamp_get"),
        ("a\x1b[31m\nb", "A [31m b"),
    ],
)
def test_titles_are_made_readable(title, readable):
    assert readable_title(title) == readable


@settings(deadline=None)
@given(st.text(max_size=400))
def test_every_title_gives_a_slug_that_an_author_could_have_given(title):
    slug = slug_of(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST
    assert is_slug(slug)
    assert len(readable_title(title)) <= LONGEST_TITLE


@pytest.mark.parametrize(
    "name",
    ["", "index", "a/b", "../a", ".a", "-a", "a.md", "a b", "ä", "x" * 101, "CON", "nul", "com1"],
)
def test_what_is_no_name_for_a_case_is_none(name):
    assert not is_slug(name)


def test_a_title_that_is_a_device_of_windows_is_a_file_all_the_same():
    assert slug_of("NUL") == "crash"


@pytest.mark.parametrize(
    ("title", "headline", "function", "expected"),
    [
        (
            "kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)",
            "[ 1.9] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(8,1)",
            "mount_block_root",
            "kernel panic: VFS: Unable to mount root fs on unknown-block(8,1)",
        ),
        (
            "kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)",
            "",
            "",
            "kernel panic: VFS: Unable to mount root fs on unknown-block",
        ),
        (
            "BUG kmalloc-NUM (Tainted: G OE ): Right Redzone overwritten",
            "[ 3.7] BUG kmalloc-64 (Tainted: G           OE     ): Right Redzone overwritten",
            "",
            "BUG kmalloc-64: Right Redzone overwritten",
        ),
        ("BUG kmalloc-64 (Not tainted): x", "", "", "BUG kmalloc-64: x"),
        ("write to read-only memory at virtual address ADDR", "", "", "write to read-only memory"),
        ("WARNING in lamp_ADDRxyz", "", "lamp_0123456xyz", "WARNING in lamp_0123456xyz"),
        ("WARNING in lamp_NUMBER", "", "", "WARNING in lamp_NUMBER"),
        ("lamp NUM", "lamp NUM", "", "lamp"),
    ],
)
def test_a_title_takes_the_logs_own_words(title, headline, function, expected):
    assert own_words(title, headline, function) == expected


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60))
def test_no_title_makes_it_fail(title, headline, function):
    own_words(title + " NUM (NUM,ADDR) in x", headline, function)


def test_a_title_of_one_endless_word_is_cut():
    assert slug_of("x" * 500) == "x" * LONGEST
