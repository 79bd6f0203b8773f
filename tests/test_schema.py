"""The schemas that editors complete by: valid, current, and of one mind with the readers.

`--update` rewrites the files of sitegen/schemas.
"""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from sitegen.cli.schema import FILES, main
from sitegen.diagnostics import Sink
from sitegen.project import read_project
from sitegen.project.schema import config_schema
from sitegen.reporters.schema import report_schema
from sitegen.web.content.frontmatter import read_front_matter
from sitegen.web.content.schema import front_matter_schema

ROOT = Path(__file__).parent.parent
SCHEMAS = {"config": config_schema, "front-matter": front_matter_schema, "report": report_schema}


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_what_the_tables_say(name, update):
    path = ROOT / "sitegen" / "schemas" / FILES[name]
    said = json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"

    if update:
        path.write_text(said)
    assert path.read_text() == said, "run pytest tests/test_schema.py --update"


@pytest.mark.parametrize("name", FILES)
def test_they_are_schemas(name):
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name]())


@pytest.mark.parametrize("name", FILES)
def test_the_command_prints_them_and_where_they_are(name, capsys):
    assert main([name]) == 0
    printed = capsys.readouterr().out
    assert main(["--path", name]) == 0

    assert json.loads(printed) == SCHEMAS[name]()
    assert Path(capsys.readouterr().out.strip()).read_text() == printed


def test_the_command_says_which_there_are(capsys):
    assert main(["lock"]) == 2
    assert "front-matter" in capsys.readouterr().err


def accepts(name: str, value: object) -> bool:
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator(SCHEMAS[name](), format_checker=checker).is_valid(value)


def configurations() -> list[Path]:
    sites = sorted((ROOT / "tests" / "sites").glob("*/sitegen.toml"))
    return [ROOT / "sitegen.toml", *sites]


@pytest.mark.parametrize("path", configurations(), ids=lambda path: path.parent.name)
def test_the_configurations_of_the_test_sites_are_accepted_as_the_reader_does(path):
    sink = Sink()
    read_project(path.parent, sink)
    told = {problem.code.id for problem in sink}

    assert accepts("config", tomllib.loads(path.read_text())) == (not told & {"G003", "G004"})


class _Core(yaml.SafeLoader):
    """YAML as editors read it: by its core schema, in which a date is a text."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(("timestamp", "bool"))]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?i:true|false)\Z"), list("tTfF")
)


def documents() -> list[Path]:
    folders = [ROOT / "content", *sorted((ROOT / "tests" / "sites").glob("*/content"))]
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.md"))
        if path.read_bytes().startswith(b"---\n") and b"\n---\n" in path.read_bytes()
    ]


@pytest.mark.parametrize(
    "path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix().replace("/", "-")
)
def test_the_front_matter_of_the_test_sites_is_accepted_as_the_reader_does(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    sink = Sink()
    read_front_matter(text, path.name, sink)
    told = {problem.code.id for problem in sink}
    if "M001" in told:
        pytest.skip("no YAML: there is nothing that a schema could say")

    value = yaml.load(text.split("\n---\n")[0].removeprefix("---\n"), Loader=_Core)

    assert accepts("front-matter", value) == (not told)


ACCEPTED = [
    "kernel: 6.10",
    "title: 2026",
    "title:",
    "date: 2026-11-23",
    "status: fixed",
    "tags: [a, 2, ~]",
    "draft: true",
    "fixes: {fixed: 1234567, cve: CVE-2024-50082}",
    "occurrences: seen.csv",
    "occurrences: [{date: 2026-11-20, count: 3}]",
    "layers: {fs/: Files}",
    "aliases: [cases/old-name, /older/]",
    "fixes: {links: ['https://lore.kernel.org/all/x/']}",
]
REFUSED = [
    "titel: x",
    "date: 23.11.2026",
    "date: 2026-02-30",
    "status: done",
    "tags: one",
    "title: [a]",
    "draft: maybe",
    "fixes: {fixed: abc}",
    "fixes: {cve: 2024-50082}",
    "fixes: {fixd: e972b08b91ef}",
    "fixes: {links: [ftp://example.org/]}",
    "occurrences: [{kernel: '6.1'}]",
    "occurrences: [{date: 2026-11-20, count: 0}]",
    "layers: one",
    "aliases: [../x]",
    "snapshot: {date: soon}",
]


@pytest.mark.parametrize(
    ("front", "good"), [(one, True) for one in ACCEPTED] + [(one, False) for one in REFUSED]
)
def test_schema_and_reader_agree_on_front_matter(front, good):
    sink = Sink()
    read_front_matter(f"---\n{front}\n---\n", "page.md", sink)

    assert (not sink.found(), accepts("front-matter", yaml.load(front, Loader=_Core))) == (
        good,
        good,
    )


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('title = "Wiki"', True),
        ('base-url = "https://example.org/x"', True),
        ('base-url = ""', True),
        ('[[kernels]]\nrelease = "6.1"\nmodules = ["a", "b"]', True),
        ("[theme-options]\ncompact = true", True),
        ('titel = "Wiki"', False),
        ("title = 3", False),
        ('base-url = "example.org"', False),
        ('[[kernels]]\nbuild-id = "xyz"', False),
        ('[[kernels]]\nmodules = "a"', False),
        ('kernels = "6.1"', False),
        ('theme = "../x"', False),
        ("[theme-options]\ncompact = 1.5", False),
    ],
)
def test_schema_and_reader_agree_on_configurations(tmp_path, text, good):
    (tmp_path / "sitegen.toml").write_text(text)
    sink = Sink()
    read_project(tmp_path, sink)

    assert (not sink.found(), accepts("config", tomllib.loads(text))) == (good, good)
