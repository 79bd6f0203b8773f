"""The words of a command line -> flags, values and the rest, by a table of options.

For the verbs that are done before an argument parser is loaded, such as decode.
What the table says of an option is what help prints and what a shell completes.
"""

from __future__ import annotations

from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Option(Record):
    """One option."""

    names: tuple[str, ...]
    "as they are typed, the long one last"
    says: str
    "lines of help"
    value: str = ""
    "what its value is called; empty for an option without"
    takes: str | tuple[str, ...] = ""
    "what a shell completes the value with: `file`, `folder`, a lookup of `completion`, or the choices"

    @property
    def key(self) -> str:
        """What the option is known by: its long name without dashes."""
        return self.names[-1].lstrip("-")

    @property
    def head(self) -> str:
        """The option as help shows it."""
        return ", ".join(self.names) + (f" {self.value}" if self.value else "")


class Words(Record):
    """What a verb takes, and what its help says."""

    verb: str
    usage: tuple[str, ...]
    "the forms of the command line, without `sitegen VERB`"
    about: str
    options: tuple[Option, ...]
    places: tuple[tuple[str, str], ...] = ()
    "names of the words that are no options, and lines of help for each"
    examples: tuple[str, ...] = ()
    exits: str = ""
    takes: str | tuple[str, ...] = ""
    "what a shell completes words with, as for an option"

    def read(self, arguments: Sequence[str]) -> tuple[frozenset[str], dict[str, str], list[str]]:
        """(keys of the flags given, values by key, all other words in order).

        Of an option given twice the last value counts; what follows `--help` is not looked at.
        Raises UsageError.
        """
        named = {name: option for option in self.options for name in option.names}
        flags: set[str] = set()
        values: dict[str, str] = {}
        words: list[str] = []
        left = [*reversed(arguments)]
        while left:
            word = left.pop()
            if word == "--":
                words += reversed(left)
                break
            if word == "-" or word[:1] != "-":
                words.append(word)
                continue
            long = word[:2] == "--"
            name, joined, value = word.partition("=") if long else (word[:2], word[2:], word[2:])
            option = named.get(name)
            if option is None or (joined and long and not option.value):
                raise UsageError(unknown_option(word, named))
            if option.value:
                if not joined and not left:
                    raise UsageError(f"{name} wants a value, {option.value}")
                values[option.key] = value if joined else left.pop()
                continue
            flags.add(option.key)
            if option is HELP:
                break
            if joined:  # several letters in a word, as in -vq
                left.append(f"-{joined}")
        return frozenset(flags), values, words

    def help(self) -> str:
        """The text of `--help`."""
        rows = [*self.places, *((option.head, option.says) for option in self.options)]
        width = max(len(head) for head, _ in rows)
        lines = [self.short(), "", self.about, ""]
        for head, says in rows:
            first, *more = says.split("\n")
            lines += [f"  {head:<{width}}  {first}", *(f"  {'':<{width}}  {line}" for line in more)]
        if self.examples:
            lines += ["", "Examples:", *(f"  {example}" for example in self.examples)]
        if self.exits:
            lines += ["", f"Exit codes: {self.exits}."]
        return "\n".join(lines) + "\n"

    def short(self) -> str:
        """The forms of the command line."""
        heads = ["usage:", *["      "] * len(self.usage)]
        return "\n".join(
            f"{head} sitegen {self.verb} {form}"
            for head, form in zip(heads, self.usage, strict=False)
        )

    def complain(self, error: UsageError) -> str:
        """What to print for arguments that make no sense."""
        return f"sitegen {self.verb}: {error}\n{self.short()}\n`sitegen {self.verb} --help` tells more\n"


HELP = Option(("-h", "--help"), "show this text")


class UsageError(Exception):
    """What is wrong with the arguments, in words."""


def unknown_option(word: str, known: Iterable[str]) -> str:
    """Says that there is no such option, and which is the nearest. Dashes do not make one near."""
    from difflib import get_close_matches  # noqa: PLC0415  reason: only a complaint pays for it

    bare = {name.lstrip("-"): name for name in known}
    near = get_close_matches(word.partition("=")[0].lstrip("-"), sorted(bare), n=1)
    return f"unknown option '{word}'" + (f"; did you mean '{bare[near[0]]}'?" if near else "")
