"""The table of diagnostics: a code means one thing."""

import re
from pathlib import Path

from sitegen import codes

FOLDER = Path(codes.__file__).parent
TEXT = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))


def test_no_code_stands_twice_and_each_is_called_what_it_says() -> None:
    names = re.findall(r'^([A-Z]\d{3}) = Code\(\s+"(\w+)"', TEXT, re.MULTILINE)
    assert len(names) == TEXT.count(" = Code(")
    assert [name for name, _ in names] == [said for _, said in names]
    assert len({name for name, _ in names}) == len(names)


def test_every_code_says_what_to_do() -> None:
    silent = [code.id for code in codes.every_code().values() if not code.advice]

    assert silent == []


def test_examples_are_in_the_form_that_is_printed() -> None:
    for code in codes.every_code().values():
        head = code.example.split("\n")[0]
        assert not head or f"{code.severity}[{code.id}]: " in head, code.id
        assert all(line[:1] == " " for line in code.example.split("\n")[1:]), code.id


def test_examples_point_at_what_they_speak_of() -> None:
    for code in codes.every_code().values():
        place = re.match(r"\S+?:(\d+):(\d+): ", code.example)
        excerpt = re.search(r"^( *(\d+) \| )(.*)\n {6}\| ( *)\^+$", code.example, re.MULTILINE)
        if place and excerpt:
            at = (excerpt[2], str(len(excerpt[4]) + 1))
            assert place.groups() == at, code.id


def test_what_is_said_of_a_code_is_wrapped() -> None:
    for code in codes.every_code().values():
        lines = (*code.explanation.split("\n"), *code.advice.split("\n"))
        assert max(map(len, lines)) <= _WIDEST, code.id


_WIDEST = 104
