"""A line -> the frame or mark it prints.

Knows how kernels print one line of a stack, on all architectures and already decoded; how
frames make a trace is for `trace`. Every pattern is anchored at the start of the message.
"""

import re
from functools import lru_cache

from sitegen.crash.log.printk import Line
from sitegen.crash.log.tokens import BARE, LOCATION, NAME, SYMBOL
from sitegen.model import Call, Frame, Symbol

_HEX = r"(?:0x)?[0-9a-f]{8,16}"
# ` <IRQ>`, `</TASK>`, ` <#DF>`; old kernels print a frame on the same line.
_MARK = re.compile(r"\s{0,8}<(?P<end>/)?(?P<name>#?[A-Z][A-Z0-9_]{1,20})>(?:\s{1,8}|$)")
# Two addresses on PowerPC (stack and text); parentheses on s390.
_ADDRESSES = re.compile(
    rf"\s{{0,20}}\(?(?:\[<?(?P<first>{_HEX})>?\]\)?\s{{0,3}})?(?:\[(?P<second>{_HEX})\]\s{{0,3}})?"
)
_DOUBTFUL = re.compile(r"\? {1,2}")
_ARM = re.compile(
    rf"\s{{0,4}}(?:\[<{_HEX}>\] \((?P<callee>{NAME})[^)]{{0,80}}\)"
    rf"|(?P<name>{NAME})(?: \[[\w.-]{{1,80}}\])?) from "
    rf"(?:\[<(?P<address>{_HEX})>\] \()?"
)
# What a function of 32-bit ARM pushed, below its frame: ` r5:c8d5de90 r4:00000000`.
_PUSHED = re.compile(
    r"\s(?:r\d{1,2}|fp|ip|sp|lr|pc):[0-9a-f]{8}(?: (?:r\d{1,2}|fp|ip|sp|lr|pc):[0-9a-f]{8}){0,8}\s?$"
)
_PLAIN = re.compile(
    rf"(?P<name>{NAME}|0x[0-9a-f]{{1,16}})(?: ?\[(?P<module>[\w.-]{{1,80}})[^\]]{{0,80}}\])?\)?\s{{0,8}}$"
)
_DECODED = re.compile(
    rf"(?P<name>{NAME})(?:\+0x[0-9a-f]{{1,16}}(?:/0x[0-9a-f]{{1,16}})?)? \((?=[\w./+?-]{{0,300}}:(?:\d|\?))"
)
_CUT = re.compile(rf"\s{{0,4}}(?:\? )?{NAME} \([\w./+-]{{1,300}}:\d[^)]*$")
_NAMED = re.compile(
    rf"(?P<name>{NAME})(?: \[(?P<module>[\w.-]{{1,80}})\])? (?=[\w./+-]{{1,300}}:\d)"
)
_REST = re.compile(r"\)?(?: \((?:unreliable|P|E|L|F|U|K|T|O|D)+\))?\s{0,8}$")
# PowerPC names the place where an exception came in.
_INTERRUPT = re.compile(r"-{2,4} ?(?:interrupt|Exception): [0-9a-f]{1,4}(?: at )?")
_INLINE = " [inline]"
INTERRUPT = "interrupt"
"the mark of a line that names the place of an exception within a stack"


class ParsedFrame:
    """A frame as one line prints it, and what the line says besides."""

    __slots__ = ("frame", "inlined", "mark")

    def __init__(self, frame: Frame | None, mark: str = "", *, inlined: Call | None = None) -> None:
        self.frame = frame
        self.mark = mark
        "name of the stack that begins (`IRQ`) or ends (`/IRQ`) on this line"
        self.inlined = inlined
        "a call that was inlined into the frame of a following line (`f file.c:12 [inline]`)"


@lru_cache(maxsize=4096)
def read_frame(line: Line) -> ParsedFrame | None:
    """The frame or mark that the line prints; None when it is no line of a trace.

    Remembered: who cuts a log asks for the same lines as who reads the report.
    """
    text = line.text
    if "+0x" not in text and "<" not in text and "0x" not in text and ":" not in text:
        return None
    mark = ""
    at = 0
    if found := _MARK.match(text):
        mark = (found["end"] or "") + found["name"]
        at = found.end()
        if at == len(text):
            return ParsedFrame(None, mark)
    if text.startswith("--") and (found := _INTERRUPT.match(text)):
        place = _read_symbol(line, found.end(), None, reliable=True)
        return ParsedFrame(place if isinstance(place, Frame) and place.symbol else None, INTERRUPT)
    if " from " in text and (arm := _read_arm(line)):
        return ParsedFrame(arm, mark)
    found = _ADDRESSES.match(text, at)
    address = None
    if found is not None:
        at = found.end()
        printed = found["second"] or found["first"]
        address = int(printed, 16) if printed else None
    reliable = True
    if doubt := _DOUBTFUL.match(text, at):
        reliable = False
        at = doubt.end()
    frame = _read_symbol(line, at, address, reliable=reliable)
    if isinstance(frame, Call):
        return ParsedFrame(None, mark, inlined=frame)
    if frame is None:
        return ParsedFrame(None, mark) if mark else None
    return ParsedFrame(frame, mark)


