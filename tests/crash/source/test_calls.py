import pytest

from sitegen.crash.source import Function, find_call, find_expansion, find_function


def call_in(text, line, **asked):
    lines = text.split("\n")
    function = find_function(lines, line)
    assert function
    return find_call(lines, function, line, **asked)


WRITE = """\
static ssize_t give(struct entry *entry, char *buf, int (*done)(void))
{
	typeof_member(struct entry_ops, put) put;

	put = NULL;
	put = entry->ops->put;
	if (put)
		return put(entry,
				buf);
	done();
	first(second(buf), entry->ops->get(buf));
	(*entry->ops->end)(1);
	regs->ax = call_table[nr](regs);
	static_call(scheduler)(buf);
	READ_ONCE(entry->hook)(buf);
	return ops[3].run(helper(buf));
}
"""


def test_a_named_call_is_found():
    call = call_in(WRITE, 11, callee="second")
    assert call.expression == "second(buf)"
    assert (call.first, call.last, call.column, call.end) == (11, 11, 8, 19)
    assert (call.pointer, call.member) == ("", "")


def test_a_call_that_is_not_there_is_not_found():
    assert call_in(WRITE, 11, callee="third") is None
    assert call_in(WRITE, 6) is None


def test_a_call_on_several_lines_is_found_from_each():
    for line in (8, 9):
        call = call_in(WRITE, line)
        assert (call.first, call.last) == (8, 9)
        assert call.arguments == ("entry", "buf")


def test_a_local_pointer_is_followed_to_its_assignment():
    call = call_in(WRITE, 8)
    assert call.function == "put"
    assert call.pointer == "entry->ops->put"
    assert call.member == "put"
    assert call.assigned == (6,)
    assert call.expression == "entry->ops->put(entry, buf)"


def test_a_parameter_called_is_told_apart():
    call = call_in(WRITE, 10)
    assert (call.pointer, call.member, call.parameter) == ("done", "", 2)


@pytest.mark.parametrize(
    ("line", "pointer", "member", "array"),
    [
        (11, "entry->ops->get", "get", False),
        (12, "entry->ops->end", "end", False),
        (13, "call_table[nr]", "", True),
        (14, "static_call(scheduler)", "", False),
        (15, "entry->hook", "hook", False),
        (16, "ops[3].run", "run", False),
    ],
)
def test_the_pointer_and_its_member_are_read_off_the_call(line, pointer, member, array):
    call = call_in(WRITE, line)
    assert (call.pointer, call.member, call.array) == (pointer, member, array)


def test_several_assignments_leave_the_pointer_as_written():
    text = """\
int f(struct a *a, struct b *b)
{
	int (*fn)(int) = a->run;

	if (b)
		fn = b->run;
	return fn(1);
}
"""
    call = call_in(text, 7)
    assert (call.pointer, call.member, call.assigned) == ("fn", "", (3, 6))
    assert call_in(text.replace("b->run", "a->run"), 7).pointer == "a->run"


def test_the_object_of_the_pointer_is_followed_for_its_line_only():
    text = """\
int f(int key)
{
	struct op *op;

	op = find_op(key);
	return op->handler(key);
}
"""
    call = call_in(text, 6)
    assert (call.expression, call.assigned) == ("op->handler(key)", (5,))


def test_of_two_pointers_on_a_line_the_member_that_holds_the_callee_is_taken():
    text = "int f(struct a *a)\n{\n\treturn a->one(a) + a->two(a);\n}\n"
    assert call_in(text, 3) is None
    assert call_in(text, 3, members=("two",)).member == "two"


def test_a_variable_that_refers_to_itself_ends_somewhere():
    text = "int f(void)\n{\n\tint (*g)(void) = h;\n\tint (*h)(void) = g;\n\treturn h();\n}\n"
    assert call_in(text, 5).expression in {"g()", "h()"}


