"""Ways out of the sight of an image: jumps through pointers, and into other images."""

from pathlib import Path

import pytest

from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Jump, Query
from tests.images.build import RECIPES, Image
from tests.images.leaving import build_leaving_kernel, build_leaving_module

EXAMPLE = Path(__file__).parent.parent.parent.parent / "content" / "_kernel" / "vmlinux"

# LTO drops what nothing calls.
NAMES = [name for name in RECIPES if "lto" not in name]


@pytest.fixture(scope="module", params=NAMES)
def kernel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build_leaving_kernel(request.param, tmp_path_factory.mktemp("leave"))


@pytest.fixture(scope="module", params=NAMES)
def module(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build_leaving_module(request.param, tmp_path_factory.mktemp("leaving"))


def ways(image: Image, function: str, module: str = "") -> list[list[tuple[str, str]]]:
    return [[(j.function, j.target) for j in way] for way in exits(image, function, module)]


def exits(image: Image, function: str, module: str = "") -> tuple[tuple[Jump, ...], ...]:
    vmlinux, modules = (None, [image.path]) if module else (image.path, [])
    with Symbolizer(vmlinux, modules, cache=None) as symbolizer:
        (home,) = symbolizer.decode([Query(function, 0, 0, module, "exact")])
        assert isinstance(home, Decoded)
        found = symbolizer.exits(function, home)
    assert found is not None
    return found


def test_a_jump_through_a_pointer_is_a_way_out(kernel: Image) -> None:
    assert ways(kernel, "leave_by_pointer") == [[("leave_by_pointer", "")]]
    ((jump,),) = exits(kernel, "leave_by_pointer")
    word = "br x" if kernel.recipe.machine == "arm64" else "jmp *"
    assert jump.instruction.startswith(word)
    assert " at leave_by_pointer+0x" in jump.instruction
    assert (jump.call.line, jump.proof) == (7, "call-site")


def test_jumps_on_the_way_to_a_pointer_are_named(kernel: Image) -> None:
    assert ways(kernel, "leave_in_two") == [
        [("leave_in_two", "leave_by_pointer"), ("leave_by_pointer", "")]
    ]


def test_what_returns_or_stays_in_sight_has_no_way_out(kernel: Image) -> None:
    assert ways(kernel, "call_open") == []
    assert ways(kernel, "dispatch") == []


def test_a_module_leaves_for_another_image_by_its_name(module: Image) -> None:
    assert ways(module, "module_leave", "leaving") == [[("module_leave", "kernel_service")]]
    assert ways(module, "module_call", "leaving") == [[("module_call", "")]]


def test_the_table_of_a_switch_is_no_way_out() -> None:
    with Symbolizer(EXAMPLE, cache=None) as symbolizer:
        (home,) = symbolizer.decode([Query("vscnprintf", 0, 0, "", "exact")])
        assert isinstance(home, Decoded)
        assert symbolizer.exits("vscnprintf", home) == ()
        assert symbolizer.exits("vanished", home) == ()
        found = symbolizer.exits("proc_reg_release", home)
    assert found is not None
    assert [[jump.instruction for jump in way] for way in found] == [
        ["jmp *%rax at proc_reg_release+0x11"]
    ]


def test_a_function_that_reaches_too_many_others_is_not_judged(kernels: Path) -> None:
    with Symbolizer(kernels / "amd64" / "vmlinux", cache=None) as symbolizer:
        (home,) = symbolizer.decode([Query("x64_sys_call", 0, 0, "", "exact")])
        assert isinstance(home, Decoded)
        assert symbolizer.exits("x64_sys_call", home) is None
        found = symbolizer.exits("kobj_attr_show", home)
        assert found is not None
        assert [jump.instruction for way in found for jump in way] == [
            "jmp *%rax at kobj_attr_show+0x9"
        ]
