"""Modules that were built outside of the kernel's tree: what the paths of their files become."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.symbols.outside import Outside
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query, Undecoded

MODULE = """\
#include <linux/in.h>
#include <linux/out.h>

int lamp_on(int *value)
{
	return lamp_add(value) + 1;
}

int (*const lamp_ops[])(int *) = { lamp_on };
"""
HEADER = """\
static inline __attribute__((always_inline)) int lamp_add(int *value)
{
	return *value += 2;
}
"""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A machine with a kernel's headers, and a module beside them."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    for name, text in (
        ("linux/include/linux/in.h", HEADER),
        ("linux/include/uapi/linux/out.h", "extern int out;\nstatic int *const gone = &out;\n"),
        ("lab/lamp/lamp.c", MODULE),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text(text)
    return tmp_path


def compiled(build: Path, folder: str, source: str) -> Path:
    """The module, by a compiler that runs in a folder and is given that name of the source."""
    include = [f"-I{build / 'linux/include'}", f"-I{build / 'linux/include/uapi'}"]
    made = build / "lamp.ko"
    subprocess.run(
        ["gcc", "-g", "-O1", "-fno-pic", *include, "-c", source, "-o", made],
        check=True,
        cwd=build / folder,
    )
    return made


def files(module: Path, *outside: str) -> list[str]:
    with Symbolizer(None, [module], cache=None, outside=outside) as symbolizer:
        (answer,) = symbolizer.decode([Query("lamp_on", module="lamp", lookup="exact")])
        assert isinstance(answer, Decoded)
        (bounds,) = symbolizer.bounds([answer])
        ((holder,),) = symbolizer.holders([answer])
    return [answer.calls[-1].file, bounds[-1].file, holder.file]


@pytest.mark.parametrize("folder", ["linux", "lab/lamp"])
def test_files_bear_the_name_of_their_folder_wherever_the_compiler_ran(
    build: Path, folder: str
) -> None:
    source = "lamp.c" if folder == "lab/lamp" else str(build / "lab/lamp/lamp.c")
    module = compiled(build, folder, source)

    assert files(module) == [str(build / "lab/lamp/lamp.c")] * 3
    assert files(module, "lamp") == ["lamp/lamp.c"] * 3
    assert files(module, "lab/lamp") == ["lab/lamp/lamp.c"] * 3
    assert files(module, "lam", "amp", "lamp.c") == [str(build / "lab/lamp/lamp.c")] * 3


def test_headers_of_the_kernel_stay_in_its_tree(build: Path) -> None:
    module = compiled(build, "lab/lamp", "lamp.c")
    with Symbolizer(None, [module], cache=None, outside=("lamp", "linux")) as symbolizer:
        # The place where `lamp_add` is inlined lies somewhere in the function.
        queries = [Query("lamp_on", offset, 0, "lamp", "exact") for offset in range(16)]
        calls = [
            call
            for one in symbolizer.decode(queries)
            if isinstance(one, Decoded)
            for call in one.calls
        ]
    assert {call.file for call in calls if call.function == "lamp_add"} == {"include/linux/in.h"}
    assert {call.file for call in calls if call.function == "lamp_on" and call.file} == {
        "lamp/lamp.c"
    }


def test_what_is_remembered_of_an_image_serves_any_names(build: Path) -> None:
    module = compiled(build, "linux", str(build / "lab/lamp/lamp.c"))
    query = Query("lamp_on", module="lamp", lookup="exact")
    found = []
    for outside in ((), ("lamp",), ("lab",), ()):
        with Symbolizer(None, [module], cache=build / "cache", outside=outside) as symbolizer:
            (answer,) = symbolizer.decode([query])
            assert isinstance(answer, Decoded)
            found.append(answer.calls[-1].file)
    whole = str(build / "lab/lamp/lamp.c")
    assert found == [whole, "lamp/lamp.c", "lab/lamp/lamp.c", whole]


def test_of_several_names_the_one_that_ends_deepest_counts() -> None:
    outside = Outside(["lab", "core", "lamp/core"])
    assert outside.path("/lab/lamp/core/a.c") == "lamp/core/a.c"
    assert outside.path("/lab/lamp/b.c") == "lab/lamp/b.c"


def test_a_name_that_comes_twice_could_be_either() -> None:
    assert Outside(["lamp"]).path("/lamp/lamp/a.c") == "/lamp/lamp/a.c"
    assert Outside(["lamp/lamp"]).path("/lamp/lamp/a.c") == "lamp/lamp/a.c"


@pytest.mark.parametrize(
    "path", ["", "lamp/a.c", "fs/lamp/a.c", "/lamp", "/x/lamp.c", "<built-in>"]
)
def test_other_paths_stay(path: str) -> None:
    assert Outside(["lamp"]).path(path) == path


def test_places_inside_of_answers_are_named_and_all_else_stays() -> None:
    lost = Undecoded("several symbols", candidates=(), absent=True)
    assert Outside(["lamp"]).named((lost, None)) == (lost, None)
    assert Outside(["lamp"]).named(()) == ()
