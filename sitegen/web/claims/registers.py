"""Claims about the machine: registers, the PC, the address of the fault, the instruction."""

from collections.abc import Iterable

from sitegen.diagnostics import find_nearest
from sitegen.model import Report, State, TraceFrame
from sitegen.web.claims.values import (
    AtLine,
    Facts,
    Fails,
    FaultClaim,
    Holds,
    InstructionClaim,
    NotUnderstood,
    PcClaim,
    RegisterClaim,
    Unknown,
    Verdict,
)
from sitegen.web.claims.words import (
    Words,
    bare,
    holds,
    is_symbol,
    place_of,
    quoted,
    same_file,
    shown,
    test_of,
)

_PCS = frozenset({"rip", "eip", "pc", "epc", "nip", "ip", "era", "psw"})
_LINKS = frozenset({"lr", "ra"})
_NARROW = frozenset({"i386", "arm", "mips", "powerpc", "riscv32"})
"""Processors whose registers have 32 bits, where no value of the dump is wider."""


def read_pc(words: Words) -> PcClaim | None:
    """`RIP in f`, `RIP at file:line`, `LR in f`."""
    if len(words) != 3 or words[0].lower() not in _PCS | _LINKS:
        return None
    if words[1].lower() == "in" and ".." not in words[2] and is_symbol(words[2]):
        return PcClaim(words[0], words[2].removesuffix("()"))
    place = place_of(words[2]) if words[1].lower() == "at" else None
    return PcClaim(words[0], file=place[0], line=place[1]) if place else None


def read_register(words: Words) -> RegisterClaim | None:
    """`RDI == 0x6fc`, `user RAX != 0`: any other word before a test."""
    user = len(words) == 4 and words[0].lower() == "user"
    name, rest = (words[1], words[2:]) if user else (words[0], words[1:])
    test = test_of(rest)
    if test is None or not (name.isidentifier() and name.isascii()):
        return None
    return RegisterClaim(name, test, user)


def read_fault(words: Words) -> FaultClaim | None:
    """`fault at 0x8`, `fault address == 0x8`, `fault in 0x0..0xfff`."""
    rest = words[2:] if words[1:2] and words[1].lower() == "address" else words[1:]
    if rest[:1] and rest[0].lower() == "at":
        rest = ("==", *rest[1:])
    test = test_of(rest)
    return FaultClaim(test) if test else None


def read_instruction(words: Words) -> InstructionClaim | None:
    text = quoted(words[1:])
    return InstructionClaim(text) if text else None


# --- Checking --------------------------------------------------------------------------------


def check_register(claim: RegisterClaim, facts: Facts) -> Verdict | NotUnderstood:
    report = facts.report
    refused = _refuse(claim, facts)
    if refused is not None:
        return refused
    if report is None:
        return Unknown("there is no report in the log")
    state = _state(report, user=claim.user)
    if state is None:
        if _state(report, user=not claim.user) and not claim.user:
            hint = f"write 'user {claim.name}' for the process's own"
            return Unknown("the report prints no registers but those of the process", hint)
        return Unknown("the report prints no such registers")
    wanted = claim.name.lower()
    known = {_plain(one.name): one for one in reversed(state.registers)}
    register = known.get(_plain(wanted))
    if register is None:
        if wanted in _PCS:
            return Unknown(f"the report prints the function and no number for {claim.name}")
        return Unknown(f"the dump of line {state.first} has no register {claim.name}")
    bits = 32 if facts.evidence.arch in _NARROW and register.value < 1 << 32 else 64
    at = AtLine(register.at.line)
    if holds(claim.test, register.value, bits=bits):
        return Holds(at, f"{register.name} {register.value:#x}")
    return Fails(f"{claim.name} {shown(claim.test)}", f"{register.value:#x}", at)


