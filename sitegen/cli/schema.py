"""`sitegen schema config|front-matter`: what editors complete and check with, as JSON Schema."""

import sys
from importlib.resources import files

FILES = {"config": "config.json", "front-matter": "front-matter.json"}
"""In `sitegen/schemas`, which tests hold to what the readers read."""

_HELP = """\
usage: sitegen schema config|front-matter

Prints the JSON Schema of the configuration, or of the front matter of pages, for editors to
complete and check by. `--path` prints where the file is instead.

Examples:
  sitegen schema config > config.schema.json
  sitegen schema --path front-matter

Exit codes: 0 done, 2 usage."""


def main(arguments: list[str]) -> int:
    """Prints the schema named. Returns 2 when none is."""
    names = [argument for argument in arguments if argument != "--path"]
    match names:
        case ["-h" | "--help"]:
            print(_HELP)
        case [name] if name in FILES:
            file = files("sitegen") / "schemas" / FILES[name]
            if "--path" in arguments:
                print(file)
            else:
                sys.stdout.write(file.read_text(encoding="utf-8"))
        case _:
            wanted = f"no schema '{names[0]}'" if names else "no schema named"
            print(f"sitegen schema: {wanted}; there are {' and '.join(FILES)}", file=sys.stderr)
            return 2
    return 0
