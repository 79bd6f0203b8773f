"""The marked instruction and the registers -> what was accessed, and why that failed.

Says only what adds up: an access is named when the registers give the address that the
kernel printed, or one that no CPU takes for an address.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sitegen.crash import code
from sitegen.crash.arch import Arch
from sitegen.crash.code import Detail, Memory
from sitegen.crash.explain import values
from sitegen.crash.explain.registers import plain_name, values_of
from sitegen.crash.explain.values import Meaning
from sitegen.model import Report, State

_PAGE = 4096


class Fault(NamedTuple):
    """Why the marked instruction failed."""

    note: str
    "half a sentence, to stand beside the instruction"
    text: str
    "sentences, to stand where the address is printed"
    roles: Mapping[str, Meaning]
    "by full name: the registers that the address was made of"
    address: int


def find_fault(report: Report, state: State, detail: Detail | None, arch: Arch) -> Fault | None:
    """What the instruction accessed; None when nothing adds up."""
    if detail is None or state.user:
        return None
    found = values_of(state)
    printed = {plain_name(one.name): one.name for one in state.registers}
    for memory in detail.memory:
        address = _address(memory, found, arch)
        if address is None:
            continue
        if _is_it(address, report.fault_address, arch):
            return _access(memory, address, found, printed, arch, named=True)
        if (
            report.fault_address is None
            and report.kind == "gpf"
            and not values.is_canonical(address)
        ):
            return _access(memory, address, found, printed, arch, named=False)
    target = found.get(detail.through)
    if target is not None and (
        _is_it(target, report.fault_address, arch)
        or (report.kind == "gpf" and not values.is_canonical(target))
    ):
        return _jump(detail.through, target, printed, arch)
    return _push(report, detail, found, arch)


def _address(memory: Memory, found: Mapping[str, int], arch: Arch) -> int | None:
    """The sum of the operand's parts; None when one of them is not known."""
    total = memory.offset
    if memory.segment:
        if memory.segment not in ("fs", "gs"):
            base: int | None = 0
        else:
            base = found.get(memory.segment)
        if base is None:
            return None
        total += base
    for name, scale in ((memory.base, 1), (memory.scaled, memory.scale)):
        if not name:
            continue
        if name in ("xzr", "zero", "riz", "eiz"):
            continue
        if name not in found or not scale:
            return None
        total += found[name] * scale
    if not memory.base and not memory.scaled and not memory.segment and arch.bits == 64:
        return None
    return total & (1 << arch.bits) - 1


_TAG = (1 << 56) - 1


def _is_it(address: int, fault: int | None, arch: Arch) -> bool:
    """Whether it is the address that the kernel printed."""
    if fault is None:
        return False
    # arm64 prints addresses without the tag in their highest byte.
    return address == fault or (arch.name == "aarch64" and address & _TAG == fault & _TAG)


def _access(
    memory: Memory,
    address: int,
    found: Mapping[str, int],
    printed: Mapping[str, str],
    arch: Arch,
    *,
    named: bool,
) -> Fault:
    verb = (
        "writes"
        if memory.writes and not memory.reads
        else "reads and writes"
        if memory.writes
        else "reads"
    )
    size = f" {memory.size} bytes at" if memory.size > 1 else " 1 byte at" if memory.size else " at"
    expression = _expression(memory, printed)
    culprit, roles = _culprit(memory, address, found, printed, arch)
    note = f"{verb}{size} {expression} = {address:#x}"
    text = f"The marked instruction {note}"
    text += (
        ", the address of the fault."
        if named
        else ", which is no canonical address: the CPU refuses it."
    )
    if culprit:
        note += f"; {culprit}"
        text += f" {culprit}."
    return Fault(note, text, roles, address)


def _expression(memory: Memory, printed: Mapping[str, str]) -> str:
    parts = []
    if memory.segment in ("fs", "gs"):
        parts.append(memory.segment.upper())
    if memory.base:
        parts.append(printed.get(memory.base, memory.base))
    if memory.scaled:
        times = f" * {memory.scale}" if memory.scale > 1 else ""
        parts.append(printed.get(memory.scaled, memory.scaled) + times)
    text = " + ".join(parts)
    if memory.offset:
        sign = "-" if memory.offset < 0 else "+"
        text += f" {sign} {abs(memory.offset):#x}" if text else f"{memory.offset:#x}"
    return text or "0"


def _culprit(
    memory: Memory,
    address: int,
    found: Mapping[str, int],
    printed: Mapping[str, str],
    arch: Arch,
) -> tuple[str, dict[str, Meaning]]:
    """Which register is wrong, in words, and what the registers of the operand are."""
    names = [name for name in (memory.base, memory.scaled) if name in found]
    if len(names) > 1:
        return _of_two(names, address, found, printed, arch)
    roles: dict[str, Meaning] = {}
    said = ""
    for name in names:
        value = found[name]
        meaning = wrong_pointer(value, arch, member=memory.offset)
        if meaning is None:
            text = "The pointer that was followed."
            roles[name] = Meaning("the pointer that was followed", text)
            continue
        roles[name] = meaning
        said = f"{printed.get(name, name)} is {value:#x}, {meaning.brief}"
        if not value and memory.offset > 0:
            said += f": offset {memory.offset:#x} of what it should point to"
    if not said and (meaning := wrong_address(address, arch)):
        said = f"that is {meaning.brief}"
    return said, roles


