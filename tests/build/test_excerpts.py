"""What `source` directives ask for: found once, kept in the lock, shown from there."""

import shutil
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.crash import lockfile
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project
from tests.wikis import CONFIGURED, KERNEL, make_wiki

LOG = (KERNEL / "logs" / "sysrq.log").read_text()
SYSRQ = (KERNEL / "src/drivers/tty/sysrq.c").read_text().splitlines()


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    return make_wiki(tmp_path, monkeypatch)


def write(wiki: Path, *asked: str, log: str = LOG) -> None:
    directives = "".join(f":::{{source}} {one}\nWhy *this*.\n:::\n\n" for one in asked)
    text = f"# A crash\n\n{directives}```panic\n{log}```\n"
    (wiki / "content/cases/crash.md").write_text(text)


def run(wiki: Path, **options) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    build(project, Options(**options), sink)
    return [as_text(problem) for problem in sink if problem.severity != "note"]


def excerpts(wiki: Path) -> dict[str, tuple[str, str]]:
    evidence = lockfile.decode((wiki / "content/cases/crash.lock.json").read_bytes())
    return {one.asked: (one.function, one.snippet.text) for one in evidence.logs[0].excerpts}


def page(wiki: Path) -> str:
    return (wiki / "site/cases/crash/index.html").read_text()


def test_what_is_asked_for_is_kept_in_the_lock_and_shown(wiki):
    write(wiki, "drivers/tty/sysrq.c:1-2", "sysrq_handle_crash")

    assert run(wiki) == []
    found = excerpts(wiki)
    assert found["drivers/tty/sysrq.c:1-2"] == ("", "\n".join(SYSRQ[:2]) + "\n")
    assert found["sysrq_handle_crash"][0] == "sysrq_handle_crash"
    assert "sysrq_handle_crash" in found["sysrq_handle_crash"][1]
    assert '<figure class="excerpt">' in page(wiki)
    assert "Why <em>this</em>." in page(wiki)


def test_a_build_without_the_tree_gives_the_same_page(wiki, monkeypatch):
    write(wiki, "drivers/tty/sysrq.c:1-2", "sysrq_handle_crash")
    run(wiki)
    before = page(wiki)
    monkeypatch.delenv("KERNEL")

    assert run(wiki, cache=False) == []
    assert run(wiki, locked=True, strict=True, cache=False) == []
    assert page(wiki) == before


def test_a_directive_that_comes_later_is_answered_without_decoding_again(wiki):
    write(wiki, "sysrq_handle_crash")
    run(wiki)
    path = wiki / "content/cases/crash.lock.json"
    evidence = lockfile.decode(path.read_bytes())
    (wiki / "sitegen.toml").write_text(CONFIGURED.replace("vmlinux =", "#"))
    write(wiki, "drivers/tty/sysrq.c:3-4", "sysrq_handle_crash")

    assert run(wiki) == []
    assert list(excerpts(wiki)) == ["drivers/tty/sysrq.c:3-4", "sysrq_handle_crash"]
    assert lockfile.decode(path.read_bytes()).logs[0].reports == evidence.logs[0].reports


def test_an_excerpt_that_nobody_asks_for_any_longer_leaves_the_lock(wiki):
    write(wiki, "drivers/tty/sysrq.c:1-2", "sysrq_handle_crash")
    run(wiki)
    write(wiki, "sysrq_handle_crash")

    assert run(wiki) == []
    assert list(excerpts(wiki)) == ["sysrq_handle_crash"]


def test_a_function_that_only_the_image_knows_is_found(wiki):
    assert "kallsyms_lookup" not in LOG
    write(wiki, "kallsyms_lookup")

    assert run(wiki) == []
    assert "kallsyms_lookup(" in excerpts(wiki)["kallsyms_lookup"][1]