def _refuse(claim: RegisterClaim, facts: Facts) -> NotUnderstood | None:
    """What is to be said of a name that logs of this processor have no register of; else None."""
    states = facts.report.states if facts.report else ()
    printed = {one.name.lower() for state in states for one in state.registers}
    known = {*facts.registers, *printed}
    wanted = claim.name.lower()
    if not facts.registers or wanted in _PCS or _plain(wanted) in {_plain(one) for one in known}:
        return None
    arch = facts.evidence.arch or facts.log.arch
    message = f"'{claim.name}' is no register that logs of {arch} print"
    near = find_nearest(wanted, {*known, *_COUNTS})
    if near in known and any(letter.isupper() for letter in claim.name):
        near = near.upper()
    return NotUnderstood(message, f"did you mean '{near}'?" if near else "")


_COUNTS = frozenset({"frames", "logs", "occurrences", "reports", "steps"})
"""Of what numbers are claimed in the same form."""


def _state(report: Report, *, user: bool) -> State | None:
    states = (one for one in report.states if one.user == user and one.registers)
    return next(states, None)


def _plain(name: str) -> str:
    """The name in lower case, its number without a leading zero: `R08` is `R8`."""
    name = name.lower()
    return name[0] + name[2:] if name[1:2] == "0" and name[2:3].isdigit() else name


def check_pc(claim: PcClaim, facts: Facts) -> Verdict:
    link = claim.name.lower() in _LINKS
    frame = facts.found.lr if link else facts.found.pc
    if frame is None:
        return Unknown(f"the report prints no {claim.name} of the kernel")
    at = AtLine(frame.line or 1)
    if claim.function:
        names = _names(frame)
        if bare(claim.function) in {bare(name) for name in names}:
            return Holds(at, frame.symbol)
        if not names:
            return Unknown(f"line {frame.line} prints an address that is not decoded")
        if not frame.calls:
            reason = "is not decoded, and functions inlined there are not known"
            return Unknown(f"line {frame.line} {reason}")
        return Fails(claim.function, " in ".join(names), at)
    wanted = claim.file if claim.line is None else f"{claim.file}:{claim.line}"
    places = [(call.file, call.line) for call in frame.calls if call.file]
    if not places:
        return Unknown(f"{claim.name} is not decoded: {frame.undecoded or 'no file is known'}")
    for file, line in places:
        if same_file(file, claim.file) and claim.line in {None, line}:
            return Holds(at, f"{frame.symbol} at {file}:{line}")
    if any(same_file(file, claim.file) and line is None for file, line in places):
        return Unknown(f"line {frame.line} is decoded to a file, and to no line of it")
    return Fails(wanted, f"{places[0][0]}:{places[0][1]}", at)


def _names(frame: TraceFrame) -> list[str]:
    """Innermost first, each once."""
    names: Iterable[str] = [*(call.function for call in frame.calls), frame.symbol]
    return list(dict.fromkeys(name for name in names if name))


def check_fault(claim: FaultClaim, facts: Facts) -> Verdict:
    report = facts.report
    address = report.fault_address if report else None
    if report is None or address is None:
        return Unknown("the report names no address that could not be accessed")
    at = AtLine(report.headline.line)
    if holds(claim.test, address, bits=64):
        return Holds(at, f"address {address:#x}")
    return Fails(f"a fault at {shown(claim.test)}", f"{address:#x}", at)


def check_instruction(claim: InstructionClaim, facts: Facts) -> Verdict:
    """Against the instruction at the kernel's PC, of the report's first `Code:` line."""
    states = facts.report.states if facts.report else ()
    codes = [state.code.at.line for state in states if state.code and not state.user]
    listings = [one for one in facts.listings if one.line in codes[:1]]
    marked = [(one.line, it) for one in listings for it in one.instructions if it.mark]
    if not marked:
        return Unknown("the report has no code of the kernel whose instruction can be read")
    line, instruction = marked[0]
    (name, operands), (known, others) = _parts(claim.text), _parts(instruction.text)
    # AT&T's mnemonics may end with the operands' size.
    if known in {name, *(f"{name}{size}" for size in "bwlq")} and operands in {"", others}:
        return Holds(AtLine(line), instruction.text)
    return Fails(claim.text, " ".join(instruction.text.split()), AtLine(line))


def _parts(text: str) -> tuple[str, str]:
    """Mnemonic and operands, in lower case and without blanks among them."""
    name, _, operands = " ".join(text.lower().split()).partition(" ")
    return name, operands.replace(" ", "")
