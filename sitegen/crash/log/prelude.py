"""The lines above a headline -> how many of them belong to the report."""

import re
from collections.abc import Iterator

from sitegen.crash.log.printk import Line

_CUT_HERE = "[ cut here ]"
_PRELUDE = re.compile(
    r"-{4,}\[ cut here \]-{4,}|={20,}|\*{20,}|BUG: unable|\[ (?:INFO|BUG): |traps: |kernel tried to execute"
    r"|list_(?:add|del) (?:double |corruption)|usercopy: |refcount_t: |ODEBUG: |page:\S+ refcount|kasan: |SLUB: "
    r"|mce: \[Hardware Error\]|SError Interrupt|EXT4-fs error|skbuff: skb_|sysrq: Trigger a crash"
    # arm64's overflow of a stack.
    r"|Insufficient stack space|Task stack: |IRQ stack: |Overflow stack: |ESR: |FAR: "
    # No root file system: `0800 1048576 sda`, `  driver: sd`.
    r"|VFS: Cannot open root|Please append a correct|List of all (?:partitions|bdev)|No filesystem could mount"
    r"|[0-9a-f]{4} +\d+ \w+\s*$|  ?driver: "
)
# Above a stack that has no headline.
_BARE = re.compile(
    r"CPU: \d|Hardware name: |Workqueue: |Comm: |NMI backtrace for cpu|sysrq: |task:\S"
)
MOST_PRELUDE = 40
"lines that are looked at"
_MOST_WORDS = 4
"lines of WARN()'s own words between `cut here` and the headline"


def count_prelude(above: Iterator[Line], *, bare: bool) -> int:
    """How many of the lines above a headline, nearest first, belong to it.

    Unknown lines do only up to a `cut here` line. `bare` for a stack without a headline.
    """
    taken = unknown = 0
    for index, line in enumerate(above):
        text = line.text
        if _CUT_HERE in text:
            taken, unknown = index + 1, 0
        elif _PRELUDE.match(text) or (bare and _BARE.match(text)):
            taken = taken if unknown else index + 1
        elif text.strip():
            unknown += 1
            if unknown > _MOST_WORDS:
                break
        if index + 1 == MOST_PRELUDE:
            break
    return taken
