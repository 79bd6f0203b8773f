"""The known cases as data for the browser."""

import random
from itertools import pairwise

import pytest

from sitegen.crash.similar import match_rules
from sitegen.model import Fingerprint, KnownCase
from sitegen.web.outputs.match import ALPHABET, DATA, code, front_coded, match_output

RULES = match_rules()


def case(slug: str, *frames: str, title: str = "", **more: object) -> KnownCase:
    one = Fingerprint(kind="bug", function=frames[0] if frames else "", frames=frames, **more)
    return KnownCase(slug, f"cases/{slug}/", title or slug, "open", (one,))


def text(*cases: KnownCase) -> str:
    return match_output(cases, RULES).data.decode()


def test_the_data_is_a_script_beside_the_page() -> None:
    output = match_output([case("lamp", "lamp_set")], RULES)
    assert output.path == DATA == "match/match-data.js"
    assert output.data.startswith(b"window.sitegenMatch = {\n")
    assert output.data.endswith(b"};\n")


def test_the_order_of_the_cases_does_not_matter() -> None:
    cases = [case("b", "x", "y"), case("a", "y", "z"), case("c")]
    assert text(*cases) == text(*reversed(cases))


def test_a_case_is_a_line_and_a_function_is_named_once() -> None:
    data = text(case("lamp-set", "lamp_set", "lamp_write"), case("lamp-get", "lamp_write"))
    assert data.count("lamp_write") == 0  # it begins as the one before it in the dictionary
    assert '"!lamp_set \'write"' in data
    assert [line for line in data.splitlines() if line.startswith('["')] == [
        '["!cases/lamp-get/","lamp-get",0,"#$$"],',
        '["-set/","lamp-set",0,"###$"]',
    ]


def test_the_function_in_a_title_and_an_address_is_left_to_the_dictionary() -> None:
    data = text(case("bug-in-lamp_set", "lamp_set", title="BUG in lamp_set, in lamp_set"))
    assert '["!cases/bug-in-\x7f/","BUG in \x7f, in lamp_set",0,"###"]' in data


@pytest.mark.parametrize(
    "title", ["</script><script>", "a\u2028b\u2029c", 'quo"te\\', "\x7f\x00\x1f", "\ud800"]
)
def test_a_title_cannot_leave_its_string(title: str) -> None:
    (line,) = (line for line in text(case("a", title=title)).splitlines() if line.startswith('["'))
    assert line.startswith('["!cases/a/","')
    assert line.endswith('",0]')
    assert "\u2028" not in line
    assert "\x7f" not in line


def test_logs_that_are_compared_by_the_same_are_told_once() -> None:
    one = case("a", "x").prints[0]
    assert text(KnownCase("a", "cases/a/", "a", "open", (one, one))) == text(
        KnownCase("a", "cases/a/", "a", "open", (one,))
    )


def test_codes_are_different_and_none_begins_another() -> None:
    codes = [code(number) for number in (*range(5000), 36_489, 36_490, 40_000, 700_000)]
    assert len(set(codes)) == len(codes)
    by_start = sorted(codes)
    assert not any(b.startswith(a) for a, b in pairwise(by_start))
    assert set("".join(codes)) <= set(ALPHABET)


def test_words_that_share_more_than_a_digit_can_say_are_written_out() -> None:
    long = "x" * 200
    assert front_coded([long, f"{long}y"]) == f"!{long} {ALPHABET[-1]}{'x' * 111}y"


def test_five_thousand_cases_stay_below_seven_hundred_thousand_bytes() -> None:
    """About as many functions and frames as five thousand bugs of syzbot's have."""
    chance = random.Random(1)
    stems = ["ext4", "tipc", "snd_pcm", "usb_hub", "bpf_prog", "nfs4", "btrfs", "ieee80211", "xfrm"]
    acts = ["alloc", "release", "lookup", "insert_node", "parse_header", "update", "map_blocks"]
    names = [
        f"{chance.choice(stems)}_{chance.choice(acts)}_{number:x}" for number in range(3000, 15_000)
    ]
    common = [f"common_function_{number}" for number in range(300)]
    cases = []
    for number in range(5000):
        frames = (*chance.sample(names, 6), *chance.sample(common, 6))
        title = f"KASAN: slab-use-after-free Read in {frames[0]}"
        cases.append(case(f"{number}-kasan-{frames[0]}", *frames, title=title))
    assert len(match_output(cases, RULES).data) < 700_000


def test_a_blank_in_a_name_parts_no_names() -> None:
    data = text(case("new", "operator new(unsigned long)", "vfs_write"))
    assert '"!operator\x7fnew(unsigned\x7flong) !vfs_write"' in data


def test_what_javascript_counts_as_two_characters_is_never_shared() -> None:
    assert front_coded(["a\U0001d4b3x", "a\U0001d4b3y"]) == "!a\U0001d4b3x #\U0001d4b3y"
