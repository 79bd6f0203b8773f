from sitegen.crash.chain.joints import join
from sitegen.crash.symbols.values import CallSite

DIRECT = CallSite("direct", "f", "call-site", "call f")


def test_a_site_that_names_the_next_frame_is_a_direct_call(image):
    place = image.put("f.cold")
    assert join(image, DIRECT, place)[:2] == ("direct", "call-site")
    assert join(image, DIRECT, "f.isra.0")[:2] == ("direct", "call-site")


def test_a_site_through_a_pointer_is_indirect_whatever_holds_the_callee(image):
    place = image.put("f")
    image.holds("f", "sys_call_table", member="[1]")
    site = CallSite("indirect", "", "instruction", "call *%rax")
    assert join(image, site, place)[:2] == ("indirect", "instruction")


def test_no_call_site_names_the_callee_of_a_pointer(image):
    place = image.put("f")
    read = CallSite("indirect", "", "call-site", "call *%rax")
    assert join(image, read, place)[:2] == ("indirect", "instruction")
    assert join(image, read._replace(instruction=""), place)[:2] == ("indirect", None)


def test_one_way_by_tail_calls_is_put_back(image):
    goal = image.put("goal")
    image.jumps("f", "g", "goal")
    joint = join(image, DIRECT, goal)
    assert joint.kind == "direct"
    assert [jump.function for jump in joint.jumps] == ["f", "g"]


def test_of_several_ways_none_is_picked(image):
    goal = image.put("goal")
    image.jumps("f", "g", "goal")
    image.jumps("f", "h", "goal")
    joint = join(image, DIRECT, goal)
    assert (joint.kind, joint.jumps) == ("unknown", ())
    assert "2 ways" in joint.note


def test_the_number_of_the_system_call_picks_among_the_ways(image):
    goal = image.put("goal")
    for number, name in enumerate(("__x64_sys_read", "__x64_sys_write")):
        image.put(name)
        image.holds(name, "sys_call_table", member=f"[{number}]")
        image.jumps("f", name, "goal")
    assert join(image, DIRECT, goal, syscall=1).jumps[0].target == "__x64_sys_write"
    assert join(image, DIRECT, goal, syscall=7).kind == "unknown"
    assert join(image, DIRECT, goal).kind == "unknown"


def test_a_second_name_of_the_function_is_a_direct_call(image):
    goal = image.put("goal")
    image.places["f"] = goal
    assert join(image, DIRECT, goal) == ("direct", "call-site", (), "", "")


def test_a_callee_that_leads_nowhere_is_named_and_not_more(image):
    joint = join(image, DIRECT, image.put("goal"))
    assert (joint.kind, joint.lost) == ("direct", "f")
    assert joint.note == (
        "how control came from f, which left no frame to trust, to goal is not known"
    )
    assert join(image, DIRECT, "goal").lost == "f"


def test_a_call_that_the_kernel_rewrites_proves_nothing(image):
    joint = join(image, DIRECT._replace(callee="__fentry__"), "0x1")
    assert (joint.kind, joint.lost) == ("unknown", "")


def test_no_call_no_claim(image):
    assert join(image, None, image.put("f")).kind == "unknown"
