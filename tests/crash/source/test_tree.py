import os
import subprocess

import pytest

from sitegen.crash.source import Tree, open_tree
from sitegen.crash.source.tree import MAX_BYTES
from sitegen.model import TreeId


def make(root):
    (root / "fs").mkdir(parents=True)
    (root / "fs/io.c").write_text("int a;\nint b;\n")
    (root / "Makefile").write_text(
        "# SPDX\nVERSION = 6\nPATCHLEVEL = 2\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\nNAME = x\n"
    )
    (root / "inside").symlink_to("fs/io.c")
    (root / "outside").symlink_to("../secret")
    (root / "loop").symlink_to("loop")
    (root.parent / "secret").write_text("secret\n")
    return root


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(params=["folder", "git"])
def tree(request, tmp_path):
    root = make(tmp_path / "linux")
    revision = ""
    if request.param == "git":
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "all")
        revision = "HEAD"
    found = open_tree(root, revision)
    assert isinstance(found, Tree)
    with found:
        yield found


def test_a_file_is_read_as_lines(tree):
    assert tree.lines("fs/io.c") == ("int a;", "int b;")
    assert tree.lines("./fs/../fs/io.c") == ("int a;", "int b;")


def test_a_link_inside_the_tree_is_followed(tree):
    assert tree.lines("inside") == ("int a;", "int b;")


@pytest.mark.parametrize(
    "path",
    [
        *("../secret", "fs/../../secret", "/etc/passwd", "outside", "loop", "fs", "none.c", ""),
        *(".", "fs/io.c/x", "fs\\io.c", "fs/io.c\n", "fs/io.c\0", "-p", "fs/io.c blob 3", "HEAD"),
    ],
)
def test_nothing_but_files_of_the_tree_is_read(tree, path):
    assert tree.lines(path) is None
    assert tree.lines("fs/io.c") == ("int a;", "int b;"), "and the next question is answered"


def test_a_binary_file_is_not_read(tmp_path):
    (tmp_path / "blob.c").write_bytes(b"int a;\0")
    assert open_tree(tmp_path).lines("blob.c") is None


def test_a_file_that_is_too_long_is_not_read(tmp_path):
    (tmp_path / "long.c").write_bytes(b"\n" * (MAX_BYTES + 1))
    (tmp_path / "short.c").write_bytes(b"\n" * 10)
    tree = open_tree(tmp_path)
    assert tree.lines("long.c") is None
    assert len(tree.lines("short.c")) == 10


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.c")
    assert open_tree(tmp_path).lines("pipe.c") is None


def test_a_form_feed_ends_no_line_and_bad_bytes_are_replaced(tmp_path):
    (tmp_path / "old.c").write_bytes(b"a\x0cb\r\n\xff\n")
    assert open_tree(tmp_path).lines("old.c") == ("a\x0cb", "\N{REPLACEMENT CHARACTER}")


def test_a_folder_is_named_by_its_version_and_the_files_that_count(tmp_path):
    tree = open_tree(make(tmp_path / "linux"))
    nothing = tree.identify()
    one = tree.identify(["fs/io.c", "none.c"])
    assert nothing == TreeId(version="6.2.0-rc2")
    assert one.version == "6.2.0-rc2"
    assert len(one.digest) == 64
    tree.lines("inside")
    assert tree.identify(["./fs/io.c"]) == one, "what else was read does not matter"


def test_a_repository_is_named_by_its_commit(tmp_path):
    root = make(tmp_path / "linux")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    git(root, "tag", "v1")
    (root / "fs/io.c").write_text("changed\n")
    git(tmp_path, "clone", "-q", "--bare", str(root), "bare.git")
    with open_tree(tmp_path / "bare.git", "v1") as tree:
        assert tree.identify(["fs/io.c"]) == TreeId(commit=git(root, "rev-parse", "HEAD"))
        assert tree.lines("fs/io.c") == ("int a;", "int b;")


@pytest.mark.parametrize("revision", ["v2", "--help", "-", "HEAD:fs", "x\0y"])
def test_a_revision_that_is_not_there_is_a_reason(tmp_path, revision):
    git(tmp_path, "init", "-q")
    assert isinstance(open_tree(tmp_path, revision), str)


def test_a_tree_that_is_not_there_is_a_reason(tmp_path):
    assert open_tree(tmp_path / "linux") == "no source tree at 'linux'"
    assert "no revision" in open_tree(tmp_path, "v6.2")
