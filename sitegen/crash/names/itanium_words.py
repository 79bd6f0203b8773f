"""What the letters of C++'s mangling stand for."""

BUILTIN = {
    "v": "void", "w": "wchar_t", "b": "bool", "c": "char", "z": "...",
    "a": "signed char", "h": "unsigned char", "s": "short", "t": "unsigned short",
    "i": "int", "j": "unsigned int", "l": "long", "m": "unsigned long",
    "x": "long long", "y": "unsigned long long", "n": "__int128", "o": "unsigned __int128",
    "f": "float", "d": "double", "e": "long double", "g": "__float128",
    "Dd": "decimal64", "De": "decimal128", "Df": "decimal32", "Dh": "half",
    "Di": "char32_t", "Ds": "char16_t", "Du": "char8_t",
    "Da": "auto", "Dc": "decltype(auto)", "Dn": "decltype(nullptr)",
}  # fmt: skip
OPERATORS = {
    "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "aw": " co_await",
    "ps": "+", "ng": "-", "ad": "&", "de": "*", "co": "~", "nt": "!", "pp": "++", "mm": "--",
    "pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^",
    "pL": "+=", "mI": "-=", "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=",
    "eO": "^=", "aS": "=", "ls": "<<", "rs": ">>", "lS": "<<=", "rS": ">>=", "aa": "&&",
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "ss": "<=>",
    "oo": "||", "cm": ",", "pm": "->*", "pt": "->", "cl": "()", "ix": "[]", "qu": "?",
}  # fmt: skip
STANDARD = {
    "a": "std::allocator", "b": "std::basic_string", "s": "std::string",
    "i": "std::istream", "o": "std::ostream", "d": "std::iostream",
}  # fmt: skip
QUALIFIERS = {"r": " restrict", "V": " volatile", "K": " const"}
REFERENCES = {"P": "*", "R": "&", "O": "&&"}
SUFFIXES = {"j": "u", "l": "l", "m": "ul", "x": "ll", "y": "ull", "i": ""}
"of constants; those of other types are shown as casts"
THUNKS = {
    "h": "non-virtual thunk to ",
    "v": "virtual thunk to ",
    "c": "covariant return thunk to ",
}
