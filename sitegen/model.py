"""Every value that crosses a stage border, frozen.

Two families: what a log says (`CrashLog` and below) and what decoding found
(`Evidence` and below, the form of the lock file). What an author wrote is in
`web/content/values.py`, since only web/ and the build read it.
What `crash/symbols` answers is in `crash/symbols/values.py`: `sitegen decode`
must start without importing this module.
"""

from functools import cache
from typing import Literal

import msgspec

Context = Literal["task", "irq", "softirq", "nmi", "exception"]
"""Which stack a trace was read from, as drgn's StackKind names them."""

Lookup = Literal["return", "exact"]
"""How an address stands for a line: a return address is looked up at `address - 1`."""


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all values: compared by content, never changed, JSON without empty keys."""


def to_plain(value: object) -> object:
    """`value` as dictionaries, lists and plain values, without the keys that hold their default.

    Equal values give equal results. The struct library's own encoders leave a default out only when
    it is the very object, which it no longer is once a value came from a file or another process.
    """
    if isinstance(value, msgspec.Struct):
        return {
            key: to_plain(item)
            for name, key, default in _fields(type(value))
            if (item := getattr(value, name)) is not default and item != default
        }
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, str, object], ...]:
    """Name, key and default of each field, in order; a field without a default has NODEFAULT."""
    return tuple(
        (
            field.name,
            field.encode_name,
            field.default
            if field.default_factory is msgspec.NODEFAULT
            else field.default_factory(),
        )
        for field in msgspec.structs.fields(kind)
    )


class Span(Value, frozen=True):
    """A piece of one line of a log. Lines and columns count from 1, columns in characters."""

    line: int
    column: int
    end: int
    "the column after the last character"


# --- What a log says -----------------------------------------------------------------------


class Record(Value, frozen=True):
    """One printk record: a line of the log without what consoles and loggers put before it."""

    at: Span
    "where the message stands, prefix excluded"
    text: str
    time: str = ""
    "the time stamp's text without brackets, as printed (`79.803379`)"
    caller: str = ""
    "the task or CPU that printed it (`T969`, `C1`); CONFIG_PRINTK_CALLER"
    level: str = ""


class Symbol(Value, frozen=True):
    """`name+0xoffset/0xsize [module]`, as the kernel's `%pS` prints it."""

    name: str
    offset: int
    "bytes from the symbol's start"
    size: int
    "bytes to the next symbol (kallsyms), not `st_size`"
    module: str = ""


class Call(Value, frozen=True):
    """One function active at an address, and the line it had reached."""

    function: str
    file: str = ""
    "relative to the kernel tree; empty when no debug information names it"
    line: int | None = None
    "from 1"
    column: int | None = None
    inlined: bool = False


class Frame(Value, frozen=True):
    """One line of a call trace as printed, or a PC line."""

    at: Span
    symbol: Symbol | None = None
    "None where the log prints a bare address"
    address: int | None = None
    reliable: bool = True
    "False for `? ` lines: the unwinder found the value on the stack but cannot vouch for it"
    lookup: Lookup = "return"
    given: tuple[Call, ...] = ()
    "calls that the log itself names (it came decoded), innermost first"


class CallTrace(Value, frozen=True):
    """Frames of one stack, innermost first, under the title the log gives them."""

    title: str
    "`Call Trace`, `Allocated by task 312`, ...; empty for a bare list of frames"
    at: Span
    frames: tuple[Frame, ...]
    context: Context = "task"


class Register(Value, frozen=True):
    """One register of a dump."""

    name: str
    value: int
    at: Span
    "of name and value"


class CodeDump(Value, frozen=True):
    """The bytes around the PC, from a `Code:` line."""

    at: Span
    data: bytes
    mark: int | None = None
    "index of the byte in <> or (), where the PC points; None when nothing is marked"


class State(Value, frozen=True):
    """One dump of the CPU's state. Kernel and user state are kept apart."""

    first: int
    last: int
    "1-based lines of the log, both included"
    user: bool = False
    "saved on entry from user mode: the process's registers, not the crash's"
    pc: Frame | None = None
    lr: Frame | None = None
    registers: tuple[Register, ...] = ()
    code: CodeDump | None = None


class Task(Value, frozen=True):
    """Who ran, from the `CPU: 1 PID: 92 Comm: sh` line."""

    cpu: int | None = None
    pid: int | None = None
    comm: str = ""


class Module(Value, frozen=True):
    """An entry of `Modules linked in:`."""

    name: str
    flags: str = ""
    "taint letters in parentheses, without them"


SectionKind = Literal["header", "trace", "code", "registers", "modules", "end", "other"]


class Section(Value, frozen=True):
    """A run of lines of one kind inside a report: what the page labels."""

    kind: SectionKind
    first: int
    last: int
    "1-based lines, both included"


