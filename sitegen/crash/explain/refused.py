"""Why x86 refuses an instruction though its addresses are all right."""

from collections.abc import Mapping
from typing import NamedTuple

from sitegen.crash.code import Detail
from sitegen.crash.explain.culprit import Found
from sitegen.crash.explain.operand import address_of, expression_of

_LOW = (1 << 32) - 1


class Refusal(NamedTuple):
    """What the CPU did not do, and why."""

    note: str
    "half a sentence"
    because: str
    "what follows it in a sentence; empty for nothing"
    address: int | None


_ALIGNED = ("movaps", "movapd", "movdqa", "movntps", "movntpd", "movntdq", "vmovaps", "vmovapd")
_ALIGNED_TOO = ("vmovdqa", "fxsave", "fxrstor", "xsave", "xrstor", "cmpxchg16b")


def why_refused(detail: Detail, found: Found) -> Refusal | None:
    """Why x86 refuses an instruction whose addresses are all right."""
    for memory in detail.memory:
        address = address_of(memory, found)
        boundary = max(memory.size, 16) if detail.mnemonic.startswith(_ALIGNED) else 16
        if detail.mnemonic.startswith("xsave") or detail.mnemonic.startswith("xrstor"):
            boundary = 64
        if (
            address is not None
            and detail.mnemonic.startswith(_ALIGNED + _ALIGNED_TOO)
            and address % boundary
        ):
            expression = expression_of(memory, found.printed)
            note = f"wants a multiple of {boundary}, but {expression} = {address:#x} is none"
            return Refusal(note, ": the CPU refuses it", address)
    note = _privileged(detail, found.values)
    if note:
        return Refusal(note, "", None)
    if detail.mnemonic.startswith("ret"):
        note = "returns to an address that the log does not show, and that is no canonical one"
        return Refusal(note, ": what stood on the stack as return address is damaged", None)
    if detail.jumps and detail.memory:
        note = "jumps to an address read from memory, which is no canonical one"
        return Refusal(note, ": the function pointer is wrong", None)
    return None


def _privileged(detail: Detail, found: Mapping[str, int]) -> str:
    """What a privileged instruction was to do with the registers that it takes; empty for others."""
    if detail.mnemonic in ("wrmsr", "rdmsr") and "rcx" in found:
        number = found["rcx"] & _LOW
        if detail.mnemonic == "rdmsr":
            return f"reads model-specific register {number:#x} (ECX), which this CPU does not have"
        value = (found.get("rdx", 0) & _LOW) << 32 | found.get("rax", 0) & _LOW
        return (
            f"writes {value:#x} to model-specific register {number:#x} (ECX), which refuses it or does not "
            "exist"
        )
    if detail.mnemonic.startswith("mov") and len(detail.takes) == 2 and detail.takes[1][:2] == "cr":
        source, target = detail.takes
        if source in found:
            return f"writes {found[source]:#x} to {target.upper()}, which refuses one of these bits"
    return ""
