"""`sitegen explain CODE`: what a diagnostic means, and what to do about it."""

import sys
from textwrap import fill, indent

from sitegen.cli.words import HELP, UsageError, Words
from sitegen.codes import Code, every_code

WORDS = Words(
    "explain",
    usage=("[CODE]...",),
    about="Explain diagnostic codes; without one, list them all.",
    options=(HELP,),
    examples=("sitegen explain M004",),
    exits="0 explained, 2 there is no such code",
    takes="code",
)


def main(arguments: list[str]) -> int:
    """Prints the explanation of each code given, or lists all codes when none is."""
    try:
        flags, _, words = WORDS.read(arguments)
        found = [_find(word) for word in words]
    except UsageError as error:
        sys.stderr.write(WORDS.complain(error))
        return 2
    if "help" in flags:
        print(WORDS.help(), end="")
    elif found:
        print("\n\n".join(map(_text, found)))
    else:
        for one in every_code().values():
            first = " ".join(one.explanation.split()).split(". ")[0]
            print(f"{one.id}  {one.severity:<7}  {first}")
    return 0


def _text(code: Code) -> str:
    """What a code means, what to do about it, and how it looks; each a paragraph."""
    parts = [f"{code.id} ({code.severity})", code.explanation]
    advice = f"What to do: {' '.join(code.advice.split())}"
    parts += [fill(advice, 98, break_on_hyphens=False)] if code.advice else []
    parts += [f"It looks like this:\n\n{indent(code.example, '  ')}"] if code.example else []
    return "\n\n".join(parts)


def _find(word: str) -> Code:
    """Raises UsageError when there is no such code."""
    codes = every_code()
    if word.upper() in codes:
        return codes[word.upper()]
    from difflib import get_close_matches  # noqa: PLC0415  reason: only a complaint pays for it

    near = get_close_matches(word.upper(), [*codes], n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`sitegen explain` lists them all"
    raise UsageError(f"unknown code '{word}'; {hint}")
