"""The table `[severity]`: codes and what they count as. Complains about each entry by itself."""

from typing import get_args

from sitegen import codes
from sitegen.codes.values import Code
from sitegen.diagnostics import Severity, Sink, Weight, nearest_hint
from sitegen.project.places import Lines

_WEIGHTS: tuple[str, ...] = (*get_args(Severity), "ignore")
_KEPT = frozenset("GT")
"""Letters of codes whose errors end a build or keep a secret: nobody is to build on in their silence."""


def fit_weights(value: object, lines: Lines, sink: Sink) -> object:
    """The entries of the table that make sense; what is no table is given back as it is."""
    if not isinstance(value, dict):
        return value
    known = codes.every_code()
    found: dict[str, Weight] = {}
    for name, weight in value.items():
        at = lines.place(("severity",), name)
        code = known.get(name)
        if code is None:
            hint = nearest_hint(name.upper(), known)
            sink.add(codes.G023, f"no diagnostic has the code '{name}'", at=at, hint=hint)
        elif weight not in _WEIGHTS:
            hint = f"give one of {', '.join(_WEIGHTS)}"
            sink.add(codes.G004, f"'{name}' is no severity", at=at, hint=hint)
        elif _is_kept(code, weight):
            message = f"'{name}' stays an error"
            hint = "take the line out, and mend what it complains about"
            sink.add(codes.G024, message, at=at, hint=hint)
        else:
            found[name] = weight
    return found


def _is_kept(code: Code, weight: Weight) -> bool:
    return code.id[0] in _KEPT and code.severity == "error" and weight != "error"
