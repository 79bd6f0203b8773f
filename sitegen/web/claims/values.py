"""What an author claims, what it is checked against, and what came of it."""

from typing import Literal, NamedTuple

from sitegen.model import CrashLog, Listing, LogEvidence, Report, ReportEvidence, Value

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


class Number(Value, frozen=True):
    """Compared with one number: `== 0x6fc`. A negative one is as the register holds it."""

    operator: Operator
    value: int


class Range(Value, frozen=True):
    """In a range, both ends included: `in 0x0..0xfff`."""

    low: int
    high: int


class RegisterClaim(Value, frozen=True):
    """`RDI == 0x6fc`, `user RAX in 0x0..0xfff`."""

    name: str
    test: Number | Range
    user: bool = False


class PcClaim(Value, frozen=True):
    """`RIP in sysrq_handle_crash`, `RIP at drivers/tty/sysrq.c:152`; also of the link register."""

    name: str
    function: str = ""
    file: str = ""
    line: int | None = None


class FaultClaim(Value, frozen=True):
    """`fault at 0x8`: the address that could not be accessed."""

    test: Number | Range


class InstructionClaim(Value, frozen=True):
    """`instruction mov 0x28(%rax),%ecx`: the one that the PC points to begins so."""

    text: str


class FrameClaim(Value, frozen=True):
    """`frame vfs_write+0x4e/0x90 at fs/read_write.c:582`, `no frame kfree`."""

    function: str
    absent: bool = False
    offset: int | None = None
    size: int | None = None
    file: str = ""
    line: int | None = None
    inlined: bool = False


class OrderClaim(Value, frozen=True):
    """`frame ksys_write before vfs_write`: called earlier, so nearer to the entry."""

    first: str
    second: str


class EdgeClaim(Value, frozen=True):
    """`edge vfs_write -> proc_reg_write through proc_ops.proc_write by sysrq_trigger_proc_ops`."""

    caller: str
    callee: str
    kind: str = ""
    "of `EDGE_KINDS`"
    slot: str = ""
    table: str = ""


class EntryClaim(Value, frozen=True):
    """`syscall write`, `entry interrupt`, `entry entry_SYSCALL_64_after_hwframe`."""

    name: str
    syscall: bool = False


class SaidClaim(Value, frozen=True):
    """A word that the report is headed by: `kind null-deref`, `task bash`, `cpu 3`."""

    what: Literal["kind", "title", "message", "kernel", "arch", "task", "cpu", "pid", "hardware"]
    value: str


class TaintClaim(Value, frozen=True):
    """`tainted GO`, `not tainted`, `not tainted O`."""

    letters: str
    absent: bool = False


class ModuleClaim(Value, frozen=True):
    """`module crashme`, `no module crashme`: among those linked in."""

    name: str
    absent: bool = False


class LineClaim(Value, frozen=True):
    """`line 12 says "Oops: 0000"`, `log says "Oops"`, `no line says "Oops"`."""

    text: str
    number: int | None = None
    absent: bool = False


class CountClaim(Value, frozen=True):
    """`occurrences >= 3`."""

    what: Literal["occurrences", "logs", "reports", "frames", "steps"]
    test: Number | Range


class MemberClaim(Value, frozen=True):
    """`member struct file.f_op at 0x28`; with a `size` only, `sizeof struct file == 232`."""

    type: str
    "`struct file`, or a typedef's name alone"
    path: str
    offset: int | None = None
    bit: int | None = None
    size: int | None = None

    @property
    def asked(self) -> str:
        """What is looked up in the image: the name of its `Layout`s in the lock."""
        return f"{self.type}.{self.path}" if self.path else self.type


Claim = (
    RegisterClaim
    | PcClaim
    | FaultClaim
    | InstructionClaim
    | FrameClaim
    | OrderClaim
    | EdgeClaim
    | EntryClaim
    | SaidClaim
    | TaintClaim
    | ModuleClaim
    | LineClaim
    | CountClaim
    | MemberClaim
)

# --- Checking --------------------------------------------------------------------------------


class Facts(NamedTuple):
    """What a claim is checked against: one log and what was found in it."""

    log: CrashLog
    evidence: LogEvidence
    listings: tuple[Listing, ...] = ()
    "of its `Code:` lines"
    registers: tuple[str, ...] = ()
    "what logs of its processor call registers, lower case; empty where it is not known"
    logs: int = 1
    "of the case"
    occurrences: int = 1
    "of the case: its logs, and where it was seen elsewhere"

    @property
    def report(self) -> Report | None:
        """The report that claims are about: that of the verdict."""
        return self.log.lead_report

    @property
    def found(self) -> ReportEvidence:
        """What decoding found in that report; the empty evidence where there is none."""
        reports = self.evidence.reports
        return reports[self.evidence.lead] if reports else _NOTHING


_NOTHING = ReportEvidence(title="")


class AtLine(NamedTuple):
    """A line of the log, from 1."""

    line: int


class AtStep(NamedTuple):
    """The function's place in the walk."""

    function: str


class AtSource(NamedTuple):
    """A line of the kernel's source."""

    file: str
    line: int | None


class AtPart(NamedTuple):
    """A part of the page: one of web/index's PARTS, or `reports` and `summary`."""

    name: str


Anchor = AtLine | AtStep | AtSource | AtPart


class Holds(NamedTuple):
    """The evidence says so."""

    at: Anchor
    says: str
    "where it was read, or what was, in words"


class Fails(NamedTuple):
    """The evidence says something else."""

    expected: str
    found: str
    at: Anchor | None = None
    hint: str = ""


class Unknown(NamedTuple):
    """The evidence says nothing of it."""

    reason: str
    hint: str = ""


Verdict = Holds | Fails | Unknown


class NotUnderstood(NamedTuple):
    """A text that is no claim, or that names what there cannot be."""

    message: str
    hint: str
