"""The forms of a value: as it is, as programs write it, as slugs do."""

import pytest

from sitegen.redact.forms import find_in_name, iter_forms, slug_forms


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        ("cm_do_div", ("cm-do-div",)),
        ("10.0.0.5", ("10-0-0-5",)),
        ("joe@example.com", ("joe-example-com",)),
        ("blue fox", ("blue-fox",)),
        ("café 12", ("café-12", "cafe-12")),
        ("é_ab_c", ("é-ab-c", "e-ab-c")),
    ],
)
def test_a_slug_has_a_dash_for_each_sign(value, forms):
    assert slug_forms(value) == forms


@pytest.mark.parametrize(
    "value", ["db01", "db-east", "a_b", "_q1_", "6.1", "11.23", "мир_два", "", "..."]
)
def test_what_is_its_own_form_or_says_too_little_has_none(value):
    assert [form for form in slug_forms(value) if form.isascii()] == []


def test_a_mac_address_has_all_of_its_forms():
    assert list(iter_forms("aa:bb:cc:00:11:22")) == [
        *("aa:bb:cc:00:11:22", "aabbcc001122", "aabb.cc00.1122", "aa-bb-cc-00-11-22")
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("cases/divide-error-in-cm-do-div.md", "cm_do_div"),
        ("CM.DO_DIV", "cm_do_div"),
        ("cases/xcm-do-div", ""),
        ("cases/cm-do-divide", ""),
        ("cases/cm-do", ""),
    ],
)
def test_a_name_is_searched_for_whole_words(name, found):
    assert find_in_name(name, ["other_value", "cm_do_div"], lambda _: False) == found
    assert find_in_name(name, ["other_value", "cm_do_div"], lambda form: form == "cm-do-div") == ""
