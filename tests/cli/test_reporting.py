"""`--format`, as a command has it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def wiki(tmp_path) -> Path:
    """A wiki in a folder of a repository, with a link to nowhere and no home of its own."""
    folder = tmp_path / "repository" / "wiki"
    (folder / "content").mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (folder / "sitegen.toml").write_text('title = "Wiki"\n')
    (folder / "content" / "about.md").write_text("# About\n\nSee [it](gone.md).\n")
    return folder


def run(wiki: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sitegen", "build", str(wiki), "--no-cache", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **environment},
    )


def test_a_build_tells_machines_on_standard_output_and_people_beside_it(wiki) -> None:
    done = run(wiki, "--format", "json")

    (problem,) = json.loads(done.stdout)["diagnostics"]
    assert (problem["code"], problem["path"], problem["line"]) == ("X001", "content/about.md", 3)
    assert "file" in done.stderr
    assert done.returncode == 0
    assert run(wiki, "--format", "json", "--strict").returncode == 1


def test_a_github_job_gets_paths_of_its_repository_and_a_summary(wiki, tmp_path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")

    done = run(wiki, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))

    assert "::warning file=wiki/content/about.md,line=3,col=10,endColumn=17," in done.stdout
    assert summary.read_text().startswith("before\n### sitegen: 1 warning\n")


def test_a_summary_that_cannot_be_written_is_left_out(wiki, tmp_path) -> None:
    done = run(wiki, "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path))

    assert "::warning " in done.stdout
    assert done.returncode == 0


def test_text_is_told_beside_standard_output(wiki) -> None:
    done = run(wiki)

    assert "warning[X001]" in done.stderr
    assert "warning[X001]" not in done.stdout


def test_every_form_is_offered() -> None:
    from sitegen.cli.reporting import FORMATS
    from sitegen.reporters import FORMATS as FORMS

    assert ("text", *FORMS) == FORMATS
