"""Claims about what the log says: its headline, who ran, taint, modules, lines."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sitegen.model import Report
from sitegen.web.claims.values import (
    AtLine,
    AtPart,
    Facts,
    Fails,
    Holds,
    LineClaim,
    ModuleClaim,
    SaidClaim,
    TaintClaim,
    Unknown,
    Verdict,
)
from sitegen.web.claims.words import Words, number_of, quoted
from sitegen.wording import counted, shortened


def read_said(words: Words) -> SaidClaim | None:
    """`kind null-deref`, `title "..."`, `kernel 6.1.x`; `==` and `is` may stand between."""
    what = words[0].lower()
    rest = words[2:] if words[1:2] and words[1].lower() in {"==", "=", "is"} else words[1:]
    value = quoted(rest)
    match what:
        case "cpu" | "pid":
            number = number_of(value) if len(rest) == 1 else None
            return SaidClaim(what, str(number)) if number is not None else None
        case "kind" | "kernel" | "arch" if len(rest) == 1:
            return SaidClaim(what, value)
        case "title" | "message" | "task" | "hardware" if value:
            return SaidClaim(what, value)
    return None


def read_taint(words: Words) -> TaintClaim | None:
    """`tainted`, `tainted GO`, `not tainted`, `not tainted O`."""
    absent = words[0].lower() == "not"
    rest = words[1:] if absent else words
    if not rest or rest[0].lower() != "tainted":
        return None
    letters = "".join(rest[1:]).replace(",", "")
    if len(letters) > _MOST_LETTERS or any(not "A" <= letter <= "Z" for letter in letters):
        return None
    return TaintClaim(letters, absent)


_MOST_LETTERS = 26


def read_module(words: Words) -> ModuleClaim | None:
    """`module crashme`, `module crashme loaded`, `no module crashme`."""
    absent = words[0].lower() == "no"
    rest = words[1:] if absent else words
    if not rest or rest[0].lower() != "module" or len(rest) not in {2, 3}:
        return None
    if len(rest) == 3 and rest[2].lower() != "loaded":
        return None
    return ModuleClaim(rest[1], absent)


def read_line(words: Words) -> LineClaim | None:
    """`line 12 says "Oops: 0000"`, `log says "Oops"`, `no line says "Oops"`."""
    lower = tuple(word.lower() for word in words[:3])
    if lower[:2] == ("log", "says") and (text := quoted(words[2:])):
        return LineClaim(text)
    if lower == ("no", "line", "says") and (text := quoted(words[3:])):
        return LineClaim(text, absent=True)
    if lower[0] == "line" and lower[2:] == ("says",) and (text := quoted(words[3:])):
        number = number_of(words[1]) if words[1].isdigit() else None
        return LineClaim(text, number) if number else None
    return None


# --- Checking --------------------------------------------------------------------------------


class _Said(NamedTuple):
    """A word of the report: what it is, where it stands, and whether a claimed one is the same."""

    value: Callable[[Report, Facts], str]
    same: Callable[[str, str], bool]
    missing: str
    before: str = ""
    "what stands before it in the line"


def _equal(claimed: str, known: str) -> bool:
    return claimed.lower() == known.lower()


def _inside(claimed: str, known: str) -> bool:
    return claimed.lower() in known.lower()


def _same_release(claimed: str, known: str) -> bool:
    """`6.1.0`, `6.1.x` and `6.1` are `6.1.0-56-amd64`; a longer number is not a shorter one."""
    wanted = claimed.removesuffix(".x").removesuffix(".*")
    rest = known.removeprefix(wanted)
    return known == wanted or (len(rest) < len(known) and rest[:1] in {".", "-", "+", "_", "~"})


def _same_arch(claimed: str, known: str) -> bool:
    name = claimed.lower()
    return _ARCHES.get(name, name) == known.lower()


_ARCHES = {"amd64": "x86_64", "x86-64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
"""Names of processors as distributions and folders of the kernel have them."""

_SAID: dict[str, _Said] = {
    "kind": _Said(lambda r, _: r.kind, _equal, "the report is of no known kind"),
    "title": _Said(lambda r, _: r.title, _equal, "the report has no title"),
    "message": _Said(lambda r, _: r.message, _inside, "the report has no message"),
    "kernel": _Said(
        lambda r, f: r.release or f.evidence.kernel, _same_release, "the log names no kernel"
    ),
    "arch": _Said(
        lambda _, f: f.evidence.arch or f.log.arch, _same_arch, "the log shows no processor"
    ),
    "task": _Said(lambda r, _: r.task.comm, _equal, "the report names no task", "Comm: "),
    "cpu": _Said(lambda r, _: _decimal(r.task.cpu), _equal, "the report names no CPU", "CPU: "),
    "pid": _Said(lambda r, _: _decimal(r.task.pid), _equal, "the report names no PID", "PID: "),
    "hardware": _Said(lambda r, _: r.hardware, _inside, "the report names no hardware"),
}


def _decimal(number: int | None) -> str:
    return "" if number is None else str(number)


def check_said(claim: SaidClaim, facts: Facts) -> Verdict:
    report = facts.report
    if report is None:
        return Unknown("there is no report in the log")
    rule = _SAID[claim.what]
    known = rule.value(report, facts)
    if not known:
        return Unknown(rule.missing)
    line = _line_with(facts, report, f"{rule.before}{known}") or report.headline.line
    others = report.alt_titles if claim.what == "title" else ()
    if any(rule.same(claim.value, one) for one in (known, *others)):
        return Holds(AtLine(line), known)
    return Fails(f"{claim.what} {claim.value}", known, AtLine(line))


def _line_with(facts: Facts, report: Report, text: str) -> int:
    """The first line of the report that has the text; 0 when none does."""
    lines = facts.log.lines[report.first - 1 : report.last]
    return next((number for number, line in enumerate(lines, report.first) if text in line), 0)


def check_taint(claim: TaintClaim, facts: Facts) -> Verdict:
    report = facts.report
    if report is None or not report.taint:
        return Unknown("the report does not say whether the kernel is tainted")
    clean = report.taint.lower().startswith("not tainted")
    letters = "" if clean else "".join(dict.fromkeys(_letters(report.taint)))
    line = _line_with(facts, report, "ainted") or report.headline.line
    at = AtLine(line)
    wanted = frozenset(claim.letters)
    if claim.absent:
        true = wanted.isdisjoint(letters) if wanted else clean
        expected = f"not tainted {claim.letters}".rstrip()
    else:
        true = wanted.issubset(letters) if wanted else not clean
        expected = f"tainted {claim.letters}".rstrip()
    shown = "not tainted" if clean else f"tainted {letters}"
    return Holds(at, shown) if true else Fails(expected, shown, at)


def _letters(taint: str) -> str:
    """The letters before the words that newer kernels put behind them (`[O]=OOT_MODULE`)."""
    before = taint.removeprefix("Tainted:").partition("[")[0]
    return "".join(c for word in before.split() if word.isupper() for c in word if "A" <= c <= "Z")


def check_module(claim: ModuleClaim, facts: Facts) -> Verdict:
    report = facts.report
    listed = {one.name.replace("-", "_") for one in report.modules} if report else set()
    section = next((s for s in report.sections if s.kind == "modules"), None) if report else None
    name = claim.name.replace("-", "_")
    line = next((line for module, line in _in_frames(facts) if module == name), None)
    if line is not None and name not in listed:
        at = AtLine(line)
        if claim.absent:
            return Fails(f"no module {claim.name}", "one of its functions", at)
        return Holds(at, f"a function of [{name}]")
    if section is None:
        return Unknown("the report does not list the modules")
    if facts.found.corrupted:
        return Unknown(f"the report is corrupted: {facts.found.corrupted}")
    at = AtLine(section.first)
    there = name in listed
    count = counted(len(listed), "module")
    if there != claim.absent:
        return Holds(at, count)
    if claim.absent:
        return Fails(f"no module {claim.name}", "it is linked in", at)
    return Fails(f"module {claim.name}", f"not among {count}", at)


def _in_frames(facts: Facts) -> Iterator[tuple[str, int]]:
    """Modules that frames are in, with the lines, those that the unwinder doubts as well.

    What the unwinder doubts is whether the function was called, not that it was loaded.
    """
    for trace in facts.found.traces:
        for frame in trace.frames:
            if frame.module:
                yield frame.module.replace("-", "_"), frame.line or 1


def check_line(claim: LineClaim, facts: Facts) -> Verdict:
    lines = facts.log.lines
    if claim.number is not None:
        if not 0 < claim.number <= len(lines):
            return Fails(f"a line {claim.number}", f"{len(lines)} lines")
        line = lines[claim.number - 1]
        at = AtLine(claim.number)
        if claim.text in line:
            return Holds(at, "")
        return Fails(f'"{claim.text}"', f'"{shortened(line.strip(), _LONGEST)}"', at)
    number = next((n for n, line in enumerate(lines, 1) if claim.text in line), 0)
    if claim.absent:
        if not number:
            return Holds(AtPart("log"), f"none of {len(lines)} lines")
        return Fails(f'no line with "{claim.text}"', f"line {number}", AtLine(number))
    if number:
        return Holds(AtLine(number), "")
    return Fails(f'a line with "{claim.text}"', f"none of {len(lines)} lines")


_LONGEST = 120
"""Characters of a line that a verdict quotes."""
