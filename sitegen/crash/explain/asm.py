"""Instructions that kernels have by habit -> what they are there for: traps, patch sites, markers."""

from sitegen.crash.explain.cpu import arm64
from sitegen.crash.lazy import Lazy
from sitegen.model import Report

_WARN = "WARN(): traps into the kernel, which prints the warning and goes on behind it"
_BUG = "BUG(): traps into the kernel, which prints the report and does not come back"
_WARNINGS = frozenset({"warning", "refcount", "rcu-usage"})
_BUGS = frozenset({"bug", "list-corruption", "usercopy"})
_EITHER = "what BUG() and WARN() are made of"

# Instructions that do nothing but trap.
_TRAPS = Lazy(
    r"(?:ud[02]|int3|(?:c\.)?ebreak|brk #(?P<brk>0x[0-9a-f]+|\d+)|udf(?:\.w)? #(?P<udf>0x[0-9a-f]+|\d+)"
    r"|ud1\w? (?P<ud1>.+)|twui r0, 0|(?:tdnei|twnei) (?P<condition>\w+), 0|trap"
    r"|break(?: (?P<break>0x[0-9a-f]+|\d+))?|(?:teq|tne) (?P<tested>.+), (?P<number>0x[0-9a-f]+|\d+)|mc\t? ?0.*|\.(?:long|insn) .*)$"
)
_MIPS_BREAKS = {
    6: "arithmetic overflow, noticed by the compiler's check",
    7: "a division by zero, noticed by the compiler's check",
    12: "",
}
_BUG_BREAK = 12
_ARM_BUG = frozenset({0x12, 0x2})


def find_trap(text: str, report: Report) -> str:
    """What an instruction that traps on purpose is there for; empty for others."""
    found = _TRAPS.match(text)
    if found is None:
        return ""
    if found["brk"]:
        comment = int(found["brk"], 0)
        if comment == 0x800:
            return of_bug(report) or "BUG() or WARN()"
        return arm64.brk_text(comment) or f"a breakpoint, number {comment:#x}"
    if found["udf"]:
        bug = of_bug(report) if int(found["udf"], 0) in _ARM_BUG else ""
        return bug or "an instruction that is defined to be undefined"
    if found["break"] or found["number"]:
        number = int(found["break"] or found["number"], 0)
        if number != _BUG_BREAK:
            return _MIPS_BREAKS.get(number, "a breakpoint")
        return of_bug(report) or "what BUG() and BUG_ON() are made of"
    if found["ud1"]:
        return (
            "a trap of the compiler, for what must not happen (UBSAN, or a check of indirect calls)"
        )
    if text in ("int3", "trap", "break"):
        return "a breakpoint"
    if found["condition"]:
        said = of_bug(report) or _EITHER
        return f"traps unless {found['condition']} is 0; {said}"
    return of_bug(report) or _unnamed(report)


def _unnamed(report: Report) -> str:
    if report.kind == "invalid-opcode":
        return "an invalid opcode on purpose, which no BUG() or WARN() put there"
    return _EITHER


def of_bug(report: Report) -> str:
    """What the trap of a report is that the kernel asked for itself; empty for others."""
    if report.kind in _WARNINGS:
        return _WARN
    return _BUG if report.kind in _BUGS else ""


_FTRACE = frozenset({"0f1f440000", "0f1f440008", "1f2003d5"})
"""Nops as long as a call: x86's of 5 bytes, arm64's."""
_MARKERS = {
    "endbr64": "where indirect calls may lead (IBT)",
    "endbr32": "where indirect calls may lead (IBT)",
    "bti c": "where indirect calls may lead (BTI)",
    "paciasp": "signs the return address (PAC)",
    "autiasp": "checks the signature of the return address (PAC)",
    "stac": "opens user memory to the kernel (SMAP)",
    "clac": "closes user memory to the kernel (SMAP)",
    "lfence": "holds back speculation",
}
_PADDING = frozenset({"8db42600000000", "8db600000000", "8d742600", "8d7600", "3e8d742600"})
"""What i386 fills up with: `lea` of a register into itself."""
_ENTRY = 16
"""Bytes from the beginning of a function within which it may be traced."""


def find_habit(text: str, data: bytes, offset: int | None) -> str:
    """What the instruction is there for; `offset` is how far into its function it stands, if known."""
    if marker := _MARKERS.get(text):
        return marker
    if data.hex() in _PADDING:
        return "fills up: does nothing"
    if text == "int3" and offset == 0:
        return "a breakpoint in place of the function's own first byte (kprobe)"
    if offset is None or data.hex() not in _FTRACE:
        return ""
    if 0 <= offset < _ENTRY:
        return "room for a call, which tracing puts in (ftrace)"
    if offset > 0 and len(data) == 5:
        return "room for a jump or call that is off: a static key or the like"
    return ""
