"""The table of crash reports: what begins one, and how it is titled.

On a line with several triggers the topmost entry here decides. To add a kind of
report, add an `Oops` or a `Format` to the module of its noun, its name and label to
`kinds.py`, and a log to `tests/logs`.
"""

from sitegen.crash.log.oopses.bug import BUG
from sitegen.crash.log.oopses.faults import ABORTS, FAULTS, PANIC, TRAPS
from sitegen.crash.log.oopses.others import KERNEL, PROGRAMS
from sitegen.crash.log.oopses.shape import HEADER, STACK, Format, Oops, Pick
from sitegen.crash.log.oopses.warning import INFO, WARNING

__all__ = ["HEADER", "OOPSES", "STACK", "Format", "Oops", "Pick"]

OOPSES: tuple[Oops, ...] = (BUG, WARNING, INFO, *FAULTS, PANIC, *TRAPS, *KERNEL, *ABORTS, *PROGRAMS)
