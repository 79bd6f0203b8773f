"""`sitegen explain CODE`: the paragraph behind a diagnostic."""

import sys

from sitegen.codes import every_code


def main(arguments: list[str]) -> int:
    """Prints the explanation of each code given, or lists all codes when none is."""
    codes = every_code()
    if arguments in (["-h"], ["--help"]):
        print(
            "usage: sitegen explain [CODE ...]\n\nExplains diagnostic codes; without one, lists them all."
        )
        return 0
    if not arguments:
        for one in codes.values():
            print(
                f"{one.id}  {one.severity:<7}  {' '.join(one.explanation.split()).split('. ')[0]}"
            )
        return 0
    for name in arguments:
        code = codes.get(name.upper())
        if code is None:
            print(
                f"sitegen explain: no code '{name}'; `sitegen explain` lists them all",
                file=sys.stderr,
            )
            return 2
        print(f"{code.id} ({code.severity})\n\n{code.explanation}")
    return 0
