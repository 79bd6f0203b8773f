"""Locks held against the image and the tree they were made from."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.build.run import Options, build
from sitegen.check import drift
from sitegen.crash.lockfile import decode, encode
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

KERNEL = Path(__file__).parents[2] / "content" / "_kernel"
CONFIG = """\
title = "Wiki"
[[kernels]]
release = "6.1.0-sitegen"
vmlinux = "$EXAMPLE_KERNEL/vmlinux"
source = "$EXAMPLE_KERNEL/src"
"""


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki of one case, decoded."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("EXAMPLE_KERNEL", str(KERNEL))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases").mkdir(parents=True)
    (folder / "sitegen.toml").write_text(CONFIG)
    shutil.copy(KERNEL / "logs" / "null.log", folder / "content" / "cases" / "null.log")
    (folder / "content" / "cases" / "lamp.md").write_text(
        "# Lamp\n\n:::{source} vfs_read\n:::\n\n```{panic}\n:file: null.log\n```\n"
    )
    make(folder)
    return folder


def make(wiki: Path) -> None:
    """Builds the wiki, which writes its lock."""
    project = read_project(wiki, Sink())
    assert project is not None
    assert build(project, Options(jobs=1), Sink())


def lock(wiki: Path) -> Path:
    return wiki / "content" / "cases" / "lamp.lock.json"


def lines(found) -> list[str]:
    return [as_text(one).split("\n")[0] for one in found]


def test_a_wiki_as_it_was_built_has_no_drift(wiki, look) -> None:
    assert lines(look(wiki)) == []


def test_drifted_frames_are_told_one_by_one_and_then_counted(wiki, look, monkeypatch) -> None:
    monkeypatch.setattr(drift, "_MOST", 2)
    held = decode(lock(wiki).read_bytes())
    (log,) = held.logs
    report = log.reports[0]
    moved = tuple(
        replace(
            trace,
            frames=tuple(
                replace(one, calls=tuple(replace(call, line=1) for call in one.calls))
                for one in trace.frames
            ),
        )
        for trace in report.traces
    )
    log = replace(log, reports=(replace(report, traces=moved), *log.reports[1:]))
    lock(wiki).write_bytes(encode(replace(held, logs=(log,))))

    found = lines(look(wiki))

    assert [line.split(": ")[1] for line in found] == ["error[S013]"] * 3
    assert found[0].startswith("content/cases/null.log:1: ")
    assert "more frames decode to something else than the lock says" in found[0]
    assert "the lock says lamp_read (drivers/misc/lamp.c:1)" in found[1]


def test_a_frame_that_differs_by_its_column_alone_says_so(wiki, look) -> None:
    text = lock(wiki).read_text()
    old = '"line": 122,\n                      "column": 8'
    assert old in text
    lock(wiki).write_text(text.replace(old, old.replace("8", "9"), 1))

    (line,) = lines(look(wiki))

    assert "decodes to lamp_read (drivers/misc/lamp.c:122:8:not inlined); the lock says " in line
    assert "lamp.c:122:9:not inlined" in line


def test_a_lock_made_without_the_image_is_told_once(wiki, look, monkeypatch) -> None:
    monkeypatch.delenv("EXAMPLE_KERNEL")
    lock(wiki).unlink()
    config = wiki / "sitegen.toml"
    config.write_text('title = "Wiki"\n')
    make(wiki)
    config.write_text(CONFIG)
    monkeypatch.setenv("EXAMPLE_KERNEL", str(KERNEL))

    found = [line for line in lines(look(wiki)) if "[S013]" in line]

    assert found == [
        (
            "content/cases/null.log:1: error[S013]: not decoded in the lock"
            " (no kernel 6.1.0-sitegen is configured), and the image is here"
        )
    ]


def test_where_the_image_is_elsewhere_a_note_says_what_was_not_checked(
    wiki, look, monkeypatch
) -> None:
    monkeypatch.delenv("EXAMPLE_KERNEL")

    assert lines(look(wiki)) == [
        "note[S015]: kernel 6.1.0-sitegen: its image is not here, so its locks are not checked"
    ]


def test_frames_of_a_module_that_is_not_here_are_not_judged(wiki, look) -> None:
    held = decode(lock(wiki).read_bytes())
    (log,) = held.logs
    report = log.reports[0]
    (first, *rest) = report.traces[0].frames
    trace = replace(report.traces[0], frames=(replace(first, module="gone"), *rest))
    log = replace(log, reports=(replace(report, traces=(trace,)),))
    lock(wiki).write_bytes(encode(replace(held, logs=(log,))))

    assert lines(look(wiki)) == [
        "note[S015]: kernel 6.1.0-sitegen: its module 'gone' is not here, and is not checked"
    ]


def test_a_source_tree_that_moved_on_is_told_where_its_text_is_shown(
    wiki, look, tmp_path, monkeypatch
) -> None:
    other = tmp_path / "kernel"
    shutil.copytree(KERNEL, other)
    path = other / "src" / "fs" / "read_write.c"
    path.write_text(path.read_text().replace("ssize_t vfs_read(", "ssize_t  vfs_read("))
    monkeypatch.setenv("EXAMPLE_KERNEL", str(other))

    found = [line for line in lines(look(wiki)) if "[R005]" in line]

    assert len(found) == 2
    assert found[0].startswith("content/cases/lamp.md:3: warning[R005]: 'fs/read_write.c:"), (
        "the directive"
    )
    assert found[1].startswith("content/cases/null.log:"), "the step of the chain"


def test_a_member_that_is_elsewhere_in_the_image_is_told_at_its_claim(wiki, look) -> None:
    case = wiki / "content" / "cases" / "lamp.md"
    case.write_text(case.read_text() + "\n{claim}`member struct file.f_op at 0x999`\n")
    make(wiki)
    held = decode(lock(wiki).read_bytes())
    (log,) = held.logs
    (layout,) = log.layouts
    true = layout.offset
    log = replace(log, layouts=(replace(layout, offset=true + 8),))
    lock(wiki).write_bytes(encode(replace(held, logs=(log,))))
    case.write_text(case.read_text().replace("0x999", f"{true + 8:#x}"))

    assert lines(look(wiki)) == [
        (
            f"content/cases/lamp.md:10: error[S013]: 'struct file.f_op' is at {true:#x}, 8 bytes;"
            f" the lock says at {true + 8:#x}, 8 bytes"
        )
    ]


def test_excerpts_that_nothing_asks_for_any_more_are_told(wiki, look) -> None:
    case = wiki / "content" / "cases" / "lamp.md"
    case.write_text(case.read_text().replace(":::{source} vfs_read\n:::\n", ""))

    assert lines(look(wiki)) == [
        "content/cases/lamp.lock.json: warning[S014]: the lock has 'vfs_read', and no directive asks for it"
    ]
