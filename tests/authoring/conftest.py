"""A wiki to make cases in, whose kernel is at hand."""

from pathlib import Path

import pytest

from sitegen.diagnostics import Sink
from sitegen.project import Project, read_project
from tests.wikis import KERNEL, make_wiki


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki without cases."""
    folder = make_wiki(tmp_path, monkeypatch)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def project(wiki) -> Project:
    found = read_project(wiki, Sink())
    assert found is not None
    return found


@pytest.fixture
def logs() -> dict[str, str]:
    """The crashes of our own small kernel, by name."""
    return {path.stem: path.read_text() for path in sorted((KERNEL / "logs").glob("*.log"))}
