"""`sitegen check` as a command, and on whole wikis."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project
from sitegen.web.content import TODO

ROOT = Path(__file__).parents[2]
SITES = ROOT / "tests" / "sites"


def run(wiki: Path, *arguments: str, command: str = "check", **environment: str):
    return subprocess.run(
        [sys.executable, "-m", "sitegen", command, *arguments],
        cwd=wiki,
        capture_output=True,
        text=True,
        check=False,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
            "XDG_CACHE_HOME": str(wiki.parent / "cache"),
            **environment,
        },
    )


@pytest.fixture
def wiki(tmp_path) -> Path:
    folder = tmp_path / "wiki"
    (folder / "content").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Wiki"\n')
    (folder / "content" / "about.md").write_text("# About\n\nAll is well.\n")
    return folder


def test_a_clean_wiki_is_said_to_be_one(wiki) -> None:
    done = run(wiki)

    assert done.stdout == "0 cases, 1 page: no problems\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_warnings_fail_where_that_is_asked_for(wiki) -> None:
    (wiki / "content" / "about.md").write_text("# About\n\n[gone](gone.md)\n")

    assert run(wiki).returncode == 0
    assert run(wiki, "--strict").returncode == 1
    done = run(wiki, "--quiet")
    assert "content/about.md:3:8: warning[X001]" in done.stdout
    assert done.stderr == ""
    assert "X001" in run(wiki, command="build").stderr
    with (wiki / "sitegen.toml").open("a") as config:
        config.write('[severity]\nX001 = "error"\n')
    assert run(wiki).returncode == 1


def test_what_nobody_would_read_is_counted(wiki) -> None:
    (wiki / "content" / "about.md").write_text("# About\n\n" + "TODO: write it\n\n" * 70)

    told = run(wiki, "-q").stdout

    assert told.count("a line that is still to be written") == 50
    assert "content/about.md: warning[M019]: 20 more such problems" in told


def test_a_severity_counts_for_what_only_a_check_finds(wiki) -> None:
    (wiki / "content" / "about.md").write_text("# About\n\nTODO: write it\n")
    assert "warning[M019]" in run(wiki).stdout

    with (wiki / "sitegen.toml").open("a") as config:
        config.write('[severity]\nM019 = "ignore"\n')

    assert "M019" not in run(wiki, "-v").stdout


def test_wrong_usage_is_told_apart_from_problems(wiki, tmp_path) -> None:
    assert run(wiki, "--format", "xml").returncode == 2
    (tmp_path / "empty").mkdir()
    done = run(tmp_path / "empty")
    assert done.returncode == 2
    assert "error[G001]" in done.stderr


@pytest.mark.parametrize("form", ["json", "github", "gitlab", "sarif"])
def test_machines_get_nothing_but_their_form_on_standard_output(wiki, form) -> None:
    (wiki / "content" / "about.md").write_text("# About\n\n[gone](gone.md)\n")

    done = run(wiki, "--format", form)

    if form == "github":
        first, *_ = done.stdout.splitlines()
        assert first.startswith("::warning file=content/about.md,line=3,")
    else:
        assert "X001" in json.dumps(json.loads(done.stdout))
    assert "1 warning" in done.stderr


def test_a_wiki_whose_cache_cannot_be_written_is_checked_all_the_same(wiki) -> None:
    (wiki.parent / "cache").write_text("no folder")

    assert run(wiki).stdout.endswith("no problems\n")
    assert not (wiki / "site").exists()


def test_no_map_of_redactions_is_written(wiki) -> None:
    with (wiki / "sitegen.toml").open("a") as config:
        config.write('[redact]\nclasses = ["mac"]\n')
    (wiki / "content" / "about.md").write_text("# About\n\nThe card is 52:54:00:12:34:56.\n")

    assert run(wiki).returncode == 0

    assert sorted(path.name for path in wiki.iterdir()) == ["content", "sitegen.toml"]


def test_the_example_wiki_has_nothing_wrong_with_it(tmp_path) -> None:
    for name in ("content", "themes", "sitegen.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / "wiki" / name)
        else:
            shutil.copy(source, tmp_path / "wiki" / name)

    done = run(tmp_path / "wiki", "--strict")

    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("name", sorted(path.name for path in SITES.iterdir() if path.is_dir()))
def test_a_check_tells_everything_that_a_locked_build_tells(
    name, tmp_path, monkeypatch, look
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("EXAMPLE_KERNEL", str(ROOT / "content" / "_kernel"))
    shutil.copytree(SITES / name, tmp_path / "wiki", symlinks=True)
    project = read_project(tmp_path / "wiki", Sink())
    assert project is not None
    built = Sink()
    build(project, Options(locked=True, jobs=1), built)
    shutil.rmtree(tmp_path / "wiki" / "site", ignore_errors=True)

    told = {as_text(one) for one in look(tmp_path / "wiki")}

    follows = {as_text(one) for one in built if one.code.id in {"S006", "S007"}}
    assert {as_text(one) for one in built} - follows <= told
    assert not (tmp_path / "wiki" / "site").exists()


def test_a_case_that_was_just_made_is_told_to_be_written(wiki) -> None:
    log = ROOT / "content" / "_kernel" / "logs" / "null.log"
    assert run(wiki, str(log), command="new").returncode == 0
    (path,) = (wiki / "content" / "cases").glob("*.md")

    report = json.loads(run(wiki, "--format", "json").stdout)

    found = [one["line"] for one in report["diagnostics"] if one["code"] == "M019"]
    lines = path.read_text().splitlines()
    assert found == [number for number, line in enumerate(lines, 1) if line.startswith(TODO)]
    assert {one["code"] for one in report["diagnostics"]} <= {"M019", "S006"}


def test_a_second_check_at_the_same_time_says_the_same(wiki) -> None:
    (wiki / "content" / "about.md").write_text("# About\n\n[gone](gone.md)\n")
    first = run(wiki)
    (folder,) = (wiki.parent / "cache" / "sitegen" / "check").iterdir()
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        second = run(wiki)
    finally:
        os.close(handle)

    assert second.stdout == first.stdout
    assert "G006" not in second.stdout


def test_a_lock_whose_name_is_no_text_is_told(wiki) -> None:
    name = os.fsencode(wiki / "content") + b"/\xff.lock.json"
    with open(name, "wb") as file:  # noqa: PTH123  reason: a name that is bytes
        file.write(b"{}")

    done = run(wiki, "--format", "json")

    (problem,) = json.loads(done.stdout)["diagnostics"]
    assert problem["code"] == "S014"
    assert run(wiki).returncode == 0
