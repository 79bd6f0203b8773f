"""What a log says: `CrashLog` and below, and what its words mean."""

from typing import Literal

from sitegen.model.base import Context, Lookup, Span, Value


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
    columns: tuple[int, int] | None = None
    """where in `first` its first record begins, and in `last` its last one; None where it has these lines
    to itself. A line of a journal may hold many reports."""
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

    @property
    def lead_report(self) -> Report | None:
        """The report that a page is about, as `LogEvidence.lead` has it: the first crash, else the first."""
        crash = next((one for one in self.reports if one.crash), None)
        return crash or next(iter(self.reports), None)


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
