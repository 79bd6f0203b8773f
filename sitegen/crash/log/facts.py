"""Lines -> what a report says about the machine: task, kernel, taint, modules, fault address."""

import re

from sitegen.model import Module, Task

# `Comm:` may hold blanks; what follows it is one of two.
_TASK = re.compile(
    r"(?:CPU: {1,4}(?P<cpu>\d{1,5}) )?(?:UID: {1,4}\d{1,10} )?(?:[Pp][Ii][Dd]: (?P<pid>\d{1,10}),? )?"
    r"[Cc]omm: (?P<comm>.{0,40}?) {1,4}(?P<rest>(?:Not tainted|Tainted: ).{0,300})$"
)
_SHORT_TASK = re.compile(
    r"(?:CPU: {1,4}(?P<cpu>\d{1,5}) )?(?:UID: {1,4}\d{1,10} )?PID: (?P<pid>\d{1,10}) [Cc]omm: (?P<comm>.{1,16})"
)
_ARM_TASK = re.compile(r"CPU: (?P<cpu>\d{1,5}) {1,8}(?P<rest>(?:Not tainted|Tainted: ).{0,300})$")
_HUNG_TASK = re.compile(r"INFO: task (?P<comm>.{1,40}):(?P<pid>\d{1,10}) (?:blocked|can't die) ")
_TAINT = re.compile(
    r"(?:(?P<not>Not tainted)|Tainted: (?P<letters>[A-Z][A-Z ]{0,60}))(?:,? {0,12})"
)
_RELEASE = re.compile(r"\(?(?P<release>\d+\.\d[\w.+~:-]{0,100})(?: #\S{1,20})?")
_BUILD_ID = re.compile(r" #\S{1,20} {1,3}(?P<id>[0-9a-f]{40})\b")
_BANNER = re.compile(r"Linux version (?P<release>\d\S{0,100}) ")
_OFFSET = re.compile(r"Kernel Offset: (?:0x(?P<offset>[0-9a-f]{1,16})|(?P<disabled>disabled))")
_WORDS = re.compile(r"Tainted: (?P<words>\[[A-Z]\]=\w{1,40}(?:, \[[A-Z]\]=\w{1,40}){0,20})")
HARDWARE = re.compile(r"Hardware name: (?P<name>.{1,300})")
MODULES = re.compile(r"Modules linked in:")
_MODULE = re.compile(r"(?P<name>[\w-]{1,80})(?:\((?P<flags>[A-Z+-]{1,20})\))?(?= |$)")
MODULE_REST = re.compile(
    r"\s?[\w-]{1,80}(?:\([A-Z+-]{1,20}\))?(?: [\w-]{1,80}(?:\([A-Z+-]{1,20}\))?){0,400}(?: \[last unloaded: .{0,300})?\s?$"
)
_FAULT_ADDRESSES = tuple(
    re.compile(text)
    for text in (
        r"(?:for address|, address): (?:0x)?(?P<address>[0-9a-f]{1,16})\b",
        r"at virtual address (?:0x)?(?P<address>[0-9a-f]{4,16})\b",
        r"non-canonical address (?:0x)?(?P<address>[0-9a-f]{1,16})\b",
        r"(?:NULL pointer dereference|paging request)(?: on \w+)? at (?:0x)?(?P<address>[0-9a-f]{4,16})\b",
        r"data (?:at|access at) (?:address )?0x(?P<address>[0-9a-f]{4,16})\b",
        r"Unable to handle kernel data access (?:on \w+ )?at 0x(?P<address>[0-9a-f]{4,16})\b",
        r"^(?:Read|Write) (?:of size \d+ )?at addr (?P<address>[0-9a-f]{4,16})\b",
        r"^(?:Use-after-free|Out-of-bounds|Invalid) (?:read|write|free) at 0x(?P<address>[0-9a-f]{4,16})\b",
        r"Fail(?:ing|ure) address: (?P<address>[0-9a-f]{4,16})\b",
        r"^Unhandled fault: .{1,80} at 0x(?P<address>[0-9a-f]{4,16})\b",
        r"^FAR: 0x(?P<address>[0-9a-f]{4,16})\b",
        r"Unable to handle kernel access at (?:0x)?(?P<address>[0-9a-f]{4,16})\b",
    )
)


def read_task(text: str) -> tuple[Task, str, str] | None:
    """Who ran, the taint, and the kernel's release; None when the line does not say."""
    if "omm: " not in text and not text.startswith("CPU: "):
        return None
    found = _TASK.match(text) or _ARM_TASK.match(text)
    if found is None:
        short = _SHORT_TASK.match(text)
        if short is None:
            return None
        return _task(short), "", ""
    taint, release = read_taint(found["rest"])
    return _task(found), taint, release


def read_hung_task(text: str) -> Task | None:
    """The task that hangs, from a headline: the watchdog, not it, is what runs."""
    found = _HUNG_TASK.search(text)
    return Task(None, int(found["pid"]), found["comm"]) if found else None


def _task(found: re.Match[str]) -> Task:
    groups = found.groupdict()
    cpu, pid = groups.get("cpu"), groups.get("pid")
    return Task(
        int(cpu) if cpu else None, int(pid) if pid else None, (groups.get("comm") or "").strip()
    )


def read_taint(text: str) -> tuple[str, str]:
    """The taint and the release, of text that begins with the first."""
    found = _TAINT.match(text)
    if found is None:
        return "", ""
    release = _RELEASE.match(text, found.end())
    letters = " ".join((found["letters"] or "").split())
    return found["not"] or letters, release["release"] if release else ""


def read_taint_words(text: str) -> str:
    """`[O]=OOT_MODULE, ...`, which newer kernels print below the task; empty elsewhere."""
    found = _WORDS.match(text) if text.startswith("Tainted: [") else None
    return found["words"] if found else ""


def read_modules(text: str) -> tuple[Module, ...]:
    """The modules of a `Modules linked in:` line, as printed; the unloaded one is left out."""
    listed = text.partition("Modules linked in:")[2].partition("[last unloaded")[0]
    return tuple(Module(found["name"], found["flags"] or "") for found in _MODULE.finditer(listed))


def read_fault_address(text: str) -> int | None:
    """The address whose access failed, of the line that tells it."""
    if "address" not in text and " at " not in text and "addr" not in text and "FAR: " not in text:
        return None
    for wanted in _FAULT_ADDRESSES:
        if found := wanted.search(text):
            return int(found["address"], 16)
    return None


def find_release(text: str) -> str:
    """The release in the boot banner of a log; empty when there is none."""
    found = _BANNER.search(text) if "Linux version " in text else None
    return found["release"] if found else ""


def find_build_id(text: str) -> str:
    """The build ID of vmlinux behind release and version; empty when the line has none."""
    found = _BUILD_ID.search(text)
    return found["id"] if found else ""


def find_slide(text: str) -> int | None:
    """What KASLR added to addresses; 0 when it is switched off, None when the log does not say."""
    found = _OFFSET.search(text) if "Kernel Offset: " in text else None
    if found is None:
        return None
    return 0 if found["disabled"] else int(found["offset"], 16)
