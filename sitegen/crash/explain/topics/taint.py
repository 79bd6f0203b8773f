"""The letters of `Tainted:`, and the words that newer kernels print for them."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy
from sitegen.model import Weight

TAINTS = {
    "G": "G: all modules loaded so far have a licence compatible with the GPL. It says no more than "
    "that no P is set.",
    "P": "P: a module without a GPL-compatible licence was loaded; its source is not open, and "
    "upstream will ask for the crash without it.",
    "F": "F: a module was loaded by force (`insmod -f`): it may not fit this kernel.",
    "S": "S: the CPUs or the way they run are out of specification, such as an SMP kernel on CPUs not "
    "made for it.",
    "R": "R: a module was unloaded by force (`rmmod -f`).",
    "M": "M: a machine check happened before: the hardware reported an error.",
    "B": "B: a page was found in a bad state, or KASAN or slab debugging reported something, before "
    "this line: memory may have been damaged already.",
    "U": "U: a user or program asked for this mark, through /proc/sys/kernel/tainted.",
    "D": "D: the kernel had died before: an oops or BUG came earlier in this boot. Look for the first "
    "one, this may only follow from it.",
    "A": "A: an ACPI table was replaced by the user.",
    "W": "W: a warning was printed earlier in this boot. It may tell the cause.",
    "C": "C: a driver from drivers/staging was loaded.",
    "I": "I: works around a severe bug of the firmware.",
    "O": "O: a module from outside of the kernel tree was loaded.",
    "E": "E: a module without a valid signature was loaded, though the kernel checks signatures.",
    "L": "L: a soft lockup happened before.",
    "K": "K: the kernel was live patched.",
    "X": "X: auxiliary, used by distributions.",
    "T": "T: built with structure layout randomisation, which upsets tools that know the usual layout.",
    "N": "N: an in-kernel test (KUnit) was run.",
    "J": "J: user space changed the firmware of a device by fwctl.",
}
"""By letter, as Documentation/admin-guide/tainted-kernels.rst names them."""
# Letters on which a verdict may hang, and those that stand in most logs.
_MISLEAD = frozenset("DWB")
_USUAL = frozenset("GEAKXTNUJ")

_LETTERS = Lazy(r"\bTainted: (?P<letters>[A-Z](?:[A-Z ]{0,40}[A-Z])?)(?= )")
_WORD = Lazy(r"\[(?P<letter>[A-Z])\]=(?P<word>\w{1,40})")
_NOT = Lazy(r"\bNot tainted\b")
_CLEAN = (
    "Nothing happened before in this boot that makes reports doubtful: no module from outside of "
    "the tree, no earlier warning or oops."
)


def taint_words(text: str) -> Iterator[Word]:
    """Each letter or word of a taint, in order."""
    if found := _NOT.search(text):
        yield Word(found.start(), found.end(), _CLEAN)
    for word in _WORD.finditer(text):
        yield _word(word["letter"], word.start(), word.end())
    found = _LETTERS.search(text)
    if found is None:
        return
    for at in range(found.start("letters"), found.end("letters")):
        if text[at] != " ":
            yield _word(text[at], at, at + 1)


def _word(letter: str, start: int, end: int) -> Word:
    text = TAINTS.get(letter, f"{letter}: a taint that this version of sitegen does not know.")
    weight: Weight = "plain" if letter in _USUAL else "telling"
    return Word(start, end, text, weight="misleading" if letter in _MISLEAD else weight)


_MODULE = Lazy(r"[\w-]{1,80}\((?P<flags>[A-Z+-]{1,20})\)")
_OF_MODULE = {
    "+": "+: the module is being loaded.",
    "-": "-: the module is being unloaded.",
}


def module_words(text: str) -> Iterator[Word]:
    """The flags of the modules of a `Modules linked in:` line, each letter once."""
    seen: set[str] = set()
    for found in _MODULE.finditer(text):
        for at in range(found.start("flags"), found.end("flags")):
            letter = text[at]
            if letter in seen:
                continue
            seen.add(letter)
            meaning = _OF_MODULE.get(letter) or TAINTS.get(letter, "")
            if meaning:
                yield Word(at, at + 1, f"Behind a module, what it brought. {meaning}")


TAINT = Topic(
    rules=(),
    readers={
        **dict.fromkeys(("CPU:", "Tainted:", "Not", "BUG", "REGS:"), (taint_words,)),
        "Modules": (module_words,),
    },
)
