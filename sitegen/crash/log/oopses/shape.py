"""The shape of an entry, and the patterns the entries are written in.

In patterns `<FUNC>` stands for a function's name up to its first dot or plus, captured
as `f`; `<PC>` for an address in brackets; `<SRC>` for `path.ext:line`. A pattern is
searched in one line; it may capture other words under names of its own, and the title
names them in braces.
"""

from typing import Literal, NamedTuple

Pick = Literal["first", "stall", "hung"]
"""Which of the candidates is the culprit: see `walk.pick`."""

STACK = ""
"A step that reads frames; every other step is a pattern of a line to go to."
HEADER = "HEADER"
"The step that goes to the entry's own header."

RIP = (
    r"(?:IP|NIP|pc |PC is at):? (?:(?:[0-9]+:)?(?:<PC> +){0,2}<FUNC>|(?:[0-9]+:)?0x[0-9a-f]+"
    r"|(?:[0-9]+:)?<PC> +\[< *\(null\)>\] +\(null\)|[0-9]+: +\(null\))"
)
TRACE = r"Call (?:T|t)race:|Backtrace:"
AT = r"at: (?:<PC> )?<FUNC>"
INTERRUPT = r"apic_timer_interrupt|Exception stack|el1h_64_irq"

Attempt = tuple[str, ...]
Walk = tuple[Attempt, ...]
"""Steps to a function; when one attempt finds none the next starts at the header again."""

NO_WALK: Walk = ()
BY_RIP: Walk = ((RIP,),)
BY_TRACE: Walk = ((TRACE, STACK),)
BY_RIP_AND_TRACE: Walk = ((RIP, TRACE, STACK),)
BY_HEADER_AND_TRACE: Walk = ((HEADER, TRACE, STACK),)
BY_HEADER_AND_STACK: Walk = ((HEADER, STACK),)
BELOW: Walk = ((STACK,),)
# The warning's place is the RIP of its trap on new kernels; old ones print RIP inside the trace.
BY_WARNING: Walk = ((rf"{RIP}|--- interrupt: [0-9]+ at <FUNC>", STACK), (TRACE, STACK))
# What a stalled CPU ran lies below the timer interrupt that noticed.
BY_INTERRUPT: Walk = (("apic_timer_interrupt", RIP, STACK), (INTERRUPT, STACK))
BY_LOCKS: Walk = ((AT, AT, STACK),)


class Format(NamedTuple):
    """One wording of a report's header, and the title it gets."""

    header: str
    "pattern of the header"
    title: str
    "with `{f}` for the function, and what else header and needs capture"
    walk: Walk = NO_WALK
    needs: tuple[str, ...] = ()
    "patterns which must match as well: the first anywhere, each further one on a later line"
    skip: str = ""
    "pattern of functions that are not the culprit here, on top of the general list"
    alt: tuple[str, ...] = ()
    "further titles"
    traceless: bool = False
    "whole without any call trace"
    corrupted: bool = False
    "a report that says so little is never whole"
    pick: Pick = "first"
    origin: str = ""
    "pattern of the line above a second stack, whose function is `{g}`"


class Oops(NamedTuple):
    """A piece of text that makes a line the beginning of a crash report."""

    trigger: str
    formats: tuple[Format, ...]
    "of those whose header stands first, the first one that fits gives the title"
    unless: str = ""
    "pattern: a line with it is no trigger"
