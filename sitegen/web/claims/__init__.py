"""What an author claims of a crash, checked against the evidence: `RDI == 0x6fc`, `no frame kfree`.

Text -> claim (one value of a union), or why it is not understood; a claim and the facts of
a log -> verdict. `KINDS` is the language: one row a form. Knows neither pages nor HTML.
"""

from collections.abc import Callable
from typing import NamedTuple

from sitegen.diagnostics import find_nearest
from sitegen.web.claims.chain import check_edge, check_entry, read_edge, read_entry
from sitegen.web.claims.counts import check_count, read_count
from sitegen.web.claims.frames import check_frame, check_order, read_frame
from sitegen.web.claims.members import check_member, read_member
from sitegen.web.claims.registers import (
    check_fault,
    check_instruction,
    check_pc,
    check_register,
    read_fault,
    read_instruction,
    read_pc,
    read_register,
)
from sitegen.web.claims.said import (
    check_line,
    check_module,
    check_said,
    check_taint,
    read_line,
    read_module,
    read_said,
    read_taint,
)
from sitegen.web.claims.values import (
    Anchor,
    AtLine,
    AtPart,
    AtSource,
    AtStep,
    Claim,
    CountClaim,
    EdgeClaim,
    EntryClaim,
    Facts,
    Fails,
    FaultClaim,
    FrameClaim,
    Holds,
    InstructionClaim,
    LineClaim,
    MemberClaim,
    ModuleClaim,
    NotUnderstood,
    OrderClaim,
    PcClaim,
    RegisterClaim,
    SaidClaim,
    TaintClaim,
    Unknown,
    Verdict,
)
from sitegen.web.claims.words import LONGEST, Words, words_of
from sitegen.wording import shortened

__all__ = [
    "KINDS",
    "Anchor",
    "AtLine",
    "AtPart",
    "AtSource",
    "AtStep",
    "Claim",
    "Facts",
    "Fails",
    "Holds",
    "MemberClaim",
    "NotUnderstood",
    "Unknown",
    "Verdict",
    "check_claim",
    "read_claim",
    "split_log",
]


class Kind(NamedTuple):
    """A form of claim."""

    begins: tuple[str, ...]
    "words it may begin with; empty for a form that begins with a name"
    form: str
    "an example, which a hint quotes"
    read: Callable[[Words], Claim | None]
    others: tuple[str, ...] = ()
    "examples of what else it says; with `form` one for each word that it may begin with"

    @property
    def forms(self) -> tuple[str, ...]:
        """All examples, as the documents show them."""
        return (self.form, *self.others)


KINDS: tuple[Kind, ...] = (
    Kind(
        ("edge",),
        "edge vfs_write -> proc_reg_write through file_operations.write",
        read_edge,
        ("edge ksys_write -> vfs_write is direct", "edge vfs_read -> lamp_read by lamp_fops"),
    ),
    Kind(
        ("frame", "no frame"),
        "frame vfs_write at fs/read_write.c:582",
        read_frame,
        (
            "frame vfs_write",
            "frame vfs_write+0x4e/0x90",
            "frame do_syscall_x64 is inlined",
            "frame ksys_write before vfs_write",
            "frame vfs_write after ksys_write",
            "no frame kfree",
        ),
    ),
    Kind(("fault",), "fault at 0x8", read_fault, ("fault in 0x0..0xfff",)),
    Kind(("instruction",), 'instruction "mov 0x28(%rax),%ecx"', read_instruction),
    Kind(("entry", "syscall"), "syscall write", read_entry, ("entry interrupt",)),
    Kind(("kind",), "kind null-deref", read_said),
    Kind(("title",), 'title "BUG: unable to handle kernel NULL pointer"', read_said),
    Kind(("message",), 'message "sysrq triggered crash"', read_said),
    Kind(("kernel",), "kernel 6.1.x", read_said),
    Kind(("arch",), "arch x86_64", read_said),
    Kind(("task",), "task bash", read_said),
    Kind(("cpu", "pid"), "cpu 3", read_said, ("pid 969",)),
    Kind(("hardware",), 'hardware "QEMU"', read_said),
    Kind(("tainted", "not tainted"), "tainted G", read_taint, ("not tainted", "not tainted O")),
    Kind(("module", "no module"), "module crashme", read_module, ("no module crashme",)),
    Kind(
        ("line", "log", "no line"),
        'line 12 says "Oops: 0000"',
        read_line,
        ('log says "Oops: 0000"', 'no line says "Kernel panic"'),
    ),
    Kind(
        ("count", "occurrences", "logs", "reports", "frames", "steps"),
        "occurrences >= 3",
        read_count,
        ("logs == 2", "reports == 1", "frames == 5", "steps in 8..12", "count steps < 30"),
    ),
    Kind(
        ("member",),
        "member struct file.f_op at 0x28",
        read_member,
        ("member struct page.flags at 0x0:3",),
    ),
    Kind(("offset",), "offset 0x28 of struct file is f_op", read_member),
    Kind(
        ("sizeof", "size of"),
        "sizeof struct file == 232",
        read_member,
        ("size of atomic_t is 4",),
    ),
    Kind(
        (),
        "RIP in sysrq_handle_crash",
        read_pc,
        ("RIP at drivers/tty/sysrq.c:152", "LR in vfs_write"),
    ),
    # Of `frame vfs_write calls proc_reg_write`, too.
    Kind(
        (),
        "vfs_write calls proc_reg_write",
        read_edge,
        ("vfs_write calls proc_reg_write through file_operations.write",),
    ),
    Kind(
        (),
        "RDI == 0x6fc",
        read_register,
        ("RAX is NULL", "RAX in 0x0..0xfff", "user RDX == 2"),
    ),
)


