"""Which symbol a log means, where a lookup goes, and why a frame has no line."""

import gzip
import lzma
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.crash.symbols.symbolizer import ImageError, Symbolizer
from sitegen.crash.symbols.symbols import Symbol
from sitegen.crash.symbols.values import Decoded, ImageId, Query, Undecoded
from tests.crash.symbols.conftest import Make
from tests.images.build import SOURCES, Image


class Opened:
    """A symbolizer of one small kernel, with its symbols to ask by."""

    def __init__(self, image: Image) -> None:
        self.symbolizer = Symbolizer(image.path, cache=None)
        self.reader = self.symbolizer._images.find("").reader

    def symbols(self, name: str) -> tuple[Symbol, ...]:
        return self.reader.symbols.find([name])[name]

    def printed(self, name: str) -> str:
        """A function's name as this machine's kernel prints it."""
        return name if self.symbols(name) else f".{name}"

    def symbol(self, name: str) -> Symbol:
        (found,) = self.symbols(name)
        return found

    def decode(self, query: Query) -> Decoded | Undecoded:
        return self.symbolizer.decode([query])[0]

    def call_of(self, caller: Symbol, callee: str, image: Image) -> int:
        """Offset behind the call of `callee` in `caller`, as the call site says."""
        step = image.recipe.step
        for offset in range(step, caller.size + 1, step):
            place = self.decode(Query(caller.name, offset, caller.size, callee=callee))
            if isinstance(place, Decoded):
                (site,) = self.symbolizer.sites([place])
                if site is not None and site.callee == callee:
                    return offset
        raise AssertionError(f"{caller.name} does not call {callee}")


def line_of(file: str, text: str, nth: int = 0) -> int:
    """The line of a source that holds a text."""
    lines = (SOURCES / file).read_text().splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line][nth]


@pytest.fixture
def gcc(make_kernel: Make) -> Iterator[Opened]:
    opened = Opened(make_kernel("gcc-5"))
    yield opened
    opened.symbolizer.close()


def test_a_return_address_is_looked_up_one_byte_before(kernel: Image) -> None:
    opened = Opened(kernel)
    caller = opened.symbol("call_open")
    offset = next(
        offset
        for offset in range(1, caller.size)
        if isinstance(place := opened.decode(Query("call_open", offset, caller.size)), Decoded)
        and opened.symbolizer.sites([place])[0] is not None
    )
    place = opened.decode(Query("call_open", offset, caller.size))
    assert isinstance(place, Decoded)
    assert place.calls[0].line == line_of("driver.c", "return ops->open(request)")
    assert not place.exact
    assert place.size_equal is True


def test_an_exact_address_is_looked_up_as_it_is(gcc: Opened) -> None:
    symbol = gcc.symbol("stop_here")
    place = gcc.decode(Query("stop_here", 0, symbol.size, lookup="exact"))
    assert isinstance(place, Decoded)
    assert place.exact
    assert place.pc == place.address == symbol.address


def test_functions_of_one_name_are_told_apart_by_size(any_kernel: Image) -> None:
    opened = Opened(any_kernel)
    name = opened.printed("show")
    shows = opened.symbols(name)
    if len(shows) < 2:
        pytest.skip("LTO gave them names of their own")
    files = set()
    for symbol in shows:
        place = opened.decode(Query(name, 4, symbol.size, lookup="exact"))
        assert isinstance(place, Decoded)
        assert place.start == symbol.address
        files.add(place.calls[-1].file.rpartition("/")[2])
    assert files == {"driver.c", "other.c"}


