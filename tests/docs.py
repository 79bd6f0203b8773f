"""The parts of content/docs that are made from tables: markers in the pages, and what stands between."""

import json
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from unittest.mock import patch

from sitegen.__main__ import VERBS, _load
from sitegen.codes import every_code
from sitegen.crash.log.kinds import KINDS as CRASH_KINDS
from sitegen.crash.log.kinds import TRACE
from sitegen.project.base import Table
from sitegen.project.keys import Key, keys_of
from sitegen.project.tables import ConfigTable
from sitegen.web.claims import KINDS
from sitegen.web.content.fields import FIELDS, Fields, Group, Rows

_BETWEEN = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rewritten(page: str) -> str:
    """`page` with what its markers ask for, made anew."""
    return _BETWEEN.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n{found[3]}", page)


# --- The configuration ------------------------------------------------------------------------


def _configuration() -> str:
    return "\n".join(["## Keys\n", *_table(ConfigTable, "", many=False)])


def _table(table: type[Table], name: str, *, many: bool) -> Iterator[str]:
    """Its keys with a heading each; the tables inside it after them."""
    if name:
        yield f"## {f'[[{name}]]' if many else f'[{name}]'}\n"
    keys = keys_of(table)
    for key in keys:
        if key.inner is None:
            yield from _key(key, name, many=many)
    for key in keys:
        if key.inner is not None:
            full = f"{name}.{key.name}" if name else key.name
            first, *rest = _table(key.inner, full, many=key.many)
            yield from (first, f"{key.says}\n", *rest)


def _key(key: Key, table: str, *, many: bool) -> Iterator[str]:
    yield f"### {key.name}\n"
    default = "" if key.default in ("", [], {}, ()) else f" Default: `{_toml(key.default)}`."
    yield f"{key.says}{default}\n"
    head = f"[[{table}]]\n" if many else f"[{table}]\n" if table else ""
    for example in key.examples[:1]:
        if isinstance(example, dict) and not table:
            rows = "\n".join(f"{name} = {_toml(value)}" for name, value in example.items())
            yield f"```toml\n[{key.name}]\n{rows}\n```\n"
        else:
            yield f"```toml\n{head}{key.name} = {_toml(example)}\n```\n"


def _toml(value: object) -> str:
    match value:
        case dict():
            inside = ", ".join(f"{name} = {_toml(item)}" for name, item in value.items())
            return f"{{ {inside} }}"
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


# --- Front matter -----------------------------------------------------------------------------


def _front_matter() -> str:
    return "\n".join(_items(FIELDS, ""))


def _items(fields: Fields, indent: str) -> Iterator[str]:
    for name, field in fields.items():
        example = "" if field.example is None else f" {_yaml(field.example)}"
        yield f"{indent}- `{name}:{example}`  "
        yield f"{indent}  {field.says}"
        if isinstance(field.form, Group | Rows):
            yield from _items(field.form.fields, f"{indent}  ")


def _yaml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
        case list():
            return f"[{', '.join(map(_yaml, value))}]"
    return str(value)


# --- Claims, diagnostics ----------------------------------------------------------------------


def _claims() -> str:
    forms = (form for kind in KINDS for form in kind.forms)
    return "\n".join(["```text", *forms, "```"])


def _kinds() -> str:
    keys = dict.fromkeys(kind.key for kind in (*CRASH_KINDS, TRACE))
    return textwrap.fill(f"{', '.join(f'`{key}`' for key in keys)}.", 104, break_on_hyphens=False)


_LETTERS = {
    "G": "The project and its configuration",
    "L": "Logs",
    "S": "Images and locks",
    "R": "Source trees",
    "C": "Chains and claims",
    "M": "Markdown and front matter",
    "X": "Links and pictures",
    "T": "Themes",
}


def _diagnostics() -> str:
    parts: list[str] = []
    letter = ""
    for code in every_code().values():
        if code.id[0] != letter:
            letter = code.id[0]
            parts.append(f"## {_LETTERS[letter]}\n")
        parts.append(f"### {code.id}\n")
        parts.append(f"*{code.severity.capitalize()}.* {code.explanation}\n")
        parts.append(f"**What to do:** {code.advice}\n")
        if code.example:
            parts.append(f"```text\n{code.example}\n```\n")
    return "\n".join(parts)


# --- Commands ---------------------------------------------------------------------------------


def _commands() -> str:
    parts = []
    for verb, says in VERBS.items():
        # As on a terminal of 80 columns, whatever this is run on.
        with patch.dict("os.environ", {"COLUMNS": "80"}), redirect_stdout(StringIO()) as printed:
            _load(verb).main(["--help"])
        parts += [f"## {verb}\n", f"{says[0].upper()}{says[1:]}.\n"]
        parts.append(f"```text\n{printed.getvalue().strip()}\n```\n")
    return "\n".join(parts)


PARTS: dict[str, Callable[[], str]] = {
    "claims": _claims,
    "commands": _commands,
    "configuration": _configuration,
    "diagnostics": _diagnostics,
    "front-matter": _front_matter,
    "kinds": _kinds,
}
"""What the markers name."""
