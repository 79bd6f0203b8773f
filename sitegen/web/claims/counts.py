"""Claims about numbers of things: `occurrences >= 3`, `frames == 25`."""

from sitegen.web.claims.values import (
    Anchor,
    AtLine,
    AtPart,
    CountClaim,
    Facts,
    Fails,
    Holds,
    Unknown,
    Verdict,
)
from sitegen.web.claims.words import Words, holds, shown, test_of
from sitegen.wording import counted


def read_count(words: Words) -> CountClaim | None:
    """`occurrences == 12`, `count logs == 2`."""
    rest = words[1:] if words[0].lower() == "count" else words
    test = test_of(rest[1:])
    if test is None:
        return None
    match rest[0].lower():
        case "occurrences" | "logs" | "reports" | "frames" | "steps" as what:
            return CountClaim(what, test)
    return None


def check_count(claim: CountClaim, facts: Facts) -> Verdict:
    part: Anchor = AtPart("log")
    match claim.what:
        case "occurrences":
            number, part = facts.occurrences, AtPart("reports")
        case "logs":
            number = facts.logs
        case "reports":
            number = len(facts.log.reports)
        case "frames":
            frames = [frame for trace in facts.found.traces for frame in trace.frames]
            if not frames:
                return Unknown("the report has no call trace")
            number, part = (
                sum(frame.reliable for frame in frames),
                AtLine(facts.found.traces[0].line),
            )
        case "steps":
            if not facts.found.chain:
                return Unknown(facts.found.unchained or "the report has no chain")
            number, part = len(facts.found.chain), AtPart("chain")
    if holds(claim.test, number):
        return Holds(part, counted(number, claim.what[:-1]))
    chain = facts.found.chain
    if claim.what == "steps" and any(s.edge.kind == "unknown" or s.edge.unproved for s in chain):
        return Unknown(f"{counted(number, 'step')}, between which others may have run")
    return Fails(f"{claim.what}: {shown(claim.test, hexadecimal=False)}", str(number), part)
