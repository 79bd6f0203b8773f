"""The cases that a log is like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.crash.similar import Known, rank
from sitegen.crash.similar.known import RARE
from sitegen.model import Fingerprint

WAY_IN = ("vfs_write", "ksys_write", "sys_write")


def crash(*frames: str, kind: str = "null-deref", title: str = "", **more: object) -> Fingerprint:
    """A crash in the first of `frames`, reached by a write."""
    words = {"function": frames[0] if frames else "", "title": title, **more}
    return Fingerprint(kind=kind, frames=(*frames, *WAY_IN), **words)


LAMP = crash("lamp_set", "lamp_write", title="BUG: NULL in lamp_set")
CASES = (
    ("deep", [crash("fan_spin", "fan_write")]),
    (
        "far",
        [crash("tipc_recvmsg", kind="kasan-uaf", title="KASAN: use-after-free in tipc_recvmsg")],
    ),
    ("twin", [crash("lamp_set", "lamp_check", "lamp_write", title="BUG: NULL in lamp_set")]),
    ("near", [crash("lamp_get", "lamp_write", kind="bug")]),
)


def found(query: Fingerprint, cases: object = CASES) -> list[tuple[str, str]]:
    return [(match.key, match.reason) for match in rank(query, cases)]


def test_the_same_title_comes_first_and_the_function_is_the_reason() -> None:
    """A page that a log is pasted into knows no titles, and is to say the same."""
    same = "The same kind of crash in the same function, `lamp_set`"
    assert found(LAMP) == [
        ("twin", f"{same}, with 5 of 5 frames"),
        ("near", "The same way in, up to `lamp_write`"),
    ]


def test_what_all_crashes_pass_through_makes_none_alike() -> None:
    assert rank(crash("disk_flush", "disk_write"), CASES) == ()


def test_a_crash_that_is_known_in_every_frame_is_the_same() -> None:
    (first, *_) = rank(LAMP, [("other", [crash("lamp_set", "lamp_write")])])
    assert first.reason == (
        "The same kind of crash in the same function, `lamp_set`, with the same 5 frames"
    )
    assert (first.shared, first.total) == (LAMP.frames, 5)


def test_another_kind_in_the_same_function_is_told_apart() -> None:
    other = crash("lamp_set", "lamp_irq", kind="bug")
    assert found(LAMP, [("other", [other])]) == [
        ("other", "A crash of another kind in the same function, `lamp_set`, with 4 of 5 frames")
    ]


def test_a_title_in_which_no_function_could_be_named_is_a_bond_of_logs_without_frames_alone() -> (
    None
):
    lost = Fingerprint(title="WARNING in corrupted", kind="warning")
    assert found(lost, [("other", [lost])]) == [("other", "The same title")]
    one = Fingerprint(title="WARNING in corrupted", kind="warning", frames=("lamp_set",))
    other = Fingerprint(title="WARNING in corrupted", kind="warning", frames=("fan_spin",))
    assert rank(one, [("other", [other]), ("lost", [lost])]) == ()


def test_a_title_that_tells_of_corruption_is_a_title() -> None:
    end = "kernel panic: corrupted stack end in wb_workfn"
    one, other = (
        Fingerprint(title=end, kind="panic", frames=(name,)) for name in ("a_one", "b_two")
    )
    assert found(one, [("other", [other])]) == [("other", "The same title, but none of the frames")]


def test_a_report_without_frames_is_found_by_its_title() -> None:
    busy = Fingerprint(title="VFS: Busy inodes after unmount (use-after-free)", kind="vfs")
    assert found(busy, [("other", [busy])]) == [("other", "The same title")]


def test_one_of_the_further_titles_is_enough() -> None:
    other = crash("fan_spin", title="BUG: spin", alt_titles=("BUG: NULL in lamp_set",))
    assert found(LAMP, [("other", [other])])[0][1].startswith("The same title")


def test_the_same_title_is_found_however_many_have_it() -> None:
    cases = [(f"c{number:03}", [LAMP]) for number in range(400)]
    assert len(rank(LAMP, cases, 300)) > 100


def test_inlined_functions_match_frames_and_are_never_missed() -> None:
    decoded = Fingerprint(
        kind="null-deref",
        function="lamp_write",
        frames=("lamp_write", *WAY_IN),
        inlined=("lamp_set", "lamp_check"),
    )
    (match,) = rank(LAMP, [("decoded", [decoded])])
    assert match.shared == LAMP.frames
    (back,) = rank(decoded, [("plain", [LAMP])])
    assert len(back.shared) == back.total == 4
    assert match.score == back.score


def test_the_log_of_a_case_that_is_most_alike_is_named() -> None:
    (match,) = rank(LAMP, [("case", [crash("fan_spin"), LAMP, crash("lamp_set")])])
    assert match.log == 1


def test_a_rare_function_says_more_than_one_that_many_cases_have() -> None:
    others = [(f"z{number}", [crash("lamp_write", f"x{number}")]) for number in range(40)]
    known = [
        *others,
        ("rare", [crash("gear_turn", "disk_eject")]),
        ("often", [crash("y", "lamp_write")]),
    ]
    query = crash("new_one", "gear_turn", "lamp_write", kind="bug")
    assert rank(query, known)[0].key == "rare"


def test_the_order_of_frames_counts_a_little() -> None:
    query = Fingerprint(frames=("a_one", "b_two", "c_three", "d_four"))
    same = Fingerprint(frames=("x_five", "a_one", "b_two", "c_three", "d_four"))
    turned = Fingerprint(frames=("x_five", "d_four", "c_three", "b_two", "a_one"))
    first, second = rank(query, [("turned", [turned]), ("zsame", [same])])
    assert (first.key, second.key) == ("zsame", "turned")


def test_functions_that_few_cases_have_are_called_rare() -> None:
    known = [(f"c{number}", [crash(f"own{number}", "often_used", "more")]) for number in range(60)]
    known.append(("one", [crash("x", "gear_turn", "y")]))
    query = crash("new_one", "gear_turn", "z", kind="bug")
    assert found(query, known)[0] == ("one", "Shares the rare `gear_turn`")
    common = crash("new_one", "often_used", "z", kind="bug")
    assert found(common, known)[0][1] == "Shares `often_used`, as 60 cases do"


def test_a_case_is_not_like_itself() -> None:
    known = Known(CASES)
    assert [match.key for match in known.similar("twin")] == ["near"]
    assert known.similar("unknown") == ()
    assert [match.key for match in known.rank(LAMP, 1, without="twin")] == ["near"]


def test_ties_are_in_the_order_of_keys_whatever_the_order_given() -> None:
    cases = [(key, [LAMP]) for key in "cab"]
    assert [match.key for match in rank(LAMP, cases)] == ["a", "b", "c"]
    assert rank(LAMP, cases) == rank(LAMP, cases[::-1])


def test_weights_fall_as_more_cases_have_a_function() -> None:
    few, many = (
        Known(
            (f"c{number}", [crash("lamp_set" if number < having else "x")]) for number in range(50)
        )
        for having in (2, 30)
    )
    assert few.weight("lamp_set") > many.weight("lamp_set") > many.weight("vfs_write") > 0
    assert Known(()).weight("lamp_set") > Known(()).weight("vfs_write")
    assert RARE < 1


NAMES = st.sampled_from(["a", "b", "c", "vfs_write", "schedule", "sys_read", "d", "e", "f"])
PRINTS = st.builds(
    Fingerprint,
    title=st.sampled_from(["", "t", "u in corrupted"]),
    kind=st.sampled_from(["", "bug", "null-deref"]),
    function=st.sampled_from(["", "a", "vfs_write"]),
    frames=st.lists(NAMES, unique=True).map(tuple),
    inlined=st.lists(NAMES, unique=True, max_size=2).map(tuple),
)


@given(PRINTS, st.lists(PRINTS, max_size=6))
def test_whatever_is_known_matches_are_ordered_counted_and_explained(
    query: Fingerprint, prints: list[Fingerprint]
) -> None:
    matches = rank(query, [(f"c{index}", [one]) for index, one in enumerate(prints)])
    assert [match.score for match in matches] == sorted((m.score for m in matches), reverse=True)
    for match in matches:
        assert match.reason
        assert match.total == len(query.frames)
        assert [one for one in query.frames if one in match.shared] == list(match.shared)


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_no_more_than_asked_for_are_given(limit: int) -> None:
    assert len(rank(LAMP, CASES, limit)) == limit
