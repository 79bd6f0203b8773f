"""How calls were made, and what holds a function: from the small images."""

import pytest

from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Bounds, CallSite, Decoded, Holder, Query
from tests.crash.symbols.conftest import Make
from tests.crash.symbols.test_symbolizer import Opened, line_of
from tests.images.build import Image


def _sites(opened: Opened, name: str, image: Image) -> list[CallSite]:
    """All calls in a function that the symbolizer knows of, by address."""
    symbol = opened.symbol(name)
    step = image.recipe.step
    queries = [Query(name, offset, symbol.size) for offset in range(step, symbol.size + 1, step)]
    places = [p for p in opened.symbolizer.decode(queries) if isinstance(p, Decoded)]
    # Inside an instruction any bytes may look like a call; DWARF or a name tell the real ones.
    found = [site for site in opened.symbolizer.sites(places) if site is not None]
    return [site for site in found if site.callee or site.proof == "call-site"]


def _function(symbolizer: Symbolizer, name: str, module: str = "") -> Decoded:
    (place,) = symbolizer.decode([Query(name, 0, 0, module, "exact")])
    assert isinstance(place, Decoded)
    return place


def test_a_direct_call_names_its_callee(kernel: Image) -> None:
    opened = Opened(kernel)
    sites = _sites(opened, "twin" if len(opened.symbols("twin")) == 1 else "third", kernel)
    assert [(site.kind, site.callee.partition(".")[0]) for site in sites] in (
        [("direct", "twin")],
        [("direct", "driver_write")],
        [("direct", "dispatch")],
    )
    assert {site.proof for site in sites} == {"call-site"}


def test_a_call_through_a_pointer_has_no_callee(kernel: Image) -> None:
    opened = Opened(kernel)
    sites = [site for site in _sites(opened, "call_open", kernel) if site.kind == "indirect"]
    if not sites:
        pytest.skip("the compiler made the call a direct one")
    assert [(site.callee, site.proof) for site in sites] == [("", "call-site")]
    assert sites[0].instruction.startswith(("call *", "blr x"))


def test_the_instruction_speaks_where_dwarf_does_not(kernel: Image) -> None:
    opened = Opened(kernel)
    word = "bl" if kernel.recipe.machine == "arm64" else "call"
    assert _sites(opened, "_start", kernel) == [
        CallSite("direct", name, "instruction", f"{word} {name}")
        for name in ("dispatch", "rarely", "third")
    ]


def test_a_switch_of_tail_calls_is_searched(kernel: Image) -> None:
    opened = Opened(kernel)
    goal = _function(opened.symbolizer, "last_hop")
    paths = opened.symbolizer.tail_paths("dispatch", goal)
    word = "b" if kernel.recipe.machine == "arm64" else "jmp"
    assert [[(j.function, j.target) for j in path] for path in paths] == [
        [("dispatch", "middle_hop"), ("middle_hop", "last_hop")]
    ]
    first, second = paths[0]
    assert second.instruction.startswith(f"{word} last_hop at middle_hop+0x")
    assert second.call.line == line_of("driver.c", "return last_hop(request)")
    assert {first.proof, second.proof} == {"call-site"}


def test_there_is_no_way_by_jumps_where_a_function_is_called(kernel: Image) -> None:
    opened = Opened(kernel)
    goal = _function(opened.symbolizer, "call_open")
    assert opened.symbolizer.tail_paths("dispatch", goal) == ()
    assert opened.symbolizer.tail_paths("call_open", goal) == ()
    assert opened.symbolizer.tail_paths("vanished", goal) == ()


def test_tables_that_hold_a_function_are_found_with_the_member(any_kernel: Image) -> None:
    if any_kernel.name.startswith("powerpc64"):
        pytest.skip("its tables hold descriptors of functions")
    opened = Opened(any_kernel)
    places = [_function(opened.symbolizer, n) for n in ("driver_write", "driver_open", "third")]
    write, opening, nothing = opened.symbolizer.holders(places)
    word = opened.reader.image.encoding.word
    line = line_of("driver.c", "const struct operations driver_operations")
    table = Holder(
        "driver_operations", 2 * word, "vmlinux", "operations", "io.write", "driver.c", line
    )
    pointers = Holder("openers", word, "vmlinux", "(*)()[]", "[1]", "driver.c", line + 14)
    assert write == (table,)
    assert set(opening) == {table._replace(offset=0, member="open"), pointers}
    assert nothing == ()


