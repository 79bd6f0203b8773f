"""`sitegen explain`."""

import pytest

from sitegen.cli.explain import main
from sitegen.codes import every_code


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [*every_code()]


def test_codes_are_explained_in_the_order_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x004", "M004"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("X004 (error)\n\n")
    assert "\n\nM004 (error)\n\n" in out


@pytest.mark.parametrize(
    ("word", "hint"),
    [("M0004", "did you mean 'M004'?"), ("?!", "`sitegen explain` lists them all")],
)
def test_an_unknown_code_gets_the_nearest(
    word: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"sitegen explain: unknown code '{word}'; {hint}\n")


def test_a_code_is_explained_with_what_to_do_and_an_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["M004"]) == 0
    out = capsys.readouterr().out
    assert "\n\nWhat to do: Correct the name." in out
    assert "\n\n  content/cases/uaf.md:5:5: error[M004]: unknown directive 'regsiters'\n" in out
