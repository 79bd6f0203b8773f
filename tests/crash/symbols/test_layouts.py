"""Members at offsets: as the compiler's own offsetof says, and as drgn reads a distribution's image."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Layout, Member, Query

FIRST = """
#include <stddef.h>
#include <stdio.h>
struct inner { char tag; short value; };
union either { int number; struct inner inner; };
typedef struct { int counter; } tally;
struct uid { int uid; };
struct outer {
	char first;
	union { long number; struct { int low; int high; }; };
	struct inner inner;
	union either either;
	int array[4];
	struct inner several[3];
	unsigned one : 1, three : 3, : 2, six : 6;
	const volatile tally count;
	struct outer *next;
	char tail[];
};
struct twin { int same; int here; };
struct outer outer; union either either; tally counted; struct twin twin; struct uid uid;
int other(void);
#define SAY(type, member) \\
	printf("%s.%s %zu %zu\\n", #type, #member, offsetof(type, member), sizeof(((type *)0)->member))
int main(void)
{
	SAY(struct outer, first);
	SAY(struct outer, number);
	SAY(struct outer, high);
	SAY(struct outer, inner.value);
	SAY(struct outer, either.inner.value);
	SAY(struct outer, array);
	SAY(struct outer, array[2]);
	SAY(struct outer, several[1].value);
	SAY(struct outer, count.counter);
	SAY(struct outer, next);
	SAY(union either, inner);
	SAY(tally, counter);
	SAY(struct uid, uid);
	return other();
}
"""
SECOND = """
struct twin { long other; int same; };
struct twin second;
int other(void) { return second.same; }
"""
FLAGS = {
    "gcc-4": ("gcc", "-gdwarf-4"),
    "gcc-5": ("gcc", "-gdwarf-5"),
    "gcc-5-wide": ("gcc", "-gdwarf-5", "-gdwarf64"),
    "gcc-5-zlib": ("gcc", "-gdwarf-5", "-gz=zlib"),
    "clang-4": ("clang", "-gdwarf-4"),
    "clang-5": ("clang", "-gdwarf-5"),
}


@pytest.fixture(scope="module", params=FLAGS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler, *flags = FLAGS[request.param]
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler}")
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "first.c").write_text(FIRST)
    (folder / "second.c").write_text(SECOND)
    command = [compiler, *flags, "-o", "program", "first.c", "second.c"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "program"


def member_of(text: str) -> Member:
    keyword, _, name = text.rpartition(" ")
    name, _, path = name.partition(".")
    return Member(keyword, name, path)


def ask(program: Path, *texts: str) -> list[tuple[Layout, ...] | None]:
    with Symbolizer(program, cache=None) as image:
        image.decode([Query("main")])
        return list(image.layouts([member_of(text) for text in texts]))


def test_members_are_where_the_compiler_says(program: Path) -> None:
    said = subprocess.run([program], capture_output=True, text=True, check=False).stdout
    lines = [line.rsplit(" ", 2) for line in said.splitlines()]
    found = ask(program, *(text for text, _, _ in lines))
    places = [[(one.offset, one.size) for one in several or ()] for several in found]
    assert places == [[(int(offset), int(size))] for _, offset, size in lines]


def test_bit_fields_count_from_the_lowest_bit(program: Path) -> None:
    (field,), (before,) = ask(program, "struct outer.six", "struct outer.three")
    assert (field.bit, field.bits) == (6, 6)
    assert (before.bit, before.bits, before.offset) == (1, 3, field.offset)


def test_a_member_says_where_it_is_declared(program: Path) -> None:
    ((found,),) = ask(program, "struct inner.value")
    line = FIRST.split("\n").index("struct inner { char tag; short value; };") + 1
    assert (Path(found.file).name, found.line) == ("first.c", line)


def test_types_of_one_name_that_differ_are_all_told(program: Path) -> None:
    ((*several,),) = ask(program, "struct twin.same")
    assert sorted((one.offset, one.size) for one in several) == [(0, 4), (8, 4)]


def test_what_is_not_there_has_a_reason(program: Path) -> None:
    asked = ("struct outer.firts", "struct outer.array[4]", "struct outer.first.x")
    asked += ("struct outer.next.next", "struct outer.first[0]")
    assert [several[0].missing for several in ask(program, *asked) if several] == [
        "struct outer has no member 'firts', but 'first'",
        "struct outer.array has 4 elements",
        "struct outer.first has no members",
        "struct outer.next is a pointer: what it points to is another structure",
        "struct outer.first is no array",
    ]


def test_an_array_at_the_end_has_as_many_elements_as_one_likes(program: Path) -> None:
    (tail,), (later,) = ask(program, "struct outer.tail", "struct outer.tail[100]")
    assert (later.offset - tail.offset, later.size) == (100, 1)


def test_a_type_that_no_image_has_is_told_apart_from_one_that_is(program: Path) -> None:
    assert ask(program, "struct nowhere.x", "union outer.first", "struct either") == [(), (), ()]


def test_an_image_without_debug_information_cannot_tell(program: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run(["strip", "-g", "-o", bare, program], check=True)
    assert ask(bare, "struct outer.first") == [None]


def test_where_units_are_in_files_of_their_own_nothing_is_said_to_be_missing(
    tmp_path: Path,
) -> None:
    (tmp_path / "first.c").write_text(FIRST)
    (tmp_path / "second.c").write_text(SECOND)
    command = ["gcc", "-gdwarf-5", "-gsplit-dwarf", "-o", "program", "first.c", "second.c"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert ask(tmp_path / "program", "struct nowhere.x") == [None]


# --- A distribution's kernel ------------------------------------------------------------------

TYPES = (
    *("file", "inode", "dentry", "task_struct", "page", "mm_struct", "super_block", "sk_buff"),
    *("sock", "net_device", "pci_dev", "bio", "rq", "pid", "hrtimer", "kmem_cache", "tcp_sock"),
)
EACH = 12 if os.environ.get("SITEGEN_ALL") else 2


@pytest.mark.kernel
def test_drgn_finds_the_members_of_a_kernel_at_the_same_places() -> None:
    drgn = pytest.importorskip("drgn", reason="drgn is not installed")
    vmlinux = Path(os.environ.get("SITEGEN_KERNELS", "nowhere")) / "amd64" / "vmlinux"
    if not vmlinux.is_file():
        pytest.skip("SITEGEN_KERNELS has no amd64/vmlinux")
    peer = drgn.Program(drgn.Platform(drgn.Architecture.X86_64))
    made = peer.extra_module("vmlinux", create=True)
    (made[0] if isinstance(made, tuple) else made).try_file(str(vmlinux), force=True)
    chosen = random.Random(7)
    with Symbolizer(vmlinux, cache=None) as image:
        image.decode([Query("vfs_write")])
        for name in TYPES:
            known = list(_members(drgn, peer.type(f"struct {name}")))
            for path, place, bits in chosen.sample(known, min(EACH, len(known))):
                (found,) = image.layouts([Member("struct", name, path)])
                places = [(8 * one.offset + (one.bit or 0), one.bits) for one in found or ()]
                assert (name, path, (place, bits)) in [(name, path, one) for one in places]


def _members(drgn, kind, prefix="", base=0, depth=0):
    """Path, place in bits and width of bit fields, as drgn has them."""
    for member in kind.members or ():
        inner = member.type
        while inner.kind == drgn.TypeKind.TYPEDEF:
            inner = inner.type
        place = base + member.bit_offset
        path = f"{prefix}{member.name}."
        if member.name is None:
            path = prefix
        else:
            yield path[:-1], place, member.bit_field_size
        nested = inner.kind in {drgn.TypeKind.STRUCT, drgn.TypeKind.UNION} and inner.is_complete()
        if nested and depth < 3:
            yield from _members(drgn, inner, path, place, depth + 1)
