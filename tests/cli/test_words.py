"""Options by a table: for the verbs that load no parser."""

import pytest

from sitegen.cli.words import HELP, Option, UsageError, Words

WORDS = Words(
    "dig",
    usage=("[options] PLACE", "--map FILE"),
    about="Dig for it.",
    places=(("PLACE", "where"),),
    options=(
        Option(("-m", "--map"), "look it up\nin a file", value="FILE"),
        Option(("-v", "--verbose"), "say more"),
        Option(("-q", "--quiet"), "say less"),
        HELP,
    ),
    examples=("sitegen dig here",),
    exits="0 found",
)


@pytest.mark.parametrize(
    ("arguments", "flags", "values", "words"),
    [
        ("here -v there", {"verbose"}, {}, ["here", "there"]),
        ("-vq here", {"verbose", "quiet"}, {}, ["here"]),
        ("-vm file", {"verbose"}, {"map": "file"}, []),
        ("-mfile -", set(), {"map": "file"}, ["-"]),
        ("--map=a=b --map -c", set(), {"map": "-c"}, []),
        ("-v -- -q --map", {"verbose"}, {}, ["-q", "--map"]),
        ("-h --nonsense", {"help"}, {}, []),
    ],
)
def test_flags_values_and_words_are_told_apart(
    arguments: str, flags: set[str], values: dict[str, str], words: list[str]
) -> None:
    assert WORDS.read(arguments.split()) == (flags, values, words)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--mop", "unknown option '--mop'; did you mean '--map'?"),
        ("-x", "unknown option '-x'"),
        ("-vx", "unknown option '-x'"),
        ("--verbose=yes", "unknown option '--verbose=yes'; did you mean '--verbose'?"),
        ("--map", "--map wants a value, FILE"),
        ("-m", "-m wants a value, FILE"),
    ],
)
def test_what_is_wrong_is_said(arguments: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        WORDS.read(arguments.split())
    assert str(error.value) == said


def test_help_shows_usage_options_an_example_and_the_exit_codes() -> None:
    assert WORDS.help() == (
        "usage: sitegen dig [options] PLACE\n"
        "       sitegen dig --map FILE\n"
        "\n"
        "Dig for it.\n"
        "\n"
        "  PLACE           where\n"
        "  -m, --map FILE  look it up\n"
        "                  in a file\n"
        "  -v, --verbose   say more\n"
        "  -q, --quiet     say less\n"
        "  -h, --help      show this text\n"
        "\n"
        "Examples:\n"
        "  sitegen dig here\n"
        "\n"
        "Exit codes: 0 found.\n"
    )
