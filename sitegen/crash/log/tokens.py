"""How kernels write symbols, addresses and line prefixes: the patterns every reader of logs shares.

Imports nothing but `re`. Each pattern takes linear time on any text: names begin
where no word goes on, and no repetition holds another.
"""

import re

NAME = r"[A-Za-z_$][\w.$]{0,255}"
"A symbol's name. `$` stands in names of some assemblers, `.` before what compilers add."

SYMBOL = re.compile(
    rf"(?<![\w.$])(?P<name>{NAME})\+0x(?P<offset>[0-9a-f]{{1,16}})/0x(?P<size>[0-9a-f]{{1,16}})"
    r"(?![\w/])(?: ?\[(?P<module>[\w.-]{1,80})(?P<flags>\([A-Z+-]{1,20}\))?(?P<build> [0-9a-f]{8,64})?\])?"
)
"""`name+0xoffset/0xsize`, perhaps followed by ` [module]`, ` [module(OE)]` or ` [module build-id]`."""

BARE = re.compile(rf"(?<![\w.$])(?P<name>{NAME})\+0x(?P<offset>[0-9a-f]{{1,16}})(?![\w/])")
"""`name+0xoffset` without a size, as some architectures and `%pS` of old kernels leave it."""

ADDRESS = re.compile(r"\[<?(?:0x)?(?P<address>[0-9a-f]{8,16})>?\]")
"""A text address in brackets: `[<ffffffff81234567>]`, `[c000000000123456]`."""

LOCATION = re.compile(
    r"(?P<file>[\w./+-]{0,300}\.(?:c|h|S|s|rs|cc|cpp|inc|lds)):(?P<line>\d{1,7}|\?)"
    r"(?::(?P<column>\d{1,5}))?(?: \(discriminator \d{1,9}\))?"
)
"""`fs/read_write.c:582`, perhaps with `:column` or ` (discriminator 4)`."""

ANSI = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[ -/]{0,3}[@-~]|[()][0-9A-B]|[=>78cDEHM])")
"""A control sequence of a terminal: colours, cursor moves."""

PRINTK = re.compile(
    r"(?P<level><\d{1,3}>)?\[[ ]{0,12}(?P<time>\d{1,12}\.\d{1,9})(?:@\d{1,3})?\]"
    r"(?: ?\[(?P<caller> {0,9}[A-Z]\d{1,9}(?:@[\w.-]{1,40})?)\])?(?: |$)"
)
"""What printk puts before a message: `[   79.803379][  T969] `, perhaps a level `<4>` before it."""
