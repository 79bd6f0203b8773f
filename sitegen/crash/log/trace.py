"""Lines -> call traces: frames gathered, their contexts and the titles above them.

What an address means is for crash/symbols.
"""

import re

from sitegen.crash.arch import Arch, is_exception_entry
from sitegen.crash.log.frames import INTERRUPT, ParsedFrame, exact
from sitegen.crash.log.printk import Line
from sitegen.model import Call, CallTrace, Context, Frame, Lookup, Span, Symbol

_CONTEXTS: dict[str, Context] = {
    **dict.fromkeys(("IRQ", "HARDIRQ"), "irq"),
    **dict.fromkeys(("SOFTIRQ", "BH"), "softirq"),
    "NMI": "nmi",
    **dict.fromkeys(("TASK", "EOI", "EOE", "SYSENTER", "ENTRY_TRAMPOLINE"), "task"),
}
MOST_BETWEEN = 10
"lines of others within a stack; after more, a frame begins another stack"
# Titles that do not end in a colon.
_TITLE = re.compile(
    r"\s{0,4}(?:(?:INFO: )?(?:Allocated|Freed) in |page last allocated via |page_owner tracks)"
)
_SECONDARY = re.compile(
    r"(?:info: )?(?:allocated|freed) (?:in|by|via) |page last (?:allocated|freed?) |page_owner tracks"
    r"|(?:second to )?last potentially related work |uninit was (?:stored|created) "
    # lockdep: where locks were taken before
    r"|-> #\d|(?:\.\.\. ?)?which became |INITIAL \w+ at|[^:]{0,80}(?:ON|IN)-\w{1,20}-\w at"
    r"|[^:]{0,120} (?:was registered|acquired|key) +at",
    re.IGNORECASE,
)
_CALL_TRACE = re.compile(
    r"\s{0,4}(?:Call [Tt]race|[Bb]acktrace(?: \(crc [0-9a-f]{1,16}\))?|Stack trace):"
)
NOT_TITLES = re.compile(
    r"\s{0,4}(?:Modules linked in|Code|Stack|Hardware name|Workqueue|Krnl (?:GPRS|Code)|Mem(?:-Info| abort info)"
    r"|Data abort info|Kernel Offset|Tainted|Sending NMI .* to CPUs .*):\s{0,8}$"
)


def is_title(text: str) -> bool:
    """Whether the line may stand above a list of frames and say what stack it is."""
    stripped = text.rstrip()
    if stripped.endswith(":"):
        return len(stripped) <= 160 and not NOT_TITLES.match(text)
    return bool(_TITLE.match(text)) or bool(_CALL_TRACE.match(text))


def is_call_trace(text: str) -> bool:
    return _CALL_TRACE.match(text) is not None


def is_secondary(title: str) -> bool:
    """Whether the title is of a stack kept from before: who allocated an object or took a lock.

    Where the report itself was made is another stack, printed before it or after it.
    """
    return _SECONDARY.match(title) is not None


class TraceReader:
    """Gathers the traces of one report, line by line."""

    def __init__(self, arch: Arch | None) -> None:
        self.traces: list[CallTrace] = []
        self._arch = arch
        self._title = ""
        self._title_at: Span | None = None
        self._frames: list[Frame] = []
        self._inlined: list[Call] = []
        self._context: Context = "task"
        self._last: Frame | None = None
        "the last reliable frame of the stack, in whichever context"
        self._since = 0
        "lines since the last frame that were none"
        self._fresh = False
        "a title was read and no frame since"
        self._begun = False
        "a frame was read under the title"
        self._entered = False
        "the last frame is where an exception came in"
        self._pc: Symbol | None = None

    def title(self, line: Line) -> None:
        """A line that may be a trace's title: it is one if frames follow."""
        self.close()
        text = line.text.rstrip()
        start = len(text) - len(text.lstrip())
        self._title = text[start:].removesuffix(":")
        self._title_at = line.span(start, len(text))
        self._fresh = True
        self._since = 0

    def frame(self, line: Line, parsed: ParsedFrame) -> None:
        """A line with a frame, a mark, or both."""
        if not self._fresh and (self._since > MOST_BETWEEN or not self._begun):
            self.close()
        self._since = 0
        if parsed.mark == INTERRUPT:
            if parsed.frame is not None:
                self.interrupted(exact(parsed.frame))
            return
        if parsed.mark:
            self._switch(parsed.mark, line)
        if parsed.inlined is not None:
            self._inlined.append(parsed.inlined)
        if parsed.frame is not None:
            self._add(parsed.frame)

    def interrupted(self, pc: Frame) -> None:
        """The PC line of registers printed within an open trace: where an exception came from."""
        self._entered = False
        if pc.symbol is not None or pc.address:
            self._append(pc)

    def other(self, text: str) -> None:
        """Any other line of the report."""
        if text.strip():
            self._since += 1
            self._fresh = False if self._since > 2 else self._fresh

    def state(self, pc: Frame | None) -> None:
        """The PC of a dump printed outside any trace: a trace that begins with it repeats it."""
        if pc is not None and pc.symbol is not None:
            self._pc = pc.symbol

    @property
    def is_interrupted(self) -> bool:
        """Whether an exception's entry stands right above: what it interrupted is to come."""
        return self._entered and not self._since

    def close(self) -> None:
        """Ends the stack: the next frame begins another."""
        self._flush()
        self._title, self._title_at, self._context = "", None, "task"
        self._last = None
        self._fresh = self._entered = self._begun = False

    def _switch(self, mark: str, line: Line) -> None:
        if not self._fresh or self._frames:
            self._flush()
            if self._title_at is not None and self._last is not None:
                start = line.text.find("<")
                self._title_at = line.span(start, line.text.find(">") + 1)
        name = mark.removeprefix("/")
        if mark.startswith("/"):
            self._context = "task"
        else:
            self._context = _CONTEXTS.get(name, "exception")

    def _add(self, frame: Frame) -> None:
        # Right below an entry stands what was interrupted; old unwinders doubt it.
        interrupted = self._entered and not self._is_entry(frame)
        repeated = self._last is None and frame.reliable and self._pc == frame.symbol is not None
        lookup: Lookup = "exact" if interrupted or repeated else "return"
        self._entered = False
        given = frame.given
        if self._inlined:
            given = (*self._inlined, *given)
            self._inlined = []
        self._append(Frame(frame.at, frame.symbol, frame.address, frame.reliable, lookup, given))

    def _is_entry(self, frame: Frame) -> bool:
        """Whether the frame is itself an entry: it called the one before (`common_interrupt` did not always)."""
        return frame.symbol is not None and is_exception_entry(frame.symbol.name, self._arch)

    def _append(self, frame: Frame) -> None:
        if self._title_at is None:
            self._title_at = frame.at
        self._frames.append(frame)
        self._fresh = False
        self._begun = True
        if frame.reliable:
            self._last = frame
            self._entered = frame.lookup == "return" and self._is_entry(frame)

    def _flush(self) -> None:
        if self._frames and self._title_at is not None:
            self.traces.append(
                CallTrace(self._title, self._title_at, tuple(self._frames), self._context)
            )
        self._frames = []
