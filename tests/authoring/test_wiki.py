"""A new wiki: builds and checks as it is, and its CI files are what the services take."""

import json
import shutil
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from sitegen.authoring.wiki import LocalKernel, NewWiki, _configuration, make_wiki
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

ROOT = Path(__file__).parent.parent.parent
KERNEL = ROOT / "content" / "_kernel"
EXAMPLE = ROOT / "sitegen/authoring/templates/content/cases/lamp-without-bulb"
LOCK = "lamp-without-bulb.lock.json"


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def made(folder: Path, **wanted) -> list[str]:
    """Makes a wiki; what was said."""
    sink = Sink()
    make_wiki(folder, NewWiki(**({"title": "Crash notes"} | wanted)), sink)
    return [as_text(one) for one in sink]


def build_problems(folder: Path, *, locked: bool, relock: bool = False) -> list[str]:
    sink = Sink()
    project = read_project(folder, sink)
    assert project is not None
    build(project, Options(strict=True, locked=locked, relock=relock, jobs=1), sink)
    return [as_text(one) for one in sink]


def test_it_builds_as_it_is_without_any_kernel(tmp_path):
    assert made(tmp_path / "wiki") == []
    assert build_problems(tmp_path / "wiki", locked=True) == []
    page = (tmp_path / "wiki/site/cases/lamp-without-bulb/index.html").read_text()
    assert "lamp-&gt;bulb-&gt;watts" in page
    assert "14 of 14 function sizes" in page


def test_its_lock_is_what_decoding_finds_today(tmp_path, update):
    made(tmp_path / "wiki")
    with (tmp_path / "wiki/sitegen.toml").open("a") as config:
        config.write(
            f"[[kernels]]\nrelease = '6.1.0-sitegen'\nvmlinux = '{KERNEL}/vmlinux'\nsource = '{KERNEL}/src'\n"
        )
    assert build_problems(tmp_path / "wiki", locked=False, relock=True) == []
    found = tmp_path / "wiki/content/cases/lamp-without-bulb" / LOCK
    if update:
        shutil.copy(found, EXAMPLE / LOCK)
    assert found.read_bytes() == (EXAMPLE / LOCK).read_bytes()


def test_its_log_is_the_one_that_our_kernel_printed():
    assert (EXAMPLE / "console.log").read_bytes() == (KERNEL / "logs/null.log").read_bytes()


def test_the_example_shows_every_section_of_the_skeleton():
    from sitegen.authoring.sections import SECTIONS

    text = (EXAMPLE / "index.md").read_text()
    assert [f"## {section.heading}" for section in SECTIONS] == [
        line for line in text.split("\n") if line.startswith("## ")
    ]
    assert "TODO" not in text


def schema(name: str) -> dict:
    folder = files("check_jsonschema") / "builtin_schemas/vendor"
    return json.loads((folder / f"{name}.json").read_text())


@pytest.mark.parametrize("folder", [".", "teams/our wiki: #1"])
@pytest.mark.parametrize(
    ("file", "name"),
    [(".github/workflows/wiki.yml", "github-workflows"), (".gitlab-ci.yml", "gitlab-ci")],
)
def test_ci_files_are_what_the_services_take(tmp_path, file, name, folder):
    (tmp_path / ".git").mkdir()
    made(tmp_path / folder)
    text = (tmp_path / file).read_text()
    given_file = yaml.safe_load(text)
    if True in given_file:  # YAML 1.1 reads the key `on` as true
        given_file["on"] = given_file.pop(True)
    assert [error.message for error in Draft7Validator(schema(name)).iter_errors(given_file)] == []


