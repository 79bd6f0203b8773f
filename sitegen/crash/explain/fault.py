"""The instruction that failed and the registers -> what was accessed, and why that failed.

Says only what adds up: an access is named when the registers give the address that the
kernel printed, or one that no CPU takes for an address.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sitegen.crash import code
from sitegen.crash.arch import Arch
from sitegen.crash.code import Detail, Memory
from sitegen.crash.explain import values
from sitegen.crash.explain.access import Access
from sitegen.crash.explain.cpu.flags import LA57
from sitegen.crash.explain.culprit import Found, blame, verdict
from sitegen.crash.explain.dumps import Dump
from sitegen.crash.explain.operand import address_of, expression_of, verb_of
from sitegen.crash.explain.pointers import wrong_pointer
from sitegen.crash.explain.refused import why_refused
from sitegen.crash.explain.registers import plain_name, values_of
from sitegen.crash.explain.values import Meaning
from sitegen.model import Report, State


class Fault(NamedTuple):
    """Why the instruction failed."""

    note: str
    "half a sentence, to stand beside the instruction"
    text: str
    "sentences, to stand where the address is printed"
    roles: Mapping[str, Meaning]
    "by full name: the registers that the address was made of"
    address: int | None
    "None where the instruction failed for another reason than an address"


def read_detail(dump: Dump, machine: str) -> Detail | None:
    """The instruction that failed, taken apart; None when none is marked or known."""
    if dump.state.code is None or dump.failing is None:
        return None
    return code.detail(dump.state.code.data[dump.failing :], machine)


def find_fault(
    report: Report, state: State, detail: Detail | None, access: Access, arch: Arch
) -> Fault | None:
    """What the instruction accessed; None when nothing adds up."""
    if detail is None or state.user:
        return None
    found = Found(
        values=values_of(state),
        printed={plain_name(one.name): one.name for one in state.registers},
        arch=arch,
        access=access,
    )
    fault = report.fault_address
    refused = report.kind in ("gpf", "stack-segment") and arch.name == "x86_64"
    canonical = values.is_canonical if _levels(found) else values.is_canonical_4
    for memory in detail.memory:
        address = address_of(memory, found)
        if address is None:
            continue
        if _is_it(address, memory, fault, found):
            return _access(memory, detail, address, found, fault=fault)
        if refused and fault is None and not canonical(address):
            return _access(memory, detail, address, found, fault=None)
    target = found.values.get(detail.through)
    if target is not None and (
        (fault is not None and target == fault) or (refused and not canonical(target))
    ):
        return _jump(detail.through, target, found)
    if refused and (thunk := _thunk(state)) in found.values:
        return _jump(thunk, found.values[thunk], found)
    if detail.stack and (said := _on_stack(report, detail, found)):
        return said
    if (said := _fixed(detail, fault, found)) is not None:
        return said
    refusal = why_refused(detail, found) if refused else None
    if refusal is None:
        return None
    text = f"The marked instruction {refusal.note}{refusal.because}."
    return Fault(refusal.note, text, {}, refusal.address)


def _levels(found: Found) -> bool:
    """Whether x86-64's page tables have 5 levels, or may have them, for all that the dump says."""
    return "cr4" not in found.values or bool(found.values["cr4"] & LA57)


_THUNK = "__x86_indirect_thunk_"


def _thunk(state: State) -> str:
    """The register whose value the compiler's detour for indirect jumps jumps to; empty elsewhere."""
    symbol = state.pc.symbol if state.pc else None
    name = symbol.name if symbol else ""
    return code.full_name(name[len(_THUNK) :]) if name.startswith(_THUNK) else ""


_TAG = (1 << 56) - 1
_PAGE = ~0xFFF


def _is_it(address: int, memory: Memory, fault: int | None, found: Found) -> bool:
    """Whether the access from `address` on is the one at the address that the kernel printed."""
    if fault is None:
        return False
    if address == fault:
        return True
    if found.access.paged:
        return address & _PAGE == fault & _PAGE
    # What begins on one page may end on the next, which is then the one that fails.
    if not fault & ~_PAGE and 0 < fault - address < memory.size:
        return True
    # arm64 prints addresses without the tag in their highest byte.
    return found.arch.name == "aarch64" and address & _TAG == fault & _TAG


