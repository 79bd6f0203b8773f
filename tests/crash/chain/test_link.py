import pytest
from msgspec.structs import replace

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.link import link
from sitegen.crash.source import open_tree
from sitegen.model import Edge, Table

X86 = find_arch("x86_64")

# A path like the kernel's, in our own words.
FILES = {
    "arch/x86/entry/entry_64.S": """\
SYM_CODE_START(entry_SYSCALL_64)
	swapgs
	call	do_syscall_64
SYM_CODE_END(entry_SYSCALL_64)
""",
    "arch/x86/entry/common.c": """\
static bool do_syscall_x64(struct pt_regs *regs, int nr)
{
	if (nr < 9) {
		regs->ax = x64_sys_call(regs, nr);
		return true;
	}
	return false;
}

void do_syscall_64(struct pt_regs *regs, int nr)
{
	do_syscall_x64(regs, nr);
}

#define CASE(nr, name) case nr: return name(regs);

long x64_sys_call(struct pt_regs *regs, int nr)
{
	switch (nr) {
#include <asm/calls.h>
	}
	return -1;
}
""",
    "fs/rw.c": """\
SYSCALL_DEFINE2(write, int, fd, char *, buf)
{
	return ksys_write(fd, buf);
}

int ksys_write(int fd, char *buf)
{
	return file->f_op->write(file,
					buf);
}
""",
    "fs/proc.c": """\
int proc_write(struct file *file, char *buf)
{
	int (*write)(char *);

	write = pde->ops->put;
	return write(buf);
}

static const struct file_ops two_ops = {
	.open	= proc_open,
	.write	= proc_write,
};

static const struct file_ops one_ops = {
	.write	= proc_write,
};
""",
    "drivers/tty/sysrq.c": """\
static int trigger(char *buf)
{
	panic("now");
}

static const struct entry_ops trigger_ops = {
	.put	= trigger,
};
""",
}


