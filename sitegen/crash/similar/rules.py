"""The tables of this package as one value, so that the browser compares as we do."""

import re

from sitegen.crash.arch import ARCHES
from sitegen.crash.log.kinds import KINDS
from sitegen.crash.log.oopses import OOPSES
from sitegen.crash.log.skips import ANCHORS, SKIPPED, WAITING
from sitegen.crash.similar import known, names
from sitegen.crash.similar.fingerprint import MOST_FRAMES, STALLS, WAITS
from sitegen.model import MatchRules

_NUMBERS = (
    *("IMAGINED", "COMMON", "SYSTEM_CALL", "RARE", "SCALE", "WHOLE", "SAME_CRASH", "SAME_FUNCTION"),
    *("SAME_KIND", "SAME_ORDER", "HARDLY", "LEAST", "ENOUGH", "MOST_TRIED"),
)


def match_rules() -> MatchRules:
    """Tables and weights; always the same."""
    exceptions = sorted({name for arch in ARCHES for name in arch.exceptions})
    beginnings = sorted({name for arch in ARCHES for name in arch.exception_prefixes})
    return MatchRules(
        triggers=tuple((oops.trigger, oops.unless) for oops in OOPSES),
        kinds=tuple((kind.key, kind.label, kind.pattern) for kind in KINDS),
        pc=tuple(sorted({word for arch in ARCHES for word in arch.pc})),
        lr=tuple(sorted({word for arch in ARCHES for word in arch.lr})),
        names={
            "uncounted": names.UNCOUNTED,
            "common": names.COMMON,
            "wrapper": f"^{names.WRAPPERS}",
            "skipped": SKIPPED.pattern,
            "anchor": ANCHORS.pattern,
            "waiting": WAITING.pattern,
            "exception": f"^(?:(?:{'|'.join(map(re.escape, exceptions))})$|{'|'.join(beginnings)})",
        },
        culprits={"stall": tuple(sorted(STALLS)), "wait": tuple(sorted(WAITS))},
        first=known.FIRST,
        numbers={"MOST_FRAMES": MOST_FRAMES} | {name: getattr(known, name) for name in _NUMBERS},
    )