class Report(Value, frozen=True):
    """One crash report inside a log."""

    title: str
    "the identity, as syzkaller words it (`KASAN: slab-use-after-free Read in tipc_recvmsg`)"
    type: str
    "syzkaller's crash type (`KASAN-USE-AFTER-FREE-READ`, `DoS`, ...); empty where it has none"
    kind: str
    "our name of the kind: key of the kind's page (`panic`, `null-deref`, `kasan-uaf`)"
    label: str
    "the kind in words, for people (`Kernel panic`)"
    message: str
    "the kernel's own words, without header or location"
    headline: Span
    first: int
    last: int
    "1-based lines of the log, both included"
    alt_titles: tuple[str, ...] = ()
    corrupted: str | None = None
    "why the report is not to be trusted; None when it is"
    panicked: bool = False
    guilty_file: str = ""
    fault_address: int | None = None
    task: Task = Task()
    release: str = ""
    taint: str = ""
    "the letters and words after `Tainted:`, or `Not tainted`"
    hardware: str = ""
    states: tuple[State, ...] = ()
    traces: tuple[CallTrace, ...] = ()
    modules: tuple[Module, ...] = ()
    sections: tuple[Section, ...] = ()
    "cover first..last without gaps or overlaps"
    guess: str = ""
    "the function likely at fault, where the title ends in `corrupted`; a guess, and no name to match by"
    crash: bool = True
    "False for what only informs: an OOM kill, a stack that something printed; the title is our own then"


class CrashLog(Value, frozen=True):
    """A parsed log: every line, the records in them, the reports found."""

    lines: tuple[str, ...]
    "the text, decoded and without line ends; nothing else is taken away"
    records: tuple[Record, ...]
    reports: tuple[Report, ...]
    arch: str = ""
    release: str = ""
    build_id: str = ""
    "of vmlinux, where the log prints it (lower-case hex); newer kernels do behind the release"
    slide: int | None = None
    "what KASLR added to addresses, from `Kernel Offset:`; None when the log does not say"


Weight = Literal["misleading", "telling", "plain"]
"""How much an explanation is needed: the word misleads who does not know it, says something of
this crash, or only stands there in every log."""


class Explanation(Value, frozen=True):
    """What a word of a log means, in words of our own."""

    at: Span
    "the word; of a register its name and value"
    text: str
    "one sentence, or a few"
    brief: str = ""
    "the same in a few words, to stand beside a register; empty where there is nothing short to say"
    weight: Weight = "telling"


class Instruction(Value, frozen=True):
    """One instruction of a `Code:` line, or bytes of it that are none."""

    offset: int
    "index of its first byte in the dump"
    data: bytes
    text: str
    "as assemblers write it; empty for a part of an instruction that the dump cuts off"
    mark: bool = False
    "the PC points to it"
    note: str = ""
    "what it does here, with the register values of the log"


class Listing(Value, frozen=True):
    """The instructions of one `Code:` line."""

    line: int
    "of the log, from 1"
    instructions: tuple[Instruction, ...]
    function: str = ""
    "the function they belong to, and the offset of the marked one in it; empty when not known"
    base: int = 0


# --- What decoding found: the lock file's form (docs: content/docs/evidence.md) ---------------


class Candidate(Value, frozen=True):
    """A place a frame may be, where several symbols fit and nothing tells them apart."""

    file: str = ""
    line: int | None = None
    function: str = ""


class TraceFrame(Value, frozen=True, kw_only=True):
    """A frame with what it decodes to: `calls` is empty exactly when `undecoded` says why."""

    line: int | None = None
    "of the log, from 1"
    column: int | None = None
    symbol: str = ""
    offset: int | None = None
    size: int | None = None
    module: str = ""
    address: int | None = None
    "only where the log prints a bare address"
    reliable: bool
    "always written"
    lookup: Lookup | None = None
    calls: tuple[Call, ...] = ()
    "innermost first; the last one is the function itself, the others are inlined in it"
    undecoded: str = ""
    candidates: tuple[Candidate, ...] = ()


class Trace(Value, frozen=True):
    """A call trace of the log, decoded; frames innermost first."""

    title: str
    context: Context
    line: int
    frames: tuple[TraceFrame, ...]


class Snippet(Value, frozen=True):
    """Lines of one file around a place. The text may be withheld; its hash is always there."""

    file: str
    first: int
    last: int
    "the function's lines, from 1, both included"
    shown: tuple[tuple[int, int], ...]
    "the runs of lines shown, in order; between them stands `... SNIP ...`"
    sha256: str
    "of the shown lines, each ended by a newline"
    mark: int | None = None
    "the line of the call or the crash"
    column: int | None = None
    end: int | None = None
    "the characters of that line that are the call, from 1; `end` is the column after them"
    text: str = ""
    "the shown lines one after the other; empty where the configuration leaves text out"


class Table(Value, frozen=True):
    """An ops table (or any constant object) of the image that holds the callee."""

    symbol: str
    file: str = ""
    line: int | None = None
    "of the variable's declaration"
    initializer: int | None = None
    "the line that assigns the slot"
    type: str = ""
    "struct name, without the word struct"
    snippet: Snippet | None = None


