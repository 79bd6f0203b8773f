"""What is asked of images and what they answer.

Records and not structs: `sitegen decode` starts, answers from its cache and
ends within the time that importing a struct library takes.
"""

from __future__ import annotations

from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


class ImageError(Exception):
    """An image that cannot be read; a frame that cannot be decoded is a value instead."""

    def __init__(self, path: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.kind = kind
        "`missing` (S002), `not-elf` (S003), `damaged` (S005) or `unsupported` (S009)"
        self.message = message
        "one line, lower case, names the file by its base name"


class Query(Record):
    """One place in the kernel, as a log prints it."""

    name: str
    "empty when only an address is known"
    offset: int = 0
    size: int = 0
    "0 when the log does not print it"
    module: str = ""
    "empty for vmlinux"
    lookup: Literal["return", "exact", "printed"] = "return"
    "`printed`: at the address whatever it is, as the kernel's script did before 2026"
    address: int | None = None
    "link-time address in vmlinux (slide taken off), or in a module as laid out from `elf.MODULE_BASE`"
    callee: str = ""
    "printed name of the next frame inwards, to tell symbols of one name and size apart"


class Call(Record):
    """One function active at an address, and the line it had reached."""

    function: str
    file: str = ""
    "relative to the kernel tree where it lies in it; empty when nothing names it"
    line: int | None = None
    "from 1"
    column: int | None = None
    inlined: bool = False


class Decoded(Record):
    """The calls active at a place, innermost first; all but the last are inlined.

    The last call bears the name the log prints (`__handle_sysrq.cold`), but for a
    return address printed as the next function's `+0x0`: there it is the function that called.
    """

    calls: tuple[Call, ...]
    image: str
    "`vmlinux`, or the module's name"
    section: str
    "empty for vmlinux, whose addresses are unique"
    address: int
    "the place as printed (not minus 1): link-time address in vmlinux, offset into `section` in a module"
    start: int
    "of the symbol, like `address`"
    size_equal: bool | None = None
    "whether the printed size is the image's; None when none was printed"
    exact: bool = False
    "looked up at `address`, not at `address - 1`"
    note: str = ""
    "why there are no lines, or what the calls may lack; empty when nothing is to be said"

    @property
    def pc(self) -> int:
        """The address the calls were looked up at."""
        return self.address if self.exact else self.address - 1


class Undecoded(Record):
    """Why a place has no line. Not an error: a value with its reason."""

    reason: str
    "lower case, no full stop (`no symbol 'foo' in vmlinux`)"
    candidates: tuple[Call, ...] = ()
    "where it may be, when several symbols fit and nothing tells them apart"
    size_equal: bool | None = None
    absent: bool = False
    "no image at hand holds the symbol"


class CallSite(Record):
    """The call that ends at a return address."""

    kind: Literal["direct", "indirect"]
    callee: str
    "the function called; empty for an indirect call"
    proof: Literal["call-site", "instruction"]
    "DWARF's DW_TAG_call_site, or the bytes of the instruction"
    instruction: str = ""
    "in words (`call x64_sys_call`, `call *%rax`)"
    slot: tuple[str, int] | None = None
    "the object that holds the pointer and the offset in it, where the instruction names the place"
    instead: tuple[str, ...] = ()
    "functions that the kernel may have put in the callee's place when it patched itself at boot"
    patched: bool = False
    "a call through a pointer of which the kernel made a direct one at boot"


class Jump(Record):
    """A tail call: the function left for another one, so it has no frame."""

    function: str
    "the one that jumps"
    target: str
    calls: tuple[Call, ...]
    "where it jumps, innermost first; empty without debug information"
    instruction: str
    "in words (`jmp __x64_sys_write at x64_sys_call+0x112f`)"
    proof: Literal["call-site", "instruction"] = "instruction"
    "DWARF's tail call site at that very place, or the bytes alone"

    @property
    def call(self) -> Call:
        """The innermost place it jumps from."""
        return self.calls[0] if self.calls else Call(self.function)


class Bounds(Record):
    """The lines of one function, from its declaration to the last line that made code."""

    file: str
    "empty when not known"
    first: int | None = None
    "DW_AT_decl_line: of the name in the signature"
    last: int | None = None
    "the largest line of `file` in the function's own code; for an inlined call, of this one instance"


class Member(Record):
    """A member as somebody asks for it: `struct file`, `f_path.dentry`."""

    keyword: str
    "`struct`, `union`, or empty for a typedef"
    name: str
    path: str = ""
    "empty for the whole type"


class Layout(Record):
    """Where a member stands in its structure."""

    offset: int = 0
    "bytes from the start of the structure asked about"
    size: int = 0
    "in bytes; of a bit field, of the bytes that it touches"
    bit: int | None = None
    "of a bit field: its first bit in the byte at `offset`"
    bits: int | None = None
    file: str = ""
    line: int | None = None
    "of the declaration"
    missing: str = ""
    "why there is no such member, in words; the rest is empty then"


class Holder(Record):
    """A constant object of an image with the address of a function in it."""

    symbol: str
    offset: int
    "bytes from the symbol to the pointer"
    image: str
    type: str = ""
    "struct name without the word struct; `[]` appended for an array of pointers"
    member: str = ""
    "member path of the slot (`write`, `ops.open`); `[1]` for an array"
    file: str = ""
    line: int | None = None
    "of the variable's declaration"


class Taker(Record):
    """A place in code that takes the address of a function."""

    function: str
    calls: tuple[Call, ...]
    "where it does, innermost first; empty without debug information"
    image: str
    before: str = ""
    "the function that the code next behind it calls by name: what it is handed to, as a rule"


class Taken(Record):
    """All places in code that take the address of a function."""

    takers: tuple[Taker, ...]
    closed: bool
    "whether no other image can take it: the function has no name outside of its own"


class ImageId(Record):
    """Which image answered."""

    name: str
    build_id: str = ""
    release: str = ""
    "from the `Linux version` banner or a module's vermagic"
