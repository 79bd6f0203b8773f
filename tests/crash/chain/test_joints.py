from sitegen.crash.chain.joints import Joint, join
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
    assert (joint.kind, joint.lost, joint.jumps, joint.onward) == ("direct", "f", (), ())
    assert joint.note.startswith("2 ways of tail calls lead from f to goal")


def test_what_several_ways_begin_and_end_with_is_sure(image):
    goal = image.put("goal")
    image.jumps("f", "a", "g", "z", "goal")
    image.jumps("f", "a", "h", "z", "goal")
    joint = join(image, DIRECT, goal)
    assert [jump.target for jump in joint.jumps] == ["a"]
    assert [jump.function for jump in joint.onward] == ["z"]
    assert joint.lost == "a"
    assert joint.note.startswith("2 ways of tail calls lead from a to z")


def test_the_number_of_the_system_call_picks_among_the_ways(image):
    goal = image.put("goal")
    for number, name in enumerate(("__x64_sys_read", "__x64_sys_write")):
        image.put(name)
        image.holds(name, "sys_call_table", member=f"[{number}]")
        image.jumps("f", name, "goal")
    assert join(image, DIRECT, goal, syscall=1).jumps[0].target == "__x64_sys_write"
    assert join(image, DIRECT, goal, syscall=7).lost == "f"
    assert join(image, DIRECT, goal).lost == "f"


def test_a_second_name_of_the_function_is_a_direct_call(image):
    goal = image.put("goal")
    image.places["f"] = goal
    assert join(image, DIRECT, goal) == Joint("direct", "call-site")


def test_a_callee_that_leads_nowhere_is_named_and_not_more(image):
    joint = join(image, DIRECT, image.put("goal"))
    assert (joint.kind, joint.lost) == ("direct", "f")
    assert joint.note == (
        "how control came from f, which left no frame to trust, to goal is not known"
    )
    assert join(image, DIRECT, "goal").lost == "f"


def test_a_call_that_the_kernel_rewrites_for_a_probe_leads_to_where_the_frame_is(image):
    joint = join(image, DIRECT._replace(callee="__fentry__"), "0x1")
    assert (joint.kind, joint.lost, joint.mechanism) == ("indirect", "", "function tracing")
    assert "while a probe is set" in joint.note


def test_what_the_kernel_puts_in_the_place_of_a_callee_is_a_direct_call(image):
    goal = image.put("fast_copy")
    joint = join(image, DIRECT._replace(instead=("fast_copy",)), goal)
    assert joint[:2] == ("direct", "instruction")
    assert joint.note == "the kernel put this call in the place of that of f at boot"


def test_a_call_that_was_made_a_direct_one_keeps_the_place_of_its_pointer(image):
    goal = image.put("goal")
    site = CallSite("indirect", "", "instruction", "call *ops+0x8", ("ops", 8), patched=True)
    joint = join(image, site, goal)
    assert (joint.kind, joint.slot) == ("indirect", ("ops", 8))
    assert joint.note == "the kernel made a direct call of it at boot"


def test_a_callee_that_left_through_its_only_pointer_is_put_back(image):
    home, goal = image.put("caller"), image.put("goal")
    image.leaves("f", "g")
    joint = join(image, DIRECT, goal, home=home)
    assert [(jump.function, jump.target) for jump in joint.jumps] == [("f", "g"), ("g", "")]
    assert joint.by_pointer
    assert join(image, DIRECT, "0x0", home=home).by_pointer, "a bad pointer led nowhere"


def test_of_several_pointers_none_is_picked(image):
    goal = image.put("goal")
    image.leaves("f")
    image.leaving["f"] *= 2
    joint = join(image, DIRECT, goal)
    assert (joint.lost, joint.by_pointer) == ("f", False)
    assert "2 ways of tail calls through pointers" in joint.note
    image.leaving["f"] = None
    assert join(image, DIRECT, goal).note.startswith("how control came from f")


def test_a_module_that_jumps_into_the_kernel_is_followed(image):
    home, goal = image.put("release"), image.put("goal")
    image.leaves("f", target="kfree")
    image.jumps("kfree", "goal")
    joint = join(image, DIRECT, goal, home=home)
    assert [jump.function for jump in joint.jumps] == ["f", "kfree"]
    image.leaves("f")
    assert [jump.function for jump in join(image, DIRECT, goal, home=home).jumps] == ["f", "kfree"]


def test_no_call_no_claim(image):
    assert join(image, None, image.put("f")).kind == "unknown"
