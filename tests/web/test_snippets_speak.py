"""Every snippet of a real walk shows the call that it is about, or the page says why it does not."""

import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.crash.analyse import analyse
from sitegen.crash.log import parse
from sitegen.crash.source import Tree, open_tree
from sitegen.crash.source.snippets import MAX_SHOWN
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.web.content import EmbeddedLog, FrontMatter
from sitegen.web.directives import Case, CaseLog, source
from sitegen.web.directives.steps import Step, steps_of
from sitegen.web.directives.walk import Block, walk_view

KERNEL = Path(__file__).parents[2] / "content/_kernel"
LOGS = sorted((KERNEL / "logs").glob("*.log"))


def cases(path: Path, image: Symbolizer, tree: Tree) -> list[Case]:
    """A case for each report of the log."""
    log = parse(path.read_text(errors="replace"))
    entry = analyse(log, id="panic-1", sha256="", symbolizer=image, tree=tree)
    embedded = EmbeddedLog(id="panic-1", text="", sha256="", path="x.md", block=1)
    return [
        Case(
            front=FrontMatter(),
            logs=(
                CaseLog(
                    id="panic-1",
                    embedded=embedded,
                    log=replace(log, reports=(report,)),
                    evidence=replace(entry, reports=(found,)),
                ),
            ),
        )
        for report, found in zip(log.reports, entry.reports, strict=True)
    ]


def fault(step: Step, block: Block, after: Block | None) -> str:
    """What the block leaves unsaid; empty when nothing."""
    snippet = step.step.snippet
    if snippet is None:
        return "" if block.reason else "no snippet, and no reason"
    if not (names(snippet.text, block.name) or "name" in block.note or "make" in block.note):
        return "the function's name is not there" if "SYSCALL_DEFINE" not in snippet.text else ""
    if not step.to or step.step.interrupted or step.onward.kind in {"entry", "trap"}:
        return ""
    if names(snippet.text, step.to) or block.note:
        return ""
    if step.onward.kind == "indirect" and source.marked(snippet):
        return ""
    if step.onward.kind == "unknown" and after is not None and after.came:
        return ""
    return "the call is not there"


def names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def check(path: Path, image: Symbolizer, tree: Tree) -> int:
    """Asserts that nothing is left unsaid; how many snippets the log's walks show."""
    shown = 0
    for case in cases(path, image, tree):
        steps = steps_of(case, case.logs[0])
        view = walk_view(case, case.logs[0], steps)
        blocks = [block for layer in view.layers for block in layer.blocks] if view else []
        for step, block, after in zip(steps, blocks, [*blocks[1:], None], strict=False):
            assert not fault(step, block, after), (path.stem, block.name)
            snippet = step.step.snippet
            assert snippet is None or snippet.text.count("\n") <= MAX_SHOWN
            shown += snippet is not None
    return shown


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_every_snippet_shows_its_call_or_the_page_says_why_not(path: Path) -> None:
    tree = open_tree(KERNEL / "src")
    assert isinstance(tree, Tree)
    with Symbolizer(KERNEL / "vmlinux", [], cache=None) as image, tree:
        assert check(path, image, tree)


CORPUS = Path(__file__).parents[3] / "shared/corpus/qemu"


@pytest.mark.kernel
@pytest.mark.parametrize(("machine", "prefix"), [("amd64", "x86-"), ("arm64", "arm64-")])
def test_so_does_every_snippet_of_a_distributions_kernel(machine: str, prefix: str) -> None:
    root = Path(os.environ.get("SITEGEN_KERNELS", "nowhere"))
    if not (root / machine / "vmlinux").is_file():
        pytest.skip(f"SITEGEN_KERNELS has no {machine}/vmlinux")
    logs = sorted((CORPUS / "logs").glob(f"{prefix}*.log"))
    tree = open_tree(root / "linux-source-6.1")
    if not logs or not isinstance(tree, Tree):
        pytest.skip("there is no corpus of logs beside the project, or no source tree")
    modules = [root / machine / "modules", CORPUS / "modules" / machine]
    found = [path for path in modules if path.is_dir()]
    with Symbolizer(root / machine / "vmlinux", found, cache=None) as image, tree:
        assert sum(check(path, image, tree) for path in logs) > len(logs)
