"""A wiki whose kernel is at hand, for tests that decode."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KERNEL = ROOT / "content" / "_kernel"
"""Our own small kernel: its image, its source, its crashes."""
CONFIGURED = """\
title = "Wiki"

[[kernels]]
release = "6.1.0-sitegen"
vmlinux = "$KERNEL/vmlinux"
source = "$KERNEL/src"
"""


def make_wiki(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wiki without cases below `folder`, with a cache of its own beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("KERNEL", str(KERNEL))
    wiki = folder / "wiki"
    (wiki / "content" / "cases").mkdir(parents=True)
    (wiki / "sitegen.toml").write_text(CONFIGURED)
    return wiki
