"""What is said below a step's source: what the registers held, how it goes on, what the lines do not spell."""

import re

from sitegen.model import Instruction, Snippet, State
from sitegen.web.directives import source
from sitegen.web.directives.handed import without_places
from sitegen.web.directives.steps import Step, is_pointer
from sitegen.web.directives.told import RegisterRow, prose, register_row
from sitegen.web.directives.values import CaseLog
from sitegen.web.theme import trusted


def remark_of(log: CaseLog, step: Step) -> str:
    """The remarks as sentences, trusted; empty when there is nothing to say."""
    said = (_at_pc(log, step), _onward(step), _unspelt(step))
    names = {step.to, step.step.function}
    return trusted(" ".join(prose(_sentence(words, names)) for words in said if words))


def _sentence(words: str, names: set[str]) -> str:
    """The words as a sentence. A function's name stays as it is."""
    if words.partition(" ")[0] in names:
        return f"{words}."
    return f"{words[0].upper()}{words[1:]}."


# --- How it goes on --------------------------------------------------------------------------


def _onward(step: Step) -> str:
    """What the evidence says besides of the way on: why there is no frame, what is not known."""
    edge = step.onward
    note = without_places(edge)
    if step.step.missing and edge.kind == "tail":
        return f"left no frame: {note or 'it ends in a jump'}"
    if edge.kind in {"unknown", "tail"} or len(edge.tables) > 1:
        return ""
    return note


# --- What the lines do not spell -------------------------------------------------------------

_CALLED = frozenset({"direct", "inlined", "indirect", "tail"})
_LABEL = re.compile(r"\s*(?:SYM_\w+|ENTRY|GLOBAL|WEAK)\(\s*(\w+)|([A-Za-z_]\w*):")
_MAKER = re.compile(r"\s*(?:(?:static|inline|noinline|__\w+)\s+){0,4}([A-Za-z_]\w*)\s?\(")
_WORD = re.compile(r"\s*([A-Za-z_]\w*)\s")
_FAMILIAR = ("SYSCALL_DEFINE", "COMPAT_SYSCALL_DEFINE")
"""Macros that everybody knows to define the function below them."""


def _unspelt(step: Step) -> str:
    """What the lines shown leave unsaid of the function's name and of the call in it."""
    snippet = step.step.snippet
    if snippet is None or not snippet.text:
        return ""
    name, to = step.step.function, step.to
    maker, alias = "", ""
    if not _names(snippet, name):
        maker, alias = _made_by(snippet)
    if alias:
        return f"the label {alias} has the name {name}, too"
    marked = source.marked(snippet)
    calls = bool(to) and step.onward.kind in _CALLED and not step.step.interrupted
    if not calls or _names(snippet, to) or (marked and is_pointer(step.onward)):
        return f"`{maker}` makes {name}" if maker and not maker.startswith(_FAMILIAR) else ""
    if marked.startswith("#include"):
        return "the cases stand in the file that the line includes"
    if marked:
        return f"`{marked.partition('(')[0].strip()}` stands here for what calls {to}"
    maker = maker or _definer(snippet)
    if maker:
        return f"`{maker}` makes {name}, and the call of {to} in it"
    return f"the lines do not name {to}"


def _names(snippet: Snippet, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", snippet.text) is not None


def _made_by(snippet: Snippet) -> tuple[str, str]:
    """The macro that makes the function whose name its lines do not spell, or the label it has there."""
    text = source.shown_lines(snippet).get(snippet.first, "")[:200]
    if snippet.file.endswith((".S", ".s")):
        if label := _LABEL.match(text):
            return "", label[1] or label[2]
        word = _WORD.match(text)
        return (word[1] if word else ""), ""
    found = _MAKER.match(text)
    return (found[1] if found else ""), ""


def _definer(snippet: Snippet) -> str:
    """The macro, by its capitals, that a definition begins with; empty where it begins otherwise."""
    found = _MAKER.match(source.shown_lines(snippet).get(snippet.first, "")[:200])
    return found[1] if found and found[1].isupper() else ""


# --- What the registers held -----------------------------------------------------------------


def _at_pc(log: CaseLog, step: Step) -> str:
    """The instruction that crashed, and what it did with the registers that it names."""
    if not step.crashed or step.to:
        return ""
    found = _instruction(log)
    if found is None or not found.text:
        return ""
    return f"`{found.text}`: {found.note}" if found.note else f"at the PC stands `{found.text}`"


def _instruction(log: CaseLog) -> Instruction | None:
    """The instruction at the PC of the crash, where the log has its bytes."""
    report, pc = log.report, log.found.pc
    if report is None or pc is None:
        return None
    for state in report.states:
        if state.user or state.code is None or not _is_at(state, pc.line):
            continue
        for listing in log.listings:
            if listing.line == state.code.at.line:
                return next((one for one in listing.instructions if one.mark), None)
    return None


def _is_at(state: State, line: int | None) -> bool:
    return state.pc is not None and state.pc.at.line == line


_ARGUMENTS = {
    "x86_64": ("RDI", "RSI", "RDX", "R10", "R08", "R09"),
    "aarch64": ("x0", "x1", "x2", "x3", "x4", "x5"),
}
"""Registers that hold the arguments of a system call, in order."""


def held_by(log: CaseLog, step: Step, prefix: str) -> tuple[RegisterRow, ...]:
    """The arguments of the system call that the chain begins with, as far as their meaning is known."""
    if step.number != 1 or not step.step.edge.call or log.report is None:
        return ()
    wanted = _ARGUMENTS.get(log.log.arch, ())
    briefs = {(one.at.line, one.at.column): one.brief for one in log.explanations if one.brief}
    for state in log.report.states:
        if not state.user:
            continue
        known = {register.name.upper(): register for register in state.registers}
        rows = []
        for name in wanted:
            register = known.get(name.upper())
            brief = briefs.get((register.at.line, register.at.column)) if register else ""
            if register and brief:
                rows.append(register_row(log, register, prefix, brief))
        return tuple(rows)
    return ()
