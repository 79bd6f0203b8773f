"""Addresses in modules, where the log has the lines of /proc/modules."""

import pytest

from sitegen.crash.decode import Decoder
from sitegen.crash.decode.loaded import Loaded
from sitegen.crash.decode.slide import Slide
from sitegen.crash.symbols.symbolizer import Symbolizer
from tests.crash.symbols.conftest import Make, make_module

__all__ = ["make_module"]

LINE = b"[ 1.0] ext4 937984 1 - Live 0xffffffffc0400000 (E)\n"


def test_a_module_has_its_addresses() -> None:
    loaded = Loaded()
    loaded.read(LINE)
    assert loaded.find(0xFFFFFFFFC0400000) == ("ext4", 0)
    assert loaded.find(0xFFFFFFFFC0400000 + 937983) == ("ext4", 937983)
    assert loaded.find(0xFFFFFFFFC0400000 + 937984) is None
    assert loaded.find(0xFFFFFFFFC03FFFFF) is None


@pytest.mark.parametrize(
    "line",
    [
        b"ext4 937984 1 - Live 0x0000000000000000\n",
        b"ext4 937984 1 - Live 0x\n",
        b"ext4 - Live 0xffffffffc0400000\n",
        b"ext4 many 1 - Live 0xffffffffc0400000\n",
        b"ex\xff4 937984 1 - Live 0xffffffffc0400000\n",
        b"ext4 937984 1 - Live 0xffffffffc0400000abcdef\n",
        b"ext4 " + b"9" * 400 + b" 1 - Live 0xffffffffc0400000\n",
        b" Live 0x" * 1000,
        b"",
    ],
    ids=range(9),
)
def test_other_lines_say_nothing(line: bytes) -> None:
    loaded = Loaded()
    loaded.read(line)
    assert loaded.find(0xFFFFFFFFC0400000) is None
    assert loaded.find(0) is None


def test_an_address_in_a_module_is_decoded(make_module: Make) -> None:
    """The code comes first where a module is loaded, in the order of its sections."""
    with Symbolizer(None, [make_module("gcc-5").path], cache=None) as symbolizer:
        reader = symbolizer._images.find("small_module").reader
        symbol = next(
            s
            for several in reader.symbols.find(["module_write", "module_open"]).values()
            for s in several
        )
        offset = symbol.address - (1 << 32) + 1
        decoder = Decoder(symbolizer.decode, slide=Slide, machine="x86_64")
        text = decoder.feed(
            b"small_module 65536 0 - Live 0xffffffffc0400000 (OE)\n"
            + f" {0xFFFFFFFFC0400000 + offset:#x}\n".encode()
        )
    assert f" = {symbol.name} (".encode() in text
    assert b"module.c:" in text
