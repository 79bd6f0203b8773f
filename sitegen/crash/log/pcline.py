"""A line of a register dump -> the place in the kernel that it names: symbol, address, or both."""

import re

from sitegen.crash.log.frames import to_symbol
from sitegen.crash.log.printk import Line
from sitegen.crash.log.tokens import ADDRESS, BARE, SYMBOL
from sitegen.model import Frame, Lookup, Symbol

_SEGMENT = re.compile(r"[0-9a-f]{2,4}:\s{0,20}(?=\S)")
# How kernels before 5.0 print an address of zero.
_NULL = re.compile(r"(?:\[< {0,16}\(null\)>\]\s{0,20}){0,2}\(null\)")
_ADDRESS = re.compile(rf"{ADDRESS.pattern}[ (]{{0,8}}")
_NUMBER = re.compile(r"(?:0x)?([0-9a-f]{1,16})\b(?!:)")
_BEHIND = re.compile(r" (?:(?P<address>[0-9a-f]{8,16}) )?\(?(?=[A-Za-z_$])")
# arch/x86/kernel/cpu/mce/core.c; INEXACT: the processor does not vouch for the place.
_MACHINE_CHECK = re.compile(
    r"(?:mce: )?\[Hardware Error\]: RIP(?: !INEXACT!)? (?P<segment>[0-9a-f]{2}):<(?P<address>[0-9a-f]{8,16})>(?: \{)?"
)
# What older x86 kernels repeat below the code: `RIP: f+0x1/0x2 RSP: ...`, `RIP  [<...>] f+0x1/0x2`.
_SUMMARY = re.compile(r"\s{0,4}[RE]IP:? {1,3}(?:\[<[0-9a-f]{8,16}>\] )?(?=[A-Za-z_])")


def is_summary(text: str) -> bool:
    return _SUMMARY.match(text) is not None


def read_machine_check(line: Line) -> tuple[Frame, bool] | None:
    """The place where a machine check came in, and whether that is a process's; None elsewhere."""
    found = _MACHINE_CHECK.match(line.text) if "Hardware Error" in line.text else None
    if found is None:
        return None
    address = int(found["address"], 16)
    user = int(found["segment"], 16) & 3 == 3
    if named := SYMBOL.match(line.text, found.end()):
        at = line.span(named.start(), named.end())
        return Frame(at, to_symbol(named), address, lookup="exact"), user
    at = line.span(found.start("address"), found.end("address"))
    return Frame(at, None, address, lookup="exact"), user


def read_place(line: Line, wanted: re.Pattern[str], *, exact: bool) -> Frame | None:
    """The place behind the name that `wanted` finds; `exact` for a PC, else it is a return address."""
    found = wanted.search(line.text)
    if found is None:
        return None
    text = line.text
    at = found.end()
    if segment := _SEGMENT.match(text, at):
        at = segment.end()
    lookup: Lookup = "exact" if exact else "return"
    address = None
    start = at
    while printed := _ADDRESS.match(text, at):
        address = int(printed["address"], 16)
        at = printed.end()
    if named := SYMBOL.match(text, at):
        return Frame(line.span(at, named.end()), to_symbol(named), address, lookup=lookup)
    if bare := BARE.match(text, at):
        symbol = Symbol(bare["name"], int(bare["offset"], 16), 0)
        return Frame(line.span(at, bare.end()), symbol, address, lookup=lookup)
    if address is not None:
        return Frame(line.span(start, at), None, address, lookup=lookup)
    if null := _NULL.match(text, at):
        return Frame(line.span(at, null.end()), None, 0, lookup=lookup)
    number = _NUMBER.match(text, at)
    if number is None:
        return None
    # MIPS, LoongArch and s390 print the symbol behind the address.
    behind = _BEHIND.match(text, number.end())
    if behind and (named := SYMBOL.match(text, behind.end())):
        address = int((behind["address"] or number[1]), 16)
        return Frame(line.span(behind.end(), named.end()), to_symbol(named), address, lookup=lookup)
    return Frame(line.span(at, number.end()), None, int(number[1], 16), lookup=lookup)


def merge_places(old: Frame | None, new: Frame) -> Frame:
    """One place of two ways to print it: symbol and address."""
    if old is None:
        return new
    if old.symbol is None and new.symbol is not None:
        address = new.address if new.address is not None else old.address
        return Frame(new.at, new.symbol, address, lookup=new.lookup)
    if old.symbol is not None and old.address is None:
        return Frame(old.at, old.symbol, new.address, lookup=old.lookup)
    return old
