"""The redactor: rules applied to texts, and the map that fills."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.redact.classes import CLASSES
from sitegen.redact.names import MapError, Names, decode_names, encode_names
from sitegen.redact.redactor import Redactor, apply, moved_column
from sitegen.redact.rules import Rule, Rules


def redactor(*rules: Rule, names: Names | None = None, **options) -> Redactor:
    return Redactor(Rules(rules=rules, **options), Names() if names is None else names)


HOST = Rule("host", literal="db01", number=1)


def test_a_literal_is_a_whole_word_in_upper_and_lower_case():
    one = redactor(HOST)

    assert one.text("db01 DB01, db01-eth0 db01_x db012 xdb01") == (
        "host-1 host-1, host-1-eth0 host-1_x db012 xdb01"
    )


def test_colours_of_a_terminal_are_no_letters():
    one = redactor(HOST, classes=("ipv4",))

    assert one.text("\x1b[31mdb01\x1b[0m \x1b[1;32m10.0.0.5") == (
        "\x1b[31mhost-1\x1b[0m \x1b[1;32mip-1"
    )


def test_a_blank_of_a_literal_is_any_number_of_them():
    one = redactor(Rule("project", literal="Blue Fox", number=1))

    assert one.text("blue  fox, Blue\tFox, Blue\nFox") == "project-1, project-1, Blue\nFox"


def test_letters_beyond_ascii_are_of_no_case_either():
    one = redactor(Rule("host", literal="Straße-É", number=1))

    assert one.text("straße-é STRASSE-É Straße-É") == "host-1 host-1 host-1"


def test_pseudonyms_are_numbered_in_the_order_met():
    one = redactor(Rule("host", pattern=r"db\d+", number=1), classes=("ipv4",))

    assert one.text("db7 10.0.0.9 db3") == "host-1 ip-1 host-2"
    assert one.text("db3 10.0.0.9") == "host-2 ip-1"


def test_of_values_that_overlap_the_longest_counts():
    whole = Rule("host", literal="db01.example.com", number=2)
    one = redactor(HOST, whole, classes=("email",))

    assert one.text("joe@db01.example.com on db01.example.com and db01") == (
        "email-1 on host-1 and host-2"
    )


def test_what_sticks_out_of_the_longest_goes_with_it():
    one = redactor(
        Rule("a", pattern="secret-one", number=1), Rule("b", pattern="one-of-many-x", number=2)
    )

    assert one.text("a secret-one-of-many-x!") == "a b-1!"


def test_a_group_is_what_is_replaced():
    one = redactor(Rule("serial", pattern=r"asset tag: (\w+)", number=1))

    assert one.text("asset tag: X99") == "asset tag: serial-1"


def test_a_pseudonym_is_not_looked_at_again_and_is_never_a_value_of_a_rule():
    one = redactor(Rule("host", literal="host-1", number=1), Rule("host", literal="db01", number=2))

    assert one.text("db01 host-1") == "host-2 host-3"


def test_what_is_kept_stays_in_any_form():
    one = redactor(HOST, classes=("ipv4", "mac"), keep=("192.0.2.*", "DB01", "AA-BB-CC-00-11-22"))
    text = "192.0.2.7 db01 aa-bb-cc-00-11-22"

    assert one.text(text) == text
    assert one.text("192.0.3.7") == "ip-1"


def test_a_label_with_an_underscore_gives_names_that_functions_can_have():
    one = redactor(Rule("drv_", literal="acme", number=1))

    assert one.text("acme_write+0x1/0x2 [acme]") == "drv_1_write+0x1/0x2 [drv_1]"


def test_one_value_has_one_pseudonym_whatever_finds_it():
    one = redactor(Rule("user", literal="alice", number=1), classes=("home",))

    assert one.text("/home/alice is of Alice") == "/home/user-1 is of user-1"


def test_what_is_not_known_to_a_frozen_map_has_no_pseudonym_and_does_not_stay():
    names = Names({"values": {"db01": "host-1"}}, frozen=True)

    assert redactor(HOST, classes=("ipv4",), names=names).text("db01 10.0.0.9") == (
        "host-1 [redacted]"
    )


TEXT = st.text(alphabet="db01 .@:-\n\u00e9A7fx", max_size=80)


@given(TEXT)
def test_no_value_stays_and_no_line_comes_or_goes(text):
    one = redactor(HOST, Rule("user", pattern=r"x\w+", number=2), classes=tuple(CLASSES))

    redacted = one.text(text)

    assert redacted.count("\n") == text.count("\n")
    assert not [
        match for match in one.matches(redacted) if match.value in one.names.section("values")
    ]


@given(TEXT)
def test_columns_move_with_what_stands_there(text):
    line = text.replace("\n", " ")
    one = redactor(HOST, classes=tuple(CLASSES))
    edits = one.edits(line)
    redacted = apply(line, edits)
    touched = {index for start, end, _ in edits for index in range(start, end)}

    for index, char in enumerate(line):
        column = moved_column(edits, index + 1)
        if index not in touched:
            assert redacted[column - 1] == char


@given(st.lists(st.sampled_from(["db01", "10.0.0.1", "10.0.0.2", "/home/al", "/home/bo"])))
def test_the_map_comes_back_from_its_file(words):
    one = redactor(HOST, classes=("ipv4", "home"))
    text = " ".join(words)
    redacted = one.text(text)

    data = encode_names(one.names)
    again = redactor(HOST, classes=("ipv4", "home"), names=decode_names(data))

    assert again.text(text) == redacted
    assert encode_names(again.names) == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"[1]", "no 'schema' 1"),
        (b'{"schema": 2, "values": {}}', "no 'schema' 1"),
        (b'{"schema": 1, "values": []}', "'values' is not a table"),
        (b'{"schema": 1, "values": {"a": 7}}', "not like 'host-1'"),
        (b'{"schema": 1, "values": {"a": "db01"}}', "not like 'host-1'"),
        (b'{"schema": 1, "values": {"a": "host-1", "b": "host-1"}}', "two values have"),
        (b'{"schema": 1, "values": {"a": "host-1"}, "homes": {"a": "user-1"}}', "stand for one"),
        (b'{"schema": 1, "values": {"A": "host-1"}}', "not as it was written"),
    ],
)
def test_a_damaged_map_is_told_without_its_values(data, why):
    with pytest.raises(MapError, match=why) as error:
        decode_names(data)
    assert "db01" not in str(error.value)