def _of_two(
    names: list[str],
    address: int,
    found: Mapping[str, int],
    printed: Mapping[str, str],
    arch: Arch,
) -> tuple[str, dict[str, Meaning]]:
    """The same of an address that is the sum of two registers, either of which may be a number.

    Blames one only for a value that is poison. Of KASAN's look-ups the address is told that
    they are for.
    """
    part = Meaning("part of the address", "Part of the address that was accessed.")
    roles = dict.fromkeys(names, part)
    for name in names:
        value = found[name]
        if shift := values.SHADOWS.get(arch.name, {}).get(value):
            wanted = (address - value << shift) & (1 << arch.bits) - 1
            meaning = wrong_pointer(wanted, arch)
            roles[name] = Meaning("where KASAN's shadow begins", values.SHADOW_TEXT)
            said = f"KASAN looks there before an access to {wanted:#x}"
            return said + (f", {meaning.brief}" if meaning else ""), roles
        if meaning := values.find_poison(value, arch.bits):
            roles[name] = meaning
            return f"{printed.get(name, name)} is {value:#x}, {meaning.brief}", roles
    meaning = wrong_address(address, arch)
    return (f"that is {meaning.brief}" if meaning else ""), roles


def wrong_pointer(value: int, arch: Arch, *, member: int = 0) -> Meaning | None:
    """Why the value is no pointer that the kernel may follow; None when that is not known."""
    if not value:
        text = "NULL: there is no object behind it."
        if member > 0:
            text = f"NULL, and followed to offset {member:#x} of the object that should be there."
        return Meaning("a NULL pointer", text, pattern=True)
    return wrong_address(value, arch)


def wrong_address(value: int, arch: Arch) -> Meaning | None:
    """Why the kernel may not access the address; None when that is not known."""
    if 0 < value < _PAGE:
        if arch.bits == 32 and (small := values.find_small_poison(value)):
            return small
        return Meaning(
            f"near NULL: no pointer, but {value:#x}",
            f"{value:#x} is no address: mostly the offset of a member, added to a NULL pointer.",
            pattern=True,
        )
    if meaning := values.find_poison(value, arch.bits) or values.find_shadow(value, arch.name):
        return meaning
    if value == (1 << arch.bits) - 1:
        return Meaning("-1, no pointer", "All bits are set: -1, and no pointer.", pattern=True)
    if meaning := values.find_error(value, arch.bits):
        number = (1 << arch.bits) - value
        if number >= _PAGE:
            return Meaning(
                f"no pointer: {meaning.brief}",
                f"No pointer. {meaning.text}",
                pattern=True,
            )
        if 0 < number < _PAGE:
            brief = f"an error pointer, {meaning.brief.rpartition(' ')[2]}"
            text = f"{meaning.text} Here it was followed as a pointer: IS_ERR() was not asked."
            return Meaning(brief, text, pattern=True)
    if arch.name == "x86_64" and not values.is_canonical_4(value):
        if values.is_canonical(value):
            return None
        said = values.find_text(value, arch.bits)
        extra = f" {said.text}" if said else ""
        return Meaning(
            "no canonical address",
            "No canonical address: its highest bits are not all the same, so it points to nothing "
            f"on any x86-64.{extra}",
            pattern=True,
        )
    if is_user(value, arch):
        return Meaning(
            "an address of user space",
            "An address of user space, in the lower half: the kernel may follow it only by "
            "copy_from_user() and its like.",
        )
    return None


def is_user(value: int, arch: Arch) -> bool:
    """Whether the address is in the half of processes."""
    if arch.name == "x86_64":
        return 0x10000 <= value < 0x800000000000
    return arch.name == "aarch64" and 0x10000 <= value < 1 << 52


def _jump(name: str, target: int, printed: Mapping[str, str], arch: Arch) -> Fault:
    register = printed.get(name, name)
    meaning = wrong_pointer(target, arch) or Meaning("no code", "There is no code to run.")
    note = f"jumps to {register} = {target:#x}, {meaning.brief}"
    text = f"The marked instruction {note}: the function pointer is wrong."
    return Fault(note, text, {name: meaning}, target)


def _push(report: Report, detail: Detail, found: Mapping[str, int], arch: Arch) -> Fault | None:
    """A call or push that met the end of the stack."""
    sp = found.get("rsp")
    if sp is None or not detail.mnemonic.startswith(("call", "push")):
        return None
    address = sp - arch.bits // 8
    if report.fault_address != address:
        return None
    verb = "the return address" if detail.mnemonic.startswith("call") else "a register"
    note = f"puts {verb} on the stack, at {address:#x}, where the stack has ended"
    meaning = Meaning(
        "the stack pointer, at the stack's end", "The stack has no room left.", pattern=True
    )
    return Fault(note, f"The marked instruction {note}.", {"rsp": meaning}, address)


def operand_values(detail: Detail, state: State) -> Iterator[str]:
    """`RAX = 0x0` for each register of the operands in memory, in order; none of a process's dump."""
    if state.user:
        return
    found = values_of(state)
    printed = {plain_name(one.name): one.name for one in state.registers}
    seen = set()
    for memory in detail.memory:
        for name in (memory.base, memory.scaled):
            if name in found and name not in seen:
                seen.add(name)
                yield f"{printed[name]} = {found[name]:#x}"
    if detail.through in found and detail.through not in seen:
        yield f"{printed[detail.through]} = {found[detail.through]:#x}"


def read_detail(state: State, machine: str) -> Detail | None:
    """The marked instruction, taken apart; None when nothing is marked or known."""
    if state.code is None or state.code.mark is None:
        return None
    return code.detail(state.code.data[state.code.mark :], machine)