def test_functions_of_one_name_and_size_are_told_apart_by_what_they_call(any_kernel: Image) -> None:
    opened = Opened(any_kernel)
    name = opened.printed("twin")
    twins = opened.symbols(name)
    if len({symbol.size for symbol in twins}) > 1 or len(twins) < 2:
        pytest.skip("this compiler makes them of different sizes")
    size = twins[0].size
    found = {}
    for callee in ("driver_write", "dispatch"):
        offset = opened.call_of(twins[0], callee, any_kernel)
        place = opened.decode(Query(name, offset, size, callee=callee))
        assert isinstance(place, Decoded)
        found[callee] = place.calls[-1].file.rpartition("/")[2]
    assert found == {"driver_write": "other.c", "dispatch": "third.c"}


def test_what_cannot_be_told_apart_is_shown_not_guessed(gcc: Opened) -> None:
    first, second = gcc.symbols("twin")
    assert first.size == second.size
    answer = gcc.decode(Query("twin", 0, first.size, lookup="exact"))
    assert isinstance(answer, Undecoded)
    assert answer.reason == f"2 functions 'twin' of size {first.size:#x} fit"
    assert sorted(call.file.rpartition("/")[2] for call in answer.candidates) == [
        "other.c",
        "third.c",
    ]
    assert answer.size_equal is True


def test_each_miss_has_a_reason(gcc: Opened) -> None:
    size = gcc.symbol("give_up").size
    assert [
        Undecoded("no symbol 'vanished' in vmlinux", absent=True),
        Undecoded(
            f"size differs: 'give_up' is {size:#x} in vmlinux, 0x999 in the log", size_equal=False
        ),
        Undecoded(f"offset {size + 1:#x} is beyond 'give_up'", size_equal=True),
        Undecoded(f"offset {size:#x} is beyond 'give_up'", size_equal=True),
        Undecoded("module 'ext4' not found", absent=True),
        Undecoded("BPF made it at run time, no image holds it", absent=True),
        Undecoded("BPF made it at run time, no image holds it", absent=True),
        Undecoded("ftrace made it at run time, no image holds it", absent=True),
        Undecoded("no symbol 'bpf_prog_run' in vmlinux", absent=True),
        Undecoded("neither a symbol nor an address is printed"),
        Undecoded("no function of vmlinux at 0x10", absent=True),
    ] == list(
        gcc.symbolizer.decode(
            [
                Query("vanished", 1, 2),
                Query("give_up", 1, 0x999),
                Query("give_up", size + 1, size),
                Query("give_up", size, size, lookup="exact"),
                Query("ext4_lookup", 1, 2, "ext4"),
                Query("bpf_prog_6deef7357e7b4530_trace", 1, 2),
                Query("bpf_prog_6deef7357e7b4530_trace", 1, 2, "bpf"),
                Query("ftrace_trampoline", 1, 2, "__builtin__ftrace"),
                Query("bpf_prog_run", 1, 2),
                Query(""),
                Query("", address=0x10),
            ]
        )
    )


@pytest.mark.parametrize("name", ["gcc-4", "gcc-5", "arm64-gcc-4", "riscv64-gcc-5", "mips-gcc-5"])
def test_a_call_that_never_returns_may_end_its_function(name: str, make_kernel: Make) -> None:
    opened = Opened(make_kernel(name))
    caller = opened.symbol("give_up")
    following = opened.reader.symbols.at(caller.address + caller.size)
    assert following is not None
    at_end = opened.decode(Query("give_up", caller.size, caller.size))
    as_next = opened.decode(Query(following.name, 0, following.size))
    assert isinstance(at_end, Decoded)
    assert isinstance(as_next, Decoded)
    assert at_end.calls == as_next.calls
    assert at_end.calls[0].line == line_of("driver.c", 'stop_here("given up")')
    assert as_next.calls[-1].function == "give_up"
    assert as_next.start == caller.address


def test_the_start_of_a_function_without_a_call_before_it_is_exact(gcc: Opened) -> None:
    symbol = gcc.symbol("dispatch")
    place = gcc.decode(Query("dispatch", 0, symbol.size))
    assert isinstance(place, Decoded)
    assert place.exact
    assert place.calls[-1].function == "dispatch"


