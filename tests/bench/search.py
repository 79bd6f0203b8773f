"""What searching costs a reader: a wiki of N made-up cases, asked in Chromium.

    python tests/bench/search.py [N]

Writes the search page and the index (no other page), opens it from a server on this machine and
types queries. Prints the time from the last key to the results, as the page measures it, the bytes
that the first query of a fresh browser loads, and the cost of the index in the build.
"""

import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from sitegen.diagnostics import Sink
from sitegen.web import pages
from sitegen.web.index import CaseFacts, CaseSummary, Finding, PageSummary, Passage, make_index
from sitegen.web.outputs import page_output, search
from sitegen.web.theme import load_theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
QUERIES = (
    *("sysrq", "vfs_wr", "write_sysrq_trigger", "ext4 null", "use after free tipc", "rite_fo"),
    *("CVE-2024-1", "fs/btrfs/inode.c", "io", "lock", "Author 7 6.3.0 hid"),
)
FIRST = ("sysrq", "vfs_write", "write", "ext4 null write")
"""Each asked as the first query of a browser that has nothing yet."""

_ENTRY = ("entry_SYSCALL_64_after_hwframe", "do_syscall_64", "do_syscall_x64")
_CALLS = (
    *("ksys_write", "ksys_read", "__x64_sys_ioctl"),
    *("__sys_sendmsg", "do_sys_openat2", "ksys_mount"),
)
_AREAS = """
    vfs ext4 btrfs xfs f2fs jfs ntfs3 ocfs2 gfs2 nilfs hfs udf erofs fuse nfs smb ceph proc sysfs
    kernfs debugfs tty n_tty vt sysrq usb hid snd media v4l2 dvb bt_hci l2cap sco rfcomm nfc can
    tipc rxrpc sctp tcp udp ip6 ip_tunnel xfrm netlink nf_tables nft ipset bpf perf ftrace cgroup
    sched rcu futex timer hrtimer workqueue mm slab kasan vmalloc shmem hugetlb swap memcg zram
    loop nbd md dm blk scsi nvme ata drm i915 virtio vhost kvm io_uring fsnotify inotify eventfd
    epoll keys crypto lsm selinux smack
""".split()  # noqa: SIM905  reason: a hundred words read better without quotes
_VERBS = """
    write read open close alloc free get put init exit start stop send recv find insert remove
    handle submit complete lock unlock map unmap flush sync begin end
""".split()  # noqa: SIM905  reason: as above
_NOUNS = """
    inode page folio buf queue work timer sock skb node tree entry extent block bio request packet
    frame device driver iter list ref ctx state super dir file name key range cache slot
""".split()  # noqa: SIM905  reason: as above
_KINDS = (
    ("null-deref", "NULL dereference", "BUG: unable to handle kernel NULL pointer dereference in"),
    ("kasan-uaf", "Use after free", "KASAN: slab-use-after-free Read in"),
    ("warning", "Warning", "WARNING in"),
    ("bug", "BUG", "kernel BUG in"),
    ("hung", "Hung task", "INFO: task hung in"),
    ("gpf", "General protection", "general protection fault in"),
)


def make_facts(cases: int) -> Iterator[CaseFacts]:
    """Cases as their evidence would tell of them; the same ones every time."""
    chance = random.Random(6)
    code = _functions(chance)
    for number in range(cases):
        area = chance.choice(_AREAS)
        near = [area, *chance.choices(_AREAS, k=3)]
        way = [*_ENTRY, chance.choice(_CALLS), *("vfs_write", "vfs_read")[: chance.randrange(3)]]
        # What comes first in a subsystem is what most of its crashes pass through.
        way += [
            code[one][int(len(code[one]) * chance.random() ** 3)]
            for one in sorted(chance.choices(near, k=14))
        ]
        kind, label, words = chance.choice(_KINDS)
        title = f"{label} in {way[-1]}"
        if number % 3 == 0:
            title = f"{area}: {label.lower()} when a {chance.choice(_NOUNS)} goes, {number}"
        yield CaseFacts(
            summary=CaseSummary(
                url=f"cases/case-{number:05}/",
                slug=f"case-{number:05}",
                title=title,
                date=f"20{20 + number * 6 // cases:02}-{1 + number % 12:02}-{1 + number % 28:02}",
                kernel=f"6.{number % 20}.0",
                kernels=(f"6.{number % 20}.0",),
                archs=("x86_64",),
                kind=kind,
                label=label,
                crash=f"{words} {way[-1]}",
                function=way[-1],
                functions=tuple(way),
                tags=(area,),
                authors=(f"Author {number % 40}",),
                cve=f"CVE-2024-{10000 + number}" if number % 4 == 0 else "",
                fixed=f"{chance.getrandbits(160):040x}" if number % 2 else "",
                introduced=f"{chance.getrandbits(48):012x}" if number % 3 else "",
                syzbot=f"{chance.getrandbits(80):020x}" if number % 2 else "",
                logs=1,
            ),
            passages=tuple(_passage(one, near[step % 4], chance) for step, one in enumerate(way)),
            findings=(Finding(kind=kind, label=label, title=f"{words} {way[-1]}"),),
        )


