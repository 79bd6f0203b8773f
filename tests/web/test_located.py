"""Where the keys of front matter stand."""

from sitegen.diagnostics import Place
from sitegen.web.content import find_keys

TEXT = """\
---
title: "A: title"
tags: [one, two]
fixes:
  fixed: 0123456789ab
occurrences:
  - {date: 2026-01-02, link: "https://example.org/"}
---
Prose.
"""


def at(name: str) -> str:
    """The text that the place of a key covers."""
    place = find_keys(TEXT, "a.md")[name]
    assert place.text == TEXT.splitlines()[place.line - 1]
    return place.text[place.column - 1 : place.end - 1]


def test_every_value_has_its_place() -> None:
    assert at("title") == '"A: title"'
    assert at("tags.1") == "two"
    assert at("fixes.fixed") == "0123456789ab"
    assert at("occurrences.0.date") == "2026-01-02"
    assert find_keys(TEXT, "a.md")["fixes.fixed"].line == 5


def test_of_what_is_no_front_matter_there_are_no_places() -> None:
    assert find_keys("Prose.\n", "a.md") == {}
    assert find_keys("---\ntitle: never closed\n", "a.md") == {}
    assert find_keys("", "a.md") == {}


def test_a_key_without_a_value_has_no_place() -> None:
    assert set(find_keys("---\ntitle:\ndate: ~\nkernel: ''\nfixes: {fixed: }\n---\n", "a.md")) == {
        "fixes"
    }


def test_what_stands_before_a_fault_is_found() -> None:
    found = find_keys("---\ntitle: x\ntags: [a\n---\n", "a.md")

    assert found["title"] == Place("a.md", 2, 8, 9, "title: x")


def test_a_long_line_is_not_quoted() -> None:
    assert find_keys(f"---\ntitle: {'x' * 400}\n---\n", "a.md")["title"].text == ""
