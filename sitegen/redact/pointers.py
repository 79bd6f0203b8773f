"""Addresses of memory -> addresses that say as much of the crash and nothing of the machine.

Of an address its region stays (the digits in front that tell the direct map from the stacks and
from the kernel's own code) and its place within the page; the page's number is another. Pages are
numbered anew for each set of texts that belong together, in the order of the true ones: equal
pages stay equal, pages near each other stay as near, and what is aligned stays aligned, so that
what can be read off them (`0x18 below the stack`) is still true. What is further apart is not
told.

Small numbers, error pointers and patterns are no addresses, and stay. Of 32-bit kernels nothing is
masked: their addresses cannot be told from other numbers of 8 digits.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from sitegen.redact.redactor import Edit
from sitegen.redact.regions import address_test

_NEAR = 16
"""Pages: what is not further apart stays as far, and multiples of so many stay such multiples."""
_BITS = 12
"""Of an offset in a page."""

_DIGITS = re.compile(r"[0-9a-fA-F]{10,}")
# What the kernel prints of a process without zeroes in front: `segfault at 7f12a0`,
# `libc.so[7f12a0+195000]`.
_BARE = ("segfault at ", " error at ", "[")
_WORD = re.compile(r"\w", re.ASCII)
# What KASLR moved the kernel by is a secret of its own. The addresses behind it are the same on
# every machine.
_OFFSET = re.compile(r"Kernel Offset: (?P<by>0x[0-9a-f]{1,16})(?P<rest>[^\n]{0,200})")
HIDDEN = "(hidden)"


class Pointers:
    """The addresses of some texts that belong together, and what stands in their place.

    `keeps` says which values are patterns: numbers that nobody computed; `arches` of which
    architectures the texts are, by their names in `regions`, none where nobody knows.
    """

    def __init__(
        self, found: Iterable[int], keeps: Callable[[int], bool], arches: Iterable[str] = ()
    ) -> None:
        is_address = address_test(arches)
        values = {value for value in found if is_address(value) and not keeps(value)}
        pages: dict[tuple[int, int], set[int]] = {}
        for value in values:
            region, low, number = _parts(value)
            pages.setdefault((region, low), set()).add(number)
        self._numbers = {
            region: _numbered(sorted(numbers), region[1]) for region, numbers in pages.items()
        }
        self._values = frozenset(values)

    def __bool__(self) -> bool:
        return bool(self._values)

    def mask(self, value: int) -> int:
        """What stands in the place of the address; the value itself for what is none of them."""
        if value not in self._values:
            return value
        region, width, number = _parts(value)
        masked = self._numbers[region, width][number]
        return (region << width | masked) << _BITS | value & (1 << _BITS) - 1

    def edits(self, text: str) -> Iterator[Edit]:
        """What is to be replaced in a text, in order. Each address stays as long as it was."""
        if not self._values:
            return
        fixed = list(_OFFSET.finditer(text)) if "Kernel Offset: 0x" in text else []
        edits = [Edit(*one.span("by"), HIDDEN) for one in fixed]
        for start, end, value in _words(text):
            if any(one.start() <= start < one.end() for one in fixed):
                continue
            masked = self.mask(value)
            if masked != value:
                by = f"{masked:0{end - start}x}"
                edits.append(Edit(start, end, by.upper() if text[start:end].isupper() else by))
        yield from sorted(edits)


def find_pointers(text: str) -> Iterator[int]:
    """Every number in the text that is printed as addresses are."""
    return (value for _, _, value in _words(text))


def _words(text: str) -> Iterator[tuple[int, int, int]]:
    """Numbers that are whole words of a dump, or what `%px` and `%#lx` print."""
    for found in _DIGITS.finditer(text):
        start, end = found.span()
        size = end - start
        if size > 16 or _WORD.match(text, end):
            continue
        marked = text.endswith("0x", 0, start)
        before = start - 2 if marked else start
        if before and _WORD.match(text, before - 1):
            continue
        bare = size <= 12 and text.endswith(_BARE, 0, start) and text[end : end + 1] in (" ", "+")
        if size == 16 or marked or bare:
            yield start, end, int(found[0], 16)


def _parts(value: int) -> tuple[int, int, int]:
    """The region's digits, the bits of the page's number behind them, and that number."""
    # In the area of code and modules and in RISC-V's with 39 bits regions are small.
    kept = 36 if value >> 32 == 0xFFFFFFFF else 32 if value >> 40 == 0xFFFFFF else 28
    width = 64 - kept - _BITS
    return value >> 64 - kept, width, value >> _BITS & (1 << width) - 1


def _numbered(pages: list[int], width: int) -> dict[int, int]:
    """A new number for each page, of so many bits; `pages` are sorted."""
    # The kernel's code begins 16 MiB behind the beginning of its region.
    first = (0x1000 if width == 16 else _NEAR) + pages[0] % _NEAR
    numbers = {pages[0]: first}
    for before, page in pairwise(pages):
        last = numbers[before]
        near = page - before <= _NEAR
        # The next one that is far enough away, and as far behind a multiple of 16.
        far = last + _NEAR + 1 + (page - last - _NEAR - 1) % _NEAR
        numbers[page] = last + page - before if near else far
    if max(numbers.values()) >> width:
        # Too many for their region: only that equal ones stay equal can be kept.
        return {page: number for number, page in enumerate(pages)}
    return numbers
