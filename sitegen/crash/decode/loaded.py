"""Where modules were loaded, as far as the log says.

`Modules linked in:` names them only; who can, adds the lines of /proc/modules:

    ext4 937984 1 - Live 0xffffffffc0400000 (E)
"""

from __future__ import annotations

LIVE = b" Live 0x"
_DIGITS = b"0123456789"
_HEX = b"0123456789abcdef"
_NAME = _HEX + b"ABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz_-"
_MOST = 4096
"modules that are remembered; a kernel has some hundred"


class Loaded:
    """The modules that were met. Fed with the lines that have `LIVE` in them."""

    def __init__(self) -> None:
        self._ranges: dict[str, range] = {}

    def read(self, line: bytes) -> None:
        """Take what a line says; a later one of the same module counts."""
        before, _, after = line.partition(LIVE)
        words = before.split()[-4:]
        digits = after.split()[:1]
        if len(words) < 4 or not digits or len(self._ranges) >= _MOST:
            return
        name, size, uses, _ = words
        base = digits[0]
        if (
            name.strip(_NAME)
            or size.strip(_DIGITS)
            or uses.strip(_DIGITS + b"-")
            or not 8 <= len(base) <= 16
            or base.strip(_HEX)
            or not 0 < len(size) <= 12
            or not int(base, 16)  # hidden from who may not know
        ):
            return
        start = int(base, 16)
        self._ranges[name.decode()] = range(start, start + int(size))

    def find(self, address: int) -> tuple[str, int] | None:
        """(module, offset from where it was loaded) of an address; None outside of all."""
        for name, where in self._ranges.items():
            if address in where:
                return name, address - where.start
        return None
