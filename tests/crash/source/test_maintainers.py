import time

import pytest

from sitegen.crash.source import open_tree
from sitegen.crash.source.maintainers import Maintainers

TEXT = """\
Maintainers List
----------------

A FILE SYSTEM
M:	A Person <a@example.org>
S:	Maintained
F:	fs/*
F:	fs/far/
X:	fs/apart.c

A SPECIAL FILE SYSTEM
F:	fs/special/
F:	include/linux/*special*.h

ONE FILE OF IT
F:	fs/special/one.c

FOLDER WITHOUT A SLASH
F:	drivers/odd

DRIVERS OF A BOARD
F:	drivers/*/board*
N:	[^a-z]widget

SETS
F:	lib/set*.[ch]

THE REST
F:	*
F:	*/
"""


@pytest.fixture(scope="module")
def maintainers():
    return Maintainers(TEXT.splitlines())


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("fs/open.c", "A FILE SYSTEM"),
        ("fs/far/away/x.c", "A FILE SYSTEM"),
        ("fs/apart.c", ""),
        ("fs/near/x.c", ""),
        ("fs/special/two.c", "A SPECIAL FILE SYSTEM"),
        ("fs/special/one.c", "ONE FILE OF IT"),
        ("include/linux/so_special_it_is.h", "A SPECIAL FILE SYSTEM"),
        ("include/linux/deep/special.h", ""),
        ("drivers/odd/deep/x.c", "FOLDER WITHOUT A SLASH"),
        ("drivers/oddly/x.c", ""),
        ("drivers/net/board-1.c", "DRIVERS OF A BOARD"),
        ("sound/my_widget.c", "DRIVERS OF A BOARD"),
        ("sound/mywidget.c", ""),
        ("lib/set_one.c", "SETS"),
        ("lib/set_one.S", ""),
        ("kernel/fork.c", ""),
        ("", ""),
    ],
)
def test_the_deepest_pattern_wins(maintainers, path, section):
    assert maintainers.find(path) == section


def test_no_pattern_takes_long():
    bad = ["BAD", "F:\t" + "a*" * 40, "N:\t(a+)+$", "N:\t(", "F:\t[z-a]*", "X:\t" + "*a" * 40]
    one = Maintainers([*bad, "F:\tok/"])
    start = time.perf_counter()
    assert one.find("a" * 3000 + "b") == ""
    assert one.find("ok/x.c") == "BAD"
    assert time.perf_counter() - start < 0.5


def test_a_tree_tells_the_subsystem_of_its_files(tmp_path):
    tree = open_tree(tmp_path)
    assert tree.subsystem("fs/open.c") == "", "there is no list"
    (tmp_path / "MAINTAINERS").write_text(TEXT)
    tree = open_tree(tmp_path)
    assert tree.subsystem("./fs/open.c") == "A FILE SYSTEM"
    assert tree.subsystem("../fs/open.c") == ""
