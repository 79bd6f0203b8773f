"""Recursion of hundreds of frames is its first round and a count."""

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.link import link
from sitegen.model import Edge

X86 = find_arch("x86_64")


def linked(make, image, *names):
    report = make.report(make.trace(*names))
    return link(report, image.answers(report), image=image, arch=X86)


def counts(chain):
    return [(step.function, step.repeat, step.cycle) for step in chain]


def put(image, *names):
    for name in names:
        image.put(name, "a.c", 3)
        image.calls(name, "f")


def test_a_function_that_calls_itself_is_one_step_with_a_count(make, image):
    put(image, "f", "outer")
    chain = linked(make, image, *["f"] * 214, "outer")
    assert counts(chain) == [("outer", 1, 1), ("f", 214, 1)]
    step = chain[1]
    assert step.edge == Edge(kind="direct", proof="call-site")
    assert step.again == Edge(kind="direct", proof="call-site")
    assert step.log_line == 215, "the outermost of the frames: their lines count backwards"


def test_the_edge_into_a_recursion_is_kept_apart_from_that_of_its_rounds(make, image):
    put(image, "f", "outer")
    image.calls("outer", "")
    chain = linked(make, image, *["f"] * 5, "outer")
    assert (chain[1].edge.kind, chain[1].again.kind) == ("indirect", "direct")


def test_functions_that_call_each_other_are_one_round(make, image):
    put(image, "f", "g", "outer")
    image.calls("f", "g")
    chain = linked(make, image, *["g", "f"] * 10, "outer")
    assert counts(chain) == [("outer", 1, 1), ("f", 10, 2), ("g", 1, 1)]
    assert chain[1].again is not None
    assert chain[2].again is None


def test_where_a_recursion_ends_elsewhere_its_end_stands_alone(make, image):
    put(image, "outer")
    image.put("f", "a.c", 3)
    image.calls("f", "f")
    report = make.report(make.state("f"), make.trace(*["f"] * 6, "outer"))
    answers = image.answers(report)
    pc = report.states[0].pc
    place = answers[pc]
    answers[pc] = place._replace(calls=(place.calls[0]._replace(line=9),))
    chain = link(report, answers, image=image, arch=X86)
    assert [(step.function, step.line, step.repeat) for step in chain] == [
        ("outer", 3, 1),
        ("f", 3, 5),
        ("f", 9, 1),
    ]


def test_twice_in_a_row_is_no_recursion_to_fold(make, image):
    put(image, "f", "g", "outer")
    assert len(linked(make, image, "f", "f", "outer")) == 3
    image.calls("f", "g")
    assert len(linked(make, image, "g", "f", "g", "f", "outer")) == 5
