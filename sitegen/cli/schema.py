"""`sitegen schema config|front-matter|report`: what editors and scripts check with, as JSON Schema."""

import sys
from importlib.resources import files

from sitegen.cli.words import HELP, Option, UsageError, Words

FILES = {"config": "config.json", "front-matter": "front-matter.json", "report": "report.json"}
"""In `sitegen/schemas`, which tests hold to what the readers read."""

WORDS = Words(
    "schema",
    usage=("[--path] config|front-matter|report",),
    about="""\
Print the JSON Schema of the configuration or of the front matter of pages, for editors to complete
and check by; or that of what `sitegen check --format json` prints.""",
    options=(Option(("--path",), "print where the file is instead"), HELP),
    examples=("sitegen schema config > config.schema.json", "sitegen schema --path front-matter"),
    exits="0 printed, 2 wrong usage",
    takes=tuple(FILES),
)


def main(arguments: list[str]) -> int:
    """Prints the schema named. Returns 2 when none is."""
    try:
        flags, _, words = WORDS.read(arguments)
        name = "" if "help" in flags else _name(words)
    except UsageError as error:
        sys.stderr.write(WORDS.complain(error))
        return 2
    if not name:
        print(WORDS.help(), end="")
        return 0
    file = files("sitegen") / "schemas" / FILES[name]
    if "path" in flags:
        print(file)
    else:
        print(file.read_text(encoding="utf-8"), end="")
    return 0


def _name(words: list[str]) -> str:
    known = " and ".join(FILES)
    if not words:
        raise UsageError(f"no schema named; there are {known}")
    if len(words) > 1 or words[0] not in FILES:
        raise UsageError(f"no schema '{words[-1]}'; there are {known}")
    return words[0]