def split_log(text: str) -> tuple[str, str]:
    """The claim and the log's id of `RDI == 0x6fc @ panic-2`; the id is empty where none is named."""
    head, found, log = text.rpartition(" @ ")
    if found and log and " " not in log.strip() and '"' not in log:
        return head.strip(), log.strip()
    return text.strip(), ""


def read_claim(text: str) -> Claim | NotUnderstood:
    """The claim that the text makes. Linear in the text, of which too much is refused."""
    if len(text) > LONGEST:
        return NotUnderstood("a claim of too many words", "claim one thing at a time")
    words = words_of(text)
    if not words:
        return NotUnderstood("an empty claim", f"write one, such as '{KINDS[-1].form}'")
    claim = _read(words)
    if claim is not None:
        return claim
    return NotUnderstood(f"the claim '{shortened(text, _SHOWN)}' is not understood", _hint(words))


def _starts(words: Words) -> set[str]:
    return {words[0].lower(), " ".join(words[:2]).lower()}


def _read(words: Words) -> Claim | None:
    starts = _starts(words)
    for kind in KINDS:
        if not kind.begins or starts.intersection(kind.begins):
            claim = kind.read(words)
            if claim is not None:
                return claim
    return None


def _hint(words: Words) -> str:
    """What the author may have had in mind: in words of the claim itself, where that is one."""
    starts = _starts(words)
    for kind in KINDS:
        if starts.intersection(kind.begins):
            return f"write it as '{kind.form}'"
    begins = {one: kind.form for kind in KINDS for one in kind.begins}
    near = find_nearest(words[0][:40].lower(), begins)
    if near:
        meant = (*near.split(), *words[1:])
        said = " ".join(meant) if _read(meant) is not None else begins[near]
        return f"did you mean '{shortened(said, _SHOWN)}'?"
    return f"write it as '{KINDS[-1].form}' or '{KINDS[1].form}'"


_SHOWN = 80
"""Characters of a claim that a message quotes."""


def check_claim(claim: Claim, facts: Facts) -> Verdict | NotUnderstood:
    """Whether the evidence says so, with where it does; or what it says instead, or why it is silent.

    What was taken for a register, and is none of the log's processor, was not understood.
    """
    match claim:
        case RegisterClaim():
            return check_register(claim, facts)
        case PcClaim():
            return check_pc(claim, facts)
        case FaultClaim():
            return check_fault(claim, facts)
        case InstructionClaim():
            return check_instruction(claim, facts)
        case FrameClaim():
            return check_frame(claim, facts)
        case OrderClaim():
            return check_order(claim, facts)
        case EdgeClaim():
            return check_edge(claim, facts)
        case EntryClaim():
            return check_entry(claim, facts)
        case SaidClaim():
            return check_said(claim, facts)
        case TaintClaim():
            return check_taint(claim, facts)
        case ModuleClaim():
            return check_module(claim, facts)
        case LineClaim():
            return check_line(claim, facts)
        case CountClaim():
            return check_count(claim, facts)
        case MemberClaim():
            return check_member(claim, facts)
