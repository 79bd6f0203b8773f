import pytest

from sitegen.crash.source import Function, find_function, is_declared
from sitegen.crash.source.macros import find_macro

C = """\
#include <linux/fs.h>

struct widget {
	int a;
};

static const struct ops widget_ops = {
	.open = widget_open,
};

/* Opens it. */
static int __must_check
widget_open(struct inode *inode,
		struct file *file)
{
	if (!file) {
		return -EINVAL;
	}
again:
	return 0;
}
EXPORT_SYMBOL(widget_open);

SYSCALL_DEFINE2(widget, unsigned int, fd,
		int, mode)
{
	return do_widget(fd, mode);
}

DEFINE_IDTENTRY(exc_widget)
{
	handle();
}
static inline int one_line(int a) { return a; }

static int brace_behind(int a) {
	return a;
}
""".splitlines()


@pytest.mark.parametrize(
    ("inside", "function"),
    [
        ("return -EINVAL", Function(12, 15, 21)),
        ("widget_open(struct", Function(12, 15, 21)),
        ("return do_widget", Function(24, 26, 28)),
        ("handle()", Function(30, 31, 33)),
        ("one_line", Function(34, 34, 34)),
        ("	return a;", Function(36, 36, 38)),
        ("#include", None),
        (".open =", None),
        ("EXPORT", None),
    ],
)
def test_a_function_is_found_by_a_line_of_it(inside, function):
    line = next(i for i, text in enumerate(C, 1) if inside in text)
    assert find_function(C, line) == function


def test_the_declaration_line_decides():
    assert find_function(C, 27, declared=24) == Function(24, 26, 28)
    assert find_function(C, 27, declared=13) == Function(24, 26, 28), "but not against the text"


@pytest.mark.parametrize("line", [0, -1, 1000])
def test_a_line_beyond_the_file_is_in_no_function(line):
    assert find_function(C, line) is None


def test_a_parser_helps_where_braces_are_not_in_column_zero():
    text = ["  int f(int a)", "  {", "    return g(a);", "  }", "  int h(void)", "  {", "  }"]
    assert find_function(text, 3) == Function(1, 2, 4)


ASSEMBLY = """\
	.text
SYM_CODE_START(entry_one)
	nop
SYM_INNER_LABEL(entry_one_after, SYM_L_GLOBAL)
	pushq %rax
.Lagain:
	call  do_one

SYM_CODE_END(entry_one)

plain_two:
	call do_two
	ret
	.size plain_two, .-plain_two

idtentry asm_three three has_error_code=0
idtentry asm_four four has_error_code=1
""".splitlines()


@pytest.mark.parametrize(
    ("line", "name", "function"),
    [
        (7, "entry_one_after", Function(4, 4, 9)),
        (7, "entry_one", Function(2, 2, 9)),
        (7, "", Function(4, 4, 9)),
        (3, "entry_one", Function(2, 2, 3)),
        (12, "plain_two", Function(11, 11, 14)),
        (12, "another", Function(11, 11, 14)),
        (1, "", None),
        # A macro that makes a function: its one line is all there is.
        (16, "asm_three", Function(16, 16, 16)),
        (17, "asm_four", Function(17, 17, 17)),
    ],
)
def test_a_label_begins_a_function_of_assembly(line, name, function):
    assert find_function(ASSEMBLY, line, name=name, assembly=True) == function


def test_a_huge_function_is_read_once():
    count = 1_000_000
    text = ["void f(void)", "{", *["\tcall(1);"] * count, "}"]
    found = find_function(text, count)
    assert found is None or found.last <= len(text)


@pytest.mark.parametrize(
    ("text", "name", "declares"),
    [
        ("static int widget_open(struct inode *inode,", "widget_open", True),
        ("widget_open(struct inode *inode)", "widget_open", True),
        ("SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf,", "ksys_write", True),
        ("DEFINE_IDTENTRY_RAW(exc_int3)", "asm_exc_int3", True),
        ("PROXY_FUNC(read, ssize_t, filp,", "proxy_read", True),
        ("PROXY_FUNC(read, int, filp,", "printk", False),
        ("\treturn widget_close(inode);", "widget_open", False),
        ("wait(struct completion *x, long timeout)", "wait_for_completion", False),
        ("int widget_opened(void)", "widget_open", False),
    ],
)
def test_a_line_declares_a_function_or_not(text, name, declares):
    assert is_declared([text], 1, name) is declares
    assert not is_declared([text], 2, name)


MACRO = """\
#define PROXY_FUNC(name, type)			\\
static type proxy_##name(struct file *file)	\\
{						\\
	return real->name(file);		\\
}

PROXY_FUNC(read,
	ssize_t);
PROXY_FUNC(write, ssize_t);
""".splitlines()


def test_a_macro_that_makes_a_function_is_all_there_is_of_it():
    found = find_function(MACRO, 7, name="proxy_read", declared=7)
    assert found == Function(7, 7, 8)
    assert find_macro(MACRO, found) == (1, 2, 3, 4, 5)
    assert find_function(MACRO, 9, name="proxy_write", declared=9) == Function(9, 9, 9)
    assert find_macro(C, Function(12, 15, 21)) == ()


def test_a_macro_without_an_end_makes_nothing():
    assert find_function(["PROXY_FUNC(read,"] * 30, 1, declared=1) is None


def test_a_blank_line_may_stand_between_the_signature_and_the_body():
    text = "int a;\n\nstatic int f(int a,\n\tint b)\n\n{\n\treturn a;\n}\n".splitlines()
    assert find_function(text, 7, declared=3) == Function(3, 6, 8)
    assert find_function(text, 7) == Function(3, 6, 8)
    assert find_function(["int a;", "", "{", "\tb;", "}"], 4) == Function(3, 3, 5)


def test_a_macro_of_the_assembler_is_shown_by_its_head_label_and_branches():
    lines = """\
	.macro	entry_point	level, label
SYM_CODE_START_LOCAL(el\\level\\()_\\label)
	kernel_entry
	mov	x0, sp
	bl	el\\level\\()_\\label\\()_handler
	.if \\level == 0
	b	ret_to_user
	.endif
SYM_CODE_END(el\\level\\()_\\label)
	.endm

	entry_point	1, sync
	entry_points	1, sync
""".splitlines()
    found = find_function(lines, 12, name="el1_sync", assembly=True)
    assert found == Function(12, 12, 12)
    assert find_macro(lines, found) == (1, 2, 5, 7, 10)
    assert find_macro(lines, Function(13, 13, 13)) == ()
