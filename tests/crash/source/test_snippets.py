import hashlib
from itertools import pairwise

from sitegen.crash.source import (
    Function,
    excerpt,
    excerpt_table,
    find_call,
    find_function,
    find_handed,
    find_initializer,
    find_setters,
)
from sitegen.crash.source.snippets import MAX_SHOWN

LONG = """\
int walk(struct list *list, int key)
{
	struct item *item;
	int found = 0;

	prepare(list);
	if (key < 0)
		key = -key;

	for_each_item(item, list) {
		int a;

		a = weigh(item);
		b = a;
		c = b;

		if (a > key) {
			prepare(item);
			other(item);

			found = item->ops->visit(item,
							key,
							a);
			break;
		}
	}
	finish(list);
	return found;
}
""".splitlines()


def excerpt_of(lines, line, **options):
    function = find_function(lines, line)
    call = find_call(lines, function, line)
    return excerpt("a.c", lines, function, line, call=call, **options)


def test_signature_head_conditions_and_call_are_shown():
    snippet = excerpt_of(LONG, 21)
    assert snippet.shown == ((1, 4), (10, 10), (17, 17), (21, 23))
    assert (snippet.first, snippet.last, snippet.mark) == (1, 29, 21)
    assert LONG[20][snippet.column - 1 : snippet.end - 1] == "item->ops->visit(item,"


def test_the_hash_is_of_the_lines_shown_and_stays_when_the_text_is_withheld():
    snippet = excerpt_of(LONG, 21)
    bare = excerpt_of(LONG, 21, text=False)
    lines = [LONG[n - 1] for first, last in snippet.shown for n in range(first, last + 1)]
    assert snippet.text == "".join(f"{line}\n" for line in lines)
    assert bare.text == ""
    assert bare.sha256 == snippet.sha256 == hashlib.sha256(snippet.text.encode()).hexdigest()


def test_a_short_function_is_shown_whole():
    lines = ["void f(int a)", "{", "\t/* why */", "\tg();", "", "\tpanic(1);", "}"]
    assert excerpt_of(lines, 6).shown == ((1, 7),)


def test_lines_that_lead_to_the_call_are_shown_and_other_blocks_are_not():
    lines = [
        *("int f(int a)", "{", "\tint b;", "", "\tone();", "\ttwo();", "\tthree();", "\tfour();"),
        *(
            "\tif (a)",
            "\t\tfive();",
            "\tsix();",
            "\tif (b)",
            "\t\tb = seven();",
            "\treturn b;",
            "}",
        ),
    ]
    assert excerpt_of(lines, 13).shown == ((1, 3), (11, 13))


def test_the_switch_above_a_case_is_shown():
    body = [f"\tcase {n}:\n\t\treturn call_{n}(a);" for n in range(20)]
    lines = "\n".join(
        ["int f(int a)", "{", "\tint b;", "", "\tswitch (a) {", *body, "\t}", "}"]
    ).split("\n")
    line = lines.index("\t\treturn call_15(a);") + 1
    assert excerpt_of(lines, line).shown == ((1, 5), (line - 1, line))


def test_an_assignment_the_pointer_was_read_from_is_shown():
    filler = [f"\tfill({n});" for n in range(12)]
    lines = ["int f(struct a *a)", "{", "\tfn = a->fn;", "", *filler, "", "\treturn fn(a);", "}"]
    assert (1, 4) not in excerpt_of(lines, 18).shown
    assert excerpt_of(
        ["int f(struct a *a)", "{", "\tint b;", "", "", "", "\tfn = a->fn;", *lines[3:]], 22
    ).shown[1] == (7, 7)


def test_a_macro_that_an_include_expands_is_shown_above_the_function():
    lines = [
        *("#define CASE(n) case n: return do_##n();", "", "int f(int a)", "{", "\tswitch (a) {"),
        *("#include <cases.h>", "\t}", "}"),
    ]
    snippet = excerpt_of(lines, 6)
    assert snippet.shown == ((1, 6),)
    assert snippet.first == 3


def test_an_include_that_makes_the_call_is_marked_whole():
    lines = ["int f(void)", "{", "\tswitch (nr) {", "\t#include <asm/cases.h>  ", "\t}", "}"]
    snippet = excerpt_of(lines, 4)
    assert lines[3][snippet.column - 1 : snippet.end - 1] == "#include <asm/cases.h>"


