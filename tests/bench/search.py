"""What searching costs a reader: a wiki of N made-up cases, asked in Chromium.

    python tests/bench/search.py [N] [--keep FOLDER]

Writes the search page and the index (no other page), opens it from a server on this machine and
types queries. Prints the time from the last key to the results, as the page measures it, the bytes
that the first query of a fresh browser loads, and the cost of the index in the build.
"""

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.diagnostics import Sink
from sitegen.web import pages
from sitegen.web.content import FrontMatter
from sitegen.web.index import (
    CaseFacts,
    CaseSummary,
    Finding,
    Index,
    Passage,
    PageSummary,
    make_index,
)
from sitegen.web.outputs import page_output, search
from sitegen.web.theme import load_theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
QUERIES = (
    "sysrq",
    "vfs_wr",
    "write_sysrq_trigger",
    "ext4 null",
    "use-after-free tipc",
    "rite_beg",
    "CVE-2024-1",
    "net/core/sock.c",
    "e97",
    "io",
)
FIRST = ("sysrq", "vfs_write", "write", "ext4 null write")
"""Each asked as the first query of a browser that has nothing yet."""

_ENTRY = ("entry_SYSCALL_64_after_hwframe", "do_syscall_64", "do_syscall_x64")
_CALLS = (
    "ksys_write",
    "ksys_read",
    "__x64_sys_ioctl",
    "__sys_sendmsg",
    "do_sys_openat2",
    "ksys_mount",
)
_AREAS = (
    "vfs ext4 btrfs xfs f2fs jfs ntfs3 ocfs2 gfs2 nilfs hfs udf erofs fuse nfs smb ceph proc sysfs kernfs "
    "debugfs tty n_tty vt sysrq usb hid snd media v4l2 dvb bt_hci l2cap sco rfcomm nfc can tipc rxrpc sctp "
    "tcp udp ip6 ip_tunnel xfrm netlink nf_tables nft ipset bpf perf ftrace cgroup sched rcu futex timer "
    "hrtimer workqueue mm slab kasan vmalloc shmem hugetlb swap memcg zram loop nbd md dm blk scsi nvme ata "
    "drm i915 virtio vhost kvm io_uring fsnotify inotify eventfd epoll keys crypto lsm selinux smack"
).split()
_VERBS = "write read open close alloc free get put init exit start stop send recv find insert remove handle submit complete lock unlock map unmap flush sync begin end".split()
_NOUNS = "inode page folio buf queue work timer sock skb node tree entry extent block bio request packet frame device driver iter list ref ctx state super dir file name key range cache slot".split()
_KINDS = (
    ("null-deref", "NULL dereference", "BUG: unable to handle kernel NULL pointer dereference in {}"),
    ("kasan-uaf", "Use after free", "KASAN: slab-use-after-free Read in {}"),
    ("warning", "Warning", "WARNING in {}"),
    ("bug", "BUG", "kernel BUG in {}"),
    ("hung", "Hung task", "INFO: task hung in {}"),
    ("gpf", "General protection", "general protection fault in {}"),
    ("sysrq", "Sysrq", "kernel panic: sysrq triggered crash"),
)  # fmt: skip


def make_facts(cases: int) -> "Iterator[CaseFacts]":
    """Cases as their evidence would tell of them; the same ones every time."""
    chance = random.Random(6)
    code = {
        area: [
            f"{prefix}{area}_{chance.choice(_VERBS)}_{chance.choice(_NOUNS)}{suffix}"
            for prefix in ("", "", "__", "do_")
            for suffix in ("", "", "_locked", "_slow", f"_{chance.choice(_NOUNS)}")
            for _ in range(8)
        ]
        for area in _AREAS
    }
    code["vfs"] += ["vfs_write", "vfs_read", "do_iter_write"]
    code["sysrq"] += ["write_sysrq_trigger", "__handle_sysrq", "sysrq_handle_crash"]
    for number in range(cases):
        area = chance.choice(_AREAS)
        near = [area, *chance.choices(_AREAS, k=3)]
        way = [*_ENTRY, chance.choice(_CALLS)]
        # What comes first in a subsystem is what most crashes pass through.
        way += ["vfs_write", "vfs_read"][: chance.randrange(3)]
        for one in sorted(chance.choices(near, k=14)):
            known = code[one]
            way.append(known[int(len(known) * chance.random() ** 3)])
        kind, label, words = chance.choice(_KINDS)
        title = words.format(way[-1])
        files = {
            area: f"net/core/{area}.c"
            if area in {"tipc", "sock"}
            else f"fs/{area}/{chance.choice(_NOUNS)}.c"
            for area in near
        }
        day = f"20{20 + number * 6 // cases:02}-{1 + number % 12:02}-{1 + number % 28:02}"
        summary = CaseSummary(
            url=f"cases/case-{number:05}/",
            slug=f"case-{number:05}",
            title=f"{label} in {way[-1]}"
            if number % 3
            else f"{area}: {label.lower()} when {chance.choice(_VERBS)}ing a {chance.choice(_NOUNS)} twice, {number}",
            date=day,
            kernel=f"6.{number % 20}.0",
            kernels=(f"6.{number % 20}.0",),
            archs=("x86_64",),
            kind=kind,
            label=label,
            crash=title,
            function=way[-1],
            functions=tuple(way),
            tags=(area,),
            authors=(f"Author {number % 40}",),
            cve=f"CVE-2024-{10000 + number}" if number % 4 == 0 else "",
            fixed=f"{chance.getrandbits(160):040x}" if number % 2 else "",
            introduced=f"{chance.getrandbits(48):012x}" if number % 3 else "",
            syzbot=f"{chance.getrandbits(80):020x}" if number % 2 else "",
            logs=1,
        )
        yield CaseFacts(
            summary=summary,
            passages=tuple(
                Passage(
                    function=one,
                    file=files[near[step % 4]],
                    subsystem=near[step % 4].upper(),
                    layer="Driver",
                )
                for step, one in enumerate(way)
            ),
            findings=(Finding(kind=kind, label=label, title=title),),
        )


if __name__ == "__main__":
    facts = list(make_facts(int(sys.argv[1])))
    begin = time.process_time()
    index = make_index([], facts, [PageSummary("", "Crash notes"), PageSummary("cases/", "Cases")])
    middle = time.process_time()
    made = list(search.site_outputs(index))
    end = time.process_time()
    print({k: len(v) for k, v in index.terms.items()})
    print(
        f"index {middle - begin:.2f}s search {end - middle:.2f}s files {len(made)} bytes {sum(len(o.data) for o in made) / 1e6:.2f}MB"
    )
    for sort in ("manifest", "names", "cases", "records"):
        sizes = sorted(len(o.data) for o in made if o.path.startswith(f"search/{sort}"))
        print(sort, len(sizes), sum(sizes), sizes[0], sizes[len(sizes) // 2], sizes[-1])