def test_a_table_may_be_of_another_unit_than_the_function(any_kernel: Image) -> None:
    if any_kernel.name.startswith("powerpc64"):
        pytest.skip("its tables hold descriptors of functions")
    opened = Opened(any_kernel)
    (found,) = opened.symbolizer.holders([_function(opened.symbolizer, "last_hop")])
    line = line_of("third.c", "const struct operations third_operations")
    table = Holder("third_operations", 0, "vmlinux", "operations", "open", "third.c", line)
    assert found == (table,)


def test_tables_of_a_module_are_found_by_its_relocations(any_module: Image) -> None:
    if any_module.name.startswith("powerpc64"):
        pytest.skip("its tables hold descriptors of functions")
    with Symbolizer(None, [any_module.path], cache=None) as symbolizer:
        place = _function(symbolizer, "module_write", "small_module")
        (found,) = symbolizer.holders([place])
        word = symbolizer._images.reader_of(place).image.encoding.word
    line = line_of("module.c", "const struct operations module_operations")
    table = Holder("module_operations", 2 * word, "small_module", "operations", "io.write")
    assert found == (table._replace(file="module.c", line=line),)


def test_a_module_s_table_may_hold_a_function_of_the_kernel(
    make_kernel: Make, make_module: Make
) -> None:
    kernel, module = make_kernel("gcc-5"), make_module("gcc-5")
    with Symbolizer(kernel.path, [module.path], cache=None) as symbolizer:
        place = _function(symbolizer, "third")
        calls = (place.calls[-1]._replace(function="kernel_service"),)
        (found,) = symbolizer.holders([place._replace(calls=calls)])
    assert [(holder.image, holder.member) for holder in found] == [("small_module", "io.read")]


def test_calls_of_a_module_into_the_kernel_have_their_names(module: Image) -> None:
    with Symbolizer(None, [module.path], cache=None) as symbolizer:
        reader = symbolizer._images.find("small_module").reader
        (symbol,) = reader.symbols.find(["module_open"])["module_open"]
        queries = [Query("module_open", at, 0, "small_module") for at in range(1, symbol.size)]
        places = [p for p in symbolizer.decode(queries) if isinstance(p, Decoded)]
        sites = {site for site in symbolizer.sites(places) if site is not None}
    word = "bl" if module.recipe.machine == "arm64" else "call"
    assert sites == {CallSite("direct", "kernel_service", "call-site", f"{word} kernel_service")}


def test_bounds_reach_from_the_signature_to_the_last_line(kernel: Image) -> None:
    opened = Opened(kernel)
    (bounds,) = opened.symbolizer.bounds([_function(opened.symbolizer, "last_hop")])
    first = line_of("driver.c", "int last_hop(struct request *request)")
    assert bounds[-1].file.endswith("driver.c")
    assert bounds[-1].first == first
    assert bounds[-1].last in {first + 5, first + 6}


def test_each_inlined_call_has_its_own_bounds(make_kernel: Make) -> None:
    opened = Opened(make_kernel("gcc-5"))
    symbol = (
        opened.symbol("show") if len(opened.symbols("show")) == 1 else opened.symbols("show")[0]
    )
    for offset in range(symbol.size):
        place = opened.decode(Query("show", offset, symbol.size, lookup="exact"))
        if isinstance(place, Decoded) and [c.function for c in place.calls][:1] == ["sum_of"]:
            break
    else:
        pytest.fail("nothing is inlined")
    (bounds,) = opened.symbolizer.bounds([place])
    first = line_of("driver.h", "int sum_of(")
    assert bounds[0]._replace(last=None) == Bounds("driver.h", first)
    assert bounds[0].last in {first + 2, first + 3}
    assert len(bounds) == len(place.calls)


def test_bounds_of_assembly_are_the_lines_of_its_code(kernel: Image) -> None:
    opened = Opened(kernel)
    (bounds,) = opened.symbolizer.bounds([_function(opened.symbolizer, "_start")])
    assert (bounds[0].first, bounds[0].last) == (5, 11)