def test_a_raw_address_is_decoded(gcc: Opened) -> None:
    symbol = gcc.symbol("rarely")
    place = gcc.decode(Query("", address=symbol.address + 1))
    assert isinstance(place, Decoded)
    assert place.calls[-1].function == "rarely"


def test_the_part_that_gcc_splits_off_keeps_the_log_s_name(gcc: Opened) -> None:
    symbol = gcc.symbol("rarely.cold")
    place = gcc.decode(Query("rarely.cold", 0, symbol.size, lookup="exact"))
    assert isinstance(place, Decoded)
    assert place.calls[-1].function == "rarely.cold"
    assert place.calls[-1].line == line_of("driver.c", "complain(99)")


def test_assembly_has_lines_and_the_symbol_s_name(kernel: Image) -> None:
    opened = Opened(kernel)
    symbol = opened.symbol("_start")
    offset = opened.call_of(symbol, "dispatch", kernel)
    place = opened.decode(Query("_start", offset, symbol.size))
    assert isinstance(place, Decoded)
    call = place.calls[0]
    assert (call.function, call.line) == ("_start", 7)
    assert call.file.endswith(f"entry-{kernel.recipe.machine}.S")


def test_answers_come_in_the_order_of_the_questions(gcc: Opened) -> None:
    names = ["third", "vanished", "dispatch", "third"]
    answers = gcc.symbolizer.decode([Query(name, 1, lookup="exact") for name in names])
    assert [
        answer.calls[-1].function if isinstance(answer, Decoded) else "-" for answer in answers
    ] == ["third", "-", "dispatch", "third"]


def test_an_image_without_debug_information_still_names_functions(
    make_kernel: Make, tmp_path: Path
) -> None:
    import subprocess

    image = make_kernel("gcc-5")
    bare = tmp_path / "vmlinux"
    subprocess.run(["strip", "-g", "-o", bare, image.path], check=True)
    with Symbolizer(bare, cache=None) as symbolizer:
        (place,) = symbolizer.decode([Query("third", 1, lookup="exact")])
        assert isinstance(place, Decoded)
        assert not symbolizer.has_lines
        assert (place.calls[0].function, place.calls[0].line) == ("third", None)
        assert place.note == "no debug information in vmlinux"


def test_an_image_without_symbols_says_so(make_kernel: Make, tmp_path: Path) -> None:
    import subprocess

    bare = tmp_path / "vmlinux"
    subprocess.run(["strip", "-s", "-o", bare, make_kernel("gcc-5").path], check=True)
    with Symbolizer(bare, cache=None) as symbolizer:
        answers = symbolizer.decode([Query("third", 1, 2), Query("", address=0x401000)])
    assert answers[0] == Undecoded("no symbol table in vmlinux", absent=True)
    assert isinstance(answers[1], Undecoded)


def test_images_say_who_they_are(make_kernel: Make, make_module: Make) -> None:
    kernel, module = make_kernel("gcc-5"), make_module("gcc-5")
    with Symbolizer(kernel.path, [module.path], cache=None) as symbolizer:
        first, second = symbolizer.identify()
    assert first.name == "vmlinux"
    assert len(first.build_id) == 40
    assert second == ImageId("small_module")


@pytest.mark.parametrize("pack", ["plain", "xz", "gz", "debug"])
def test_modules_are_found_in_folders_by_name(pack: str, make_module: Make, tmp_path: Path) -> None:
    module = make_module("gcc-5")
    folder = tmp_path / "kernel" / "drivers"
    folder.mkdir(parents=True)
    data = module.path.read_bytes()
    if pack == "xz":
        (folder / "small-module.ko.xz").write_bytes(lzma.compress(data))
    elif pack == "gz":
        (folder / "small-module.ko.gz").write_bytes(gzip.compress(data))
    else:
        shutil.copy(module.path, folder / ("small-module.ko" + (".debug" * (pack == "debug"))))
    with Symbolizer(None, [tmp_path], cache=None) as symbolizer:
        (place,) = symbolizer.decode([Query("module_begin", 1, 0, "small_module", "exact")])
    assert isinstance(place, Decoded)
    assert (place.image, place.section, place.start) == ("small_module", ".init.text", 0)
    assert place.calls[-1].function == "module_begin"


