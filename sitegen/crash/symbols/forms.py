"""The numbers of DWARF: tags, attributes, forms and how wide they are, LEB128."""

TAG_COMPILE_UNIT, TAG_SUBPROGRAM, TAG_INLINED, TAG_BLOCK = 0x11, 0x2E, 0x1D, 0x0B
TAG_CALL_SITE, TAG_GNU_CALL_SITE = 0x48, 0x4109
TAG_NAMESPACE, TAG_VARIABLE = 0x39, 0x34
AT_SIBLING, AT_LOCATION, AT_NAME, AT_STMT_LIST, AT_LOW_PC, AT_HIGH_PC = 1, 2, 3, 0x10, 0x11, 0x12
AT_LANGUAGE, AT_COMP_DIR, AT_ABSTRACT_ORIGIN = 0x13, 0x1B, 0x31
AT_DECL_FILE, AT_DECL_LINE, AT_SPECIFICATION, AT_RANGES = 0x3A, 0x3B, 0x47, 0x55
AT_CALL_COLUMN, AT_CALL_FILE, AT_CALL_LINE, AT_LINKAGE_NAME = 0x57, 0x58, 0x59, 0x6E
AT_STR_OFFSETS_BASE, AT_ADDR_BASE, AT_RNGLISTS_BASE, AT_DWO_NAME = 0x72, 0x73, 0x74, 0x76
AT_CALL_RETURN_PC, AT_CALL_ORIGIN, AT_CALL_PC, AT_CALL_TAIL_CALL = 0x7D, 0x7F, 0x81, 0x82
AT_GNU_TAIL_CALL, AT_GNU_DWO_NAME, AT_GNU_DWO_ID = 0x2115, 0x2130, 0x2131
AT_GNU_RANGES_BASE, AT_GNU_ADDR_BASE = 0x2132, 0x2133

F_ADDR, F_REF_ADDR, F_STRING, F_STRP, F_LINE_STRP, FSTRX = 0x01, 0x10, 0x08, 0x0E, 0x1F, 0x1A
FADDRX, F_RNGLISTX, F_IMPLICIT, F_INDIRECT, F_EXPRLOC = 0x1B, 0x23, 0x21, 0x16, 0x18
F_SDATA, F_PRESENT, F_SEC_OFFSET = 0x0D, 0x19, 0x17

# Bytes of forms of one size, whatever the unit.
FIXED = {
    0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16,  # data
    0x0C: 1, F_PRESENT: 0, F_IMPLICIT: 0,  # flags, and constants that stand in the abbreviation
    0x11: 1, 0x12: 2, 0x13: 4, 0x14: 8, 0x20: 8,  # references inside the unit, and by signature
    0x25: 1, 0x26: 2, 0x27: 3, 0x28: 4,  # strx
    0x29: 1, 0x2A: 2, 0x2B: 3, 0x2C: 4,  # addrx
    0x1C: 4, 0x24: 8,  # references into a supplementary file
}  # fmt: skip
# Forms as wide as offsets of the unit: sec_offset, strp, line_strp, ref_addr, and those of dwz.
OFFSETS = {0x17, F_STRP, F_LINE_STRP, F_REF_ADDR, 0x1D, 0x1F20, 0x1F21}
ULEB = {0x0F, FSTRX, FADDRX, 0x15, 0x22, F_RNGLISTX, 0x1F01, 0x1F02}
BLOCKS = {0x0A: 1, 0x03: 2, 0x04: 4}
STRX = {FSTRX, 0x25, 0x26, 0x27, 0x28, 0x1F02}
ADDRX = {FADDRX, 0x29, 0x2A, 0x2B, 0x2C, 0x1F01}
LENGTHS = {0x0B, 0x05, 0x06, 0x07}
LOCAL_REFS = {0x11, 0x12, 0x13, 0x14, 0x15}

# Languages: C++ in its versions, and Rust.
SCOPED = {0x04, 0x1A, 0x21, 0x2A, 0x2B, 0x1C}

MOST_HOPS = 16
"references followed from one entry for its name; more is a cycle"


class DwarfError(Exception):
    """Debug information that cannot be read, with the reason in words."""


def uleb(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned LEB128 number at `at`, and where the next thing stands."""
    if at + 1 < len(data):  # most are of one byte or two
        first, second = data[at], data[at + 1]
        if first < 0x80:
            return first, at + 1
        if second < 0x80:
            return first & 0x7F | second << 7, at + 2
    value = shift = 0
    for byte in data[at : at + 10]:
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise DwarfError("a number without an end")


def sleb(data: bytes, at: int) -> tuple[int, int]:
    """The signed LEB128 number at `at`, and where the next thing stands."""
    value, following = uleb(data, at)
    if data[following - 1] & 0x40:
        value -= 1 << 7 * (following - at)
    return value, following


def to_uleb(value: int) -> bytes:
    """A number as LEB128."""
    out = bytearray()
    while True:
        value, byte = value >> 7, value & 0x7F
        out.append(byte | 0x80 if value else byte)
        if not value:
            return bytes(out)
