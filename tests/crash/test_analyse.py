import hashlib
import os
import re
from pathlib import Path

import pytest

from sitegen.crash import lockfile
from sitegen.crash.analyse import analyse
from sitegen.crash.log import decode_bytes, parse
from sitegen.crash.source import open_tree
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Call, Decoded, Undecoded
from sitegen.model import Evidence

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "content/_kernel"
CORPUS = ROOT.parent / "shared/corpus/qemu"
KERNELS = os.environ.get("SITEGEN_KERNELS", "")

PANIC = """\
[    3.0] sysrq: Trigger a crash
[    3.1] Kernel panic - not syncing: sysrq triggered crash
[    3.2] CPU: 1 PID: 92 Comm: sh Not tainted 6.1.0-56-amd64 #1  Debian 6.1.192-2
[    3.3] Call Trace:
[    3.4]  <TASK>
[    3.5]  dump_stack_lvl+0x44/0x5c
[    3.5]  panic+0x118/0x2f4
[    3.5]  ? _printk+0x68/0x83
[    3.5]  sysrq_handle_crash+0x16/0x20
[    3.5]  do_syscall_64+0x5d/0xb0
[    3.5]  entry_SYSCALL_64_after_hwframe+0x6e/0xd8
[    3.6]  </TASK>
"""


def read(path):
    return parse(decode_bytes(path.read_bytes()))


def functions(evidence, report=0):
    return [step.function for step in evidence.reports[report].chain]


# --- without an image ---------------------------------------------------------------------------


def test_without_an_image_frames_say_why_and_the_chain_is_there():
    evidence = analyse(parse(PANIC), id="panic-1", sha256="00", missing="the image is elsewhere")
    assert (evidence.id, evidence.sha256, evidence.arch) == ("panic-1", "00", "x86_64")
    assert evidence.kernel == "6.1.0-56-amd64"
    assert evidence.provenance.missing == "the image is elsewhere"
    assert evidence.provenance.decoded_by is None
    frames = evidence.reports[0].traces[0].frames
    assert [frame.symbol for frame in frames][:3] == ["dump_stack_lvl", "panic", "_printk"]
    assert {frame.undecoded for frame in frames} == {"the image is elsewhere"}
    assert (frames[1].offset, frames[1].size, frames[1].line) == (0x118, 0x2F4, 7)
    assert functions(evidence) == [
        *("entry_SYSCALL_64_after_hwframe", "do_syscall_64", "sysrq_handle_crash", "panic")
    ]


def test_a_log_that_came_decoded_keeps_its_lines():
    text = """\
[   79.8] Kernel panic - not syncing: sysrq triggered crash
[   79.8] CPU: 6 PID: 969 Comm: bash Not tainted 6.2.0-rc2 #2
[   79.8] Call Trace:
[   79.8] <TASK>
[   79.8] dump_stack_lvl (lib/dump_stack.c:107 (discriminator 4))
[   79.8] panic (kernel/panic.c:336)
[   79.8] vfs_write (fs/read_write.c:582)
[   79.8] do_syscall_64 (arch/x86/entry/common.c:50 arch/x86/entry/common.c:80)
[   79.8] </TASK>
"""
    evidence = analyse(parse(text), id="a", sha256="")
    assert evidence.provenance.decoded_by == "log"
    assert evidence.provenance.missing == ""
    chain = evidence.reports[0].chain
    assert [(step.function, step.file, step.line) for step in chain] == [
        ("do_syscall_64", "arch/x86/entry/common.c", 80),
        ("vfs_write", "fs/read_write.c", 582),
        ("panic", "kernel/panic.c", 336),
    ]
    assert [(step.edge.kind, step.edge.proof) for step in chain[1:]] == [("unknown", "log")] * 2
    assert [len(frame.calls) for frame in evidence.reports[0].traces[0].frames] == [1, 1, 1, 2]


def test_a_log_without_reports_is_evidence_of_nothing():
    evidence = analyse(parse("nothing happened\n"), id="a", sha256="", missing="no image")
    assert evidence.reports == ()
    assert evidence.provenance.missing == ""


