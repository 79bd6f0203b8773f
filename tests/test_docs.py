"""The documents of the example wiki: current, whole, and true.

`--update` rewrites what is made from tables.
"""

import re
import shutil
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.codes import every_code
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project
from sitegen.web.claims.chain import EDGE_KINDS
from sitegen.web.content.forms import STATUS
from sitegen.web.directives import DIRECTIVES
from sitegen.web.markdown import standard_roles
from tests.docs import rewritten

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "content" / "docs"
WRITING = (DOCS / "writing.md").read_text()


@pytest.mark.parametrize("name", sorted(path.name for path in DOCS.glob("*.md")))
def test_what_is_made_from_tables_is_current(name, update):
    page = DOCS / name
    made = rewritten(page.read_text())

    if update:
        page.write_text(made)
    assert page.read_text() == made, "run pytest tests/test_docs.py --update"


@pytest.mark.parametrize("spec", [one.spec for one in DIRECTIVES], ids=lambda spec: spec.name)
def test_every_directive_is_shown_with_its_options(spec):
    used = re.findall(rf"^(?::{{3,}}|`{{3,}}){{{spec.name}}}.*$", WRITING, re.MULTILINE)

    # Once as it is written, once rendered.
    assert len(used) >= 2
    for option in spec.options:
        assert f":{option}:" in WRITING


@pytest.mark.parametrize("role", [*standard_roles({}, lambda _file, _line: ""), "claim"])
def test_every_role_is_shown(role):
    assert WRITING.count(f"{{{role}}}`") >= 2


@pytest.mark.parametrize("kind", sorted(set(EDGE_KINDS.values())))
def test_every_way_of_a_call_is_named(kind):
    assert f"`{kind}`" in WRITING


def test_every_status_is_named():
    for word in STATUS.schema["enum"]:
        assert word is None or word in WRITING


def test_every_diagnostic_has_its_place():
    page = (DOCS / "diagnostics.md").read_text()

    assert [*every_code()] == re.findall(r"^### ([A-Z]\d{3})$", page, re.MULTILINE)


def test_the_index_leads_to_every_page():
    index = (DOCS / "index.md").read_text()
    pages = {path.name for path in DOCS.glob("*.md")} - {"index.md"}

    assert pages <= set(re.findall(r"\]\(([a-z-]+\.md)\)", index))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, list[str]]:
    """The documents as a wiki of their own: no other cases, nothing decoded before."""
    folder = tmp_path_factory.mktemp("docs")
    for name in ("docs", "_kernel", "cases"):
        shutil.copytree(ROOT / "content" / name, folder / "content" / name)
    shutil.copy(ROOT / "sitegen.toml", folder)
    sink = Sink()
    project = read_project(folder, sink)
    assert project is not None
    build(project, Options(cache=False, locked=True), sink)
    return folder / "site", [
        as_text(problem) for problem in sink if problem.at and "/docs/" in str(problem.at)
    ]


def test_they_are_built_without_a_word_of_complaint(built):
    assert built[1] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in DOCS.glob("*.md")))
def test_every_link_into_a_page_has_its_end(built, name):
    page = built[0] / "docs" / ("" if name == "index" else name) / "index.html"
    html = page.read_text()
    ids = re.findall(r'\sid="([^"]*)"', html)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_the_theme_of_the_page_about_themes_works(tmp_path):
    page = (DOCS / "theming.md").read_text()
    files = re.findall(
        r'^```[a-z]+ \{caption="([^"]+)"\}\n(.*?)^```$', page, re.MULTILINE | re.DOTALL
    )
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "tests/sites/everything/content", tmp_path / "content")
    sink = Sink()
    project = read_project(tmp_path, sink)
    assert project is not None
    build(project, Options(cache=False), sink)

    assert len(files) == 4
    assert [problem for problem in sink if problem.code.id[0] in "GT"] == []
    for name in (
        "index.html",
        "cases/index.html",
        "cases/lamp/index.html",
        "guide/reading/index.html",
    ):
        html = (tmp_path / "site" / name).read_text()
        assert '<a href="mailto:storage@example.org">' in html
        assert re.search(r'href="[./]*static/house\.[0-9a-f]{8}\.css"', html)


def test_the_page_about_themes_names_every_block_and_property():
    page = (DOCS / "theming.md").read_text()
    base = (ROOT / "themes/default/templates/base.html").read_text()
    style = (ROOT / "themes/default/static/style.css").read_text()
    blocks = set(re.findall(r"{% block (\w+) %}", base)) - {"policy", "base"}

    assert {name for name in blocks if f"`{name}`" not in page} == set()
    for name in set(re.findall(r"`(--[a-z0-9]+)`", page)):
        assert f"{name}:" in style
