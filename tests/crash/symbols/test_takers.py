"""Who takes the address of a function: what hands it over, or sets a pointer to it."""

from pathlib import Path

import pytest

from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query, Taken
from tests.crash.symbols.test_symbolizer import line_of
from tests.images.leaving import build_leaving_kernel, build_leaving_module

EXAMPLE = Path(__file__).parent.parent.parent.parent / "content" / "_kernel" / "vmlinux"


def taken(symbolizer: Symbolizer, *names: str, module: str = "") -> list[Taken]:
    places = symbolizer.decode([Query(name, 0, 0, module, "exact") for name in names])
    found = symbolizer.takers([place for place in places if isinstance(place, Decoded)])
    assert len(found) == len(names)
    return [one for one in found if one is not None]


@pytest.mark.parametrize("name", ["gcc-4", "gcc-5", "clang-5", "arm64-gcc-5", "arm64-gcc-5-moved"])
def test_the_place_that_hands_a_function_over_is_found_with_what_it_calls(
    name: str, tmp_path: Path
) -> None:
    with Symbolizer(build_leaving_kernel(name, tmp_path).path, cache=None) as symbolizer:
        found, called = taken(symbolizer, "called_back", "last_hop")
    assert found.closed, "a static function has no name elsewhere"
    assert [(one.function, one.before) for one in found.takers] == [("hand_over", "set_callback")]
    assert found.takers[0].calls[0].line == line_of("leave.c", "set_callback(called_back)")
    assert (called.takers, called.closed) == ((), False), "calls and jumps do not count"


@pytest.mark.parametrize("name", ["gcc-5", "arm64-gcc-5"])
def test_a_module_takes_addresses_of_its_own_and_of_the_kernel(name: str, tmp_path: Path) -> None:
    kernel = build_leaving_kernel(name, tmp_path)
    module = build_leaving_module(name, tmp_path)
    with Symbolizer(kernel.path, [module.path], cache=None) as symbolizer:
        (own,) = taken(symbolizer, "module_open", module="leaving")
        (place,) = symbolizer.decode([Query("third", 0, 0, "", "exact")])
        assert isinstance(place, Decoded)
        calls = (place.calls[-1]._replace(function="kernel_service"),)
        (far,) = symbolizer.takers([place._replace(calls=calls)])
    assert [one.function for one in own.takers] == ["module_choose"]
    assert far is not None
    assert [(one.function, one.image) for one in far.takers] == [("module_choose", "leaving")]


def test_callbacks_of_the_example_kernel() -> None:
    with Symbolizer(EXAMPLE, cache=None) as symbolizer:
        timer, softirq = taken(symbolizer, "lamp_blink_fn", "run_timer_softirq")
    assert [(one.function, one.before) for one in timer.takers] == [("lamp_ioctl", "timer_setup")]
    assert [(one.function, one.before) for one in softirq.takers] == [
        ("init_timers", "open_softirq")
    ]


def test_callbacks_of_a_real_kernel(kernels: Path) -> None:
    for arch in ("amd64", "arm64"):
        vmlinux = kernels / arch / "vmlinux"
        if not vmlinux.is_file():
            continue
        with Symbolizer(vmlinux, cache=None) as symbolizer:
            direct, handed = taken(symbolizer, "rcu_core", "rcu_core_si")
        assert (direct.takers, direct.closed) == ((), True)
        assert [(one.function, one.before) for one in handed.takers] == [
            ("rcu_init", "open_softirq")
        ]
