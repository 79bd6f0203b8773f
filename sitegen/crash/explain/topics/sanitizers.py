"""What KASAN, KMSAN, KCSAN, KFENCE and kmemleak print: objects, traces, shadow memory."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_KINDS = (
    ("stack-out-of-bounds", "Beside a variable on the kernel's stack."),
    ("global-out-of-bounds", "Beside a variable of the kernel or of a module."),
    ("vmalloc-out-of-bounds", "Beside memory from vmalloc()."),
    ("alloca-out-of-bounds", "Beside an array of variable length on the stack."),
    ("slab-out-of-bounds", "Beside an object from kmalloc() or a cache of objects."),
    ("use-after-scope", "A variable of the stack, used when its block had ended."),
    ("double-free", "Freed, though it had been freed already."),
    ("invalid-free", "Freed with an address that is not an object's beginning."),
    ("wild-memory-access", "An address that belongs to no memory at all."),
    ("user-memory-access", "An address of user space, accessed directly."),
    ("null-ptr-deref", "An address near NULL."),
    (
        "invalid-access",
        "The tag of the pointer is not the memory's: out of bounds, or used after it was freed.",
    ),
    (
        "slab-use-after-free",
        "An object from kmalloc() or a cache of objects, which had been freed.",
    ),
)

_SHADOW = {
    0x00: "all 8 bytes may be used",
    0xFF: "a freed page",
    0xFE: "the red zone behind a large allocation",
    0xFC: "the red zone beside an object",
    0xFB: "freed memory of an object",
    0xFA: "the first bytes of a freed object (in older kernels: beside a variable of the kernel)",
    0xF9: "beside a variable of the kernel or of a module",
    0xF8: "memory of vmalloc() that is not in use, or a variable of the stack whose block has ended",
    0xF5: "a stack frame whose function has returned",
    0xF4: "the rest of a variable's last 8 bytes on the stack",
    0xF3: "right of the variables in a stack frame",
    0xF2: "between the variables of a stack frame",
    0xF1: "left of the variables in a stack frame",
    0xCA: "left of an array of variable length",
    0xCB: "right of an array of variable length",
}
SHADOW = (
    "KASAN's shadow: a byte for each 8 bytes of memory. 00: all may be used; 01 to 07: only the first "
    "so many; from f0 on: none. `>` and `^` point to the access."
)
TAGS = (
    "The tags of memory: a byte for each 16 bytes. A pointer may be used where its tag is the memory's; "
    "fe is nobody's. `>` and `^` point to the access."
)


def shadow_text(byte: int) -> str:
    """What a byte of KASAN's shadow says of its 8 bytes of memory, as a sentence; empty for one not known."""
    if 0 < byte < 8:
        many = "byte" if byte == 1 else f"{byte} bytes"
        return f"{byte:02x}: only the first {many} of 8 may be used."
    said = _SHADOW.get(byte)
    return f"{byte:02x}: {said}." if said else ""


_TAGS = Lazy(r"Pointer tag: (?P<pointer>\[[0-9a-f]{2}\]), memory tag: (?P<memory>\[[0-9a-f]{2}\])")


def tag_words(text: str) -> Iterator[Word]:
    """`Pointer tag: [f7], memory tag: [fe]`."""
    if found := _TAGS.search(text):
        yield Word(*found.span("pointer"), "The tag in the highest byte of the pointer.")
        said = "The tag of the memory: another one, so that the memory is not what the pointer was made for."
        if found["memory"] == "[fe]":
            said = "fe: memory that is freed or between objects."
        yield Word(*found.span("memory"), said)


_RELATED = "A function that was to run later was handed the object here (by RCU or a workqueue): it may be what freed it."

