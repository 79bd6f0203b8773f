"""What decoding found: `Evidence` and below, the form of the lock file."""

from collections.abc import Iterator
from typing import Literal

from sitegen.model.base import Context, Lookup, Value
from sitegen.model.log import Call


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


class Handover(Value, frozen=True):
    """A place that hands a function to others, which are to call it, or sets a pointer to it."""

    to: str = ""
    "the function or macro it is given to (`INIT_WORK`, `call_rcu`); empty where a pointer is set"
    by: str = ""
    "the function that does, where the image tells it and not the source"
    file: str = ""
    line: int | None = None
    snippet: Snippet | None = None


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
    indirect: bool = False
    "of a tail call: it jumped through a pointer; what is known of that stands where it does for `indirect`"
    handed: tuple[Handover, ...] = ()
    "where the function that the pointer held was handed over, or the pointer set"


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
    "what it ran in, by the entries on the way: also where the log marks no stacks"
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
    repeat: int = 1
    "of recursion: rounds that stand here in a row, each of this step and the `cycle - 1` after it"
    cycle: int = 1
    "steps of a round; only the first round is in the chain"
    again: Edge | None = None
    "of recursion: how control came back to this step from the last one of a round"


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
    origin: str = ""
    "where the chain comes from (`write(2) by bash, PID 969`); empty where its beginning is not known"
    reporting: tuple[str, ...] = ()
    "functions of the trace inside of the place, as they were called; no steps: they ran to report it (or to wait)"
    unchained: str = ""
    "why the chain is empty, or has no step outside of the crash; like a note in its form"
    possible_caller: TraceFrame | None = None
    "where the PC lies in no function: a doubted frame that may have called there; it is no step"
    message: str = ""
    "the kernel's own words, as the headline has them"


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


class Excerpt(Value, frozen=True, kw_only=True):
    """Lines of the source that a `source` directive of the document asks for."""

    asked: str
    "as the directive says: `fs/read_write.c:582-600` or `vfs_write`"
    function: str = ""
    "the function that the lines belong to; empty where they lie in none, or in several"
    snippet: Snippet


class Layout(Value, frozen=True, kw_only=True):
    """Where a member stands in its structure, as the image's debug information has it.

    Several of one `asked` are types of one name that differ.
    """

    asked: str
    "as a claim says: `struct file.f_op`, `atomic_t.counter`, or `struct file` for its size"
    offset: int = 0
    "bytes from the structure's start"
    size: int = 0
    "in bytes; of a bit field, of the bytes that it touches"
    bit: int | None = None
    "of a bit field: its first bit in the byte at `offset`, the lowest being 0"
    bits: int | None = None
    "of a bit field: how many"
    file: str = ""
    line: int | None = None
    "of the declaration"
    missing: str = ""
    "why there is none, where the image says so (`struct file has no member 'f_opp'`)"
    typeless: bool = False
    "no image that was read has the type; a module that was not read may have it"


class Subsystem(Value, frozen=True):
    """A section of the tree's MAINTAINERS, as the file has it."""

    name: str
    status: str = ""
    "`Maintained`, `Supported`, `Odd Fixes`, `Orphan`, ..."
    maintainers: tuple[str, ...] = ()
    "`Name <address>`"
    lists: tuple[str, ...] = ()
    "addresses of its mailing lists"


class LogEvidence(Value, frozen=True):
    """What decoding found in one log of a case."""

    id: str
    sha256: str
    "of the log's bytes as embedded"
    kernel: str = ""
    arch: str = ""
    provenance: Provenance = Provenance()
    reports: tuple[ReportEvidence, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    "of the tree of the log's kernel, in the order of the document"
    layouts: tuple[Layout, ...] = ()
    "of the members that the document claims something of, in its order"
    subsystems: tuple[Subsystem, ...] = ()
    "those that the chains pass through, by name"

    def frames(self) -> Iterator[TraceFrame]:
        """Every frame, report by report: PC and LR, then those of its traces as they are printed."""
        for report in self.reports:
            yield from (frame for frame in (report.pc, report.lr) if frame is not None)
            for trace in report.traces:
                yield from trace.frames

    @property
    def lead(self) -> int:
        """The index of the report that a page is about: the first crash, else the first."""
        return next((index for index, one in enumerate(self.reports) if one.crash), 0)


class Evidence(Value, frozen=True):
    """What decoding found in all logs of a case: the content of `<case>.lock.json`."""

    schema: int
    logs: tuple[LogEvidence, ...]