def test_what_the_tree_does_not_have_is_an_error_at_the_directive(wiki):
    write(wiki, "drivers/tty/sysqr.c:1", "sysrq_handel_crash")

    first, second = run(wiki)
    assert first.startswith("content/cases/crash.md:3: error[R003]: the source tree at hand has no")
    assert "did you mean 'drivers/tty/sysrq.c'?" in first
    assert second.startswith("content/cases/crash.md:7: error[R003]: nobody knows which file")
    assert "did you mean 'sysrq_handle_crash'?" in second
    assert run(wiki) == [first, second], "and the next build says so again"


def test_without_tree_and_lock_the_page_says_so(wiki, monkeypatch):
    monkeypatch.delenv("KERNEL")
    write(wiki, "drivers/tty/sysrq.c:1-2")

    problems = run(wiki)
    assert [one for one in problems if "R004" in one] == problems[-1:]
    assert problems[-1].startswith(
        "content/cases/crash.md:3: warning[R004]: the lock has no excerpt"
    )
    assert "was not at hand when the page was made" in page(wiki)
    assert "drivers/tty/sysrq.c:1-2" in page(wiki)


def test_a_locked_build_does_not_look_into_the_tree(wiki):
    write(wiki, "sysrq_handle_crash")
    run(wiki)
    write(wiki, "drivers/tty/sysrq.c:1-2", "sysrq_handle_crash")

    (problem,) = run(wiki, locked=True)
    assert "error[S007]: the lock has no excerpt for 'drivers/tty/sysrq.c:1-2'" in problem


def test_text_can_be_kept_out_of_lock_and_page(wiki):
    (wiki / "sitegen.toml").write_text(CONFIGURED + "snippets = false\n")
    write(wiki, "drivers/tty/sysrq.c:1-2")

    assert run(wiki) == []
    assert excerpts(wiki) == {"drivers/tty/sysrq.c:1-2": ("", "")}
    assert "The source text is not part of this site." in page(wiki)


def test_a_log_that_changed_is_asked_again(wiki, tmp_path):
    write(wiki, "drivers/tty/sysrq.c:1-2")
    run(wiki)
    write(wiki, "drivers/tty/sysrq.c:1-2", log=LOG.replace("lamp:", "lamp;"))

    assert run(wiki) == []
    assert len(excerpts(wiki)) == 1


def test_relock_takes_excerpts_from_the_tree_again(wiki, tmp_path, monkeypatch):
    shutil.copytree(KERNEL / "src", tmp_path / "src")
    (wiki / "sitegen.toml").write_text(CONFIGURED.replace("$KERNEL/src", str(tmp_path / "src")))
    write(wiki, "drivers/tty/sysrq.c:1-2")
    run(wiki)
    (tmp_path / "src/drivers/tty/sysrq.c").write_text("changed\ntext\n")

    run(wiki)
    assert "changed" not in page(wiki)
    run(wiki, relock=True)
    assert "changed" in page(wiki)


def test_each_log_has_the_excerpts_of_its_own(wiki):
    text = f"""# A crash

```panic
{LOG}```

```{{panic}}
:id: second
{LOG}```

:::{{source}} drivers/tty/sysrq.c:1
:log: second
:::

:::{{source}} drivers/tty/sysrq.c:1
:log: third
:::
"""
    (wiki / "content/cases/crash.md").write_text(text)

    (problem,) = run(wiki)
    assert "the case has no log 'third'" in problem
    evidence = lockfile.decode((wiki / "content/cases/crash.lock.json").read_bytes())
    assert [len(log.excerpts) for log in evidence.logs] == [0, 1]


def test_a_link_to_what_is_published_beside_the_case_is_no_complaint(wiki):
    text = (
        "# A crash\n\n[log](crash/crash.log), [data](crash/crash.json), [no](crash/crash.x.log)\n"
    )
    (wiki / "content/cases/crash.md").write_text(f"{text}\n```panic\n{LOG}```\n")

    (problem,) = run(wiki)
    assert "warning[X001]: the site has no 'cases/crash/crash.x.log'" in problem
    assert 'href="crash.log"' in page(wiki)
    assert run(wiki) == [problem]