SANITIZERS = Topic(
    rules=(
        *(rule("BUG:", rf"KASAN: (?P<w>{name})", text) for name, text in _KINDS),
        rule(
            "Read",
            r"^Read of (?P<w>size \d{1,8})",
            "How many bytes were to be read.",
            "plain",
        ),
        rule(
            "Write",
            r"^Write of (?P<w>size \d{1,8})",
            "How many bytes were to be written.",
            "plain",
        ),
        rule(
            "Allocated",
            r"(?P<w>Allocated by task \d{1,10})",
            "Who asked for the object: which code, as which task.",
        ),
        rule(
            "Freed",
            r"(?P<w>Freed by task \d{1,10})",
            "Who freed the object: which code, as which task.",
        ),
        rule("Last", r"(?P<w>Last (?:potentially related work creation|call_rcu\(\)))", _RELATED),
        rule(
            "Second",
            r"(?P<w>Second to last (?:potentially related work creation|call_rcu\(\)))",
            _RELATED,
        ),
        rule(
            "which",
            r"belongs to the cache (?P<w>kmalloc-\S{1,40})",
            "The cache of general objects, by the largest size that it holds: many sorts of objects share it.",
        ),
        rule(
            "which",
            r"belongs to the cache (?P<w>(?!kmalloc-)\S{1,60})",
            "The cache of objects of one sort.",
            "plain",
        ),
        rule(
            "The",
            r"located (?P<w>\d{1,10} bytes inside of)",
            "Within the object: what was wrong is the time (it is freed), not the place.",
            kinds="kasan-uaf kasan-free",
        ),
        rule(
            "The",
            r"located (?P<w>\d{1,10} bytes inside of)",
            "The access begins within the object, and runs past its end.",
            kinds="kasan-oob",
        ),
        rule(
            "The",
            r"located (?P<w>\d{1,10} bytes to the right of)",
            "Behind the end of the object: out of bounds. The access may as well have been meant for another "
            "object, which was there before.",
        ),
        rule(
            "The",
            r"located (?P<w>\d{1,10} bytes to the left of)",
            "Before the beginning of the object: out of bounds. The access may as well have been meant for "
            "another object, which was there before.",
        ),
        rule(
            "page:",
            r"refcount:(?P<w>-?\d{1,10})",
            "How many users the page has; 0 means that it is free, or part of a larger one.",
            "plain",
        ),
        rule(
            "page:",
            r"mapcount:(?P<w>-?\d{1,10})",
            "How many page tables hold the page.",
            "plain",
        ),
        rule(
            "page:",
            r"pfn:(?P<w>0x[0-9a-f]{1,16})",
            "The number of the page: its physical address without the last digits.",
            "plain",
        ),
        rule(
            "page",
            r"dumped because: (?P<w>.{1,80})$",
            "Why the page is shown.",
            "plain",
        ),
        rule(
            "page_type:",
            r"page_type: (?P<w>\S{1,40})",
            "What the page is used for.",
            "plain",
        ),
        rule(
            "page",
            r"^(?P<w>page last allocated via)",
            "Who the page was handed out to last, as page_owner kept it; the trace is below.",
            "plain",
        ),
        rule(
            "page",
            r"^(?P<w>page last free (?:pid \d{1,10} tgid \d{1,10} )?stack trace)",
            "Who gave the page back last.",
            "plain",
        ),
        rule(
            "raw:",
            r"^raw:",
            "The words of the page's `struct page`, as they are.",
            "plain",
        ),
        # KCSAN.
        rule(
            "race",
            r"(?P<w>race at unknown origin)",
            "Who made the other access is not known: the value changed while this one was watched.",
        ),
        rule(
            "value",
            r"(?P<w>value changed)",
            "The value before and after: the race did change something.",
        ),
        *(
            rule(
                first,
                rf"^(?P<w>{first}(?:-write)?(?: \(marked\))?) to ",
                "How the memory was accessed; `marked` accesses are meant to be concurrent.",
                "plain",
            )
            for first in ("read", "write")
        ),
        # KMSAN.
        rule(
            "Uninit",
            r"(?P<w>Uninit was created at)",
            "Where the memory came from, before anyone had set it.",
        ),
        rule(
            "Uninit",
            r"(?P<w>Uninit was stored to memory at)",
            "Where the value was copied on; it is read from below upwards.",
        ),
        rule(
            "Local",
            r"(?P<w>Local variable \S{1,80}) created at",
            "The variable of the stack that nobody had set.",
        ),
        rule(
            "Bytes",
            r"(?P<w>Bytes \d{1,8}-\d{1,8} of \d{1,8} are uninitialized|Byte \d{1,8} of \d{1,8} is uninitialized)",
            "Which part of the value nobody had set: often the padding between members.",
        ),
        # KFENCE.
        *(
            rule(
                first,
                r"\bat (?P<w>0x0{8}[0-9a-f]{8})(?= \(in kfence|:)",
                "No address: the kernel prints a hash of it, so that logs do not betray where memory lies.",
                "misleading",
            )
            for first in ("Use-after-free", "Out-of-bounds", "Invalid", "Corrupted")
        ),
        rule(
            "Out-of-bounds",
            r"\((?P<w>\d{1,8}B (?:left|right) of kfence-#\d{1,8})\)",
            "How far beside the object the access went, and the object's number in KFENCE.",
        ),
        rule(
            "Corrupted",
            r"(?P<w>\[ [^\]]{1,120}\]) \(in kfence",
            "The bytes beside the object that were written over; `!` is one that was, `.` one that was not.",
        ),
        # kmemleak.
        rule(
            "unreferenced",
            r"(?P<w>unreferenced object) ",
            "No pointer to it was found anywhere. Now and then one exists, in a form that is not looked for.",
        ),
        rule(
            "comm",
            r"(?P<w>jiffies \d{1,12})",
            "When it was allocated.",
            "plain",
        ),
    ),
    readers={"Pointer": (tag_words,)},
)
