import pytest

from sitegen.crash.source import open_tree
from sitegen.crash.source.maintainers import Maintainers
from sitegen.model import Subsystem

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

ONE ARCHITECTURE
F:	arch/mips/

CRYPTO OF ALL
M:	B Person <b@example.org>
M:	C Person <c@example.org>
L:	crypto@example.org (moderated for non-subscribers)
S:	Odd Fixes
W:	https://example.org
F:	arch/*/crypto/

ALL MACHINES
F:	arch/arm/mach-*/

# A word that fits is the last that this section says of the file, and the weakest claim.
ONE MACHINE
F:	arch/arm/mach-at91/
N:	at91

WILD
F:	lib/b*

THE FILE ITSELF
F:	lib/both.c

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
        ("arch/mips/octeon/crypto/x.c", "CRYPTO OF ALL"),
        ("arch/mips/octeon/x.c", "ONE ARCHITECTURE"),
        ("lib/both.c", "THE FILE ITSELF"),
        ("arch/arm/mach-at91/x.c", "ALL MACHINES"),
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


def test_no_pattern_goes_back_for_ever():
    bad = ["BAD", "F:\t" + "a*" * 40, "N:\t(a+)+$", "N:\t(", "F:\t[z-a]*", "X:\t" + "*a" * 40]
    one = Maintainers([*bad, "F:\tok/"])
    assert one.find("a" * 3000 + "b") == ""
    assert one.find("ok/x.c") == "BAD"


def test_a_tree_tells_the_subsystem_of_its_files(tmp_path):
    tree = open_tree(tmp_path)
    assert tree.subsystem("fs/open.c") == "", "there is no list"
    (tmp_path / "MAINTAINERS").write_text(TEXT)
    tree = open_tree(tmp_path)
    assert tree.subsystem("./fs/open.c") == "A FILE SYSTEM"
    assert tree.subsystem("../fs/open.c") == ""


def test_who_looks_after_a_section_is_read(maintainers):
    assert maintainers.section("CRYPTO OF ALL") == Subsystem(
        name="CRYPTO OF ALL",
        status="Odd Fixes",
        maintainers=("B Person <b@example.org>", "C Person <c@example.org>"),
        lists=("crypto@example.org",),
    )
    assert maintainers.section("WILD") == Subsystem("WILD"), (
        "those of the section before are its own"
    )
    assert maintainers.section("NO SUCH SECTION") == Subsystem("NO SUCH SECTION")