def test_the_size_of_a_module_s_last_symbol_reaches_to_the_end_of_its_pages(
    make_module: Make,
) -> None:
    with Symbolizer(None, [make_module("gcc-5").path], cache=None) as symbolizer:
        reader = symbolizer._images.find("small_module").reader
        (symbol,) = reader.symbols.find(["module_begin"])["module_begin"]
        assert symbol.size == 4096


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: None, "missing"),
        (lambda path: path.write_bytes(b""), "not-elf"),
        (lambda path: path.write_bytes(b"MZ" + bytes(4000)), "not-elf"),
        (lambda path: path.mkdir(), "not-elf"),
        (lambda path: path.write_bytes(b"\x7fELF\x03\x01" + bytes(100)), "unsupported"),
        (lambda path: path.write_bytes(b"\x7fELF\x02\x03" + bytes(100)), "unsupported"),
        (lambda path: path.write_bytes(b"\x7fELF"), "unsupported"),
        (lambda path: path.write_bytes(b"\x7fELF\x02\x01" + bytes(20)), "damaged"),
        (lambda path: path.write_bytes(b"\x7fELF\x01\x02" + bytes(20)), "damaged"),
        (lambda path: path.write_bytes(b"\xfd7zXZ\0" + bytes(20)), "damaged"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(20)), "damaged"),
    ],
    ids=[
        *("missing", "empty", "bzimage", "folder", "class", "order", "stub", "short", "short32"),
        *("xz", "gz"),
    ],
)
def test_what_is_no_image_is_refused_with_its_kind(make, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "vmlinux"
    make(path)
    with pytest.raises(ImageError) as caught:
        Symbolizer(path, cache=None)
    assert caught.value.kind == kind
    assert "'vmlinux'" in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_a_damaged_module_spoils_only_its_own_frames(make_kernel: Make, tmp_path: Path) -> None:
    (tmp_path / "bad.ko").write_bytes(b"\x7fELF\x02\x01" + bytes(200))
    with Symbolizer(make_kernel("gcc-5").path, [tmp_path], cache=None) as symbolizer:
        bad, good = symbolizer.decode([Query("f", 1, 2, "bad"), Query("third", 1, lookup="exact")])
    assert isinstance(bad, Undecoded)
    assert bad.reason.startswith("'bad.ko' is damaged")
    assert isinstance(good, Decoded)


def test_a_folder_added_later_is_read_when_no_other_has_the_module(
    make_module: Make, tmp_path: Path
) -> None:
    module = make_module("gcc-5")
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    shutil.copy(module.path, second / "small-module.ko")
    query = Query("module_begin", 1, 0, "small_module", "exact")
    with Symbolizer(None, [first], cache=None) as symbolizer:
        assert isinstance(symbolizer.decode([query])[0], Undecoded)
        assert symbolizer.find_build_id("small_module") is None
        symbolizer.add(str(second))
        assert isinstance(symbolizer.decode([query])[0], Decoded)
        assert symbolizer.find_build_id("small-module") == ""


def test_another_file_may_become_the_image(make_kernel: Make, tmp_path: Path) -> None:
    one, two = make_kernel("gcc-5").path, make_kernel("clang-5").path
    with Symbolizer(one, cache=None) as symbolizer:
        before = symbolizer.find_build_id("")
        with pytest.raises(ImageError):
            symbolizer.replace("", str(tmp_path / "none"))
        assert symbolizer.find_build_id("") == before
        symbolizer.replace("", str(two))
        assert symbolizer.find_build_id("") not in {before, None}
        assert isinstance(symbolizer.decode([Query("third", lookup="exact")])[0], Decoded)