def test_a_branch_in_assembly_is_found():
    lines = ["SYM_CODE_START(entry)", "\tcall\tdo_entry\t/* far */", "SYM_CODE_END(entry)"]
    function = find_function(lines, 2, name="entry", assembly=True)
    call = find_call(lines, function, 2, callee="do_entry")
    assert lines[1][call.column - 1 : call.end - 1] == "call\tdo_entry"
    assert find_call(lines, function, 2, callee="do") is None


@pytest.mark.parametrize(
    "body", ["((((", "}}}}", '"', "a->b(", "#if 0", "/*", "x = y->z(\N{SNOWMAN});", "\\"]
)
def test_text_that_is_no_c_raises_nothing(body):
    lines = ["int f(void)", "{", "\t" + body, "}"]
    function = find_function(lines, 3)
    assert function
    find_call(lines, function, 3)
    find_call(lines, function, 3, callee="g")


def test_columns_count_characters():
    lines = ["int f(void)", "{", '\ta("\N{SNOWMAN}", g(1));', "}"]
    call = find_call(lines, find_function(lines, 3), 3, callee="g")
    assert lines[2][call.column - 1 : call.end - 1] == "g(1)"


def test_a_huge_function_is_searched_once():
    count = 30_000
    lines = ["int f(void)", "{", *["\tfn = a->b; fn(1);"] * count, "}"]
    function = find_function(lines, 3)
    call = function and find_call(lines, function, count)
    assert call is None or call.expression


def test_a_text_too_long_to_be_a_function_is_not_parsed():
    lines = ["int f(void)", "{", "\ta->b(1);", *["\tg(123456789);"] * 40_000, "}"]
    function = find_function(lines, 3)
    assert function is None or find_call(lines, function, 3) is None


def test_a_macro_that_makes_the_branch_names_the_callee_as_a_word_of_its_own():
    line = "idtentry asm_sysvec_timer_interrupt_entry sysvec_timer has_error_code=0"

    call = find_call([line], Function(1, 1, 1), 1, callee="sysvec_timer")

    assert call is not None
    assert line[call.column - 1 : call.end - 1] == "sysvec_timer"


def test_a_long_expression_leaves_out_its_arguments_and_stays_balanced():
    text = f"void f(struct x *x)\n{{\n\tx->ops->go({', '.join(['argument'] * 200)});\n}}\n"
    assert call_in(text, 3).expression == "x->ops->go(...)"


def expansion_in(text, line):
    lines = text.split("\n")
    call = find_expansion(lines, find_function(lines, line), line)
    return call and lines[call.first - 1][call.column - 1 : call.end - 1]


EXPANDED = """\
int f(void)
{
	if (unlikely(wait_event(queue,
			done(queue))))
		return switch_to(prev, next);
	one(1) + two(2);
	return 0;
}
"""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (3, "wait_event(queue,"),
        (4, "wait_event(queue,"),
        (5, "switch_to(prev, next)"),
        (6, None),
        (7, None),
        (1, None),
    ],
)
def test_the_only_call_of_a_line_is_what_makes_the_call_there(line, text):
    assert expansion_in(EXPANDED, line) == text


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("\tCALL_NOSPEC rbx", "CALL_NOSPEC rbx"),
        ("\tcall\t*%rax", "call\t*%rax"),
        ("\tblr\tx19\t\t// thread", "blr\tx19"),
        ("\tblraa\tx8, x17", "blraa\tx8"),
        ("\tjalr\ts0", "jalr\ts0"),
        ("\tbctrl", "bctrl"),
        ("\tbasr\t%r14,%r1", "basr\t%r14,%r1"),
        ("\tbl\tschedule_tail", None),
        ("\tret", None),
        ("\tbreak x1", None),
    ],
)
def test_a_branch_through_a_register_is_found_in_assembly(line, marked):
    lines = ["SYM_CODE_START(entry)", line, "SYM_CODE_END(entry)"]
    call = find_expansion(lines, Function(1, 1, 3), 2)
    assert (line[call.column - 1 : call.end - 1] if call else None) == marked
