"""What the kernel prints when memory runs out: the request, the state of memory, the processes."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import FIELDS, NUMBER, Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_PAGES = 4
_ORDER = Lazy(r"\border[:=](?P<order>\d{1,2})\b")
_GFP = Lazy(r"(?:gfp_mask=|mode:)(?P<mask>0x[0-9a-f]{1,8})(?:\((?P<names>[A-Z_|]{3,200})\))?")
_NAMES = (
    ("GFP_ATOMIC", "it must not wait: nothing could be freed for it"),
    ("GFP_NOWAIT", "it must not wait: nothing could be freed for it"),
    ("GFP_NOIO", "it may wait, but not for disks"),
    ("GFP_NOFS", "it may wait, but not for file systems"),
    ("GFP_KERNEL", "for the kernel itself; it may wait"),
    ("GFP_HIGHUSER", "for a process"),
    ("GFP_USER", "for a process"),
    ("GFP_DMA32", "below 4 GiB, for a device"),
    ("GFP_DMA", "low memory, for a device"),
)


def request_words(text: str) -> Iterator[Word]:
    """`gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|...), order=0`: what was asked for."""
    if found := _GFP.search(text):
        kind = next(
            (said for name, said in _NAMES if found["names"] and name in found["names"]), ""
        )
        said = (
            f"How memory was asked for: {kind}." if kind else "How memory was asked for, as bits."
        )
        yield Word(*found.span("mask"), said)
    if found := _ORDER.search(text):
        count = 1 << int(found["order"])
        many = "one page" if count == 1 else f"{count} pages side by side"
        said = f"How much was asked for at once: {many}, {_PAGES * count} KiB where a page has {_PAGES}."
        if count > 8:
            said += " So many side by side may be missing while others are free (fragmentation)."
        yield Word(found.start("order"), found.end("order"), said)


_LEVELS = Lazy(
    r"\bfree:(?P<free>\d{1,12})kB (?:boost:\d{1,12}kB )?min:(?P<min>\d{1,12})kB low:(?P<low>\d{1,12})kB high:(?P<high>\d{1,12})kB"
)


def zone_words(text: str) -> Iterator[Word]:
    """`Node 0 DMA32 free:1836kB min:3668kB low:4072kB high:4476kB`: the levels of a zone."""
    found = _LEVELS.search(text)
    if found is None:
        return
    free, least = int(found["free"]), int(found["min"])
    where = (
        "free memory is below `min`: only the kernel's own emergencies get some"
        if free < least
        else "free memory is below `low`: the kernel frees some in the background"
        if free < int(found["low"])
        else "free memory is above `low`: this zone is not what was short"
    )
    yield Word(found.start(), found.end(), f"The zone's levels: {where}.")


_COLUMNS = (
    (r"\bpid\b", "The process."),
    (r"\btotal_vm\b", "Addresses it has taken, in pages; most may never have been used."),
    (r"\brss\b", "Memory it has in use, in pages: the largest is mostly the culprit."),
    (r"\brss_anon\b", "Of it, its own data."),
    (r"\brss_file\b", "Of it, pages of files, which can be read again."),
    (r"\brss_shmem\b", "Of it, shared memory."),
    (r"\bpgtables_bytes\b", "Its page tables."),
    (r"\bswapents\b", "What of it was moved to swap, in pages."),
    (
        r"\boom_score_adj\b",
        "How much likelier (up to 1000) or less likely (down to -1000) it is to be chosen.",
    ),
)

OOM = Topic(
    rules=(
        rule(
            "Mem-Info:",
            r"^Mem-Info",
            "What memory was used for, in pages unless it says kB.",
            "plain",
        ),
        *(
            rule(FIELDS, rf"\b(?P<w>{name}):", text, "plain")
            for name, text in (
                ("active_anon", "Data of processes, used lately."),
                (
                    "inactive_anon",
                    "Data of processes, not used lately: it could go to swap, if there is any.",
                ),
            )
        ),
        *(rule("[", rf"(?P<w>{pattern})", text, "plain") for pattern, text in _COLUMNS),
        rule(
            "Tasks", r"(?P<w>memory values in pages)", "A page has 4 KiB on most machines.", "plain"
        ),
        rule(
            "Node",
            r"^Node \d{1,3} \S{1,12}: (?P<w>\d{1,9}\*4kB .{1,200}?)(?= = |$)",
            "Free memory by the size of its pieces: many small and no large ones is fragmentation. U: cannot be moved, M: can, E: can be freed, H: kept for emergencies, C: kept for devices.",
            "plain",
        ),
        rule(
            "lowmem_reserve[]:",
            r"^lowmem_reserve\[\]",
            "Pages kept back from requests that could take them from a higher zone.",
            "plain",
        ),
        rule("Free", r"(?P<w>Free swap)", "Room left in swap; 0 of 0 is no swap at all.", "plain"),
        rule(NUMBER, r"(?P<w>pages RAM)$", "All memory of the machine, in pages.", "plain"),
        rule(
            NUMBER, r"(?P<w>total pagecache pages)$", "Memory that holds pages of files.", "plain"
        ),
        rule(
            "Out",
            r"^(?P<w>Out of memory): Killed",
            "The process that was killed: the one with the highest score, not the one that asked.",
        ),
        rule(
            "Memory",
            r"^(?P<w>Memory cgroup out of memory)",
            "The limit of a group of processes (a container, mostly) was reached; the machine has memory left.",
        ),
        rule(
            "memory:",
            r"(?P<w>usage \d{1,15}kB, limit \d{1,15}kB)",
            "The group's memory in use, and its limit.",
        ),
        *(
            rule(first, rf"\b(?P<w>{name}:\d{{1,15}}kB)", text, "plain")
            for first in ("Out", "Memory")
            for name, text in (
                ("total-vm", "Addresses it had taken."),
                ("anon-rss", "Its own data in memory: this is what is freed now."),
                ("file-rss", "Pages of files that it had mapped."),
                ("shmem-rss", "Shared memory: it is freed only when all who share it are gone."),
            )
        ),
        *(
            rule(
                first,
                r"(?P<w>oom_score_adj:-?\d{1,5})",
                "Makes a process more (up to 1000) or less likely to be chosen.",
                "plain",
            )
            for first in ("Out", "Memory")
        ),
        rule(
            "oom_reaper:",
            r"^(?P<w>oom_reaper): reaped",
            "The killed process's memory was taken before it had ended.",
            "plain",
        ),
        rule("oom-kill:", r"(?P<w>CONSTRAINT_NONE)", "The whole machine ran short."),
    ),
    readers={"Node": (zone_words,)},
    kinds=dict.fromkeys(("oom", "oom-kill", "alloc-failure"), (request_words,)),
)
