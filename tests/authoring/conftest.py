"""A wiki to make cases in, whose kernel is at hand."""

from pathlib import Path

import pytest

from sitegen.diagnostics import Sink
from sitegen.project import Project, read_project

ROOT = Path(__file__).parent.parent.parent
KERNEL = ROOT / "content" / "_kernel"
CONFIGURED = """\
title = "Wiki"

[[kernels]]
release = "6.1.0-sitegen"
vmlinux = "$KERNEL/vmlinux"
source = "$KERNEL/src"
"""


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki without cases."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("KERNEL", str(KERNEL))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases").mkdir(parents=True)
    (folder / "sitegen.toml").write_text(CONFIGURED)
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