def _access(
    memory: Memory, detail: Detail, address: int, found: Found, *, fault: int | None
) -> Fault:
    verb = verb_of(memory, found.access)
    size = f" {memory.size} bytes at" if memory.size > 1 else " 1 byte at" if memory.size else " at"
    expression = expression_of(memory, found.printed)
    shown = expression if expression == f"{address:#x}" else f"{expression} = {address:#x}"
    culprit, roles = blame(memory, address, found)
    note = f"{verb}{size} {shown}"
    text = f"The marked instruction {note}"
    if fault is None:
        text += ", which is no canonical address: the CPU refuses it."
    elif address == fault or address & _TAG == fault & _TAG:
        text += ", the address of the fault."
    elif found.access.paged:
        text += ", in the page that the kernel names."
    else:
        text += f", and so across {fault:#x}, where the next page begins."
    if culprit:
        note += f"; {culprit}"
        text += f" {_sentence(culprit)}"
    elif why := verdict(address, memory.size, found):
        text += f" {why}"
    if detail.repeats and (count := found.values.get("rcx")):
        note += f"; {count:#x} times to go"
        text += f" It was to be repeated {count:#x} times more (RCX)."
    if detail.mnemonic.startswith("stos") and "rax" in found.values:
        roles = {**roles, "rax": Meaning("what is written", "The value that is written.")}
    return Fault(note, text, roles, address)


def _sentence(said: str) -> str:
    """With a capital, unless it begins with the name of a register."""
    first = said[0].upper() if said.startswith(("that ", "the ")) else said[0]
    return f"{first}{said[1:]}."


def _jump(name: str, target: int, found: Found) -> Fault:
    register = found.printed.get(name, name)
    meaning = wrong_pointer(target, found.arch) or Meaning("no code", "There is no code to run.")
    note = f"jumps to {register} = {target:#x}, {meaning.brief}"
    text = f"The marked instruction {note}: the function pointer is wrong."
    return Fault(note, text, {name: meaning}, target)


def _on_stack(report: Report, detail: Detail, found: Found) -> Fault | None:
    """A call, push, pop or return that met the end of the stack, or a wrong stack pointer."""
    sp = found.values.get("rsp")
    if sp is None:
        return None
    word = found.arch.bits // 8
    address = (sp - word if detail.stack > 0 else sp) & (1 << found.arch.bits) - 1
    wild = report.fault_address is None and not values.is_canonical(address)
    if report.fault_address != address and not wild:
        return None
    what = "the return address" if detail.mnemonic.startswith(("call", "ret")) else "a register"
    verb = f"puts {what} on" if detail.stack > 0 else f"takes {what} off"
    full = report.kind in ("stack-overflow", "double-fault")
    meaning = wrong_pointer(sp, found.arch) if not full else None
    if meaning is not None:
        where = f"where there is none: RSP is {sp:#x}, {meaning.brief}"
    elif full:
        where = "where the stack has ended"
        meaning = Meaning(
            "the stack pointer, at the stack's end", "The stack has no room left.", pattern=True
        )
    else:
        where = "where no stack is"
        meaning = Meaning("the stack pointer", "The stack pointer is wrong, or its stack is gone.")
    note = f"{verb} the stack, at {address:#x}, {where}"
    return Fault(note, f"The marked instruction {note}.", {"rsp": meaning}, address)


def _fixed(detail: Detail, fault: int | None, found: Found) -> Fault | None:
    """An access whose address the code itself holds, relative to where it stands."""
    relative = [one for one in detail.memory if one.base == "rip" and not one.scaled]
    if fault is None or len(detail.memory) != 1 or not relative or relative[0].segment:
        return None
    memory = relative[0]
    size = f"{memory.size} bytes" if memory.size != 1 else "1 byte"
    pc = (fault - memory.offset - detail.size) & (1 << found.arch.bits) - 1
    sign = "-" if memory.offset < 0 else "+"
    note = (
        f"{verb_of(memory, found.access)} {size} at RIP {sign} {abs(memory.offset):#x} = {fault:#x}: a variable "
        "or constant that the code knows by its place"
    )
    text = f"The marked instruction {note}. Counted back from there, the instruction itself stands at {pc:#x}."
    why = verdict(fault, memory.size, found)
    return Fault(note, f"{text} {why}".rstrip(), {}, fault)


def operand_values(detail: Detail, state: State) -> Iterator[str]:
    """`RAX = 0x0` for each register of the operands, those in memory first; none of a process's dump."""
    if state.user:
        return
    found = values_of(state)
    printed = {plain_name(one.name): one.name for one in state.registers}
    names = [name for memory in detail.memory for name in (memory.base, memory.scaled)]
    for name in dict.fromkeys((*names, detail.through, *detail.takes)):
        if name in found:
            yield f"{printed[name]} = {found[name]:#x}"
