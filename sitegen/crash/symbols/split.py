"""A skeleton unit -> the unit it stands for, from the `.dwo` file that the compiler put it in.

The file is looked for where the unit says it was compiled, and beside the image. It counts when it
holds a unit of the skeleton's own number. Packages of such files (`.dwp`) are not read.
"""

import os
import stat
from collections.abc import Iterator

from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.forms import AT_GNU_RANGES_BASE, DwarfError
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import ImageError

_MOST_UNITS = 1 << 10
"units of one file that are looked at: those of types come before the one that counts"


class SplitUnit(Unit):
    """A unit of a `.dwo` file. What its skeleton says of addresses, lines and folders counts for it."""

    def __init__(self, debug: Debug, offset: int, skeleton: Unit) -> None:
        super().__init__(debug, offset)
        self.key = skeleton.key
        self.dwo_name = ""
        self.folder = skeleton.folder
        self.lines_at = skeleton.lines_at
        self.low_pc = skeleton.low_pc
        self.addresses = skeleton.addresses
        self.old_ranges = skeleton.debug, skeleton.base(AT_GNU_RANGES_BASE, 0)


def whole(skeleton: Unit) -> Unit | None:
    """The unit that a skeleton stands for; None when its file is not here."""
    for path in _places(skeleton):
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                continue
            debug = Debug(Image(path, skeleton.debug.image.name), ".dwo")
            for offset in _units(debug):
                unit = SplitUnit(debug, offset, skeleton)
                if unit.dwo_id is not None and unit.dwo_id == skeleton.dwo_id:
                    return unit
        except (OSError, ValueError, ImageError, DwarfError):
            continue
    return None


def _places(skeleton: Unit) -> Iterator[str]:
    name = skeleton.dwo_name
    beside = os.path.dirname(skeleton.debug.image.path)
    yield os.path.join(skeleton.folder, name)
    if not os.path.isabs(name):
        yield os.path.join(beside, name)
    yield os.path.join(beside, os.path.basename(name))


def _units(debug: Debug) -> Iterator[int]:
    offset = 0
    for _ in range(_MOST_UNITS):
        if offset >= debug.size("info"):
            return
        yield offset
        offset = Unit(debug, offset).end
