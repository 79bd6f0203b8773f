"""Frames of a kernel image to decode: call sites spread over units, or those that logs print."""

import random
import re
from collections import Counter
from pathlib import Path

from sitegen.crash.symbols.instructions import call_before
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.resolve import Found, resolve
from sitegen.crash.symbols.values import Query

_TOKEN = re.compile(r"([\w.]+)\+0x([0-9a-f]+)/0x([0-9a-f]+)(?! \[)\b")
Row = tuple[str, int]
"a token as logs print it, and the address one byte before"


def call_sites(vmlinux: str, frames: int, units: int) -> list[Row]:
    """`frames` return addresses in as many units as asked for; the same ones every time."""
    reader = Reader(vmlinux, "vmlinux")
    chance = random.Random(6)
    symbols = reader.symbols
    found: dict[int, list[Row]] = {}
    # One reading of the table for all names: those that only one symbol bears.
    wanted = [symbols._symbol(index) for index, code in enumerate(symbols._is_code) if code]
    several = Counter(symbol.name for symbol in wanted if symbol)
    unique = [symbol for symbol in wanted if symbol and several[symbol.name] == 1]
    chance.shuffle(unique)
    for symbol in unique:
        if len(found) >= units and sum(map(len, found.values())) >= frames:
            break
        unit = reader.units.find([symbol.address]).get(symbol.address)
        if unit is None or not symbol.size:
            continue
        known = unit.offset in found
        if (not known and len(found) >= units) or (known and len(found) < units):
            continue
        for offset in range(chance.randrange(symbol.size), symbol.size):
            address = symbol.address + offset
            if offset and call_before(reader.image, symbols, address):
                token = f"{symbol.name}+{offset:#x}/{symbol.size:#x}"
                found.setdefault(unit.offset, []).append((token, address - 1))
                break
    rows = [row for several in found.values() for row in several]
    chance.shuffle(rows)
    return rows[:frames]


def in_logs(vmlinux: str, folder: str) -> list[Row]:
    """All frames of vmlinux in the x86 logs of a folder, in their order; many come again and again."""
    reader = Reader(vmlinux, "vmlinux")
    tokens: list[str] = []
    queries: dict[str, Query] = {}
    for path in sorted(Path(folder).glob("x86-*.log")):
        for match in _TOKEN.finditer(path.read_text("latin-1")):
            name, offset, size = match.groups()
            tokens.append(match[0])
            queries[match[0]] = Query(name, int(offset, 16), int(size, 16))
    places = dict(zip(queries, resolve(reader, list(queries.values())), strict=True))
    rows = [(token, places[token]) for token in tokens]
    return [(token, place.pc) for token, place in rows if isinstance(place, Found)]
