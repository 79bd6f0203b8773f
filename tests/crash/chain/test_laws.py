"""What holds for every chain, whatever a report and an image say."""

import random

import pytest

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.absent import absent
from sitegen.crash.chain.link import link
from sitegen.crash.chain.origin import origin
from sitegen.crash.chain.route import crash_stack, reporting
from sitegen.crash.chain.texttree import WIDTH, chain_text
from sitegen.model import CrashLog, ReportEvidence

X86 = find_arch("x86_64")

NAMES = (
    *("a", "b", "c", "d", "e", "f.cold", "g.isra.0", "x64_sys_call", "panic", "dump_stack"),
    *("entry_SYSCALL_64", "asm_exc_page_fault", "asm_common_interrupt", "common_interrupt"),
    *("process_one_work", "kthread", "ret_from_fork", "handle_softirqs", "do_idle", "0x12"),
)


def build(seed, make, image):
    """A report of chance, and an image in which anything may call, jump to or hold anything."""
    pick = random.Random(seed)
    known = [name for name in NAMES if name != "0x12" and pick.random() < 0.85]
    for name in known:
        image.put(name, pick.choice(("", "a.c", "include/b.h")), pick.choice((None, 3)))
        if pick.random() < 0.8:
            image.calls(name, pick.choice(("", *known)))
        if pick.random() < 0.3:
            image.leaves(name, *pick.sample(known, 1), target=pick.choice(("", *known)))
        if pick.random() < 0.3:
            image.jumps(name, *pick.sample(known, pick.randint(1, 3)))
        if pick.random() < 0.4:
            image.holds(name, "ops", type="ops", member=pick.choice(("go", "stop")))
        if pick.random() < 0.4:
            image.takes(pick.choice(known), name, before=pick.choice(("", "call_rcu", "call")))
        image.jumping[name] = pick.choice((None, (), tuple(pick.sample(known, 1))))
    parts = []
    if pick.random() < 0.7:
        parts.append(make.state(pick.choice(NAMES), lr=pick.choice(("", *known))))
    for context in pick.sample(("irq", "task", "task"), pick.randint(0, 3)):
        count = pick.choice((0, 1, 4, 9, 40))
        names = [
            pick.choice(("", "", "", "? ")) + pick.choice(NAMES) + pick.choice(("", "", "!"))
            for _ in range(count)
        ]
        parts.append(make.trace(*names, context=context))
    if pick.random() < 0.5:
        parts.append(make.state(user=True, orig_rax=pick.choice((0, 1, 2**40))))
    return make.report(*parts)


@pytest.mark.parametrize("seed", range(300))
def test_a_chain_keeps_the_laws(seed, make, image):
    report = build(seed, make, image)
    answers = image.answers(report)
    chain = link(report, answers, image=image, arch=X86)
    assert chain == link(report, answers, image=image, arch=X86), "the same again"
    frames = [frame for trace in report.traces for frame in trace.frames]
    doubted = {frame.at.line for frame in frames if not frame.reliable}
    for before, step in zip((None, *chain), chain, strict=False):
        assert step.function
        assert step.log_line is None or step.log_line not in doubted
        assert (step.log_line is None) == step.missing
        edge = step.edge
        pointed = edge.kind == "indirect" or edge.indirect
        assert pointed or not edge.tables
        # What is not proved is a target, unless nobody can tell who else jumps here.
        assert not (edge.unproved and edge.tables) or "was not looked at" in edge.note
        assert pointed or not edge.unproved
        assert edge.kind != "tail" or edge.missing or step.missing
        assert before is not None or edge.kind in {"entry", "trap", "unknown"}
        assert step.repeat == 1 or step.again is not None
    lines = [step.log_line for step in chain if step.log_line is not None]
    assert len(set(lines)) <= len(frames) + 2
    found = absent(report, answers, image)
    stack = [frame for trace in crash_stack(report.traces) for frame in trace.frames]
    assert bool(found.reason) == (not any(frame.reliable for frame in stack))
    assert found.caller is None or not found.caller.reliable
    assert not {step.log_line for step in chain} & {found.caller.at.line if found.caller else -1}
    log = CrashLog(("",) * report.last, (), (report,))
    words = origin(chain, report, log)
    assert bool(words) <= bool(chain)
    evidence = ReportEvidence("crash", chain=chain, origin=words, reporting=reporting(report, X86))
    text = chain_text(evidence)
    assert bool(text) == bool(chain)
    assert max(map(len, text.split("\n"))) <= WIDTH
