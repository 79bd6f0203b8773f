"""What slab and page debugging print: objects, red zones, the bytes that should not be there."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import BYTES, Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_WRONG = (
    (
        "Poison overwritten",
        "A freed object was written to: what it was filled with when freed has changed.",
    ),
    (
        "(?:Right |Left |Alloc )?Redzone overwritten",
        "A byte beside the object was written to: someone ran past its end or began before it.",
    ),
    ("kmalloc Redzone overwritten", "A byte behind the size that was asked for was written to."),
    ("Object already free", "The object is freed a second time."),
    ("Object padding overwritten", "The rest of the slot behind the object was written to."),
    (
        "Freechain corrupt|Freepointer corrupt",
        "The pointer to the next free object, which lies in a free one, was written over.",
    ),
    (
        "Objects remaining",
        "The cache is destroyed while objects of it are in use: they were never freed.",
    ),
    ("Wrong object count", "The slab's own counters do not add up: it was written over."),
    ("Invalid object pointer", "What is freed is no object of this cache."),
    ("Padding overwritten", "The bytes between objects were written to."),
    (
        "Slab disabled since SLUB metadata consistency check failed",
        "It only follows from the report above: the slab is not used any more.",
    ),
)
_FIRST_BYTE = Lazy(r"First byte (?P<found>0x[0-9a-f]{1,2}) instead of (?P<wanted>0x[0-9a-f]{1,2})")
_WANTED = {
    0x6B: "what freed objects are filled with: this one was written to after it was freed",
    0xBB: "what stands beside free objects",
    0xCC: "what stands beside objects in use: someone wrote past the end, or before the beginning",
    0x5A: "what fills the rest of a slot",
    0xA5: "what ends a freed object: it was written to after it was freed",
    0xAA: "what freed pages are filled with",
}


def byte_words(text: str) -> Iterator[Word]:
    """`First byte 0x58 instead of 0x6b`."""
    found = _FIRST_BYTE.search(text)
    if found is None:
        return
    shown = int(found["found"], 16)
    letter = f" (the letter {chr(shown)})" if 0x21 <= shown < 0x7F else ""
    yield Word(
        *found.span("found"), f"The first byte that is another one: {found['found']}{letter}."
    )
    if said := _WANTED.get(int(found["wanted"], 16)):
        yield Word(*found.span("wanted"), f"What should be there, {found['wanted']}: {said}.")


_DUMP = Lazy(
    r"^(?P<what>Redzone|Object|Padding|Bytes b4)\s{1,4}(?:0x)?[0-9a-f]{8,16}: (?P<bytes>[0-9a-f]{2}(?: [0-9a-f]{2}){0,31})(?=  |$)"
)
_FILLS = {"Redzone": {0xBB, 0xCC}, "Padding": {0x5A}, "Object": {0x6B, 0xA5}}
_ENOUGH = 4
"""Bytes of a line of an object that must be its filling, so that the others are what is wrong."""


def dump_words(text: str) -> Iterator[Word]:
    """`Object   ffff...: 6b 6b 58 6b`: the bytes of a dump that are not its filling."""
    found = _DUMP.match(text)
    fills = _FILLS.get(found["what"]) if found else None
    if found is None or fills is None:
        return
    values = [int(one, 16) for one in found["bytes"].split()]
    same = [value in fills for value in values]
    # An object in use holds whatever it likes.
    if all(same) or (found["what"] == "Object" and sum(same) < _ENOUGH):
        return
    first = same.index(False)
    last = first
    while last + 1 < len(same) and not same[last + 1]:
        last += 1
    start = found.start("bytes") + 3 * first
    end = found.start("bytes") + 3 * last + 2
    many = "These bytes were" if last > first else "This byte was"
    yield Word(
        start, end, f"{many} written over: all others of the line are what debugging put there."
    )


SLAB = Topic(
    rules=(
        *(rule("BUG", rf"\): (?P<w>{pattern})", text) for pattern, text in _WRONG),
        rule(
            "Allocated",
            r"^Allocated in .{1,200} (?P<w>age=\d{1,12})",
            "How long ago, in jiffies of 1 to 10 ms.",
            "plain",
        ),
        rule(
            "Freed",
            r"^Freed in .{1,200} (?P<w>age=\d{1,12})",
            "How long ago, in jiffies of 1 to 10 ms.",
            "plain",
        ),
        rule(
            "Slab",
            r"(?P<w>objects=\d{1,8} used=\d{1,8})",
            "How many objects the slab holds, and how many of them are in use.",
            "plain",
        ),
        rule(
            "Slab", r"\b(?P<w>fp=(?:0x)?[0-9a-f]{8,16})", "The slab's first free object.", "plain"
        ),
        rule(
            "Object",
            r"(?P<w>@offset=\d{1,8})",
            "How far into the slab the object lies.",
            "plain",
        ),
        rule(
            "Object",
            r"^(?P<w>Object) {1,4}(?:0x)?[0-9a-f]{8,16}: ",
            "The object's bytes; 6b 6b 6b … a5 when it was freed and nobody has written to it since.",
        ),
        rule(
            "Redzone",
            r"(?P<w>Redzone)",
            "What stands around the object; bb when it is free, cc when in use. Others: written over.",
        ),
        rule(
            "Padding",
            r"(?P<w>Padding)",
            "Bytes between objects; all 5a unless someone wrote there.",
            "plain",
        ),
        rule(
            "Bytes",
            r"(?P<w>Bytes b4)",
            "Bytes before the object, of the one before it.",
            "plain",
        ),
        rule(
            "FIX",
            r"FIX \S{1,60}: (?P<w>Restoring .{1,40}?)(?= 0x|=|$)",
            "Slab debugging repairs the bytes and goes on; the damage is done all the same.",
        ),
        rule(
            "FIX",
            r"FIX \S{1,60}: (?P<w>Marking all objects used)",
            "Slab debugging uses the slab no more.",
            "plain",
        ),
        rule(
            "pagealloc:",
            r"(?P<w>single bit error)",
            "One bit is another one: bad memory is likelier than a program's error.",
        ),
        rule(
            "pagealloc:",
            r"(?P<w>memory corruption)",
            "Freed pages are filled with aa. This one was written to after it was freed; the trace shows who "
            "noticed, not who did it.",
            "misleading",
        ),
    ),
    readers={
        BYTES: (byte_words,),
        "INFO:": (byte_words,),
        **dict.fromkeys(("Object", "Redzone", "Padding"), (dump_words,)),
    },
)
