"""Sets of small numbers -> short text.

Few numbers are written as the distances between them, in pieces of five bits with the
sixth for "more follows", many as a bit each, six a letter; whichever is shorter.
"""

Bits = int
"""A set of numbers: bit N is set when N is in it."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_MAP = "."
"""Begins a set that is written bit by bit."""


def pack(first: Bits, second: Bits) -> str:
    """Two sets in one text: what is in the first, and what is in the second only.

    >>> pack(0b1001, 0b1011), pack(0, 1 << 40)
    ('AC,B', ',oB')
    """
    only = second & ~first
    return encode(first) + ("," + encode(only) if only else "")


def encode(bits: Bits) -> str:
    """A set as text; of none it is empty.

    >>> encode(1 << 0 | 1 << 3), encode((1 << 20) - 1)
    ('AC', '.___D')
    """
    most = -(-bits.bit_length() // 6)
    if bits.bit_count() > most + 1:
        return _map(bits, most)
    distances = _distances(bits)
    return distances if len(distances) <= most + 1 else _map(bits, most)


def _map(bits: Bits, length: int) -> str:
    return _MAP + "".join(_LETTERS[bits >> 6 * at & 63] for at in range(length))


def _distances(bits: Bits) -> str:
    """Each number as its distance from the one after the last, the lowest five bits first."""
    found = []
    expected = 0
    while bits:
        number = (bits & -bits).bit_length() - 1
        bits &= bits - 1
        distance, expected = number - expected, number + 1
        while distance > 31:
            found.append(_LETTERS[distance & 31 | 32])
            distance >>= 5
        found.append(_LETTERS[distance])
    return "".join(found)
