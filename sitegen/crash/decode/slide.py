"""Where a kernel was loaded: what KASLR added to its addresses, as far as the log says.

Logs say so last: `Kernel Offset:` follows the trace, at the end of a panic. So what is still to
come is read ahead where that can be done; a pipe cannot.
"""

from __future__ import annotations

from bisect import bisect_left

from sitegen.crash.symbols.values import Decoded, Query, Undecoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_BOOT = b"Linux version "
_OFFSET = b"Kernel Offset: "
_OFF = b"KASLR disabled"
_PARAMETER = b"nokaslr"
MARKS = (_BOOT, _OFFSET, _OFF, _PARAMETER)
"""One of these stands in each line that says anything."""
_MOVERS: dict[str, tuple[str, ...]] = {
    # All of CONFIG_RANDOMIZE_BASE: since Linux 4.6, and what became of it in 6.1.
    "aarch64": ("kaslr_early_init", "kaslr_init", "__pi_kaslr_early_init"),
    "arm": (),  # has no such thing
}
"""Functions without which a kernel is never moved. Of other machines nothing so simple is known."""
_LONGEST = 4096
"bytes of an unfinished line that are kept; what says something is shorter"


class Slide:
    """What to take off addresses, boot by boot. Fed with the log's lines in their order."""

    def __init__(
        self,
        fixed: int | None = None,
        *,
        ahead: Callable[[], Iterable[bytes]] = tuple,
        still: Callable[[], bool] = bool,
    ) -> None:
        """`ahead` gives the whole log in pieces; `still` tells whether the image cannot be moved."""
        self.unknown = 0
        "addresses that were asked about in vain"
        self._fixed = fixed
        self._ahead = ahead
        self._still = still
        self._boot = 0
        self._said: dict[int, int] = {}
        "by boot"
        self._looked = False
        self._is_still: bool | None = None

    def read(self, line: bytes) -> None:
        """A line of the log that holds no symbol; takes what it says of the slide."""
        if _BOOT in line:
            self._boot += 1
        said = _slide_in(line)
        if said is not None:
            self._said[self._boot] = said

    def find(self) -> int | None:
        """The slide of the boot being read; None when nothing tells it."""
        if self._fixed is not None:
            return self._fixed
        if self._boot not in self._said and not self._looked:
            self._looked = True
            self._said = {**_slides_in(self._ahead()), **self._said}
        found = self._said.get(self._boot)
        if found is None:
            if self._is_still is None:
                self._is_still = self._still()
            if self._is_still:
                return 0
            self.unknown += 1
        return found


class Slides:
    """What to take off addresses in a log that is whole. Looks at it when first asked."""

    def __init__(self, lines: Sequence[str], *, still: Callable[[], bool] = bool) -> None:
        """`still` as for `Slide`."""
        self._lines = lines
        self._still = still
        self._boots: list[int] | None = None
        "indices of the lines that boots begin with"
        self._said: dict[int, int] = {}
        self._is_still: bool | None = None

    def find(self, number: int) -> int | None:
        """The slide in a line, from 1; None when nothing tells it."""
        if self._boots is None:
            boot = _BOOT.decode()
            self._boots = [index for index, line in enumerate(self._lines) if boot in line]
            self._said = _slides_in(
                [f"{line}\n".encode("utf-8", "replace") for line in self._lines]
            )
        found = self._said.get(bisect_left(self._boots, number))
        if found is None:
            if self._is_still is None:
                self._is_still = self._still()
            return 0 if self._is_still else None
        return found


def cannot_move(
    answer: Callable[[Sequence[Query]], Sequence[Decoded | Undecoded]], machine: str
) -> bool:
    """Whether an image was built without KASLR, so that addresses are what the linker gave."""
    if machine not in _MOVERS:
        return False
    answers = answer([Query(name, lookup="exact") for name in _MOVERS[machine]])
    return all(isinstance(one, Undecoded) and one.absent for one in answers)


def _slide_in(line: bytes) -> int | None:
    if _OFF in line or (b"ommand line: " in line and _PARAMETER in line.split()):
        return 0
    _, offset, said = line.partition(_OFFSET)
    if not offset:
        return None
    if said.startswith(b"disabled"):
        return 0
    digits = said[2:19].partition(b" ")[0].strip()
    known = said.startswith(b"0x") and 0 < len(digits) <= 16
    return int(digits, 16) if known and not digits.strip(b"0123456789abcdef") else None


def _slides_in(pieces: Iterable[bytes]) -> dict[int, int]:
    """What a whole log says, by boot."""
    boot, found = 0, {}
    left = b""
    for piece in pieces:
        whole, end, rest = piece.rpartition(b"\n")
        if not end:
            left = (left + rest)[-_LONGEST:]
            continue
        for line in _marked(left + whole):
            boot += _BOOT in line
            said = _slide_in(line)
            if said is not None:
                found[boot] = said
        left = rest[-_LONGEST:]
    said = _slide_in(left)
    if said is not None:
        found[boot] = said
    return found


def _marked(text: bytes) -> list[bytes]:
    """The lines of a text that say anything of a boot or a slide, in order."""
    starts = set()
    for mark in MARKS:
        at = text.find(mark)
        while at >= 0:
            starts.add(text.rfind(b"\n", 0, at) + 1)
            end = text.find(b"\n", at)
            at = text.find(mark, end) if end >= 0 else -1
    ends = [(start, text.find(b"\n", start)) for start in sorted(starts)]
    return [text[start : end if end >= 0 else len(text)] for start, end in ends]