@pytest.fixture
def tree(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return open_tree(tmp_path)


@pytest.fixture
def kernel(image):
    common = "arch/x86/entry/common.c"
    image.put("entry_SYSCALL_64", "arch/x86/entry/entry_64.S", 3)
    image.put("do_syscall_64", common, 12, inlined=[("do_syscall_x64", common, 4)])
    image.put("x64_sys_call", common, 17, first=17)
    image.put("__x64_sys_write", "fs/rw.c", 1, first=1)
    image.put("ksys_write", "fs/rw.c", 8)
    image.put("proc_write", "fs/proc.c", 6)
    image.put("trigger.cold", "drivers/tty/sysrq.c", 3)
    image.put("panic", "kernel/panic.c", 300)
    image.calls("entry_SYSCALL_64", "do_syscall_64", "instruction")
    image.calls("do_syscall_64", "x64_sys_call")
    image.calls("ksys_write", "")
    image.calls("proc_write", "")
    image.calls("trigger.cold", "panic")
    image.jumps("x64_sys_call", "__x64_sys_write", "ksys_write")
    (path,) = image.paths["x64_sys_call", "ksys_write"]
    generated = "arch/x86/include/generated/asm/calls.h"
    first = path[0]._replace(calls=(path[0].calls[0]._replace(file=generated, line=2),))
    wrapped = (("__do_sys_write", 3), ("__se_sys_write", 1), ("__x64_sys_write", 1))
    second = path[1]._replace(
        calls=tuple(
            path[1].calls[0]._replace(function=name, file="fs/rw.c", line=line)
            for name, line in wrapped
        )
    )
    image.paths["x64_sys_call", "ksys_write"] = ((first, second),)
    where = {"file": "fs/proc.c", "type": "file_ops", "member": "write"}
    image.holds("proc_write", "one_ops", line=14, **where)
    image.holds("proc_write", "two_ops", line=9, **where)
    image.holds("proc_write", "other", type="other_ops", member="read", file="fs/proc.c", line=1)
    image.holds(
        *("trigger.cold", "trigger_ops"),
        type="entry_ops",
        member="put",
        file="drivers/tty/sysrq.c",
        line=6,
    )
    return image


@pytest.fixture
def report(make):
    names = ("dump_stack", "panic", "trigger.cold", "? noise", "proc_write", "ksys_write")
    return make.report(
        make.trace(*names, "do_syscall_64", "entry_SYSCALL_64"),
        make.state(user=True, ORIG_RAX=1, RAX=2**64 - 38),
    )


ARM64 = find_arch("aarch64")


def linked(report, kernel, tree=None, **options):
    return link(report, kernel.answers(report), image=kernel, tree=tree, arch=X86, **options)


def test_the_chain_goes_from_the_entry_to_the_panic(report, kernel, tree):
    chain = linked(report, kernel, tree)
    assert [(step.function, step.edge.kind) for step in chain] == [
        ("entry_SYSCALL_64", "entry"),
        ("do_syscall_64", "direct"),
        ("do_syscall_x64", "inlined"),
        ("x64_sys_call", "direct"),
        ("__x64_sys_write", "tail"),
        ("ksys_write", "tail"),
        ("proc_write", "indirect"),
        ("trigger", "indirect"),
        ("panic", "direct"),
    ]
    assert [step.function for step in chain if step.inlined] == ["do_syscall_x64"]
    assert [step.function for step in chain if step.missing] == ["x64_sys_call", "__x64_sys_write"]
    assert [step.letter for step in chain] == list("SSSSSVVDK")


def test_the_system_call_is_named(report, kernel):
    edge = linked(report, kernel)[0].edge
    assert edge == Edge(
        kind="entry", proof="log", mechanism="system call", note="number 1 is write", call="write"
    )


def test_missing_functions_bear_the_jump_as_proof(report, kernel, tree):
    chain = linked(report, kernel, tree)
    assert chain[4].edge.note == "jmp __x64_sys_write at x64_sys_call+0x1"
    assert chain[5].edge == Edge(
        kind="tail",
        proof="call-site",
        missing=("x64_sys_call", "__x64_sys_write"),
        note="jmp ksys_write at __x64_sys_write+0x1",
    )
    assert chain[3].log_line is None


def test_a_line_of_a_generated_file_becomes_the_line_that_includes_it(report, kernel, tree):
    step = linked(report, kernel, tree)[3]
    assert (step.file, step.line) == ("arch/x86/entry/common.c", 20)
    assert (step.snippet.first, step.snippet.mark) == (17, 20)
    assert step.snippet.shown[0][0] == 15, "with the macro that the file is made of"
    assert linked(report, kernel)[3].file.endswith("generated/asm/calls.h")


def test_what_a_system_call_macro_makes_is_one_step(report, kernel, tree):
    step = linked(report, kernel, tree)[4]
    assert (step.function, step.line) == ("__x64_sys_write", 3)


def test_an_indirect_call_names_expression_slot_and_all_tables(report, kernel, tree):
    edge = linked(report, kernel, tree)[6].edge
    assert edge.expression == "file->f_op->write(file, buf)"
    assert edge.slot == "file_ops.write"
    assert edge.proof == "ops-table"
    assert [(table.symbol, table.line, table.initializer) for table in edge.tables] == [
        ("two_ops", 9, 11),
        ("one_ops", 14, 15),
    ]
    assert "cannot tell them apart" in edge.note


def test_a_local_pointer_leads_to_its_slot(report, kernel, tree):
    step = linked(report, kernel, tree)[7]
    assert step.edge.expression == "pde->ops->put(buf)"
    assert step.edge.slot == "entry_ops.put"
    (table,) = step.edge.tables
    assert table.symbol == "trigger_ops"
    assert table.snippet.mark == table.initializer == 7


def test_each_step_shows_the_line_where_it_calls_the_next(report, kernel, tree):
    chain = linked(report, kernel, tree)
    marks = [(step.function, step.snippet.mark) for step in chain if step.snippet]
    assert marks == [
        *(("entry_SYSCALL_64", 3), ("do_syscall_64", 12), ("do_syscall_x64", 4)),
        *(("x64_sys_call", 20), ("__x64_sys_write", 3), ("ksys_write", 8), ("proc_write", 6)),
        ("trigger", 3),
    ]
    assert all(step.snippet.text for step in chain if step.snippet)


def test_the_text_can_be_withheld(report, kernel, tree):
    chain = linked(report, kernel, tree, snippets=False)
    snippets = [step.snippet for step in chain if step.snippet]
    snippets += [table.snippet for step in chain for table in step.edge.tables]
    assert len(snippets) == 11
    assert all(snippet.sha256 and not snippet.text for snippet in snippets)


def test_without_a_tree_all_holders_are_listed_and_no_slot_is_claimed(report, kernel):
    chain = linked(report, kernel)
    edge = chain[6].edge
    assert (edge.expression, edge.slot, edge.proof) == ("", "", "instruction")
    assert edge.tables[0] == Table("other", "fs/proc.c", 1, type="other_ops")
    assert len(edge.tables) == 3
    assert "not known" in edge.note
    assert not any(step.snippet for step in chain)


def test_a_member_that_no_table_fills_gives_no_table(report, kernel, tree):
    kernel.held["proc_write"] = kernel.held["proc_write"][2:]
    edge = linked(report, kernel, tree)[6].edge
    assert (edge.kind, edge.tables, edge.proof) == ("indirect", (), "instruction")
    assert edge.unproved, "nothing says that the pointer held it"
    assert "no table of the image holds proc_write as .write" in edge.note


def test_without_an_image_the_chain_is_made_of_names(report):
    chain = link(report, {}, arch=X86)
    assert [step.function for step in chain] == [
        *("entry_SYSCALL_64", "do_syscall_64", "ksys_write", "proc_write", "trigger", "panic")
    ]
    assert {step.edge.kind for step in chain[1:]} == {"unknown"}
    assert [step.letter for step in chain] == ["S", "S", "", "", "", "K"]


def test_a_callee_that_left_no_frame_is_a_step_and_the_way_on_is_unknown(report, kernel, tree):
    kernel.calls("trigger.cold", "helper")
    chain = linked(report, kernel, tree)
    assert [(s.function, s.missing, s.edge.kind) for s in chain[-3:]] == [
        ("trigger", False, "indirect"),
        ("helper", True, "direct"),
        ("panic", False, "unknown"),
    ]


def test_a_report_without_frames_has_no_chain(make, image):
    assert linked(make.report(), image) == ()


def test_an_interrupt_is_an_entry_and_an_exception_a_trap(make, image):
    report = make.report(
        make.trace("timer", "asm_sysvec_apic_timer_interrupt", "f!", "asm_exc_page_fault", "g!")
    )
    edges = [step.edge for step in linked(report, image)]
    assert [(edge.kind, edge.mechanism) for edge in edges[1:4]] == [
        ("trap", "page fault"),
        ("unknown", ""),
        ("entry", "interrupt"),
    ]


def test_other_entries_say_what_starts_there(make, image):
    def mechanism(name):
        return linked(make.report(make.trace("f", name)), image)[0].edge.mechanism

    assert mechanism("ret_from_fork") == "kernel thread"
    assert mechanism("secondary_startup_64_no_verify") == "the start of a CPU"
    assert mechanism("asm_common_interrupt") == "interrupt"
    edge = linked(make.report(make.trace("f", "g")), image)[0].edge
    assert (edge.kind, edge.note) == ("unknown", "the trace begins here")


def test_a_parameter_is_followed_to_the_function_it_is_inlined_in(make, image, tmp_path):
    (tmp_path / "a.c").write_text("""\
static int run(int (*fn)(int), int key)
{
	return fn(key);
}

int outer(struct dev *dev, int key)
{
	return run(dev->ops->start, key);
}

int bare(int (*fn)(int))
{
	return fn(1);
}
""")
    image.put("outer", "a.c", 8, inlined=[("run", "a.c", 3)])
    image.put("bare", "a.c", 13)
    image.put("goal", "b.c", 1)
    image.calls("outer", "")
    image.calls("bare", "")
    image.holds("goal", "my_ops", type="dev_ops", member="start")
    tree = open_tree(tmp_path)
    edge = linked(make.report(make.trace("goal", "outer")), image, tree)[-1].edge
    assert edge.expression == "dev->ops->start(key)"
    assert (edge.slot, edge.tables[0].symbol) == ("dev_ops.start", "my_ops")
    edge = linked(make.report(make.trace("goal", "bare")), image, tree)[-1].edge
    assert edge.tables == ()
    assert edge.note == "the caller passed the function to call, as its parameter 'fn'"


def test_an_array_of_functions_names_its_element(make, image, tmp_path):
    (tmp_path / "a.c").write_text("int f(int nr)\n{\n\treturn call_table[nr](1);\n}\n")
    image.put("f", "a.c", 3)
    image.put("goal")
    image.calls("f", "")
    image.holds("goal", "call_table", type="fn_t[]", member="[1]")
    image.holds("goal", "unrelated", type="x", member="y")
    edge = linked(make.report(make.trace("goal", "f")), image, open_tree(tmp_path))[-1].edge
    assert (edge.expression, edge.slot) == ("call_table[nr](1)", "call_table[1]")
    assert [table.symbol for table in edge.tables] == ["call_table"]


def test_a_callback_says_its_mechanism(make, image):
    image.put("process_one_work")
    image.put("my_work")
    image.calls("process_one_work", "")
    edge = linked(make.report(make.trace("my_work", "process_one_work")), image)[-1].edge
    assert edge.mechanism == "work item"
    assert "handed over at run time" in edge.note


def test_a_line_that_names_the_callee_is_proof_without_an_image(make, tree):
    from sitegen.crash.symbols.values import Call, Decoded

    report = make.report(make.trace("panic", "trigger"))
    inner, outer = report.traces[0].frames
    place = Decoded((Call("trigger", "drivers/tty/sysrq.c", 3),), "vmlinux", "", 1, 1)
    chain = link(report, {outer: place}, tree=tree, arch=X86)
    assert inner.symbol.name == chain[-1].function
    assert chain[-1].edge == Edge(kind="direct", proof="source")


def test_the_slot_of_the_call_table_puts_back_what_it_called(make, image):
    image.put("do_syscall_64")
    image.put("ksys_write")
    image.put("__x64_sys_write")
    image.calls("do_syscall_64", "")
    image.jumps("__x64_sys_write", "ksys_write")
    image.holds("__x64_sys_write", "sys_call_table", type="fn[]", member="[1]")
    trace = make.trace("ksys_write", "do_syscall_64")
    chain = linked(make.report(trace, make.state(user=True, orig_rax=1)), image)
    assert [(step.function, step.edge.kind, step.missing) for step in chain[1:]] == [
        ("__x64_sys_write", "indirect", True),
        ("ksys_write", "tail", False),
    ]
    assert chain[1].edge.slot == "sys_call_table[1]"
    chain = linked(make.report(trace, make.state(user=True, orig_rax=2)), image)
    assert [step.function for step in chain] == ["do_syscall_64", "ksys_write"]


def test_the_halves_of_a_split_function_are_one_step(make, image):
    image.put("f.part.0", "a.c", 3, inlined=[("f", "a.c", 7)], first=3)
    image.put("g", "a.c", 20, inlined=[("g", "a.c", 21)], first=18)
    chain = linked(make.report(make.trace("f.part.0", "g")), image)
    assert [(step.function, step.line) for step in chain] == [("g", 20), ("g", 21), ("f", 7)]


def test_a_pointer_that_led_nowhere_says_where(make, image):
    image.put("f")
    image.calls("f", "")
    edge = linked(make.report(make.state("0x0"), make.trace("f")), image)[-1].edge
    assert (edge.kind, edge.tables) == ("indirect", ())
    assert edge.note == "the pointer led to 0x0, where no function of the image is"


def test_a_log_of_very_many_frames_is_cut_and_asks_each_question_once(make, image, tmp_path):
    (tmp_path / "a.c").write_text("int f(int a)\n{\n\tf(a);\n\treturn 0;\n}\n")
    image.put("f", "a.c", 3)
    image.calls("f", "f")
    chain = linked(make.report(make.trace(*["f"] * 20_000)), image, open_tree(tmp_path))
    (step,) = chain
    assert (step.repeat, step.cycle, step.snippet.mark) == (4096, 1, 3)


# --- the link register -----------------------------------------------------------------------


@pytest.fixture
def leaf(image):
    """`outer` calls `caller` through a pointer, which calls `leaf`, which has no frame."""
    for name in ("entry", "outer", "caller", "leaf"):
        image.put(name)
    image.calls("entry", "outer")
    image.calls("outer", "")
    image.calls("caller", "leaf")
    return image


def functions(chain):
    return [step.function for step in chain]


def test_the_caller_of_a_leaf_stands_in_the_link_register(make, leaf):
    report = make.report(make.state("leaf", lr="caller"), make.trace("leaf!", "outer", "entry"))
    chain = linked(report, leaf)
    assert functions(chain) == ["entry", "outer", "caller", "leaf"]
    assert [step.edge.kind for step in chain[1:]] == ["direct", "indirect", "direct"]
    assert chain[2].log_line == report.states[0].lr.at.line
    assert "its return address stands in the link register" in chain[2].edge.note
    assert not chain[2].missing


def test_a_null_pointer_was_called_by_the_function_of_the_link_register(make, leaf):
    leaf.calls("caller", "")
    chain = linked(make.report(make.state("0x0", lr="caller"), make.trace("outer")), leaf)
    assert functions(chain) == ["outer", "caller", "0x0"]
    assert (chain[-1].edge.kind, chain[-1].edge.unproved) == ("indirect", False)


@pytest.mark.parametrize("lr", ["leaf", "outer"])
def test_a_link_register_that_the_trace_has_or_that_is_left_over_says_nothing(make, leaf, lr):
    report = make.report(make.state("leaf", lr=lr), make.trace("leaf!", "outer"))
    assert functions(linked(report, leaf)) == ["outer", "leaf"]


def test_a_link_register_whose_call_leads_elsewhere_is_not_believed(make, leaf):
    leaf.calls("caller", "other")
    report = make.report(make.state("leaf", lr="caller"), make.trace("leaf!", "outer"))
    assert functions(linked(report, leaf)) == ["outer", "leaf"]
    del leaf.call_sites["caller"]
    assert functions(linked(report, leaf)) == ["outer", "leaf"]


def test_a_frame_that_called_the_function_itself_needs_no_link_register(make, leaf):
    leaf.calls("outer", "leaf")
    report = make.report(make.state("leaf", lr="caller"), make.trace("leaf!", "outer"))
    assert functions(linked(report, leaf)) == ["outer", "leaf"]


def test_without_an_image_the_link_register_is_believed(make):
    report = make.report(make.state("leaf", lr="caller"), make.trace("leaf!", "outer"))
    assert functions(link(report, {}, arch=ARM64)) == ["outer", "caller", "leaf"]


# --- what a pointer held ---------------------------------------------------------------------


def test_a_function_of_the_slot_that_jumps_to_the_frame_may_be_what_was_called(
    report, kernel, tree
):
    kernel.put("wrapper", "fs/proc.c", 1)
    kernel.jumps("wrapper", "proc_write")
    kernel.jumping["proc_write"] = ("wrapper",)
    kernel.holds("wrapper", "wrapping_ops", type="file_ops", member="write", file="fs/x.c", line=1)
    edge = linked(report, kernel, tree)[6].edge
    assert (edge.kind, edge.unproved, edge.tables, edge.slot) == ("indirect", True, (), "")
    assert [(one.function, one.way) for one in edge.targets] == [
        ("proc_write", ""),
        ("wrapper", "jmp proc_write at wrapper+0x1"),
    ]
    assert [[table.symbol for table in one.tables] for one in edge.targets] == [
        ["two_ops", "one_ops"],
        ["wrapping_ops"],
    ]
    assert edge.note == (
        "the pointer may have held proc_write itself or wrapper, which jumps to proc_write; "
        "the trace cannot tell"
    )


def test_a_function_of_another_slot_that_jumps_to_the_frame_does_not_matter(report, kernel, tree):
    kernel.put("wrapper")
    kernel.jumping["proc_write"] = ("wrapper",)
    kernel.holds("wrapper", "reading_ops", type="file_ops", member="read")
    edge = linked(report, kernel, tree)[6].edge
    assert (edge.unproved, edge.targets, edge.proof) == (False, (), "ops-table")


def test_an_image_that_cannot_tell_who_jumps_proves_no_pointer(report, kernel, tree):
    kernel.jumping["proc_write"] = None
    edge = linked(report, kernel, tree)[6].edge
    assert edge.unproved
    assert "was not looked at" in edge.note


def test_no_pointer_leads_to_a_copy_that_the_compiler_made_for_itself(make, image):
    image.put("__flush_smp_call_function_queue")
    image.put("fault.isra.0")
    image.put("ipi")
    image.calls("__flush_smp_call_function_queue", "")
    trace = make.trace("fault.isra.0", "__flush_smp_call_function_queue")
    edge = linked(make.report(trace), image)[-1].edge
    assert edge.unproved
    assert "made fault.isra.0 for direct calls" in edge.note
    image.jumping["fault.isra.0"] = ("ipi",)
    image.jumps("ipi", "fault.isra.0")
    edge = linked(make.report(trace), image)[-1].edge
    assert [one.function for one in edge.targets] == ["ipi"]


def test_a_doubtful_frame_that_calls_the_next_one_is_named(make, image):
    for name in ("outer", "show", "inner"):
        image.put(name)
    image.calls("outer", "")
    image.calls("show", "inner")
    edge = linked(make.report(make.trace("inner", "? show", "outer")), image)[-1].edge
    assert edge.unproved
    assert edge.note.startswith("between them stands a doubtful frame of show, which calls inner")


def test_of_a_module_that_is_not_at_hand_nothing_is_claimed(report, kernel, tree):
    from msgspec.structs import replace

    from sitegen.crash.symbols.values import Undecoded

    frames = report.traces[0].frames
    frame = next(one for one in frames if one.symbol.name == "proc_write")
    there = replace(frame, symbol=replace(frame.symbol, name="mod_write", module="mod"))
    trace = replace(
        report.traces[0], frames=tuple(there if one is frame else one for one in frames)
    )
    report = replace(report, traces=(trace,))
    answers = {**kernel.answers(report), there: Undecoded("module 'mod' not found", absent=True)}
    chain = link(report, answers, image=kernel, tree=tree, arch=X86)
    edge = next(step.edge for step in chain if step.function == "mod_write")
    assert (edge.kind, edge.unproved, edge.tables) == ("indirect", True, ())
    assert edge.expression == "file->f_op->write(file, buf)"
    assert edge.note == (
        "whether the pointer held mod_write cannot be known: "
        "the image of the module mod is not at hand"
    )


def test_a_pointer_set_at_run_time_names_the_line_that_sets_it(make, image, tmp_path):
    (tmp_path / "a.c").write_text("int f(struct x *x)\n{\n\treturn x->ops->go(1);\n}\n")
    (tmp_path / "b.c").write_text("void init(void)\n{\n\tproxy->go = goal;\n}\n")
    image.put("f", "a.c", 3)
    image.put("goal", "b.c", 9)
    image.calls("f", "")
    edge = linked(make.report(make.trace("goal", "f")), image, open_tree(tmp_path))[-1].edge
    assert (edge.kind, edge.proof, edge.unproved) == ("indirect", "source", False)
    assert edge.note == "set at run time, in b.c:3"


def test_a_table_that_holds_what_an_unknown_way_led_to_is_named(report, kernel, tree):
    kernel.calls("proc_write", "dispatch")
    edge = next(step for step in linked(report, kernel, tree) if step.function == "trigger").edge
    assert (edge.kind, edge.missing) == ("unknown", ("dispatch",))
    assert [table.symbol for table in edge.targets[0].tables] == ["trigger_ops"]
    assert "trigger_ops holds it: a pointer may have led there" in edge.note


# --- texts -----------------------------------------------------------------------------------


def test_another_version_of_the_tree_is_noticed_and_not_shown(report, kernel, tree):
    for name, line in (("ksys_write", 6), ("proc_write", 2), ("panic", 1)):
        kernel.limits[name] = kernel.limits[name]._replace(first=line)
    chain = linked(report, kernel, tree)
    assert [step.function for step in chain if step.mismatch] == ["proc_write"]
    step = next(step for step in chain if step.mismatch)
    assert step.snippet is None
    assert "of another version" in step.unshown
    onward = next(step.edge for step in chain if step.function == "trigger")
    assert onward.expression == "", "nothing is read from a text that is another one"


def test_a_call_that_stands_on_another_line_is_another_version_too(make, image, tmp_path):
    lines = ["int f(int a)", "{", "\tgoal(a);", *["\ta++;"] * 8, "\treturn a;", "}"]
    (tmp_path / "a.c").write_text("\n".join(lines) + "\n")
    image.put("f", "a.c", 12, first=1)
    image.put("goal")
    image.calls("f", "goal")
    step = linked(make.report(make.trace("goal", "f")), image, open_tree(tmp_path))[0]
    assert (step.mismatch, step.snippet) == (True, None)


def test_a_function_without_a_frame_shows_its_head_and_marks_nothing(report, kernel, tree):
    kernel.calls("trigger.cold", "helper")
    kernel.put("helper", "drivers/tty/sysrq.c", 3, first=1)
    kernel.limits["helper"] = kernel.limits["trigger.cold"]._replace(
        file="drivers/tty/sysrq.c", first=1
    )
    (tree._files._root / "drivers/tty/sysrq.c").write_text("void helper(void)\n{\n\tgo();\n}\n")
    step = next(step for step in linked(report, kernel, tree) if step.function == "helper")
    assert (step.missing, step.line, step.snippet.mark) == (True, None, None)
    assert "go();" in step.snippet.text


def test_a_text_that_is_not_there_has_its_reason(make, image, tree):
    image.put("far", "/lab/module.c", 3)
    image.put("gone", "fs/gone.c", 3)
    chain = linked(make.report(make.trace("far", "gone")), image, tree)
    assert [step.unshown for step in chain] == [
        "the source tree at hand has no fs/gone.c",
        "the file lies outside of the kernel's source tree, and in no folder of module-sources",
    ]
    assert not any(step.mismatch for step in chain)


# --- names -----------------------------------------------------------------------------------


def test_without_an_image_a_return_address_at_a_start_is_of_the_function_before(make):
    from msgspec.structs import replace

    trace = make.trace("panic", "reset", "write")
    panic, reset, write = trace.frames
    reset = replace(reset, symbol=replace(reset.symbol, offset=0))
    report = make.report(replace(trace, frames=(panic, reset, write)))
    assert functions(link(report, {}, arch=ARM64)) == [
        "write",
        "the function before reset",
        "panic",
    ]


def test_where_an_interrupt_came_in_is_said(make, image):
    report = make.report(make.trace("timer", "asm_sysvec_apic_timer_interrupt", "f!", "g"))
    steps = linked(report, image)
    assert [(step.function, step.interrupted) for step in steps] == [
        ("g", False),
        ("f", True),
        ("asm_sysvec_apic_timer_interrupt", False),
        ("timer", False),
    ]


def test_a_number_is_named_by_its_table_and_not_by_the_kernel(make, image):
    image.put("do_syscall_64")
    image.put("__x64_sys_sendfile64")
    image.put("entry_SYSCALL_64")
    trace = make.trace("__x64_sys_sendfile64", "do_syscall_64", "entry_SYSCALL_64")
    report = make.report(trace, make.state(user=True, orig_rax=40))
    assert linked(report, image)[0].edge.note == "number 40 is sendfile"
    report = make.report(trace, make.state(user=True))
    edge = linked(report, image)[0].edge
    assert (edge.note, edge.call) == ("in the kernel's own words sendfile64", "")
    trace = make.trace("__ia32_sys_sendfile64", "entry_INT80_compat")
    report = make.report(trace, make.state(user=True, orig_rax=4))
    assert linked(report, image)[0].edge.note == "number 4 is write"


def test_notes_begin_with_a_word_and_no_name(report, kernel, tree):
    kernel.calls("trigger.cold", "helper")
    notes = [step.edge.note for step in linked(report, kernel, tree)]
    firsts = {note.split()[0] for note in notes if note and not note.startswith("jmp ")}
    assert firsts <= {"number", "how", "2", "the", "no", "set", "whether"}


def test_an_array_that_was_handed_down_is_known_by_its_own_name(make, image, tmp_path):
    (tmp_path / "a.c").write_text("""\
static long invoke(int nr, const fn_t table[])
{
	fn_t fn = table[nospec(nr)];

	return fn(1);
}

static long common(int nr, const fn_t calls[])
{
	return invoke(nr, calls);
}

long enter(int nr)
{
	return common(nr, native_table);
}
""")
    image.put("enter", "a.c", 15)
    image.put("common", "a.c", 10)
    image.put("invoke", "a.c", 5)
    image.put("goal")
    image.calls("enter", "common")
    image.calls("common", "invoke")
    image.calls("invoke", "")
    image.holds("goal", "compat_table", type="fn_t[]", member="[4]")
    image.holds("goal", "native_table", type="fn_t[]", member="[64]")
    trace = make.trace("goal", "invoke", "common", "enter")
    edge = linked(make.report(trace), image, open_tree(tmp_path))[-1].edge
    assert [table.symbol for table in edge.tables] == ["native_table"]
    assert edge.expression == "table[nospec(nr)](1)"
    assert edge.pointer == "table[nospec(nr)]"
    assert (edge.slot, edge.note) == ("native_table[64]", "")


def test_a_callback_names_the_line_that_hands_it_over(make, image, tmp_path):
    (tmp_path / "a.c").write_text("void init(void)\n{\n\tINIT_WORK(&work, my_work);\n}\n")
    image.put("process_one_work")
    image.put("my_work", "a.c", 9)
    image.calls("process_one_work", "")
    trace = make.trace("my_work", "process_one_work")
    edge = linked(make.report(trace), image, open_tree(tmp_path))[-1].edge
    assert edge.note == "the function was handed to INIT_WORK, in a.c:3"
    assert (edge.mechanism, edge.unproved, edge.proof) == ("work item", False, "source")
    (place,) = edge.handed
    assert (place.to, place.file, place.line, place.snippet.mark) == ("INIT_WORK", "a.c", 3, 3)


def test_a_function_that_the_caller_passed_by_name_is_proved(make, image, tmp_path):
    (tmp_path / "a.c").write_text("""\
static int wait(long (*action)(long), long time)
{
	return action(time);
}

int start(long time)
{
	return wait(sleep, time);
}
""")
    image.put("start", "a.c", 8)
    image.put("wait", "a.c", 3)
    image.put("sleep")
    image.put("other")
    image.calls("start", "wait")
    image.calls("wait", "")
    image.jumping["sleep"] = ("other",)
    image.jumps("other", "sleep")
    trace = make.trace("sleep", "wait", "start")
    edge = linked(make.report(trace), image, open_tree(tmp_path))[-1].edge
    assert (edge.kind, edge.proof, edge.unproved) == ("indirect", "source", False)
    assert edge.note == "the caller passed sleep itself"


def test_a_function_does_not_stand_in_for_itself(report, kernel, tree):
    kernel.jumping["proc_write"] = ("proc_write",)
    kernel.jumps("proc_write", "proc_write")
    edge = linked(report, kernel, tree)[6].edge
    assert (edge.unproved, edge.targets) == (False, ())


def test_tables_hold_the_function_and_not_its_cold_part(report, kernel, tree):
    kernel.put("trigger", "drivers/tty/sysrq.c", 1)
    kernel.held["trigger"] = kernel.held.pop("trigger.cold")
    edge = next(step for step in linked(report, kernel, tree) if step.function == "trigger").edge
    assert [table.symbol for table in edge.tables] == ["trigger_ops"]
    assert not edge.unproved


def test_a_pause_is_no_place_where_a_cpu_was_locked_up(make, image):
    image.put("spin", "a.c", 9, inlined=[("cpu_relax", "p.h", 18), ("rep_nop", "p.h", 13)])
    report = make.report(make.state("spin"), make.trace("f"))
    report = replace(report, kind="soft-lockup")
    chain = link(report, image.answers(report), image=image, arch=X86)
    assert [(step.function, step.line) for step in chain] == [("f", None), ("spin", 9)]
    report = replace(report, kind="panic")
    chain = link(report, image.answers(report), image=image, arch=X86)
    assert [step.function for step in chain] == ["f", "spin", "cpu_relax", "rep_nop"]
