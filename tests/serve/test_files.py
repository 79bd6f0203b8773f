"""What of the output folder is served, and that nothing else is."""

import os
from pathlib import Path

import pytest

from sitegen.serve.files import find, is_folder


@pytest.fixture
def site(tmp_path) -> Path:
    folder = tmp_path / "site"
    (folder / "cases/a").mkdir(parents=True)
    (folder / "index.html").write_text("home")
    (folder / "cases/a/index.html").write_text("a case")
    (folder / "cases/a/a.log").write_text("a log")
    (folder / ".manifest.json").write_text("{}")
    (folder / ".staging").mkdir()
    (folder / ".staging/0").write_text("half")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("/", b"home", "text/html; charset=utf-8"),
        ("/index.html", b"home", "text/html; charset=utf-8"),
        ("/cases/a/", b"a case", "text/html; charset=utf-8"),
        ("/cases/a/a.log", b"a log", "text/plain; charset=utf-8"),
    ],
)
def test_files_and_folders_are_found(site, path, data, kind) -> None:
    found = find(site, path)
    assert found is not None
    assert (found.data, found.type) == (data, kind)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "index.html",
            "/.manifest.json",
            "/.staging/0",
            "/../secret.txt",
            "/cases/../index.html",
        ),
        *(
            "//index.html",
            "/cases//a/",
            "/./index.html",
            "/cases/a",
            "/..\\secret.txt",
            "/%2e%2e/secret.txt",
        ),
        *("/index.html\0", "/\n", "/index.html/", "/" + "a" * 5000, "/cases/a/index.html/../a.log"),
    ],
)
def test_nothing_else_is(site, path) -> None:
    assert find(site, path) is None


def test_a_link_that_leads_out_is_not_followed(site, tmp_path) -> None:
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "outside").symlink_to(tmp_path)
    assert find(site, "/out.txt") is None
    assert find(site, "/outside/secret.txt") is None


def test_a_pipe_is_no_file_and_is_not_waited_for(site) -> None:
    os.mkfifo(site / "pipe")
    assert find(site, "/pipe") is None


def test_a_page_without_its_slash_is_known(site) -> None:
    assert is_folder(site, "/cases/a")
    assert not is_folder(site, "/cases/b")
    assert not is_folder(site, "//cases/a")
