"""Whole small sites: what they say and what they make.

Each folder of tests/sites is a project with `diagnostics.txt` (everything the build says, and its
exit code) and `files.txt` (everything it makes). `--update` rewrites both; review decides.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from sitegen.build.manifest import MANIFEST
from sitegen.build.outcome import Outcome
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text, count
from sitegen.project import read_project

ROOT = Path(__file__).parent.parent
SITES = Path(__file__).parent / "sites"
NAMES = sorted(path.name for path in SITES.iterdir() if path.is_dir())


_HASH = re.compile(r"\.[0-9a-f]{8}\.")
"""In the names of a theme's files."""


@pytest.fixture
def project(request, tmp_path, monkeypatch) -> Path:
    """A copy of the site that the test names, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("EXAMPLE_KERNEL", str(ROOT / "content" / "_kernel"))
    target = tmp_path / "project"
    shutil.copytree(SITES / request.param, target, symlinks=True)
    return target


def run(project: Path, **options) -> tuple[Outcome | None, str]:
    """What the build did, and everything it said, as the command prints it."""
    sink = Sink()
    found = read_project(project, sink)
    assert found is not None
    outcome = build(found, Options(**options), sink)
    said = "".join(as_text(diagnostic) + "\n" for diagnostic in sink)
    return outcome, said.replace(str(ROOT), "ROOT") + f"exit code {int(count(sink, 'error') > 0)}\n"


def files(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


@pytest.mark.parametrize("project", NAMES, indirect=True)
def test_a_site_says_and_makes_what_is_expected(project, request, update):
    expected = SITES / request.node.callspec.params["project"]

    _, said = run(project)
    names = sorted(_HASH.sub(".HASH.", name) for name in files(project / "site"))
    made = "".join(f"{name}\n" for name in names)

    if update:
        (expected / "diagnostics.txt").write_text(said)
        (expected / "files.txt").write_text(made)
    assert said == (expected / "diagnostics.txt").read_text()
    assert made == (expected / "files.txt").read_text()


@pytest.mark.parametrize("project", NAMES, indirect=True)
def test_a_second_build_writes_nothing_and_says_the_same(project):
    _, first = run(project)

    outcome, second = run(project)

    assert second == first
    if outcome and outcome.published:
        assert outcome.published.written == ()
        assert outcome.published.removed == ()


@pytest.mark.parametrize("project", NAMES, indirect=True)
def test_cache_and_number_of_processes_do_not_matter(project):
    run(project, jobs=2)

    run(project, jobs=1, cache=False, output=project / "other")

    assert files(project / "other") == files(project / "site")


@pytest.mark.parametrize("project", NAMES, indirect=True)
def test_nothing_hostile_reaches_a_page_as_markup(project):
    run(project)

    for name, data in files(project / "site").items():
        if name.endswith(".html"):
            text = data.decode().lower()
            assert "<script>alert" not in text
            assert "<b onclick" not in text
            assert 'href="javascript:' not in text


@pytest.mark.parametrize("project", ["broken-logs"], indirect=True)
def test_a_strict_build_with_problems_leaves_the_old_site(project):
    run(project)
    before = files(project / "site")
    (project / "content" / "new.md").write_text("---\ntitle: New\n---\n\nProse.\n")

    outcome, _ = run(project, strict=True)

    assert outcome is not None
    assert outcome.published is None
    assert files(project / "site") == before


@pytest.mark.parametrize("project", ["broken-template"], indirect=True)
def test_a_page_whose_template_fails_keeps_its_last_version(project):
    theme = project / "sitegen.toml"
    broken = theme.read_text()
    theme.write_text(broken.replace('theme = "broken"', ""))
    run(project)
    before = files(project / "site")
    theme.write_text(broken)
    (project / "content" / "about.md").write_text("---\ntitle: About\n---\n\nOther prose.\n")

    run(project)

    after = files(project / "site")
    assert after["cases/index.html"] == before["cases/index.html"]
    assert after["about/index.html"] != before["about/index.html"]


def test_a_console_that_is_one_string_is_shown_as_its_lines(tmp_path, monkeypatch):
    """All that a page says of a log it says by its lines: of one line it told the wrong function."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "project"
    (project / "content/cases").mkdir(parents=True)
    (project / "sitegen.toml").write_text('title = "Notes"\n')
    console = (ROOT / "content/_kernel/logs/null.log").read_text()
    texts = {"lines": console, "string": json.dumps({"Output": console})}
    for name, text in texts.items():
        (project / f"content/cases/{name}.log").write_text(text)
        block = f"```{{panic}}\n:file: {name}.log\n```\n"
        (project / f"content/cases/{name}.md").write_text(f"# The case\n\n{block}")

    run(project)

    pages = {
        name: (project / f"site/cases/{name}/index.html").read_text().split("<main", 1)[1]
        for name in texts
    }
    assert "desk_lamp_status" in pages["lines"]
    as_lines = pages["string"].split("</main>")[0].replace("string", "lines")
    logs = [text[text.index('class="decoded"') :] for text in (as_lines, pages["lines"])]
    assert logs[0].split('class="raw"')[0] == logs[1].split('class="raw"')[0]


def test_functions_that_differ_in_case_alone_are_led_to_each_on_its_page(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "project"
    (project / "content/cases").mkdir(parents=True)
    (project / "sitegen.toml").write_text('title = "Notes"\n')
    log = "[    1.0] Kernel panic - not syncing: x\n[    1.0] Call Trace:\n"
    frames = ("panic", "foo", "Foo", "sys_write")
    log += "".join(f"[    1.0]  {name}+0x1/0x9\n" for name in frames)
    (project / "content/cases/a.md").write_text(f"# A\n\n```panic\n{log}```\n")

    _, said = run(project)

    assert "error" not in said
    (upper,) = (one.name for one in (project / "site/functions").glob("Foo-*"))
    pages = [
        (project / f"site/{one}/index.html").read_text()
        for one in (
            "cases/a",
            "functions/panic",
            "functions",
            f"functions/{upper}",
            "functions/foo",
        )
    ]
    assert all("Foo/index.html" not in page for page in pages)
    assert f"../../functions/{upper}/index.html" in pages[0]
    assert "functions/foo/index.html" in pages[0]
    assert f'href="{upper}/index.html"' in pages[2]
    assert f'href="../{upper}/index.html"' in pages[4], "its neighbour"
    assert upper in (project / "site/search/index.html").read_text()
