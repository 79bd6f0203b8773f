"""Tail calls read backwards, on the example kernel."""

from pathlib import Path

from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query

VMLINUX = Path(__file__).parent.parent.parent.parent / "content" / "_kernel" / "vmlinux"


def jumpers(*names: str) -> list[set[str]]:
    with Symbolizer(VMLINUX, cache=None) as symbolizer:
        goals = symbolizer.decode([Query(name, 0, 0, "", "exact") for name in names])
        found = symbolizer.jumpers([goal for goal in goals if isinstance(goal, Decoded)])
    return [{one.calls[-1].function for one in several or ()} for several in found]


def test_a_function_that_leaves_by_a_jump_is_found_from_its_target() -> None:
    assert jumpers("__fput", "refcount_warn_saturate") == [{"fput"}, {"lamp_put"}]


def test_a_function_that_is_only_called_has_no_jumpers() -> None:
    assert jumpers("sysrq_handle_crash") == [set()]


def test_each_function_asked_for_has_its_own_answer() -> None:
    assert jumpers("panic", "__fput", "panic") == [set(), {"fput"}, set()]
