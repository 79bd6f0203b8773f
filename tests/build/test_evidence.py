"""When a lock is used, when a log is decoded, and what is said of it: the table in ARCHITECTURE.md."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.crash import lockfile
from sitegen.diagnostics import Diagnostic, Sink
from sitegen.model import LogEvidence
from sitegen.project import read_project
from tests.wikis import CONFIGURED, KERNEL, make_wiki

LOG = (KERNEL / "logs" / "sysrq.log").read_text()


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki of one case, whose kernel is at hand."""
    folder = make_wiki(tmp_path, monkeypatch)
    write_log(folder, LOG)
    return folder


def write_log(wiki: Path, log: str) -> None:
    (wiki / "content/cases/crash.md").write_text(f"# A crash\n\n```panic\n{log}```\n")


def run(wiki: Path, **options) -> list[Diagnostic]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    build(project, Options(**options), sink)
    return [problem for problem in sink if problem.severity != "note"]


def codes(problems: list[Diagnostic]) -> list[str]:
    return [problem.code.id for problem in problems]


def lock(wiki: Path) -> LogEvidence | None:
    path = wiki / "content/cases/crash.lock.json"
    return lockfile.decode(path.read_bytes()).logs[0] if path.exists() else None


def page(wiki: Path) -> str:
    return (wiki / "site/cases/crash/index.html").read_text()


def test_a_log_without_a_lock_is_decoded_and_the_lock_written(wiki):
    assert run(wiki) == []

    written = lock(wiki)
    assert written is not None
    assert written.provenance.images[0].release == "6.1.0-sitegen"
    assert "drivers/tty/sysrq.c" in page(wiki)


def test_with_a_fresh_lock_no_image_is_needed_and_the_bytes_are_the_same(wiki, monkeypatch):
    run(wiki)
    before = page(wiki)
    monkeypatch.delenv("KERNEL")

    assert run(wiki, cache=False) == []
    assert run(wiki, locked=True, strict=True, cache=False) == []
    assert page(wiki) == before


def test_a_stale_lock_is_renewed_where_the_image_is(wiki):
    run(wiki)
    write_log(wiki, LOG.replace("0.000042", "0.000099").replace("lamp:", "lamp;"))

    assert run(wiki) == []
    written = lock(wiki)
    assert written is not None
    assert not written.provenance.missing


def test_a_stale_lock_is_left_alone_where_the_image_is_elsewhere(wiki, monkeypatch):
    run(wiki)
    before = lock(wiki)
    write_log(wiki, LOG.replace("lamp:", "lamp;"))
    monkeypatch.delenv("KERNEL")

    problems = run(wiki)

    assert codes(problems) == ["S010"]
    assert "the lock is stale" in problems[0].message
    assert lock(wiki) == before
    assert "drivers/tty/sysrq.c" not in page(wiki)


def test_without_lock_and_image_the_page_has_symbols_and_no_lock_is_written(wiki, monkeypatch):
    monkeypatch.delenv("KERNEL")

    problems = run(wiki)

    assert codes(problems) == ["S010"]
    assert lock(wiki) is None
    assert "sysrq_handle_crash" in page(wiki)


def test_a_kernel_that_nobody_has_gets_a_lock_that_says_so(wiki):
    (wiki / "sitegen.toml").write_text('title = "Wiki"\n')

    assert run(wiki) == []
    written = lock(wiki)
    assert written is not None
    assert written.provenance.missing == "no kernel 6.1.0-sitegen is configured"
    assert run(wiki, locked=True, strict=True) == []


def test_an_image_that_comes_later_fills_such_a_lock(wiki):
    (wiki / "sitegen.toml").write_text('title = "Wiki"\n')
    run(wiki)
    (wiki / "sitegen.toml").write_text(CONFIGURED)

    assert run(wiki) == []
    written = lock(wiki)
    assert written is not None
    assert written.provenance.missing == ""


@pytest.mark.parametrize("stale", [False, True])
def test_locked_builds_fail_without_a_fresh_lock(wiki, stale):
    if stale:
        run(wiki)
        write_log(wiki, LOG.replace("lamp:", "lamp;"))
    before = lock(wiki)

    problems = run(wiki, locked=True)

    assert codes(problems) == ["S007"]
    assert lock(wiki) == before


