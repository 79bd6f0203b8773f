"""Calls and jumps through pointers: what the image and the source prove of who was called."""

import pytest

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.handed import registrar_at, said
from sitegen.crash.chain.link import link
from sitegen.crash.source import open_tree
from sitegen.model import Handover

X86 = find_arch("x86_64")


def linked(make, image, *names, tree=None):
    report = make.report(make.trace(*names))
    return link(report, image.answers(report), image=image, tree=tree, arch=X86)


@pytest.fixture
def dispatch(image):
    """`write` calls `dispatch` by name, which leaves through a pointer to what a table holds."""
    for name in ("write", "dispatch", "goal"):
        image.put(name)
    image.calls("write", "dispatch")
    image.leaves("dispatch", file="a.c", line=4)
    return image


def test_a_function_that_left_through_a_pointer_is_a_step_with_a_tail_edge(make, dispatch):
    dispatch.holds("goal", "entries", type="entry[]", member="[3].fn")
    chain = linked(make, dispatch, "goal", "write")
    assert [(step.function, step.missing, step.edge.kind) for step in chain[1:]] == [
        ("dispatch", True, "direct"),
        ("goal", False, "tail"),
    ]
    edge = chain[2].edge
    assert (edge.indirect, edge.unproved, edge.missing) == (True, False, ("dispatch",))
    assert [table.symbol for table in edge.tables] == ["entries"]
    assert edge.note == "jmp *%rax at dispatch+0x1"
    assert chain[1].line == 4


def test_the_expression_of_a_jump_through_a_pointer_is_read(make, dispatch, tmp_path):
    (tmp_path / "a.c").write_text("int dispatch(struct e *e)\n{\n\tint i;\n\treturn e->fn(1);\n}\n")
    dispatch.holds("goal", "entries", type="entry[]", member="[3].fn")
    dispatch.holds("goal", "others", type="other", member="fun")
    edge = linked(make, dispatch, "goal", "write", tree=open_tree(tmp_path))[2].edge
    assert (edge.expression, edge.slot) == ("e->fn(1)", "entries[3].fn")
    assert [table.symbol for table in edge.tables] == ["entries"]


def test_a_function_whose_address_is_nowhere_was_not_called_by_a_pointer(make, image):
    for name in ("write", "goal", "wrapper"):
        image.put(name)
    image.calls("write", "")
    image.jumping["goal"] = ("wrapper",)
    image.jumps("wrapper", "goal")
    image.holds("wrapper", "entries", type="entry", member="fn")
    image.taken["goal"] = image.taken["wrapper"] = nowhere()
    chain = linked(make, image, "goal", "write")
    assert [(step.function, step.missing, step.edge.kind) for step in chain[1:]] == [
        ("wrapper", True, "indirect"),
        ("goal", False, "tail"),
    ]
    assert [table.symbol for table in chain[1].edge.tables] == ["entries"]
    assert chain[1].edge.note == "only wrapper jumps to goal and can have been called"
    assert chain[2].edge.note == "jmp goal at wrapper+0x1"
    assert chain[2].edge.missing == ("wrapper",)
    assert not any(step.edge.unproved for step in chain)


def nowhere():
    from sitegen.crash.symbols.values import Taken

    return Taken((), closed=True)


def test_two_functions_that_may_have_been_called_are_both_named(make, image):
    for name in ("write", "goal", "one", "two"):
        image.put(name)
    image.calls("write", "")
    image.jumping["goal"] = ("one", "two")
    for name in ("one", "two"):
        image.jumps(name, "goal")
        image.holds(name, f"{name}_ops", type="ops", member="fn")
    image.taken["goal"] = nowhere()
    edge = linked(make, image, "goal", "write")[-1].edge
    assert (edge.kind, edge.unproved) == ("indirect", True)
    assert [one.function for one in edge.targets] == ["one", "two"]


@pytest.fixture
def callback(image):
    """`rcu_do_batch` calls through a pointer; both `mine` and `other` jump to `goal`."""
    for name in ("rcu_do_batch", "goal.isra.0", "mine", "other"):
        image.put(name)
    image.calls("rcu_do_batch", "")
    image.jumping["goal.isra.0"] = ("mine", "other")
    image.jumps("mine", "goal.isra.0")
    image.jumps("other", "goal.isra.0")
    return image