def _read_symbol(
    line: Line, at: int, address: int | None, *, reliable: bool
) -> Frame | Call | None:
    text = line.text
    if found := SYMBOL.match(text, at):
        end = found.end()
        rest = text[end:].strip()
        given: tuple[Call, ...] = ()
        symbol = to_symbol(found)
        if rest and not _REST.match(text, end):
            given = read_given(symbol.name, rest.strip("()"))
            if not given:
                return None
        if "unreliable" in rest:
            reliable = False
        return Frame(line.span(at, end), symbol, address, reliable, given=given)
    if found := _DECODED.match(text, at):
        given = read_given(found["name"], text[found.end() :])
        if given:
            module = text.rpartition(")")[2].strip().strip("[]")
            known = module if re.fullmatch(r"[\w.-]{1,80}", module) else ""
            return Frame(
                line.span(at, at + len(found["name"])),
                Symbol(found["name"], 0, 0, known),
                address,
                reliable,
                given=given,
            )
    if found := _NAMED.match(text, at):
        inline = text.rstrip().endswith(_INLINE)
        given = read_given(found["name"], text[found.end() :].rstrip().removesuffix(_INLINE))
        if len(given) == 1 and inline:
            return Call(
                given[0].function, given[0].file, given[0].line, given[0].column, inlined=True
            )
        return None
    if found := BARE.match(text, at):
        if _REST.match(text, found.end()):
            symbol = Symbol(found["name"], int(found["offset"], 16), 0)
            return Frame(line.span(at, found.end()), symbol, address, reliable)
        return None
    if found := _PLAIN.match(text, at):
        name = found["name"]
        if name.startswith("0x"):
            value = int(name, 16)
            end = at + len(name)
            return Frame(line.span(at, end), None, value if address is None else address, reliable)
        if address is not None and "." not in name.strip("."):
            return Frame(line.span(at, at + len(name)), Symbol(name, 0, 0), address, reliable)
    if address is not None and not text[at:].strip():
        start = text.find("[")
        return Frame(line.span(start, len(text.rstrip())), None, address, reliable)
    return None


def _read_arm(line: Line) -> Frame | None:
    """`f from g+0x1/0x2`: the call stands in the second function."""
    found = _ARM.match(line.text)
    if found is None:
        return None
    second = SYMBOL.match(line.text, found.end())
    if second is None:
        return None
    address = int(found["address"], 16) if found["address"] else None
    return Frame(line.span(found.end(), second.end()), to_symbol(second), address)


def exact(frame: Frame) -> Frame:
    """The frame, its address taken for the very place."""
    return Frame(frame.at, frame.symbol, frame.address, frame.reliable, "exact", frame.given)


def to_symbol(found: re.Match[str]) -> Symbol:
    """The symbol that a match of `SYMBOL` holds."""
    return Symbol(
        found["name"], int(found["offset"], 16), int(found["size"], 16), found["module"] or ""
    )


def read_given(function: str, text: str) -> tuple[Call, ...]:
    """The calls that decoded text names, innermost first; empty when it is no list of places.

    decode_stacktrace.sh prints the places of all functions inlined but only the
    outermost name: the others are left empty.
    """
    places = []
    at = 0
    for found in LOCATION.finditer(text):
        if text[at : found.start()].strip():
            break
        line = None if found["line"] == "?" else int(found["line"])
        column = int(found["column"]) if found["column"] else None
        places.append((found["file"].removeprefix("./"), line, column))
        at = found.end()
    return tuple(
        Call(
            function if index == len(places) - 1 else "",
            file,
            line,
            column,
            index < len(places) - 1,
        )
        for index, (file, line, column) in enumerate(places)
    )


def is_pushed(text: str) -> bool:
    """Whether the line tells registers that the function of the frame above it saved."""
    return text.startswith(" ") and _PUSHED.match(text) is not None


def is_cut_frame(text: str) -> bool:
    """Whether the line is a decoded frame that goes on in the next one."""
    return "(" in text and ")" not in text.rpartition(" (")[2] and _CUT.match(text) is not None


def join_frame(line: Line, text: str) -> Line:
    """A decoded frame with what stands in the line after it. Spans stay in the first line."""
    # Who breaks lines drops the blank at the break, but breaks within words too.
    ended = re.search(r":\d{1,7}\)?$", line.text)
    joined = line.text + (" " if ended and not text.startswith((":", ")")) else "") + text.rstrip()
    return line.with_text(joined)
