"""The example wiki, from content/ to the committed site/, through the command that users run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.build.manifest import MANIFEST

ROOT = Path(__file__).parent.parent
SITE = ROOT / "site"
PARTS = ("sitegen.toml", "content", "themes")


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of what the example is built from."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / "wiki" / part)
        else:
            (tmp_path / "wiki").mkdir(exist_ok=True)
            shutil.copy(source, tmp_path / "wiki" / part)
    return tmp_path / "wiki"


def sitegen(*arguments, folder: Path, **variables) -> subprocess.CompletedProcess:
    environment = {
        name: value for name, value in os.environ.items() if name != "SITEGEN_KERNELS"
    } | {"XDG_CACHE_HOME": str(folder.parent / "cache"), **variables}
    return subprocess.run(
        [sys.executable, "-m", "sitegen", *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_committed_site_is_what_the_content_makes(checkout):
    done = sitegen("build", "--strict", folder=checkout)

    assert done.returncode == 0, done.stderr
    built, committed = files(checkout / "site"), files(SITE)
    assert sorted(built) == sorted(committed)
    assert [name for name in built if built[name] != committed[name]] == []


def test_the_locks_are_fresh_and_no_build_changes_them(checkout):
    before = files(checkout / "content")

    done = sitegen("build", "--locked", "--strict", folder=checkout)

    assert done.returncode == 0, done.stderr
    assert files(checkout / "content") == before


def test_images_and_trees_are_not_needed(checkout):
    (checkout / "content/_kernel/vmlinux").unlink()
    shutil.rmtree(checkout / "content/_kernel/src")

    done = sitegen("build", "--strict", folder=checkout)

    assert done.returncode == 0, done.stderr
    assert files(checkout / "site") == files(SITE)


def test_decoding_anew_gives_the_committed_locks(checkout):
    before = files(checkout / "content")
    kernels = os.environ.get("SITEGEN_KERNELS", "")
    for path in checkout.glob("content/cases/**/*.lock.json"):
        if kernels or "debian" not in path.name:
            path.unlink()

    done = sitegen("build", folder=checkout, SITEGEN_KERNELS=kernels)

    assert done.returncode == 0, done.stderr
    after = files(checkout / "content")
    assert [name for name in before if before[name] != after[name]] == []


def test_a_second_build_writes_nothing(checkout):
    sitegen("build", folder=checkout)

    done = sitegen("build", folder=checkout)

    assert "0 files written" in done.stdout


def test_the_site_is_small():
    assert sum(len(data) for data in files(SITE).values()) < 5_000_000
    assert MANIFEST in files(SITE)


@pytest.mark.parametrize(
    "text",
    [
        "sysrq triggered crash",
        'id="L5"',
        "... SNIP ...",
        "file-&gt;f_op-&gt;write(",
        "sysrq_trigger_proc_ops",
        "Verified by",
        "inlined in do_syscall_64",
    ],
)
def test_a_case_page_shows(text):
    assert text in (SITE / "cases/sysrq-crash/index.html").read_text()


def test_unreliable_frames_are_on_the_page_and_not_in_the_chain():
    page = (SITE / "cases/sysrq-crash/index.html").read_text()
    walk = page[page.index('id="walk"') :]

    assert "host_call" in page
    assert "host_call" not in walk


def test_pages_load_nothing_from_other_hosts():
    for name, data in files(SITE).items():
        if name.endswith((".html", ".css", ".js")):
            text = data.decode()
            for piece in ('src="http', "url(http", "@import", '<link rel="stylesheet" href="http'):
                assert piece not in text, f"{name}: {piece}"
