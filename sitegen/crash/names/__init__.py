"""What compilers append to the names of functions: one list for images, logs and chains.

Imports nothing: `sitegen decode` must start at once.
"""

_COPIES = frozenset(
    (
        *("isra", "constprop", "part", "ipa_sra", "simdclone", "clone", "specialized"),
        *("argprom", "argelim", "extracted"),
    )
)
"copies and parts that a compiler makes for itself, of another signature or none"
_ENDINGS = _COPIES | {
    *("cold", "llvm", "lto_priv", "localalias", "cfi_jt", "cfi", "__uniq", "unlikely", "hot"),
    *("resolver", "ifunc"),
}
_LONGEST = 512
"characters of a name that is looked at; the kernel's own are of 512 at most"


def bare_name(symbol: str) -> str:
    """The function's name in the source: for links and comparisons, never for what a log said.

    >>> bare_name("cm_level3_read.constprop.0.cold")
    'cm_level3_read'
    >>> bare_name("vfs_write.__uniq.206184.cfi_jt")
    'vfs_write'
    """
    if "." not in symbol or len(symbol) > _LONGEST:
        return symbol
    parts = symbol.split(".")
    end = len(parts)
    while end > 1:
        word = end - 1
        while word > end - 3 and _is_number(parts[word]):  # two numbers at most behind a word
            word -= 1
        if word < 1 or parts[word] not in _ENDINGS:
            break
        end = word
    if end == 2 and _is_number(parts[1]):  # clang tells static functions of one name apart so
        end = 1
    return ".".join(parts[:end]) or symbol


def is_copy(symbol: str) -> bool:
    """Whether a compiler made the function of another one for its own calls: no pointer leads to it.

    >>> is_copy("cm_ctx_fault.isra.0"), is_copy("cm_timer_fn.cold")
    (True, False)
    """
    return "." in symbol and not _COPIES.isdisjoint(symbol[:_LONGEST].split(".")[1:])


def _is_number(part: str) -> bool:
    return part.isdecimal() and part.isascii()