SLUB = """\
[    3.7] BUG kmalloc-64 (Tainted: G           OE     ): Poison overwritten
[    3.7] -----------------------------------------------------------------------------
[    3.7] 0xffff894edfce065b-0xffff894edfce065b @offset=1627. First byte 0x58 instead of 0x6b
[    3.7] Allocated in cm_node_new+0x22/0xb0 [crashme] age=2 cpu=1 pid=94
[    3.7]  kmalloc_trace+0x26/0x90
[    3.7]  cm_node_new+0x22/0xb0 [crashme]
[    3.7] Freed in cm_uaf_write+0x32/0x70 [crashme] age=2 cpu=1 pid=94
[    3.7]  cm_write+0x6b/0xb0 [crashme]
[    3.7] Slab 0xfffff6aac07f3800 objects=16 used=11 fp=0xffff894edfce0440
[    3.7] CPU: 1 PID: 94 Comm: sh Tainted: G           OE      6.1.0-56-amd64 #1  Debian 6.1.192-2
[    3.7] Call Trace:
[    3.7]  <TASK>
[    3.7]  dump_stack_lvl+0x44/0x5c
[    3.7]  check_bytes_and_report.cold+0x6d/0x97
[    3.7]  check_object+0x22b/0x280
[    3.7]  alloc_debug_processing+0xa8/0x120
[    3.7]  get_partial_node.part.0+0x256/0x400
[    3.7]  kmalloc_trace+0x26/0x90
[    3.7]  cm_uaf_write+0x50/0x70 [crashme]
[    3.7]  </TASK>
"""


def test_what_slub_found_is_walked_from_where_it_was_found():
    (report,) = analyse(parse(SLUB), id="one", sha256="x").reports
    assert [step.function for step in report.chain] == [
        *("cm_uaf_write", "kmalloc_trace", "get_partial_node"),
    ]
    assert report.reporting[:2] == ("alloc_debug_processing", "check_object")


class FixedImage:
    """Answers from a table by name, whatever is asked of it besides."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def decode(self, queries):
        self.asked += queries
        none = Undecoded("no such symbol", absent=True)
        return tuple(self.answers.get(query.name, none) for query in queries)

    def identify(self):
        return ()

    def sites(self, places):
        return (None,) * len(places)

    def holders(self, functions):
        return ((),) * len(functions)

    def bounds(self, places):
        return ((),) * len(places)

    def tail_paths(self, *_, **__):
        return ()


def test_each_frame_is_asked_with_what_it_called():
    image = FixedImage({})
    analyse(parse(PANIC), id="a", sha256="", symbolizer=image)
    asked = {query.name: query for query in image.asked}
    assert asked["panic"].callee == "dump_stack_lvl"
    assert asked["sysrq_handle_crash"].callee == "panic", "and not a frame in doubt"
    assert (asked["panic"].offset, asked["panic"].size) == (0x118, 0x2F4)


def test_the_caller_of_the_pc_is_asked_with_it_and_the_interrupted_task_is_not():
    text = """\