def test_only_the_job_that_publishes_may_write_to_pages(tmp_path):
    made(tmp_path)
    workflow = yaml.safe_load((tmp_path / ".github/workflows/wiki.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["build"]["permissions"] == {"contents": "read", "pages": "read"}
    publish = workflow["jobs"]["publish"]
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert "default_branch" in publish["if"]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(name.startswith("actions/") and "@v" in name for name in used)
    # What a pull request says must not become part of a command.
    assert not any("${{" in step.get("run", "") for step in steps)


def test_in_a_folder_of_a_repository_ci_builds_that_folder(tmp_path):
    (tmp_path / ".git").mkdir()
    assert made(tmp_path / "docs/wiki") == []
    assert not (tmp_path / "docs/wiki/.gitlab-ci.yml").exists()
    workflow = yaml.safe_load((tmp_path / ".github/workflows/wiki.yml").read_text())
    assert workflow["env"]["WIKI"] == "docs/wiki"
    steps = workflow["jobs"]["build"]["steps"]
    assert [one["with"]["path"] for one in steps if "artifact" in one.get("uses", "")] == [
        "${{ env.WIKI }}/site"
    ] * 2
    runs = [one["run"] for one in steps if one.get("run", "").startswith("sitegen")]
    jobs = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text())
    assert jobs["variables"]["WIKI"] == "docs/wiki"
    runs += [line for name in ("check", "preview", "pages") for line in jobs[name]["script"]]
    assert len(runs) == 5
    assert all(line.split()[2] == '"$WIKI"' for line in runs)


def test_ci_files_of_others_in_a_repository_stay(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitlab-ci.yml").write_text("mine")
    sink = Sink()
    written = make_wiki(tmp_path / "wiki", NewWiki("Wiki"), sink)
    assert written is not None
    assert written.above == (tmp_path / ".github/workflows/wiki.yml",)
    assert written.displaced == (".gitlab-ci.yml",)
    assert (tmp_path / ".gitlab-ci.yml").read_text() == "mine"
    jobs = yaml.safe_load((tmp_path / "wiki/.gitlab-ci.yml").read_text())
    assert jobs["variables"]["WIKI"] == "wiki"


def test_the_site_is_published_whole_and_knows_its_address(tmp_path):
    made(tmp_path)
    jobs = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text())
    assert jobs["pages"]["interruptible"] is False
    assert jobs["default"]["image"] == "python:3.12"  # the slim image has no git
    assert '--base-url "$CI_PAGES_URL"' in jobs["pages"]["script"][0]
    workflow = yaml.safe_load((tmp_path / ".github/workflows/wiki.yml").read_text())
    steps = workflow["jobs"]["build"]["steps"]
    (asked,) = (one for one in steps if "configure-pages" in one.get("uses", ""))
    (build_step,) = (one for one in steps if one.get("name") == "Build")
    assert build_step["env"]["BASE_URL"] == f"${{{{ steps.{asked['id']}.outputs.base_url }}}}"
    assert '--base-url "$BASE_URL"' in build_step["run"]


@pytest.mark.parametrize("ci", [(), ("github",), ("gitlab",)])
def test_ci_files_may_be_left_out(tmp_path, ci):
    made(tmp_path, ci=ci)
    assert (tmp_path / ".github").exists() == ("github" in ci)
    assert (tmp_path / ".gitlab-ci.yml").exists() == ("gitlab" in ci)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_title_is_kept(title):
    text = _configuration(NewWiki(title, base_url="https://a.example/"))
    kept = " ".join(title.encode("utf-8", "replace").decode().split())
    assert tomllib.loads(text)["title"] == kept
    assert tomllib.loads(text)["base-url"] == "https://a.example/"


def test_a_kernel_at_hand_is_configured(tmp_path):
    made(tmp_path, kernel=LocalKernel("6.1.0-x", "/boot/vmlinux-6.1.0-x"))
    sink = Sink()
    project = read_project(tmp_path, sink)
    assert sink.found() == ()
    assert project is not None
    assert [(one.release, str(one.vmlinux)) for one in project.kernels] == [
        ("6.1.0-x", "/boot/vmlinux-6.1.0-x")
    ]


def test_every_key_that_is_commented_out_is_one(tmp_path):
    made(tmp_path)
    path = tmp_path / "sitegen.toml"
    lines = path.read_text().split("\n")
    path.write_text(
        "\n".join(
            line[1:] if (line.startswith("#") and " = " in line) or line.startswith("#[[") else line
            for line in lines
        )
    )
    sink = Sink()
    project = read_project(tmp_path, sink)
    assert [as_text(one) for one in sink] == []
    assert project is not None
    assert len(project.kernels) == 1


def test_a_folder_with_other_files_is_fine(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "content").mkdir()
    (tmp_path / ".gitignore").write_text("*.o\n")
    assert made(tmp_path) == []
    assert (tmp_path / ".gitignore").read_text() == "*.o\n"
    assert (tmp_path / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    "there",
    [
        "sitegen.toml",
        "content/about.md",
        ".gitlab-ci.yml",
        "content/cases/lamp-without-bulb/index.md",
    ],
)
def test_nothing_is_written_where_something_stands(tmp_path, there):
    path = tmp_path / there
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert f"error[G015]: there is '{there}' already" in made(tmp_path)[0]
    assert sorted(tmp_path.rglob("*")) == before
    assert path.read_text() == "mine"


def test_a_file_where_a_folder_would_be_is_in_the_way(tmp_path):
    (tmp_path / "content").write_text("a file")
    assert "already" in made(tmp_path)[0]
    assert sorted(tmp_path.iterdir()) == [tmp_path / "content"]


def test_a_project_in_pyproject_is_one(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.sitegen]\n")
    assert "'pyproject.toml'" in made(tmp_path)[0]


def test_nothing_is_left_of_a_wiki_that_could_not_be_written(tmp_path, monkeypatch):
    real = Path.open

    def fail(path, mode="r", **rest):
        if path.name == "sitegen.toml" and mode == "xb":
            raise OSError(28, "No space left on device")
        return real(path, mode, **rest)

    monkeypatch.setattr(Path, "open", fail)
    (said,) = made(tmp_path / "wiki")
    assert "no space left on device" in said
    assert list(tmp_path.glob("wiki")) == []