class Target(Value, frozen=True):
    """A function that a pointer may have led to."""

    function: str
    way: str = ""
    "how control went on to the step (`jmp seq_read_iter at f+0x1f`); empty for the step itself"
    tables: tuple[Table, ...] = ()
    "what holds the function in the slot that was called through"


EdgeKind = Literal["entry", "direct", "inlined", "indirect", "tail", "trap", "unknown"]
Proof = Literal["call-site", "instruction", "inline-tree", "ops-table", "source", "log"]


class Edge(Value, frozen=True):
    """How control came into a step from the one before, and what proves it."""

    kind: EdgeKind
    proof: Proof | None = None
    expression: str = ""
    "the call as written, for indirect calls (`file->f_op->write(file, buf, count, pos)`)"
    slot: str = ""
    "`struct.member` the pointer was read from"
    tables: tuple[Table, ...] = ()
    "all that hold the step in that slot; more than one means the trace cannot tell them apart"
    missing: tuple[str, ...] = ()
    "functions between the two steps that left no frame (tail calls), in order of execution"
    mechanism: str = ""
    note: str = ""
    "in words that begin a sentence, without its full stop; no name stands first"
    call: str = ""
    "the system call's name, where `mechanism` is one (`sendfile`)"
    pointer: str = ""
    "what `expression` calls, without the arguments (`file->f_op->write`)"
    unproved: bool = False
    "the call is certain, that it called this very step is not: it led here, perhaps by others"
    targets: tuple[Target, ...] = ()
    "of an unproved edge: what the pointer may have held, as far as the image tells"


class ChainStep(Value, frozen=True):
    """One function on the way from the entry to the crash."""

    function: str
    file: str = ""
    line: int | None = None
    "where this function called the next one, or crashed"
    inlined: bool = False
    missing: bool = False
    "no frame in the log: put back by the evidence of its edge"
    layer: str = ""
    letter: str = ""
    "of the layer, one capital"
    subsystem: str = ""
    "the section of the tree's MAINTAINERS that claims the file"
    context: Context = "task"
    log_line: int | None = None
    edge: Edge = Edge(kind="unknown")
    snippet: Snippet | None = None
    "of a step whose line is not known it has no mark"
    unshown: str = ""
    "why there is no snippet, where there might be one; like a note in its form"
    mismatch: bool = False
    "the tree's text is not what the image was built from: nothing of it is shown"
    interrupted: bool = False
    "control did not call the next step from here: an interrupt or exception came in"


class ReportEvidence(Value, frozen=True):
    """What decoding found in one report."""

    title: str
    alt_titles: tuple[str, ...] = ()
    type: str = ""
    kind: str = ""
    label: str = ""
    "the kind in words"
    crash: bool = False
    "whether the kernel is broken; False for what it only notes (memory running out, a stall report)"
    corrupted: str | None = None
    pc: TraceFrame | None = None
    lr: TraceFrame | None = None
    traces: tuple[Trace, ...] = ()
    chain: tuple[ChainStep, ...] = ()
    "entry first"


class ImageId(Value, frozen=True):
    """Which image was read."""

    name: str
    "`vmlinux`, or the module's name"
    build_id: str = ""
    release: str = ""


class TreeId(Value, frozen=True):
    """Which source tree: a git commit, or a version with a digest of the files read."""

    commit: str = ""
    version: str = ""
    digest: str = ""


class Sizes(Value, frozen=True):
    """The printed function sizes against the image's: how the image is known to be the right one."""

    equal: int = 0
    different: tuple[str, ...] = ()
    "symbols whose printed size no symbol of that name has"
    absent: int = 0
    "symbols that no image at hand holds"


class Provenance(Value, frozen=True):
    """What the evidence was made from, and how far it can be trusted."""

    images: tuple[ImageId, ...] = ()
    tree: TreeId | None = None
    sizes: Sizes | None = None
    decoded_by: Literal["sitegen", "log"] | None = None
    missing: str = ""
    "why nothing was decoded, where nothing was"
    mismatched: tuple[str, ...] = ()
    "functions that the tree has elsewhere than the image says: it is another version"


class LogEvidence(Value, frozen=True):
    """What decoding found in one log of a case."""

    id: str
    sha256: str
    "of the log's bytes as embedded"
    kernel: str = ""
    arch: str = ""
    provenance: Provenance = Provenance()
    reports: tuple[ReportEvidence, ...] = ()

    @property
    def lead(self) -> int:
        """The index of the report that a page is about: the first crash, else the first."""
        return next((index for index, one in enumerate(self.reports) if one.crash), 0)


class Evidence(Value, frozen=True):
    """What decoding found in all logs of a case: the content of `<case>.lock.json`."""

    schema: int
    logs: tuple[LogEvidence, ...]