[    2.9] BUG: kernel NULL pointer dereference, address: 0000000000000028
[    2.9] Oops: 0000 [#1] PREEMPT SMP NOPTI
[    2.9] CPU: 1 PID: 0 Comm: swapper/1 Not tainted 6.1.0-56-amd64 #1
[    2.9] RIP: 0010:fault+0x5/0x10
[    2.9] RSP: 0018:ffffd4a7000d0ea0 EFLAGS: 00000202
[    2.9] RAX: 0000000000000000 RBX: 0000000000000101 RCX: ffff8d475ed20b00
[    2.9] Call Trace:
[    2.9]  <IRQ>
[    2.9]  timer_fn+0x11/0x20
[    2.9]  sysvec_apic_timer_interrupt+0x6e/0x90
[    2.9]  </IRQ>
[    2.9]  <TASK>
[    2.9]  asm_sysvec_apic_timer_interrupt+0x16/0x20
[    2.9]  do_idle+0x206/0x2b0
[    2.9]  </TASK>
"""
    image = FixedImage({})
    evidence = analyse(parse(text), id="a", sha256="", symbolizer=image)
    callees = {query.name: query.callee for query in image.asked}
    assert callees["timer_fn"] == "fault"
    assert callees["asm_sysvec_apic_timer_interrupt"] == ""
    assert evidence.reports[0].pc.symbol == "fault"
    assert functions(evidence)[-2:] == ["timer_fn", "fault"]


def test_addresses_are_asked_without_the_slide():
    text = PANIC.replace("sysrq_handle_crash+0x16/0x20", "0xffffffff99000010")
    text += (
        "[    3.7] Kernel Offset: 0x17a00000 from 0xffffffff81000000 "
        "(relocation range: 0xffffffff80000000-0xffffffffbfffffff)\n"
    )
    image = FixedImage({})
    evidence = analyse(parse(text), id="a", sha256="", symbolizer=image)
    assert 0xFFFFFFFF99000010 - 0x17A00000 in {query.address for query in image.asked}
    assert 0xFFFFFFFF99000010 in {f.address for f in evidence.reports[0].traces[0].frames}


def test_addresses_are_not_guessed_at_where_the_slide_is_not_known():
    text = PANIC.replace("sysrq_handle_crash+0x16/0x20", "0xffffffff99000010")
    evidence = analyse(parse(text), id="a", sha256="", symbolizer=FixedImage({}))
    (frame,) = (f for f in evidence.reports[0].traces[0].frames if f.address)
    assert frame.undecoded == "nothing says where KASLR moved the kernel to"


def test_sizes_are_counted_once_a_symbol():
    def place(name, *, equal):
        return Decoded((Call(name, "a.c", 1),), "vmlinux", "", 1, 0, equal)

    image = FixedImage(
        {
            "panic": place("panic", equal=True),
            "do_syscall_64": place("do_syscall_64", equal=False),
            "dump_stack_lvl": Undecoded("size differs", size_equal=False),
        }
    )
    doubled = PANIC.replace("?", "panic+0x118/0x2f4\n[    3.5]  ?")
    sizes = analyse(parse(doubled), id="a", sha256="", symbolizer=image).provenance.sizes
    assert (sizes.equal, sizes.different) == (1, ("do_syscall_64", "dump_stack_lvl"))
    assert sizes.absent == 3


# --- laws of evidence ---------------------------------------------------------------------------


def check(evidence, tree):
    """What holds for every chain, whatever the log."""
    for report in evidence.reports:
        for frame in (f for trace in report.traces for f in trace.frames):
            assert bool(frame.calls) != bool(frame.undecoded)
        doubtful = {
            frame.line for trace in report.traces for frame in trace.frames if not frame.reliable
        }
        for before, step in zip((None, *report.chain), report.chain, strict=False):
            assert step.function
            assert step.log_line not in doubtful
            assert (step.edge.kind == "inlined") <= step.inlined
            assert bool(step.edge.tables) <= (step.edge.kind == "indirect" or step.edge.indirect)
            check_snippet(step.snippet, tree)
            for table in step.edge.tables:
                check_snippet(table.snippet, tree)
                if table.initializer:
                    assert step.function in tree.lines(table.file)[table.initializer - 1]
            for place in step.edge.handed:
                check_snippet(place.snippet, tree)
                if place.line and not place.by:
                    assert step.function in tree.lines(place.file)[place.line - 1]
            if before and before.snippet and before.snippet.column and step.edge.kind == "direct":
                line = tree.lines(before.file)[before.snippet.mark - 1]
                marked = line[before.snippet.column - 1 : before.snippet.end - 1]
                # A macro makes the call where the line does not spell the callee.
                assert step.function in marked or not re.search(rf"\b{step.function}\b", line)


def check_snippet(snippet, tree):
    if snippet is None:
        return
    lines = tree.lines(snippet.file)
    shown = [lines[n - 1] for first, last in snippet.shown for n in range(first, last + 1)]
    text = "".join(f"{line}\n" for line in shown)
    assert snippet.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert len(shown) <= 25
    assert snippet.text in {"", text}
    assert snippet.mark is None or any(a <= snippet.mark <= b for a, b in snippet.shown)


# --- the embedded kernel ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def embedded():
    if not (EMBEDDED / "vmlinux").is_file():
        pytest.skip("the embedded kernel is not built")
    tree = open_tree(EMBEDDED / "src")
    with Symbolizer(EMBEDDED / "vmlinux", cache=None) as symbolizer:
        yield symbolizer, tree


def analysed(log, kernel, **options):
    symbolizer, tree = kernel
    return analyse(log, id="a", sha256="", symbolizer=symbolizer, tree=tree, **options)


def test_the_embedded_kernels_panic_is_walked_from_the_system_call(embedded):
    evidence = analysed(read(EMBEDDED / "logs/sysrq.log"), embedded)
    chain = evidence.reports[0].chain
    assert [step.function for step in chain if not step.missing] == [
        *("entry_SYSCALL_64_after_hwframe", "do_syscall_64", "do_syscall_x64", "ksys_write"),
        *("vfs_write", "proc_reg_write", "pde_write", "write_sysrq_trigger", "__handle_sysrq"),
        *("sysrq_handle_crash", "panic"),
    ]
    assert [step.function for step in chain if step.inlined] == ["do_syscall_x64", "pde_write"]
    (array,) = [step for step in chain if step.edge.expression == "sys_call_table[unr](regs)"]
    assert array.edge.kind == "indirect"
    tables = {step.function: [t.symbol for t in step.edge.tables] for step in chain}
    assert "proc_reg_file_ops" in tables["proc_reg_write"]
    assert tables["write_sysrq_trigger"] == ["sysrq_trigger_proc_ops"]
    assert tables["sysrq_handle_crash"] == ["sysrq_crash_op"]
    assert evidence.provenance.sizes.different == ()
    assert evidence.provenance.decoded_by == "sitegen"
    assert [step.snippet is not None for step in chain] == [True] * len(chain)


def test_an_interrupt_on_top_of_a_task_is_one_chain_of_several_contexts(embedded):
    evidence = analysed(read(EMBEDDED / "logs/irq.log"), embedded)
    chain = evidence.reports[0].chain
    contexts = [step.context for step in chain]
    assert list(dict.fromkeys(contexts)) == ["task", "irq", "softirq"]
    assert contexts == sorted(contexts, key=["task", "irq", "softirq"].index), "one inside the next"
    border = [step.edge.mechanism for step in chain if step.edge.kind == "entry"]
    assert border == ["system call", "interrupt"]


@pytest.mark.parametrize("name", ["sysrq", "null", "bug", "warn", "irq"])
def test_evidence_of_the_embedded_kernel_keeps_the_laws(embedded, name):
    log = read(EMBEDDED / f"logs/{name}.log")
    evidence = analysed(log, embedded)
    check(evidence, embedded[1])
    edges = [step.edge for report in evidence.reports for step in report.chain]
    assert [edge for edge in edges if edge.kind == "unknown"] == []
    lock = Evidence(schema=1, logs=(evidence,))
    assert lockfile.decode(lockfile.encode(lock)) == lock
    assert analysed(log, embedded) == evidence, "the same again"
    bare = analysed(log, embedded, snippets=False)
    check(bare, embedded[1])
    assert b'"text"' not in lockfile.encode(Evidence(schema=1, logs=(bare,)))


# --- a distribution's kernel --------------------------------------------------------------------


@pytest.fixture(scope="module")
def debian():
    folder = Path(KERNELS)
    if not KERNELS or not (folder / "amd64/vmlinux").is_file():
        pytest.skip("SITEGEN_KERNELS names no folder with amd64/vmlinux")
    if not CORPUS.is_dir():
        pytest.skip("there is no corpus of logs beside the project")
    modules = [folder / "amd64/modules", CORPUS / "modules/amd64"]
    with (
        open_tree(folder / "linux-source-6.1") as tree,
        Symbolizer(
            folder / "amd64/vmlinux", [path for path in modules if path.is_dir()], cache=None
        ) as symbolizer,
    ):
        yield symbolizer, tree


@pytest.mark.kernel
def test_the_walk_of_a_real_sysrq_crash(debian):
    evidence = analysed(read(CORPUS / "logs/x86-sysrq-c-kaslr.log"), debian)
    chain = evidence.reports[0].chain
    assert [(step.function, step.edge.kind, step.file, step.line) for step in chain] == [
        ("entry_SYSCALL_64_after_hwframe", "entry", "arch/x86/entry/entry_64.S", 121),
        ("do_syscall_64", "direct", "arch/x86/entry/common.c", 76),
        ("do_syscall_x64", "inlined", "arch/x86/entry/common.c", 46),
        ("x64_sys_call", "direct", "arch/x86/entry/syscall_64.c", 30),
        ("__x64_sys_write", "tail", "fs/read_write.c", 649),
        ("ksys_write", "tail", "fs/read_write.c", 637),
        ("vfs_write", "direct", "fs/read_write.c", 582),
        ("proc_reg_write", "indirect", "fs/proc/inode.c", 352),
        ("pde_write", "inlined", "fs/proc/inode.c", 340),
        ("write_sysrq_trigger", "indirect", "drivers/tty/sysrq.c", 1164),
        ("__handle_sysrq", "direct", "drivers/tty/sysrq.c", 603),
        ("sysrq_handle_crash", "indirect", "drivers/tty/sysrq.c", 155),
        ("panic", "direct", "kernel/panic.c", 339),
    ]
    assert [step.function for step in chain if step.missing] == ["x64_sys_call", "__x64_sys_write"]
    assert [step.function for step in chain if step.inlined] == ["do_syscall_x64", "pde_write"]
    assert [step.letter for step in chain] == list("SSSSSVVPPDDDK")
    edges = {step.function: step.edge for step in chain}
    assert edges["entry_SYSCALL_64_after_hwframe"].note == "number 1 is write"
    assert edges["ksys_write"].missing == ("x64_sys_call", "__x64_sys_write")
    assert [edge.expression for edge in edges.values() if edge.expression] == [
        "file->f_op->write(file, buf, count, pos)",
        "pde->proc_ops->proc_write(file, buf, count, ppos)",
        "op_p->handler(key)",
    ]
    assert [edge.slot for edge in edges.values() if edge.slot] == [
        *("file_operations.write", "proc_ops.proc_write", "sysrq_key_op.handler")
    ]
    assert [(t.symbol, t.line, t.initializer) for t in edges["proc_reg_write"].tables] == [
        ("proc_reg_file_ops", 578, 581),
        ("proc_iter_file_ops", 590, 593),
        ("proc_reg_file_ops_compat", 604, 607),
        ("proc_iter_file_ops_compat", 617, 621),
    ]
    assert "cannot tell them apart" in edges["proc_reg_write"].note
    assert [(t.symbol, t.initializer) for t in edges["write_sysrq_trigger"].tables] == [
        ("sysrq_trigger_proc_ops", 1171)
    ]
    assert [(t.symbol, t.initializer) for t in edges["sysrq_handle_crash"].tables] == [
        ("sysrq_crash_op", 158)
    ]
    sizes = evidence.provenance.sizes
    assert (sizes.different, sizes.absent) == ((), 0)
    assert evidence.provenance.tree.version == "6.1.192"


@pytest.mark.kernel
def test_no_tree_of_the_right_version_is_taken_for_another(debian):
    for name in ("x86-sysrq-c-kaslr", "x86-dup-type-show", "x86-timer", "x86-hung-nopanic"):
        evidence = analysed(read(CORPUS / f"logs/{name}.log"), debian)
        assert evidence.provenance.mismatched == ()
        chain = [step for report in evidence.reports for step in report.chain]
        assert all(step.snippet or step.unshown or not step.file for step in chain)


@pytest.mark.kernel
def test_another_kernels_tree_shows_nothing_of_its_own(debian):
    with open_tree(Path(__file__).parents[2] / "content/_kernel/src") as tree:
        evidence = analysed(read(CORPUS / "logs/x86-sysrq-c-kaslr.log"), (debian[0], tree))
    (report,) = evidence.reports
    assert not any(step.snippet for step in report.chain)
    assert not any(step.edge.expression for step in report.chain)
    assert not any(table.snippet for step in report.chain for table in step.edge.tables)
    assert {"do_syscall_x64", "vfs_write", "panic"} <= set(evidence.provenance.mismatched)


@pytest.mark.kernel
def test_a_doubtful_frame_between_a_pointer_and_the_next_one_is_told(debian):
    chain = analysed(read(CORPUS / "logs/x86-dup-type-show.log"), debian).reports[0].chain
    steps = {step.function: step for step in chain}
    assert steps["entry_SYSCALL_64_after_hwframe"].edge.note == "number 40 is sendfile"
    assert steps["snprintf"].edge.unproved
    assert "a doubtful frame of type_show, which calls snprintf" in steps["snprintf"].edge.note
    assert steps["snprintf"].interrupted
    assert steps["seq_read_iter"].edge.unproved, "kernfs_fop_read_iter jumps to it"


@pytest.mark.kernel
def test_what_is_made_by_a_macro_is_shown_with_it(debian):
    chain = analysed(read(CORPUS / "logs/x86-null-read.log"), debian).reports[0].chain
    step = next(step for step in chain if step.function == "full_proxy_write")
    assert (step.snippet.mark, step.edge.proof) == (244, "source")
    assert "#define FULL_PROXY_FUNC" in step.snippet.text
    assert step.edge.note.startswith("set at run time, in fs/debugfs/file.c:")


@pytest.mark.kernel
def test_callbacks_are_told_apart_by_who_hands_them_over(debian):
    evidence = analysed(read(CORPUS / "logs/x86-rcu.log"), debian)
    (report,) = evidence.reports
    steps = {step.function: step for step in report.chain}
    assert steps["rcu_core_si"].missing
    assert steps["rcu_core_si"].edge.handed[0].to == "open_softirq"
    callback = steps["cm_rcu_fn"]
    assert (callback.missing, callback.edge.mechanism) == (True, "RCU callback")
    assert [(one.to, one.by) for one in callback.edge.handed] == [("call_rcu", "cm_run_rcu")]
    assert report.origin == (
        "RCU callback cm_rcu_fn on CPU 0 on top of kernel thread kcompactd0, PID 33"
    )
    assert "MEMORY MANAGEMENT" in [one.name for one in evidence.subsystems]


@pytest.mark.kernel
def test_a_jump_through_a_pointer_and_a_patched_call_have_their_tables(debian):
    chain = analysed(read(CORPUS / "logs/x86-null-read.log"), debian).reports[0].chain
    steps = {step.function: step for step in chain}
    assert steps["cm_dispatch"].missing
    edge = steps["cm_null_read"].edge
    assert (edge.kind, edge.indirect, edge.unproved) == ("tail", True, False)
    assert [table.symbol for table in edge.tables] == ["cm_fault_entries"]
    chain = analysed(read(CORPUS / "logs/x86-timer.log"), debian).reports[0].chain
    steps = {step.function: step for step in chain}
    edge = steps["native_safe_halt"].edge
    assert (edge.slot, edge.proof) == ("paravirt_patch_template.irq.safe_halt", "ops-table")
    assert steps["amd_e400_idle"].edge.kind == "tail", "a static call that jumps"


@pytest.mark.kernel
def test_recursion_is_folded_and_a_bad_pc_has_a_possible_caller(debian):
    chain = analysed(read(CORPUS / "logs/x86-stackoverflow.log"), debian).reports[0].chain
    assert [(step.function, step.repeat) for step in chain[-2:]] == [
        ("cm_recurse", 27),
        ("cm_recurse", 1),
    ]
    (report,) = analysed(read(CORPUS / "logs/x86-nx-exec.log"), debian).reports
    assert report.chain == ()
    assert report.unchained.startswith("the kernel vouches for none of the trace's frames")
    assert report.possible_caller.symbol == "cm_nx_exec"


@pytest.fixture(scope="module")
def arm64():
    folder = Path(KERNELS)
    if not KERNELS or not (folder / "arm64/vmlinux").is_file():
        pytest.skip("SITEGEN_KERNELS names no folder with arm64/vmlinux")
    modules = [folder / "arm64/modules", CORPUS / "modules/arm64"]
    if not modules[1].is_dir():
        pytest.skip("there is no corpus of logs beside the project")
    with (
        open_tree(folder / "linux-source-6.1") as tree,
        Symbolizer(folder / "arm64/vmlinux", modules, cache=None) as symbolizer,
    ):
        yield symbolizer, tree


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("timer", ["call_timer_fn", "cm_timer_fn", "cm_ctx_fault"]),
        ("null-exec", ["cm_dispatch", "cm_null_exec", "0x0"]),
        ("null-read", ["cm_null_read", "cm_level2_read", "cm_level3_read"]),
    ],
)
def test_the_caller_of_a_leaf_is_on_the_way(arm64, name, end):
    chain = analysed(read(CORPUS / f"logs/arm64-{name}.log"), arm64).reports[0].chain
    assert [step.function for step in chain if not step.inlined][-3:] == end
    caller = next(step for step in chain if step.function == end[1])
    assert not caller.missing
    assert "link register" in caller.edge.note


@pytest.mark.kernel
def test_every_real_log_gives_evidence_that_keeps_the_laws(debian):
    logs = sorted((CORPUS / "logs").glob("x86-*.log"))
    assert logs
    kinds = []
    for path in logs:
        evidence = analysed(read(path), debian, snippets=False)
        check(evidence, debian[1])
        kinds += [step.edge.kind for report in evidence.reports for step in report.chain]
    assert kinds.count("unknown") < 0.03 * len(kinds), "beginnings of traces included"
