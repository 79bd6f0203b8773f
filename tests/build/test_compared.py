"""Cases that are compared with another: what is shown follows the other's lock."""

from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

ROOT = Path(__file__).parent.parent.parent
KERNEL = ROOT / "content" / "_kernel"
CONFIGURED = """\
title = "Wiki"

[[kernels]]
release = "6.1.0-sitegen"
vmlinux = "$KERNEL/vmlinux"
source = "$KERNEL/src"
"""


def log(name: str) -> str:
    return (KERNEL / "logs" / f"{name}.log").read_text()


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("KERNEL", str(KERNEL))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases" / "zoo").mkdir(parents=True)
    (folder / "sitegen.toml").write_text(CONFIGURED)
    write(folder, "cases/a.md", log("sysrq"), ":::{diff} zoo/index.md\n:::\n")
    write(folder, "cases/zoo/index.md", log("null"))
    return folder


def write(wiki: Path, name: str, text: str, directive: str = "") -> None:
    title = "The other" if "zoo" in name else "This one"
    body = f"---\ntitle: {title}\n---\n\n{directive}\n```panic\n{text}```\n"
    (wiki / "content" / name).write_text(body)


def run(wiki: Path, **options) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    build(project, Options(**options), sink)
    return [as_text(problem) for problem in sink if problem.severity != "note"]


def page(wiki: Path) -> str:
    return (wiki / "site/cases/a/index.html").read_text()


def test_another_case_is_compared_when_its_lock_is_there(wiki):
    run(wiki)
    assert run(wiki) == []
    assert '<a href="../zoo/index.html">The other</a>' in page(wiki)
    assert '<th scope="row">do_syscall_64</th>' in page(wiki)


def test_the_page_follows_the_other_case(wiki):
    run(wiki)
    run(wiki)
    before = page(wiki)
    write(wiki, "cases/zoo/index.md", log("sysrq"))
    run(wiki)

    assert run(wiki) == []
    after = page(wiki)
    assert after != before
    assert "Both went the same way" in after
    run(wiki, cache=False)
    assert page(wiki) == after


@pytest.mark.parametrize("path", ["none.md", "../../secret.md", "_hidden.md", "link.md"])
def test_nothing_but_cases_of_the_content_folder_is_compared(wiki, path):
    (wiki / "secret.md").write_text("---\ntitle: Secret\n---\n")
    (wiki / "content/cases/_hidden.md").write_text("---\ntitle: Secret\n---\n")
    (wiki / "content/cases/link.md").symlink_to(wiki / "secret.md")
    write(wiki, "cases/a.md", log("sysrq"), f":::{{diff}} {path}\n:::\n")

    problems = run(wiki)
    assert any(f"error[M005]: the case '{path}' does not exist" in one for one in problems)
    assert "Secret" not in page(wiki)
