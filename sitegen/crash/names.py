"""What compilers append to the names of functions: one list for images, logs and chains.

Light to import: `sitegen decode` must start at once.
"""

import re

_COPIES = r"isra|constprop|part|ipa_sra|simdclone|clone|specialized|argprom|argelim|extracted"
"copies and parts that a compiler makes for itself, of another signature or none"
_OTHERS = r"cold|llvm|lto_priv|localalias|cfi_jt|cfi|__uniq|unlikely|hot|resolver|ifunc"

_SUFFIXES = re.compile(rf"(?:\.(?:{_COPIES}|{_OTHERS})(?:\.\d{{1,40}}){{0,2}})+\Z")
_OWN = re.compile(rf"\.(?:{_COPIES})(?:\.\d|\.|\Z)")


def bare_name(symbol: str) -> str:
    """The function's name in the source: for links and comparisons, never for what a log said.

    >>> bare_name("cm_level3_read.constprop.0.cold")
    'cm_level3_read'
    >>> bare_name("vfs_write.__uniq.206184.cfi_jt")
    'vfs_write'
    """
    return _SUFFIXES.sub("", symbol[:512]) or symbol


def is_copy(symbol: str) -> bool:
    """Whether a compiler made the function of another one for its own calls: no pointer leads to it.

    >>> is_copy("cm_ctx_fault.isra.0"), is_copy("cm_timer_fn.cold")
    (True, False)
    """
    return bool(_OWN.search(symbol[:512]))
