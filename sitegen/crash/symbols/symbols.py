"""An image's symbol table: names to places, and places to names, with the sizes that logs print.

A kernel has a hundred thousand symbols and a log asks for twenty: names are looked for in the
string table, places in the raw table, and only the addresses are ever unpacked all together.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import compress

from sitegen.crash.symbols import kallsyms
from sitegen.crash.symbols.elf import EM_X86_64, PAGE, SHT_SYMTAB, Section
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.symtab import (
    STB_LOCAL,
    STT_FILE,
    STT_OBJECT,
    STT_SECTION,
    Form,
)
from sitegen.record import Record

_HEAD = 8
"first bytes of names that are compared before the whole name is cut out"


class Symbol(Record):
    """A symbol at its address (the one `Image` gives sections of a module)."""

    name: str
    address: int
    size: int
    "bytes to the next symbol, as kallsyms has it and logs print it; for data its `st_size`"
    st_size: int
    number: int
    "its index in the symbol table"
    info: int
    "type and binding"


class Symbols:
    """The symbol table of one image. Empty where the image has none."""

    def __init__(self, image: Image, starts: Sequence[int] | None = None) -> None:
        """`starts` are those that an earlier run found, to save the sorting."""
        self._image = image
        self._known_starts = starts
        table = next((s for s in image.sections if s.type == SHT_SYMTAB), None)
        strings = None
        if table is not None and table.link < len(image.sections):
            strings = image.sections[table.link]
        self._form = Form(image.encoding)
        self._limit = 1 << 8 * image.encoding.word
        self._at = table.offset if table and strings else 0
        self._count = table.size // self._form.size if table and strings else 0
        self._names_at = strings.offset if strings else 0
        self._names_end = strings.offset + strings.size if strings else 0
        self._found: dict[str, tuple[Symbol, ...]] = {}
        "what was asked for by name"

    @property
    def is_empty(self) -> bool:
        """Whether the image has no symbol table, as stripped ones."""
        return not self._count

    @cached_property
    def _raw(self) -> bytes:
        return self._image.file.read(self._at, self._at + self._count * self._form.size)

    @cached_property
    def _code(self) -> dict[int, int]:
        """Executable sections by index, with what is added to a value to make an address."""
        shift = self._image.is_module
        return {s.number: s.address if shift else 0 for s in self._image.code}

    @cached_property
    def _is_code(self) -> bytes:
        """For each entry whether it is of an executable section."""
        return self._form.among(self._raw, self._code)

    @cached_property
    def starts(self) -> Sequence[int]:
        """The addresses of code symbols, sorted. Ten milliseconds for a vmlinux."""
        if self._known_starts is not None:
            return self._known_starts
        values = self._form.values(self._raw)
        if self._image.machine == EM_X86_64 and not self._image.is_module:
            return sorted(compress(values, self._is_code))  # there are no others
        strings = self._image.file.read(self._names_at, self._names_end)
        counted = kallsyms.counted(self._form, self._raw, self._is_code, strings)
        if not self._image.is_module:
            return sorted(compress(values, counted))
        rows = compress(zip(values, self._form.homes(self._raw), strict=True), counted)
        found = [value + self._code[home] for value, home in rows]
        return sorted(start for start in found if start < self._limit)

    def size_of(self, address: int) -> int:
        """Bytes from a code symbol's address to the next symbol, or to the end of its code."""
        starts = self.starts
        at = bisect_right(starts, address)
        following = starts[at] if at < len(starts) else 0
        home = self._image.section_at(address)
        if home is None:
            return max(following - address, 0)
        is_module = self._image.is_module
        end = self._region_end(home) if is_module else home.address + home.size
        return min(following, end) - address if following > address else end - address

    def _region_end(self, home: Section) -> int:
        """The end of the pages that hold a module's code of the kind of `home`: core or init."""
        init = home.name.startswith(".init")
        last = max(
            s.address + s.size for s in self._image.code if s.name.startswith(".init") == init
        )
        return (last + PAGE - 1) & -PAGE

    def find(self, names: Collection[str]) -> dict[str, tuple[Symbol, ...]]:
        """The code symbols of each name, in the table's order, one for each address.

        Reads the name of every code symbol, unless all were asked for before: twenty milliseconds
        for a vmlinux.
        """
        new = [name for name in names if name not in self._found]
        if new:
            self._found.update(self._find(new))
        return {name: self._found[name] for name in names}

    def _find(self, names: Collection[str]) -> dict[str, tuple[Symbol, ...]]:
        wanted = {name.encode("ascii", "replace"): name for name in names if name}
        found: dict[str, dict[int, Symbol]] = {name: {} for name in names}
        strings = self._image.file.read(self._names_at, self._names_end)
        end = strings.find
        # Few of a hundred thousand names begin as one of those asked for.
        width = min(min(map(len, wanted), default=0) + 1, _HEAD)
        heads = {(name + b"\0")[:width] for name in wanted}
        for index, name in [
            (index, name)
            for index, offset in compress(enumerate(self._form.names(self._raw)), self._is_code)
            if strings[offset : offset + width] in heads
            and (name := strings[offset : end(b"\0", offset)]) in wanted
        ]:
            symbol = self._symbol(index)
            if symbol is not None:
                found[wanted[name]].setdefault(symbol.address, symbol)
        return {name: tuple(symbols.values()) for name, symbols in found.items()}

    def _symbol(self, index: int) -> Symbol | None:
        """The symbol at an index of the table; None for sections, files and marks."""
        name_at, info, home, value, st_size = self._form.read(self._raw, index * self._form.size)
        if info & 15 in {STT_SECTION, STT_FILE} or not 0 < home < len(self._image.sections):
            return None
        name = self._name(name_at)
        if not name or name.startswith(("$", ".L")):
            return None
        if self._image.is_module:
            value += self._image.sections[home].address
        if value >= self._limit:
            return None
        size = self.size_of(value) if home in self._code else st_size
        return Symbol(name, value, size, st_size, index, info)

    def _name(self, offset: int) -> str:
        start = self._names_at + offset
        end = self._image.data.find(b"\0", start, self._names_end)
        return self._image.data[start : max(end, start)].decode("ascii", "replace")

    def at(self, address: int) -> Symbol | None:
        """The code symbol that `address` lies in, of several that begin there the one that logs print."""
        at = bisect_right(self.starts, address) - 1
        if at < 0:
            return None
        start = self.starts[at]
        home = self._image.section_at(address)
        if home is None or not home.is_code or not 0 <= start - home.address <= home.size:
            return None
        return self.starting_at(start)

    def starting_at(self, address: int) -> Symbol | None:
        """The symbol that begins at `address`, code or data; of several the one that logs print."""
        return min(self._with_value(address), key=self._order, default=None)

    def names_at(self, address: int) -> tuple[str, ...]:
        """The names of all symbols that begin at `address`, first the one that logs print."""
        return tuple(s.name for s in sorted(self._with_value(address), key=self._order))

    def _order(self, symbol: Symbol) -> tuple[bool, bool, bool, int, str]:
        """Sorts the symbols of one place: in a module logs print the first of its symbol table."""
        if self._image.is_module:
            return False, False, False, symbol.number, ""
        return kallsyms.as_printed(symbol.name, symbol.info)

    def _with_value(self, address: int) -> Iterable[Symbol]:
        """Symbols whose table value stands for `address`: found by their bytes, not by a walk."""
        value, home = address, -1
        if self._image.is_module:
            section = self._image.section_at(address)
            if section is None:
                return
            value, home = address - section.address, section.number
        if not 0 <= value < self._limit:
            return
        form = self._form
        for needle in self._image.encoding.pointers(value):
            at = self._raw.find(needle)
            while at >= 0:
                index, place = divmod(at, form.size)
                if place == form.value_at:
                    symbol = self._symbol(index)
                    if (
                        symbol is not None
                        and symbol.address == address
                        and home in {-1, form.read(self._raw, index * form.size).home}
                    ):
                        yield symbol
                at = self._raw.find(needle, at + 1)

    def is_local(self, address: int) -> bool:
        """Whether all symbols that begin at `address` are local."""
        bindings = {symbol.info >> 4 for symbol in self._with_value(address)}
        return bindings == {STB_LOCAL}

    def is_part(self, address: int) -> bool:
        """Whether what begins there is a `.cold` part, which the compiler split off from a function."""
        return any(".cold" in name for name in self.names_at(address))

    # --- data -----------------------------------------------------------------------------

    @cached_property
    def _objects(self) -> list[tuple[int, int, int]]:
        """(address, size, index) of the data objects, sorted."""
        raw, form = self._raw, self._form
        homes = [s.address if self._image.is_module else 0 for s in self._image.sections]
        rows = zip(form.infos(raw), form.homes(raw), form.values(raw), form.sizes(raw), strict=True)
        return sorted(
            (value + homes[home], size, index)
            for index, (info, home, value, size) in enumerate(rows)
            if info & 15 == STT_OBJECT and size and 0 < home < len(homes)
        )

    def object_at(self, address: int) -> Symbol | None:
        """The data object that covers `address`. The first question reads the whole table."""
        at = bisect_right(self._objects, (address, 1 << 64, 0))
        # An object may lie inside another (an array and its first element): look back a little.
        for start, size, index in reversed(self._objects[max(at - 4, 0) : at]):
            if start <= address < start + size:
                return self._symbol(index)
        return None
