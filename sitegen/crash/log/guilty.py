"""Lines with file:line -> the file that a report is about.

The rules and the list of files that are never guilty are facts drawn from syzkaller
(pkg/report/linux.go, Apache-2.0, Copyright syzkaller project authors).
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

_FILE = re.compile(r"(?<![\w./-])(?P<file>[A-Za-z0-9_/.-]{1,300}\.[ch]):[0-9]{1,7}\b")
_IGNORED_FILES = re.compile(
    r".*\.h.*|(?:virt/)?lib/.*|mm/kasan/.*|mm/kmsan/.*|kernel/kcov\.c|mm/sl[a-z]b(?:_common)?\.c|mm/filemap\.c|mm/folio-compat\.c"
    r"|mm/truncate\.c|mm/memory\.c|mm/percpu.*|mm/vmalloc\.c|mm/page_alloc\.c|mm/mempool\.c|mm/util\.c"
    r"|kernel/rcu/.*|arch/[^/]+/kernel/(?:traps|unwind[^/]*|stacktrace)\.c|arch/[^/]+/mm/(?:fault|physaddr)\.c"
    r"|arch/[^/]+/kernel/apic/apic\.c|arch/arm64/kernel/(?:entry[^/]*|process)\.c|kernel/locking/.*|kernel/panic\.c"
    r"|kernel/printk/printk[^/]*\.c|kernel/softirq\.c|kernel/kthread\.c|kernel/sched/[^/]*\.c|kernel/stacktrace\.c"
    r"|kernel/time/timer\.c|kernel/workqueue\.c|net/core/(?:dev|sock|skbuff)\.c|fs/proc/generic\.c|trusty/.*"
    r"|drivers/usb/core/urb\.c|arch/[^/]+/lib/crc.*"
)
_IGNORED_LINES = re.compile(
    r"(?:hardirqs|softirqs) +last +(?:enabled|disabled)|, at: |^ *#[0-9]+:|^ *Register r[0-9]+ information"
)
_STALL_STARTS = ("apic_timer_interrupt+0x", "el1h_64_irq+0x", "Exception stack")


def find_guilty_file(title: str, lines: Sequence[str]) -> str:
    """The file of the tree that the report's lines point to; empty when they name none."""
    if not any(".c:" in line or ".h:" in line for line in lines):
        return ""
    if title.startswith("INFO: rcu detected stall"):
        for start in _STALL_STARTS:
            at = next((index for index, line in enumerate(lines) if start in line), None)
            if at is not None and (file := _find(lines[at:])):
                return file
    return _find(lines)


def _find(lines: Sequence[str]) -> str:
    any_file = guilty = ""
    for file, ignored in _files(lines):
        any_file = any_file or file
        if ignored:
            continue
        if not guilty or posixpath.dirname(file).startswith(posixpath.dirname(guilty) + "/"):
            guilty = file
    return guilty or any_file


def _files(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The first file of each line, and whether it is never guilty."""
    for line in lines:
        found = _FILE.search(line)
        if found is None:
            continue
        file = posixpath.normpath(found["file"])
        yield file, bool(_IGNORED_FILES.fullmatch(file) or _IGNORED_LINES.search(line))
