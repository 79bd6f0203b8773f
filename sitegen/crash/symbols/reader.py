"""One image, opened: addresses -> calls with files and lines. Joins the readers of ELF and DWARF."""

from array import array
from collections.abc import Iterable, Mapping
from functools import cached_property

from sitegen.crash.symbols import functions, index, names, paths, separate
from sitegen.crash.symbols.cache import Cache, Identity
from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.elf import SHT_SYMTAB
from sitegen.crash.symbols.forms import AT_DECL_FILE, AT_DECL_LINE, DwarfError
from sitegen.crash.symbols.functions import Active
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.images import VMLINUX
from sitegen.crash.symbols.index import Index
from sitegen.crash.symbols.lines import Lines
from sitegen.crash.symbols.subprograms import Hint
from sitegen.crash.symbols.symbols import Symbols
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.units import MOST_OPEN, Units
from sitegen.crash.symbols.values import Call, ImageError
from sitegen.treetop import TOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sitegen.crash.symbols.jumpmap import JumpMap

NO_DWARF = "no debug information in {}"
NO_UNIT = "no unit of {} covers it"
NO_LINE = "no line of {} covers it"
_MOST_PATHS = 1 << 12


class Reader:
    """One image and what is read of it."""

    def __init__(self, path: str, name: str, cache: Cache | None = None) -> None:
        self.image = Image(path, name)
        self.debug = Debug(self.image)
        if self.debug.section("info") is None:
            twin = separate.find(self.image)
            if twin is not None:
                self.debug = Debug(twin)
        self._cache = cache
        self._lines: dict[int, Lines] = {}
        self._roots: dict[int, str] = {}
        self._paths: dict[tuple[int, int], str] = {}

    @property
    def name(self) -> str:
        return self.image.name

    @cached_property
    def identity(self) -> Identity:
        """Who the image is, for the cache."""
        text = self.image.find(".text")
        kind = "lines" if self.has_lines else "bare"
        if self.debug.image is not self.image:
            kind = "apart"
        if text is not None and text.is_code:
            kind += "-code"
        return Identity(self.image.build_id, self.image.release, kind)

    @cached_property
    def _index(self) -> Index | None:
        return index.load(self._index_path) if self._index_path else None

    @cached_property
    def _index_path(self) -> str:
        return self._cache.place(self.identity, "index") if self._cache else ""

    @cached_property
    def symbols(self) -> Symbols:
        bare = not any(section.type == SHT_SYMTAB for section in self.image.sections)
        image = self.debug.image if bare else self.image
        return Symbols(image, self._index.starts if self._index else None)

    @cached_property
    def units(self) -> Units:
        if self._index is None:
            return Units(self.debug)
        return Units(self.debug, self._index.ranges, complete=self._index.complete)

    @cached_property
    def alternatives(self) -> dict[int, tuple[int, ...]]:
        """Where a call or jump begins that the kernel may replace at boot, and what others go to."""
        from sitegen.crash.symbols import patches  # noqa: PLC0415  reason: no decode comes here

        return patches.alternatives(self.image)

    @cached_property
    def pointer_calls(self) -> frozenset[int]:
        """Where calls through a pointer begin of which the kernel makes direct ones at boot."""
        from sitegen.crash.symbols import patches  # noqa: PLC0415  reason: no decode comes here

        return patches.pointer_calls(self.image)

    @cached_property
    def jumps(self) -> "JumpMap":
        """Who jumps to a function."""
        from sitegen.crash.symbols.jumpmap import JumpMap  # noqa: PLC0415  reason: no decode comes here

        return JumpMap(self.image, self.symbols, self.units)

    def close(self) -> None:
        """Save what was found out, and let go of the file."""
        if self._index_path and "symbols" in self.__dict__ and "units" in self.__dict__:
            known = self._index
            if known is None or (self.units.scanned and not known.complete):
                try:
                    starts, ranges = array("Q", self.symbols.starts), array("Q", self.units.flat())
                    complete = self.units.scanned
                    index.save(self._index_path, Index(starts, ranges, complete=complete))
                except (DwarfError, ImageError):
                    pass  # nothing worth keeping: the frames say why
        self.debug.image.close()
        self.image.close()

    @cached_property
    def has_lines(self) -> bool:
        """Whether there is DWARF to read."""
        return self.debug.section("info") is not None and self.debug.section("line") is not None

    def calls_at(
        self, addresses: Iterable[int], hints: Mapping[int, Hint] | None = None
    ) -> dict[int, tuple[tuple[Call, ...], str]]:
        """For each address its calls, innermost first, and what is to be said of them.

        The last function has no name where no entry covers the address (assembly); without
        any debug information there are no calls. Each unit is read once. `hints` name the symbols
        that addresses lie in, and only save time.
        """
        wanted = sorted(set(addresses))
        if not self.has_lines:
            return {address: ((), NO_DWARF.format(self.name)) for address in wanted}
        found: dict[int, tuple[tuple[Call, ...], str]] = {}
        try:
            units = self.units.covering(wanted)
        except (DwarfError, ImageError) as error:
            return {address: ((), str(error)) for address in wanted}
        groups: dict[int, list[int]] = {}
        for address in wanted:
            offset = units.get(address)
            if offset is None:
                found[address] = (), NO_UNIT.format(self.name)
            else:
                groups.setdefault(offset, []).append(address)
        for offset, group in groups.items():
            try:
                found.update(self._in_unit(self.units.at(offset), group, hints))
            except (DwarfError, ImageError) as error:
                found.update((address, ((), str(error))) for address in group)
        return found

    def _in_unit(
        self, unit: Unit, addresses: list[int], hints: Mapping[int, Hint] | None
    ) -> dict[int, tuple[tuple[Call, ...], str]]:
        note = ""
        active: dict[int, tuple[Active, ...]] = {}
        try:
            active = functions.active_at(self.units, unit, addresses, hints)
            if unit.dwo_name:
                note = f"inlined functions are in '{unit.dwo_name}', which is not here"
        except (DwarfError, ImageError) as error:
            note = str(error)
        try:
            lines = self.lines_of(unit)
            rows = lines.rows_at(addresses) if lines else {}
        except (DwarfError, ImageError) as error:
            note = note or str(error)
            lines, rows = None, {}
        found = {}
        for address in addresses:
            row = rows.get(address)
            file, line, column = "", None, None
            if row is not None and lines is not None:
                file = self.path_of(unit, lines, row.file)
                line, column = row.line or None, row.column or None
            calls = []
            for one in active.get(address, ()):
                inlined = one.call_file is not None
                calls.append(Call(one.name, file, line, column, inlined=inlined))
                if one.call_file is not None and lines is not None:
                    file = self.path_of(unit, lines, one.call_file)
                    line, column = one.call_line or None, one.call_column or None
            if not calls:
                calls.append(Call("", file, line, column))
            missing = "" if row is not None else NO_LINE.format(self.name)
            found[address] = tuple(calls), note or missing
        return found

    def lines_of(self, unit: Unit) -> Lines | None:
        """The unit's line program, read once; None when it has none."""
        at = unit.lines_at
        if at is None or self.debug.section("line") is None:
            return None
        if at not in self._lines:
            if len(self._lines) >= MOST_OPEN:
                self._lines.clear()
            self._lines[at] = Lines(self.debug, at)
        return self._lines[at]

    def path_of(self, unit: Unit, lines: Lines, index: int) -> str:
        """The path of a file index of a unit, relative to the kernel tree where it lies in it."""
        key = unit.key, index
        known = self._paths.get(key)
        if known is not None:
            return known
        if len(self._paths) >= _MOST_PATHS:
            self._paths.clear()
        found = self._paths[key] = self._path_of(unit, lines, index)
        return found

    def _path_of(self, unit: Unit, lines: Lines, index: int) -> str:
        try:
            home, folder, name = lines.names.file(index)
            path = paths.join(folder, name)
            folder = unit.folder or home
            found = paths.in_tree(path, folder, "")
            if found.startswith("/"):
                found = paths.in_tree(path, folder, self._root(unit, lines))
            elif self.name != VMLINUX and found.partition("/")[0] not in TOP:
                root = self._root(unit, lines)
                if paths.is_apart(found, folder, root):
                    found = paths.join(folder, found)
        except (DwarfError, ImageError):
            return ""
        return found

    def _root(self, unit: Unit, lines: Lines) -> str:
        if unit.key not in self._roots:
            self._roots[unit.key] = paths.root_of(lines.names.folders())
        return self._roots[unit.key]

    def declared(self, unit: Unit, position: int) -> tuple[str, int | None]:
        """File and line of the declaration of an entry, its own or that of what it stands for."""
        for home, kind, at in names.origins(self.units, unit, position):
            line = home.number(kind, at, AT_DECL_LINE)
            if line is None:
                continue
            index = home.number(kind, at, AT_DECL_FILE)
            lines = self.lines_of(home)
            file = self.path_of(home, lines, index) if lines and index is not None else ""
            return file, line
        return "", None