def test_relock_decodes_again(wiki):
    run(wiki)
    path = wiki / "content/cases/crash.lock.json"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"sysrq_trigger_proc_ops", b"another_table"))

    run(wiki)
    assert path.read_bytes() != good
    run(wiki, relock=True)
    assert path.read_bytes() == good


def test_a_damaged_lock_is_complained_about_and_made_again(wiki):
    run(wiki)
    path = wiki / "content/cases/crash.lock.json"
    good = path.read_bytes()
    path.write_bytes(good[:1000])

    assert codes(run(wiki)) == ["S008"]
    assert path.read_bytes() == good


def test_the_lock_of_another_kernel_is_decoded_again_and_warned_about(wiki):
    write_log(wiki, LOG.replace("+0x5b/0x60", "+0x5b/0x70"))

    first = run(wiki)
    second = run(wiki)

    assert codes(first) == codes(second) == ["S001"]
    assert "1 of 12 function sizes differ" in first[0].message


def test_an_image_without_debug_information_gives_functions_and_a_warning(
    wiki, tmp_path, monkeypatch
):
    objcopy = shutil.which("objcopy")
    if objcopy is None:
        pytest.skip("needs objcopy")
    stripped = tmp_path / "stripped"
    shutil.copytree(KERNEL / "src", stripped / "src")
    subprocess.run([objcopy, "--strip-debug", KERNEL / "vmlinux", stripped / "vmlinux"], check=True)
    monkeypatch.setenv("KERNEL", str(stripped))

    problems = run(wiki)

    assert codes(problems) == ["S004"]
    written = lock(wiki)
    assert written is not None
    assert written.provenance.sizes is not None
    assert written.provenance.sizes.equal == 12


def test_snippets_can_be_kept_out(wiki):
    with (wiki / "sitegen.toml").open("a") as file:
        file.write('snippets = false\nbrowse = "https://source.example/{file}#L{line}"\n')

    run(wiki)

    written = (wiki / "content/cases/crash.lock.json").read_text()
    assert '"text"' not in written
    assert '"sha256"' in written
    assert "check_mask" not in page(wiki)
    assert "https://source.example/drivers/tty/sysrq.c#L" in page(wiki)


@pytest.mark.parametrize("image", ["unreadable", "elsewhere"])
def test_a_lock_is_kept_where_it_cannot_be_made_again(wiki, monkeypatch, image) -> None:
    run(wiki)
    before = (wiki / "content/cases/crash.lock.json").read_bytes()
    if image == "elsewhere":
        monkeypatch.delenv("KERNEL")
    else:
        (wiki / "vmlinuz").write_bytes(b"no image")
        (wiki / "sitegen.toml").write_text(CONFIGURED.replace("$KERNEL/vmlinux", "vmlinuz"))
    problems = run(wiki, relock=True)
    assert "not decoded again" in next(one.message for one in problems if one.code.id == "S010")
    assert (wiki / "content/cases/crash.lock.json").read_bytes() == before
    assert "sysrq_handle_crash" in (wiki / "site/functions/index.html").read_text()


def test_a_log_that_is_called_otherwise_now_is_not_decoded_again(wiki, monkeypatch):
    run(wiki)
    case = wiki / "content/cases/crash.md"
    case.write_text(case.read_text().replace("```panic\n", "```{panic}\n:id: first\n\n"))
    monkeypatch.delenv("KERNEL")

    assert run(wiki) == []

    renamed = lock(wiki)
    assert renamed is not None
    assert renamed.id == "first"
    assert renamed.provenance.images
    assert run(wiki, locked=True, strict=True, cache=False) == []


def test_while_a_document_is_edited_its_lock_loses_nothing(wiki, monkeypatch):
    run(wiki)
    case = wiki / "content/cases/crash.md"
    whole, decoded = case.read_text(), (wiki / "content/cases/crash.lock.json").read_bytes()
    monkeypatch.delenv("KERNEL")
    case.write_text(whole.replace("```panic\n", "```panc\n") + "\n```panic\nBUG: another\n```\n")

    run(wiki, hold=True)
    assert (wiki / "content/cases/crash.lock.json").read_bytes() == decoded

    case.write_text(whole)
    assert run(wiki, hold=True) == []
    assert (wiki / "content/cases/crash.lock.json").read_bytes() == decoded
