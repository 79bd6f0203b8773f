"""How memory was accessed when it failed, as the CPU told the kernel and the kernel the log."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.explain.cpu import arm, loongarch, mips, s390
from sitegen.crash.explain.words import MOST_SEARCHED
from sitegen.crash.lazy import Lazy
from sitegen.model import Record

How = Literal["", "read", "write", "fetch"]


class Access(NamedTuple):
    """What is known of the access besides its address."""

    how: How = ""
    mapped: bool | None = None
    "whether a page was there, and forbade the access"
    unaligned: bool = False
    checked: bool = False
    "KASAN looks up memory's shadow before each access"
    paged: bool = False
    "only the page of the address is known"


_X86 = Lazy(r"error_code\(0x(?P<code>[0-9a-f]{1,8})\)|^Oops: (?P<old>[0-9a-f]{4,8}) \[#")
_ESR = Lazy(
    r"\bESR(?: = |: )0x(?P<code>[0-9a-f]{8,16})|Internal error: [^:]{1,60}: (?P<old>[0-9a-f]{8,16}) \[#"
)
_FSR = Lazy(
    r"Internal error: Oops: (?P<code>[0-9a-f]{1,8}) \[#|Unhandled (?:prefetch )?(?:fault|abort): .{1,60}\(0x(?P<old>[0-9a-f]{3,8})\)"
)
_TEID = Lazy(r"\bTEID: (?P<code>[0-9a-f]{16})")
_SAID = Lazy(r"\bon (?P<how>read|write) at 0x|\bwhen (?P<verb>read|write|execute)\b")


def find_access(records: Sequence[Record], registers: Mapping[str, int], arch: Arch) -> Access:
    """What the records of a report's head and the dump's registers (by full name) tell."""
    head = records[:MOST_SEARCHED]
    checked = any("KASAN" in record.text for record in head)
    found = _READERS.get(arch.name, _nothing)(head, registers)
    if not found.how and (said := _code(head, _SAID)):
        found = found._replace(how=_VERBS[said])
    return found._replace(checked=checked)


_VERBS: dict[str, How] = {"read": "read", "write": "write", "execute": "fetch"}


def _code(records: Sequence[Record], pattern: Lazy) -> str:
    """The first group that the pattern finds; empty when it finds none."""
    for record in records:
        if found := pattern.search(record.text[:400]):
            return next(one for one in found.groups() if one)
    return ""


def _nothing(_records: Sequence[Record], _registers: Mapping[str, int]) -> Access:
    return Access()


def _of_x86(records: Sequence[Record], _registers: Mapping[str, int]) -> Access:
    text = _code(records, _X86)
    if not text:
        return Access()
    value = int(text, 16)
    how: How = "fetch" if value & 1 << 4 else "write" if value & 2 else "read"
    return Access(how, mapped=bool(value & 1))


def _of_arm64(records: Sequence[Record], _registers: Mapping[str, int]) -> Access:
    text = _code(records, _ESR)
    value = int(text, 16) if text else 0
    kind = value >> 26 & 0x3F
    if kind not in (0x20, 0x21, 0x24, 0x25):
        return Access()
    how: How = "fetch" if kind < 0x24 else "write" if value & 1 << 6 else "read"
    status = value & 0x3F
    mapped = {0x00: False, 0x04: False, 0x0C: True}.get(status & ~3)
    return Access(how, mapped=mapped, unaligned=status == 0x21)


def _of_arm(records: Sequence[Record], _registers: Mapping[str, int]) -> Access:
    text = _code(records, _FSR)
    if not text:
        return Access()
    value = int(text, 16)
    return Access(
        arm.access_of(value), mapped=arm.is_mapped(value), unaligned=arm.is_unaligned(value)
    )


_RISCV: dict[int, Access] = {
    1: Access("fetch"),
    4: Access("read", unaligned=True),
    5: Access("read"),
    6: Access("write", unaligned=True),
    7: Access("write"),
    12: Access("fetch"),
    13: Access("read"),
    15: Access("write"),
}
_MIPS: dict[int, Access] = {
    1: Access("write", mapped=True),
    2: Access(""),
    3: Access("write"),
    5: Access("write"),
    19: Access("read", mapped=True),
    20: Access("fetch", mapped=True),
}
_LOONGARCH: dict[int, Access] = {
    1: Access("read", mapped=False),
    2: Access("write", mapped=False),
    3: Access("fetch", mapped=False),
    4: Access("write", mapped=True),
    5: Access("read", mapped=True),
    6: Access("fetch", mapped=True),
    9: Access("", unaligned=True),
}


def _of_riscv(_records: Sequence[Record], registers: Mapping[str, int]) -> Access:
    return _RISCV.get(registers.get("cause", -1), Access())


def _of_mips(_records: Sequence[Record], registers: Mapping[str, int]) -> Access:
    cause = registers.get("cause")
    return Access() if cause is None else _MIPS.get(mips.exception_code(cause), Access())


def _of_loongarch(_records: Sequence[Record], registers: Mapping[str, int]) -> Access:
    status = registers.get("estat")
    return (
        Access() if status is None else _LOONGARCH.get(loongarch.exception_code(status), Access())
    )


_NO_PAGE, _PROTECTED, _STORE = 0x40000000, 0x08000000, 0x02000000


def _of_powerpc(records: Sequence[Record], registers: Mapping[str, int]) -> Access:
    value = registers.get("dsisr")
    if value is None:
        return Access()
    mapped = False if value & _NO_PAGE else True if value & _PROTECTED else None
    said = _code(records, _SAID)
    how: How = "write" if value & _STORE or said == "write" else "read"
    return Access(how, mapped=mapped)


def _of_s390(records: Sequence[Record], _registers: Mapping[str, int]) -> Access:
    text = _code(records, _TEID)
    kind = s390.find_code(records) or 0
    how: How = ""
    if text:
        how = "write" if s390.is_store(int(text, 16)) else ""
    mapped = True if kind == 0x04 else False if kind in (0x10, 0x11, 0x39, 0x3A, 0x3B) else None
    return Access(how, mapped=mapped, unaligned=kind == 0x06, paged=bool(text))


_READERS = {
    "x86_64": _of_x86,
    "i386": _of_x86,
    "aarch64": _of_arm64,
    "arm": _of_arm,
    "riscv64": _of_riscv,
    "mips": _of_mips,
    "loongarch64": _of_loongarch,
    "ppc64le": _of_powerpc,
    "s390x": _of_s390,
}
