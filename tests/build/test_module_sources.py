"""A module built outside of the kernel's tree, and where its source lies here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.check.run import check
from sitegen.cli.decode import places
from sitegen.crash import lockfile
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Query
from sitegen.diagnostics import Sink, as_text
from sitegen.model import ChainStep, LogEvidence
from sitegen.project import read_project

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "content" / "_kernel"
LOG = (KERNEL / "logs" / "sysrq.log").read_text()
SOURCE = """\
extern int host_call(int lamp);

/* Turns it on. */
int lamp_on(int lamp)
{
	int bulb = lamp + 1;

	return host_call(bulb) + 1;
}
"""
CONFIGURED = """\
title = "Wiki"

[[kernels]]
release = "6.1.0-sitegen"
vmlinux = "$KERNEL/vmlinux"
source = "$KERNEL/src"
modules = ["$MODULES"]
browse = "https://src.example/{file}#L{line}"
module-sources = { lamp = "$SOURCES/lamp" }
"""


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki with a log of a module that another machine built, and whose source is here."""
    for program in ("gcc", "nm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("KERNEL", str(KERNEL))
    monkeypatch.setenv("MODULES", str(tmp_path / "modules"))
    monkeypatch.setenv("SOURCES", str(tmp_path / "src"))
    for folder in ("modules", "src/lamp", "wiki/content/cases"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "src/lamp/main.c").write_text(SOURCE)
    module = tmp_path / "modules/lamp.ko"
    mapped = f"-ffile-prefix-map={tmp_path}/src=/home/joe"
    command = ["gcc", "-g", "-O1", "-fno-pic", "-fno-pie", mapped, "-c", "-o", module]
    subprocess.run([*command, tmp_path / "src/lamp/main.c"], check=True)
    listed = subprocess.run(["nm", "-S", module], check=True, capture_output=True, text=True)
    size = int(re.search(r" (\w+) T lamp_on", listed.stdout)[1], 16)
    frame = f"[    0.000090]  lamp_on+{after_call(module, size):#x}/{size:#x} [lamp]\n"
    text = LOG.replace("[    0.000091]  vfs_write", f"{frame}[    0.000091]  vfs_write")
    folder = tmp_path / "wiki"
    (folder / "sitegen.toml").write_text(CONFIGURED)
    write(folder, text)
    return folder


def after_call(module: Path, size: int) -> int:
    """Where in the function the call that it makes returns to."""
    with Symbolizer(None, [module], cache=None) as symbolizer:
        queries = [Query("lamp_on", at, size, "lamp") for at in range(1, size)]
        found = symbolizer.sites(symbolizer.decode(queries))
        return next(one.offset for one, site in zip(queries, found, strict=True) if site)


def write(wiki: Path, log: str, *asked: str) -> None:
    directives = "".join(f":::{{source}} {one}\n:::\n\n" for one in asked)
    (wiki / "content/cases/crash.md").write_text(f"# A crash\n\n{directives}```panic\n{log}```\n")


def log_of(wiki: Path) -> str:
    return (
        (wiki / "content/cases/crash.md").read_text().split("```panic\n")[1].removesuffix("```\n")
    )


def run(wiki: Path, **options) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    build(project, Options(**options), sink)
    return [as_text(problem) for problem in sink if problem.severity != "note"]


def checked(wiki: Path) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    check(project, sink)
    return [problem.message for problem in sink if problem.code.id in {"R001", "R003", "R005"}]


def entry(wiki: Path) -> LogEvidence:
    return lockfile.decode((wiki / "content/cases/crash.lock.json").read_bytes()).logs[0]


def step(wiki: Path) -> ChainStep:
    return next(one for one in entry(wiki).reports[0].chain if one.function == "lamp_on")


def page(wiki: Path) -> str:
    return (wiki / "site/cases/crash/index.html").read_text()


def test_the_source_of_the_module_is_shown_under_its_own_name(wiki):
    assert run(wiki) == []

    found = step(wiki)
    assert (found.file, found.line, found.layer) == ("lamp/main.c", 8, "Out of tree")
    assert found.snippet is not None
    assert found.snippet.text == "\n".join(SOURCE.splitlines()[3:]) + "\n"
    assert "/home/joe" not in (wiki / "content/cases/crash.lock.json").read_text()
    assert "lamp/main.c:8" in page(wiki)
    assert "/home/joe" not in page(wiki)


def test_a_browser_of_the_kernel_has_no_files_of_the_module(wiki):
    run(wiki)

    assert "https://src.example/fs/read_write.c" in page(wiki)
    assert "https://src.example/lamp" not in page(wiki)


def test_another_machine_gives_the_same_page_without_the_folder(wiki, monkeypatch):
    run(wiki)
    before = page(wiki)
    monkeypatch.delenv("SOURCES")
    monkeypatch.delenv("KERNEL")

    assert run(wiki, locked=True, strict=True, cache=False) == []
    assert page(wiki) == before


def test_the_paths_are_the_same_where_the_folder_is_not(wiki, monkeypatch):
    run(wiki)
    paths = [call.file for frame in entry(wiki).reports[0].traces[0].frames for call in frame.calls]
    monkeypatch.delenv("SOURCES")

    run(wiki, relock=True)
    frames = entry(wiki).reports[0].traces[0].frames
    assert [call.file for frame in frames for call in frame.calls] == paths
    assert (step(wiki).file, step(wiki).snippet) == ("lamp/main.c", None)
    assert step(wiki).unshown == (
        "lamp/main.c is not at hand: its source folder is not on this machine"
    )


def test_the_text_is_held_against_the_image_as_that_of_the_tree_is(wiki, tmp_path):
    (tmp_path / "src/lamp/main.c").write_text("\n\n\n" + SOURCE.replace("lamp_on", "lamp_off"))

    assert [one for one in run(wiki) if "R002" in one and "lamp_on" in one]
    assert (step(wiki).mismatch, step(wiki).snippet) == (True, None)


def test_without_the_key_the_reason_names_it(wiki):
    (wiki / "sitegen.toml").write_text(CONFIGURED.replace("module-sources", "# module-sources"))
    run(wiki)

    assert step(wiki).file == "/home/joe/lamp/main.c"
    assert step(wiki).unshown == (
        "the file lies outside of the kernel's source tree, and in no folder of module-sources"
    )


def test_text_that_is_not_to_be_published_stays_out(wiki):
    (wiki / "sitegen.toml").write_text(CONFIGURED + "snippets = false\n")
    write(wiki, log_of(wiki), "lamp/main.c:3-4")
    run(wiki)

    assert step(wiki).snippet is not None
    assert (step(wiki).snippet.text, entry(wiki).excerpts[0].snippet.text) == ("", "")
    assert "bulb)" not in page(wiki)


def test_a_directive_asks_for_lines_of_the_module(wiki):
    write(wiki, log_of(wiki), "lamp/main.c:3-4", "lamp/main.c:lamp_on", "lamp_on")

    assert run(wiki) == []
    assert [one.snippet.file for one in entry(wiki).excerpts] == ["lamp/main.c"] * 3
    assert entry(wiki).excerpts[0].snippet.text == "/* Turns it on. */\nint lamp_on(int lamp)\n"


def test_an_excerpt_is_kept_where_the_folder_is_not(wiki, monkeypatch):
    write(wiki, log_of(wiki), "lamp/main.c:3-4", "fs/read_write.c:1-2")
    run(wiki)
    before = entry(wiki).excerpts
    monkeypatch.delenv("SOURCES")

    assert run(wiki, relock=True) == []
    assert entry(wiki).excerpts == before


def test_an_excerpt_that_only_another_machine_can_give_is_no_mistake(wiki, monkeypatch):
    monkeypatch.delenv("SOURCES")
    write(wiki, log_of(wiki), "lamp/main.c:3-4")

    (problem,) = run(wiki)
    assert (
        "warning[R004]: the lock has no excerpt for 'lamp/main.c:3-4', and lamp/main.c" in problem
    )


def test_a_check_compares_the_module_with_its_folder(wiki, tmp_path, monkeypatch):
    run(wiki)
    assert checked(wiki) == []

    (tmp_path / "src/lamp/main.c").write_text(SOURCE.replace("+ 1", "+ 2"))
    assert checked(wiki) == [
        "'lamp/main.c:4-9' is another text in the source tree than in the lock"
    ]
    monkeypatch.delenv("SOURCES")
    assert checked(wiki) == []


def test_a_folder_that_is_not_there_is_told(wiki, tmp_path):
    shutil.rmtree(tmp_path / "src")

    (problem,) = run(wiki)
    assert "warning[R001]: kernel 6.1.0-sitegen: no folder '../src/lamp'" in problem
    assert step(wiki).file == "lamp/main.c"


def test_the_kernels_tree_is_not_needed(wiki):
    (wiki / "sitegen.toml").write_text(CONFIGURED.replace("source =", "# source ="))

    assert run(wiki) == []
    assert step(wiki).snippet is not None
    assert checked(wiki) == []


def test_decoding_on_the_command_line_uses_the_names_of_the_wiki(wiki):
    found = places.configured("6.1.0-sitegen", str(wiki))
    assert found is not None
    assert found.outside == ("lamp",)


def test_a_lock_keeps_what_it_knows_of_a_module_that_is_not_here(wiki):
    run(wiki)
    before = (wiki / "content/cases/crash.lock.json").read_bytes()
    (wiki / "sitegen.toml").write_text(CONFIGURED.replace('modules = ["$MODULES"]\n', ""))

    (problem,) = run(wiki, relock=True)

    assert "S010" in problem
    assert "module 'lamp' is not here; the lock is used" in problem
    assert (wiki / "content/cases/crash.lock.json").read_bytes() == before
