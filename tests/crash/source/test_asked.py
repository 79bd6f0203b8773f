"""What authors ask for in `source` directives."""

import pytest

from sitegen.crash.source import Unfound, find_excerpt, open_tree

LAMP = """\
#include <linux/lamp.h>

static int lamp_level = 3;

static ssize_t lamp_write(struct file *file, const char *buf)
{
	if (!buf)
		return -EINVAL;

	lamp_set(file, buf);
	return 0;
}

SYSCALL_DEFINE1(lamp, int, level)
{
	return lamp_level = level;
}

PROXY(read, int);
"""
ENTRY = """\
SYM_CODE_START(entry_lamp)
	call	lamp_write
SYM_CODE_END(entry_lamp)
"""


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "linux"
    (root / "drivers").mkdir(parents=True)
    (root / "drivers/lamp.c").write_text(LAMP)
    (root / "drivers/lamps.h").write_text("int lamp_level;\n")
    (root / "drivers/entry.S").write_text(ENTRY)
    long = ["int long_one(void)", "{", *["\tint a;"] * 400, "}"]
    (root / "long.c").write_text("\n".join(long) + "\n")
    with open_tree(root) as found:
        yield found


SPOTS = {"lamp_write": ("drivers/lamp.c", 10), "entry_lamp": ("drivers/entry.S", 2)}


def ask(tree, asked, spots=SPOTS, **options):
    return find_excerpt(tree, asked, spots=spots, **options)


@pytest.mark.parametrize(
    ("asked", "function", "bounds", "shown", "mark"),
    [
        ("drivers/lamp.c:3-5", "", (3, 5), ((3, 5),), None),
        ("./drivers/../drivers/lamp.c:3-3", "", (3, 3), ((3, 3),), None),
        ("drivers/lamp.c:10", "", (5, 12), ((5, 10),), 10),
        ("drivers/lamp.c:3", "", (1, 6), ((1, 6),), 3),
        ("drivers/lamp.c:lamp_write", "lamp_write", (5, 12), ((5, 12),), None),
        ("lamp_write", "lamp_write", (5, 12), ((5, 12),), None),
        ("lamp_write()", "lamp_write", (5, 12), ((5, 12),), None),
        ("drivers/entry.S:entry_lamp", "entry_lamp", (1, 3), ((1, 3),), None),
        ("entry_lamp", "entry_lamp", (1, 3), ((1, 3),), None),
        ("drivers/entry.S:2", "", (1, 3), ((1, 3),), 2),
        # Not in the log, but in a file of it.
        ("__x64_sys_lamp", "__x64_sys_lamp", (14, 17), ((14, 17),), None),
        ("long.c:long_one", "long_one", (1, 403), ((1, 199), (403, 403)), None),
        ("long.c:100-299", "", (100, 299), ((100, 299),), None),
    ],
)
def test_what_is_asked_for_is_found(tree, asked, function, bounds, shown, mark):
    found = ask(tree, asked)
    assert not isinstance(found, Unfound), found
    assert (found.asked, found.function) == (asked, function)
    snippet = found.snippet
    assert ((snippet.first, snippet.last), snippet.shown, snippet.mark) == (bounds, shown, mark)
    lines = tree.lines(snippet.file)
    expected = "".join(f"{line}\n" for a, b in shown for line in lines[a - 1 : b])
    assert snippet.text == expected


def test_the_image_knows_where_a_function_is_that_the_log_does_not_name(tree):
    found = ask(tree, "lamp_write", {}, locate=lambda name: ("drivers/lamp.c", None))
    assert (found.snippet.file, found.snippet.first) == ("drivers/lamp.c", 5)


def test_a_function_whose_name_a_macro_makes_is_found_by_its_line(tree):
    found = ask(tree, "proxy_read", {}, locate=lambda name: ("drivers/lamp.c", 19))
    assert found.snippet.text == "PROXY(read, int);\n"


def test_text_may_be_withheld(tree):
    whole, bare = ask(tree, "lamp_write"), ask(tree, "lamp_write", text=False)
    assert bare.snippet.text == ""
    assert bare.snippet.sha256 == whole.snippet.sha256


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ("drivers/lmap.c:3", "has no drivers/lmap.c", "did you mean 'drivers/lamp.c'?"),
        ("drivers/lamps.c:lamp_write", "has no drivers/lamps.c", "did you mean 'drivers/lamp"),
        ("none/of/it.c:3", "has no none/of/it.c", ""),
        ("../secret.c:1", "lies outside", ""),
        ("drivers/lamp.c:lamp_wirte", "no function 'lamp_wirte' in", "did you mean 'lamp_write'?"),
        ("lamp_wirte", "nobody knows which file", "did you mean 'lamp_write'?"),
        ("schedule", "nobody knows which file", "name its file"),
        ("drivers/lamp.c:90", "has 19 lines", ""),
        ("drivers/lamps.h:1-2", "has 1 line,", ""),
        ("drivers/lamp.c:0", "has 19 lines", ""),
        ("drivers/lamp.c:5-3", "run backwards", "write 3-5"),
        ("long.c:1-300", "asks for 300 lines", "200 at most"),
        ("drivers/lamp.c", "names no lines and no function", "write it as"),
        ("drivers/lamp.c:", "is no place", "write it as"),
        ("lamp write", "is no place", "write it as"),
        ("<script>", "is no place", "write it as"),
        (":3", "lies outside", ""),
        ("a/" * 300 + "x.c:3", "...' is no place in the source", "write it as"),
        ("lamp_write:3", "has no lamp_write", ""),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(tree, asked, message, hint):
    found = ask(tree, asked)
    assert isinstance(found, Unfound)
    assert message in found.message
    assert hint in found.hint
    assert bool(found.hint) >= bool(hint)


def test_a_known_function_whose_file_is_not_in_the_tree_says_so(tree):
    found = ask(tree, "module_fn", {"module_fn": ("drivers/other.c", 3)})
    assert found == Unfound(
        "no source of 'module_fn': the source tree at hand has no drivers/other.c"
    )
