import os
import subprocess
import tarfile

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


@pytest.fixture(params=["folder", "git", "tar", "gz", "xz", "bz2"])
def tree(request, tmp_path):
    root = make(tmp_path / "linux")
    revision = ""
    if request.param in {"tar", "gz", "xz", "bz2"}:
        mode = "w" if request.param == "tar" else f"w:{request.param}"
        with tarfile.open(tmp_path / "linux.tar", mode) as archive:
            archive.add(root, "linux-6.2")
        root = tmp_path / "linux.tar"
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


def test_the_files_beside_one_are_named(tree):
    assert tree.siblings("fs/oi.c") == ("fs/io.c",)
    assert "Makefile" in tree.siblings("makefile")
    assert not any(name.startswith("fs") for name in tree.siblings("makefile"))
    assert tree.siblings("none/io.c") == tree.siblings("../secret") == tree.siblings("/x") == ()
    assert tree.siblings("fs/io.c/x") == ()


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
    assert "is no git repository" in open_tree(tmp_path, "v6.2")


def partial_clone(tmp_path, kind):
    """A clone that has left objects out, and its origin out of its reach."""
    root = make(tmp_path / "linux")
    git(root, "init", "-q")
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    git(tmp_path, "clone", "-q", "--bare", f"--filter={kind}", f"file://{root}", "part.git")
    return tmp_path / "part.git"


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_what_a_partial_clone_left_out_is_not_fetched_and_the_reason_is_said(tmp_path, kind):
    with open_tree(partial_clone(tmp_path, kind), "HEAD") as tree:
        assert tree.lines("fs/io.c") is None
        assert tree.why_not("fs/io.c") == "fs/io.c is not in the partial clone 'part.git'"
        assert tree.lines("Makefile") is None, "and the next question is answered"
        assert tree.identify(["fs/io.c"]).commit


def test_what_a_partial_clone_has_is_read(tmp_path):
    clone = partial_clone(tmp_path, "blob:none")
    blob = git(clone, "rev-parse", "HEAD:fs/io.c")
    git(clone, "cat-file", "-e", blob)  # which fetches it
    with open_tree(clone, "HEAD") as tree:
        assert tree.lines("fs/io.c") == ("int a;", "int b;")
        assert tree.lines("Makefile") is None
        assert tree.lines("./fs/../fs/io.c") == ("int a;", "int b;")


def test_a_hook_that_names_its_own_repository_does_not_matter(tmp_path, monkeypatch):
    root = make(tmp_path / "linux")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    with open_tree(root, "HEAD") as tree:
        assert tree.lines("fs/io.c") == ("int a;", "int b;")


def test_a_file_of_a_repository_that_is_too_long_is_not_read(tmp_path):
    root = make(tmp_path / "linux")
    (root / "long.c").write_bytes(b"\n" * (MAX_BYTES + 1))
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    with open_tree(root, "HEAD") as tree:
        assert tree.why_not("long.c") == "long.c is longer than 8 MiB"
        assert tree.lines("fs/io.c") == ("int a;", "int b;")


def test_what_cannot_be_read_says_why(tmp_path):
    root = make(tmp_path / "linux")
    (root / "blob.c").write_bytes(b"\0")
    tree = open_tree(root)
    assert tree.why_not("fs/io.c") == ""
    assert tree.why_not("fs/none.c") == "the source tree at hand has no fs/none.c"
    assert tree.why_not("blob.c") == "blob.c is no text"
    assert tree.why_not("../secret") == (
        "the file lies outside of the kernel's source tree, and in no folder of module-sources"
    )


@pytest.fixture
def beside(tmp_path):
    """A tree with the source of a module beside it, and of another that is not here."""
    root = make(tmp_path / "linux")
    lamp = tmp_path / "lamp"
    (lamp / "fs").mkdir(parents=True)
    (lamp / "main.c").write_text("int lamp;\n")
    (lamp / "fs/io.c").write_text("int of_the_lamp;\n")
    (lamp / "secret").symlink_to("../secret")
    (root / "MAINTAINERS").write_text("LAMPS\nF:\tlamp/\nF:\tfs/\nK:\tlamp\n")
    found = open_tree(root, outside={"lamp": lamp, "lamp/deep": None, "bell": None})
    assert isinstance(found, Tree)
    with found:
        yield found


def test_modules_have_their_source_beside_the_tree(beside):
    assert beside.lines("lamp/main.c") == ("int lamp;",)
    assert beside.lines("lamp/fs/io.c") == ("int of_the_lamp;",)
    assert beside.lines("fs/io.c") == ("int a;", "int b;")
    assert beside.siblings("lamp/man.c") == ("lamp/main.c", "lamp/secret")
    assert beside.siblings("bell/man.c") == ()


@pytest.mark.parametrize("path", ["lamp/../secret", "lamp/secret", "lamp/../../secret", "lamp"])
def test_nothing_leads_out_of_the_folder_of_a_module(beside, path):
    assert beside.lines(path) is None


def test_a_path_that_leaves_the_folder_of_a_module_is_of_the_tree(beside):
    assert beside.lines("lamp/../fs/io.c") == ("int a;", "int b;")


def test_of_a_module_that_cannot_be_read_it_is_said_why(beside):
    assert beside.why_not("lamp/none.c") == "the source of lamp at hand has no lamp/none.c"
    missing = "is not at hand: its source folder is not on this machine"
    assert beside.why_not("bell/main.c") == f"bell/main.c {missing}"
    assert beside.why_not("lamp/deep/a.c") == f"lamp/deep/a.c {missing}"
    elsewhere = ["bell/main.c", "lamp/deep/a.c"]
    here = ["lamp/none.c", "fs/none.c", "/lamp/main.c", "../secret", "bell"]
    assert [path for path in elsewhere + here if beside.is_elsewhere(path)] == elsewhere


def test_the_maintainers_of_the_tree_have_no_say_outside_of_it(beside):
    assert (beside.subsystem("fs/io.c"), beside.subsystem("lamp/main.c")) == ("LAMPS", "")


def test_the_source_of_a_module_is_there_without_a_tree(tmp_path):
    (tmp_path / "lamp.c").write_text("int lamp;\n")
    with Tree(None, {"lamp": tmp_path}) as tree:
        assert tree.lines("lamp/lamp.c") == ("int lamp;",)
        assert tree.why_not("fs/io.c") == (
            "fs/io.c is not at hand: its source tree is not on this machine"
        )
        assert tree.is_elsewhere("fs/io.c")
        assert tree.identify(["lamp/lamp.c"]).digest
        assert tree.subsystem("fs/io.c") == ""


def test_a_revision_of_an_archive_is_not_to_be_had(tmp_path):
    (tmp_path / "linux.tar").write_bytes(b"")
    assert "revision" in open_tree(tmp_path / "linux.tar", "v6.2")