def _functions(chance: random.Random) -> dict[str, list[str]]:
    """About as many functions as five thousand cases pass through, by subsystem."""
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
    return code


def _passage(function: str, area: str, chance: random.Random) -> Passage:
    file = f"fs/{area}/{chance.choice(_NOUNS)}.c"
    return Passage(function=function, file=file, subsystem=area.upper(), layer="Driver")


def make_site(folder: Path, cases: int) -> None:
    """Writes the search page and its index, and prints what that cost."""
    facts = list(make_facts(cases))
    begin = time.process_time()
    index = make_index([], facts, [PageSummary("", "Notes"), PageSummary("cases/", "Cases")])
    middle = time.process_time()
    made = list(search.site_outputs(index))
    end = time.process_time()
    size = sum(len(output.data) for output in made)
    print(f"{cases} cases, {len(index.terms['functions'])} functions")
    print(
        f"  index of the site {middle - begin:5.2f} s, of the search {end - middle:5.2f} s of CPU"
    )
    print(f"  {len(made)} files, {size / 1e6:.1f} MB")
    sink = Sink()
    theme = load_theme("default", ROOT, sink=sink)
    assert theme is not None, list(sink)
    chrome = pages.make_chrome(index, title="Notes")
    page = pages.render_search(index=index, theme=theme, chrome=chrome, sink=sink)
    found = pages.render_not_found(theme=theme, chrome=chrome, sink=sink)
    assert page is not None, list(sink)
    assert found is not None, list(sink)
    files = [(one.path, one.data) for one in (*map(page_output, (page, found)), *made)]
    for path, data in (*files, *theme.static_files()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


class _Counting(SimpleHTTPRequestHandler):
    """Serves files, says nothing, and counts the bytes of the files it sent."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or some answers take 40 ms
    sent: ClassVar[list[int]] = []

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:
        data = source.read()
        self.sent.append(len(data))
        outputfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        pass


# From the key to the frame in which the list shows what it found: what a reader waits for.
_MEASURE = """query => new Promise(done => {
  const field = document.querySelector('.search input');
  const list = document.querySelector('#found');
  const note = document.querySelector('.found .note');
  list.replaceChildren();
  field.value = query;
  const begin = performance.now();
  new MutationObserver((_, observer) => {
    if (list.innerText.includes('All results') || note.innerText.includes('Nothing')) {
      observer.disconnect();
      requestAnimationFrame(() => done(performance.now() - begin));
    }
  }).observe(list.parentElement, { childList: true, subtree: true });
  field.dispatchEvent(new Event('input', { bubbles: true }));
})"""


def measure(browser: "Browser", root: str) -> None:
    """Prints times and bytes of first queries, and of later ones."""
    sent = _Counting.sent
    for query in FIRST:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{root}404.html", wait_until="networkidle")
        sent.clear()
        page.keyboard.press("/")
        page.wait_for_load_state("networkidle")
        entered = sum(sent)
        taken = page.evaluate(_MEASURE, query)
        print(
            f"  first query {query!r:<20} {taken:6.1f} ms, {sum(sent) / 1000:6.1f} kB in"
            f" {len(sent)} files ({entered / 1000:.1f} kB when the field is entered)"
        )
        context.close()
    page = browser.new_page()
    page.goto(f"{root}404.html")
    page.keyboard.press("/")
    for query in QUERIES:
        sent.clear()
        first, *later = [page.evaluate(_MEASURE, query) for _ in range(5)]
        print(
            f"  {query:<24} {first:6.1f} ms, {sum(sent) / 1000:6.1f} kB in {len(sent):2} files,"
            f" again {statistics.median(later):5.1f} ms"
        )


def main() -> None:
    cases = int(sys.argv[1]) if sys.argv[1:] else 5000
    with tempfile.TemporaryDirectory() as name:
        make_site(Path(name), cases)
        handler = partial(_Counting, directory=name)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as play:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = play.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            measure(browser, f"http://127.0.0.1:{server.server_port}/")
            browser.close()
            server.shutdown()


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    main()