def test_no_snippet_is_longer_than_the_bound():
    signature = ["int f(int a,", *["      int b,"] * 20, "      int c)", "{"]
    nest = [f"{chr(9) * n}if (a > {n}) {{" for n in range(1, 40)]
    call = [f"{chr(9) * 40}a->b(1,", *[f"{chr(9) * 41}2,"] * 20, f"{chr(9) * 41}3);"]
    lines = [*signature, *nest, *call, *["}"]]
    line = len(signature) + len(nest) + 1
    snippet = excerpt_of(lines, line)
    shown = [n for first, last in snippet.shown for n in range(first, last + 1)]
    assert len(shown) <= MAX_SHOWN
    assert {1, line} <= set(shown)


def test_runs_are_in_order_and_apart():
    for line in range(3, 29):
        runs = excerpt_of(LONG, line).shown
        assert all(first <= last for first, last in runs)
        assert all(a[1] + 1 < b[0] for a, b in pairwise(runs))


TABLE = """\
static const struct ops first_ops = {
	.open	= first_open,
	.a	= a,
	.b	= b,
	.c	= c,
	.d	= d,
	.write	= first_put,
	.flush	= first_put,
	.e	= e,
};

static struct op two_op = { .run = two_run };
static struct op three_op = {
	two_run,
	"three",
};
DEFINE_SHOW(four);
""".splitlines()


def test_the_line_that_assigns_the_slot_is_found():
    found = find_initializer(TABLE, 1, callee="first_put", member="write")
    assert found == (1, 10, 7)
    assert excerpt_table("a.c", TABLE, found).shown == ((1, 1), (7, 10))


def test_a_callee_in_two_slots_is_settled_by_the_member_only():
    assert find_initializer(TABLE, 1, callee="first_put", member="flush").line == 8
    assert find_initializer(TABLE, 1, callee="first_put").line is None
    assert find_initializer(TABLE, 1, callee="first").line is None


def test_one_line_positional_and_macro_tables():
    assert find_initializer(TABLE, 12, callee="two_run", member="run") == (12, 12, 12)
    assert find_initializer(TABLE, 13, callee="two_run", member="run") == (13, 16, 14)
    assert find_initializer(TABLE, 17, callee="four_open", member="open") == (17, 17, None)
    assert find_initializer(TABLE, 400, callee="a") is None


def test_a_short_table_is_shown_whole():
    found = find_initializer(TABLE, 13, callee="two_run")
    snippet = excerpt_table("a.c", TABLE, found)
    assert (snippet.shown, snippet.mark) == (((13, 16),), 14)


def test_a_function_that_a_macro_makes_is_shown_with_the_macro():
    lines = ["#define F(name) \\", "int f_##name(void) \\", "{ return name(); }", "", "F(go)"]
    snippet = excerpt("a.c", lines, Function(5, 5, 5), 5)
    assert snippet.shown == ((1, 5),)
    assert snippet.mark == 5


def test_without_a_line_nothing_is_marked():
    lines = ["int f(void)", "{", *["\ta();"] * 40, "}"]
    snippet = excerpt("a.c", lines, Function(1, 2, 43), None)
    assert (snippet.mark, snippet.shown) == (None, ((1, 4),))
    short = excerpt("a.c", [*lines[:4], "}"], Function(1, 2, 5), None)
    assert short.shown == ((1, 5),)


def test_assignments_while_the_kernel_runs_are_found():
    lines = [
        "\tops->write = put;",
        "\tops.write = &put;",
        "\t.write = put,",
        "\tops->write = putter;",
        "\tops->read = put;",
        "\tif (ops->write == put)",
        "\ttable[1].write=put;",
    ]
    assert find_setters(lines, "put", "write") == (1, 2, 7)
    assert find_setters(lines, "put", "") == ()


def test_what_is_handed_to_others_is_found():
    lines = [
        "\topen_softirq(TIMER, put);",
        "\tcall_rcu(&one->head, put);",
        "\tpid = kernel_thread(put, create,",
        "\t\t\tput, data);",
        "\tput(a);",
        "static int put(int a)",
        "EXPORT_SYMBOL(put);",
        "\tops->write = put;",
        "\tuse(output, putter);",
        "\twork(deep(1), put);",
        " * put, as it says)",
    ]
    assert find_handed(lines, "put") == (1, 2, 3, 4, 10)
    assert find_handed(lines, "") == ()


def test_looking_for_what_is_handed_does_not_go_back_for_ever():
    lines = ["f(" + ", " * 5000 + "put", "\t" + "a," * 5000 + "put"] * 50
    assert len(find_handed(lines, "put")) <= len(lines)