def test_the_code_that_hands_a_callback_over_tells_which_was_called(make, callback):
    callback.takes("start", "mine", before="call_rcu", file="/lab/m.c", line=7)
    callback.takes("start", "other", before="smp_call_function_single", file="/lab/m.c", line=9)
    chain = linked(make, callback, "goal.isra.0", "rcu_do_batch")
    assert [step.function for step in chain] == ["rcu_do_batch", "mine", "goal"]
    edge = chain[1].edge
    assert (edge.mechanism, edge.proof, edge.unproved) == ("RCU callback", "instruction", False)
    assert edge.handed == (Handover("call_rcu", "start", "/lab/m.c", 7),)
    assert edge.note.startswith("the function was handed to call_rcu, in start (/lab/m.c:7)")


def test_a_callback_that_may_go_to_any_mechanism_is_not_left_out(make, callback):
    callback.takes("start", "mine", before="call_rcu")
    callback.takes("start", "other", before="my_register")
    edge = linked(make, callback, "goal.isra.0", "rcu_do_batch")[-1].edge
    assert [one.function for one in edge.targets] == ["mine", "other"]


def test_what_is_called_behind_the_place_is_believed_of_registrars_alone(make, image):
    image.put("caller")
    image.put("goal")
    image.calls("caller", "")
    image.takes("setup", "goal", before="unrelated", file="/lab/m.c", line=3)
    edge = linked(make, image, "goal", "caller")[-1].edge
    assert edge.note == "the function's address is taken, in setup (/lab/m.c:3)"
    assert (edge.proof, edge.unproved, edge.handed[0].to) == ("instruction", False, "")


def test_the_place_a_call_names_tells_the_slot_without_a_source(make, image):
    from sitegen.crash.symbols.values import CallSite

    image.put("idle")
    image.put("halt")
    image.call_sites["idle"] = CallSite(
        "indirect", "", "instruction", "call *pv_ops+0x8", ("pv_ops", 8), patched=True
    )
    image.holds("halt", "pv_ops", type="template", member="irq.halt")
    image.held["halt"] = (image.held["halt"][0]._replace(offset=8),)
    image.holds("halt", "others", type="template", member="irq.other")
    edge = linked(make, image, "halt", "idle")[-1].edge
    assert (edge.slot, edge.proof) == ("template.irq.halt", "ops-table")
    assert [table.symbol for table in edge.tables] == ["pv_ops"]
    assert edge.note == "the kernel made a direct call of it at boot"


def test_a_static_call_names_the_line_that_sets_it(make, image, tmp_path):
    from sitegen.crash.symbols.values import CallSite

    (tmp_path / "b.c").write_text(
        "void init(void)\n{\n\tstatic_call_update(other, goal);\n\tstatic_call_update(mine, goal);\n}\n"
    )
    image.put("caller")
    image.put("goal", "b.c", 9)
    image.call_sites["caller"] = CallSite("indirect", "", "instruction", "call __SCT__mine")
    edge = linked(make, image, "goal", "caller", tree=open_tree(tmp_path))[-1].edge
    assert edge.mechanism == "static call"
    assert edge.note == "the function was handed to static_call_update, in b.c:4"


def test_a_function_passed_to_a_macro_over_several_lines_is_given_to_it():
    lines = ("\tINIT_WORK(&device->work,", "\t\t  device_work);", "\tother(device_work)")
    assert registrar_at(lines, 2, "device_work") == "INIT_WORK"
    assert registrar_at(lines, 3, "device_work") == "other"
    assert registrar_at(("x = device_work;",), 1, "device_work") == ""
    assert registrar_at(("f(g(1), device_work)",), 1, "device_work") == "f"


def test_of_many_places_one_is_named_and_the_count():
    places = tuple(Handover("f", "", "a.c", line) for line in (1, 2, 3))
    assert said(places[:2]) == "in a.c:1 or in a.c:2"
    assert said(places) == "in 3 places or more, one of them in a.c:1"
