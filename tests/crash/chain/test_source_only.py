"""Without an image: edges that the text of a line and the initializers of the source tell."""

import pytest
from msgspec.structs import replace

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.assigned import assigned
from sitegen.crash.chain.link import link
from sitegen.crash.chain.tables import Source
from sitegen.crash.source import open_tree
from sitegen.model import Call, Edge, Symbol

X86 = find_arch("x86_64")

FILES = {
    "fs/rw.c": """\
long ksys_write(struct file *file)
{
	return file->f_op->write(file);
}

long worker(struct work *work)
{
	work->func(work);
	return named(work);
}

long process_one_work(struct work *work)
{
	work->func(work);
	return 0;
}
""",
    "fs/one.c": """\
static ssize_t one_write(struct file *file)
{
	return 0;
}

static const struct file_ops one_ops = {
	.read	= one_read,
	.write	= one_write,
};

const struct file_ops many_ops[] = {
	[0] = {
		.write	= one_write,
	},
};
""",
    "fs/two.c": """\
void two_write(struct file *file)
{
}
""",
    "fs/two_ops.h": """\
static struct file_ops two_ops __read_mostly = {
	.write = two_write };
""",
    "fs/three.c": """\
void my_work(struct work *work)
{
}

void start(void)
{
	INIT_WORK(&one, my_work);
}
""",
}


@pytest.fixture
def tree(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return open_tree(tmp_path)


def linked(make, tree, *given):
    """`given` are (function, file, line), innermost first, as a log names them that came decoded."""
    trace = make.trace(*[name for name, _, _ in given])
    frames = tuple(
        replace(frame, symbol=Symbol(name, 0, 0), given=(Call(name, file, line),))
        for frame, (name, file, line) in zip(trace.frames, given, strict=True)
    )
    return link(make.report(replace(trace, frames=frames)), {}, tree=tree, arch=X86)


def test_a_line_that_names_the_callee_is_a_direct_call(make, tree):
    chain = linked(make, tree, ("named", "fs/x.c", 1), ("worker", "fs/rw.c", 9))
    assert chain[1].edge == Edge(kind="direct", proof="source")


def test_initializers_of_the_callee_s_file_are_possible_tables(make, tree):
    chain = linked(make, tree, ("one_write", "fs/one.c", 3), ("ksys_write", "fs/rw.c", 3))
    edge = chain[1].edge
    assert (edge.kind, edge.proof, edge.unproved) == ("indirect", "source", True)
    assert (edge.expression, edge.slot) == ("file->f_op->write(file)", "file_ops.write")
    (target,) = edge.targets
    assert [(one.symbol, one.line, one.initializer, one.type) for one in target.tables] == [
        ("one_ops", 6, 8, "file_ops"),
        ("many_ops", 11, 13, "file_ops"),
    ]
    assert target.tables[0].snippet.mark == 8
    assert edge.note == (
        "2 objects of the source assign one_write to .write; "
        "whether the pointer held one_write cannot be known: no image at hand holds it"
    )


def test_headers_beside_the_callee_are_looked_at_where_its_file_has_none(make, tree):
    chain = linked(make, tree, ("two_write", "fs/two.c", 2), ("ksys_write", "fs/rw.c", 3))
    (table,) = chain[1].edge.targets[0].tables
    assert (table.symbol, table.file, table.line, table.initializer) == (
        "two_ops",
        "fs/two_ops.h",
        1,
        2,
    )


def test_a_callback_that_the_source_hands_over_is_named(make, tree):
    given = (("my_work", "fs/three.c", 2), ("process_one_work", "fs/rw.c", 14))
    edge = linked(make, tree, *given)[1].edge
    assert (edge.kind, edge.mechanism, edge.unproved) == ("indirect", "work item", True)
    assert [(one.to, one.file, one.line) for one in edge.handed] == [("INIT_WORK", "fs/three.c", 7)]


def test_nothing_is_claimed_of_a_pointer_that_nothing_assigns(make, tree):
    chain = linked(make, tree, ("elsewhere", "fs/two.c", 2), ("ksys_write", "fs/rw.c", 3))
    assert chain[1].edge == Edge(kind="unknown", proof="log")


def test_a_path_with_the_folder_of_the_build_is_found_in_the_tree(make, tree):
    given = (("one_write", "build/linux-6.1/fs/one.c", 3), ("ksys_write", "/b/linux/fs/rw.c", 3))
    chain = linked(make, tree, *given)
    assert [step.file for step in chain] == ["fs/rw.c", "fs/one.c"]


def test_a_function_that_stands_elsewhere_in_the_tree_is_another_version(make, tree):
    chain = linked(make, tree, ("vanished", "fs/rw.c", 3))
    assert (chain[0].mismatch, chain[0].snippet) == (True, None)


def test_an_object_without_a_name_is_no_table(tmp_path):
    (tmp_path / "a.c").write_text(
        "void f(void)\n{\n\tregister((struct ops){\n\t\t.go = goal,\n\t});\n}\n"
    )
    source = Source(open_tree(tmp_path), snippets=True)
    assert assigned("goal", "a.c", "go", source) == ((), "")
    assert assigned("goal", "/etc/passwd", "go", source) == ((), "")
    assert assigned("", "a.c", "go", source) == ((), "")
