"""A log of a known crash -> a file beside its case, and a block in it.

The case is its author's: what is added stands below its last log, and all else stays byte for
byte. It is put back as it was when it does not read as it should.
"""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.authoring.cut import LONG, cut_log
from sitegen.authoring.draft import DraftLog
from sitegen.authoring.grouping import Seen
from sitegen.authoring.places import free_file
from sitegen.authoring.render import beside
from sitegen.build.naming import namer
from sitegen.diagnostics import Place, Sink
from sitegen.project import Project
from sitegen.web.content import Document, read_document
from sitegen.web.markdown import find_panics
from sitegen.wording import reason_of

_FENCE = re.compile(r"(`{3,}|~{3,})")


class Addition(NamedTuple):
    """A log that a case lacks."""

    case: str
    "its file, relative to the root"
    path: str
    "of the same, from the content folder"
    name: str
    "of the log, as people call it"
    log: DraftLog

    @property
    def block(self) -> str:
        """The Markdown that puts the log into the case."""
        return beside(self.log)


def plan_additions(
    project: Project, case: Document, new: Sequence[Seen], *, kernel: str = "", longest: int = LONG
) -> tuple[Addition, ...]:
    """What is to be added to a case: each log under a name that is free beside it."""
    folder = (project.root / case.file).parent
    taken = {path.name.lower() for path in folder.iterdir()}
    # Beside a case in a file of its own stand those of others.
    prefix = "" if case.file.endswith("/index.md") else f"{Path(case.file).stem}-"
    public = namer(project, [one.text for one in new])
    additions = []
    for one in new:
        cut = cut_log(one.text, one.log, longest=longest)
        log = DraftLog(
            data=cut.text.encode() if cut.left_out else one.found.data,
            file=free_file(prefix + public(one.found.file), taken),
            day=one.day,
            kernel=kernel,
        )
        additions.append(Addition(case.file, case.path, one.found.name, log))
    return tuple(additions)


def add(project: Project, addition: Addition, sink: Sink) -> bool:
    """Writes the log and its block. False, with a complaint, where the author has to; nothing is changed then."""
    case = project.root / addition.case
    file = case.parent / addition.log.file
    before = _read(project, addition)
    if before is None:
        return _by_hand(addition, "it cannot be read", sink)
    try:
        old = case.read_bytes()
        new = _with_block(old.decode("utf-8"), before, addition.block)
        if new is None:
            return _by_hand(addition, "it has no log at the margin to put it below", sink)
        with file.open("xb") as stream:
            stream.write(addition.log.data)
        _replace(case, new.encode())
        after = _read(project, addition)
        expected = [*(log.text for log in before.logs), addition.log.text]
        if after is None or [log.text for log in after.logs] != expected:
            _replace(case, old)
            file.unlink()
            return _by_hand(addition, "it would not be read as it should", sink)
    except (OSError, UnicodeDecodeError) as error:
        why = reason_of(error) if isinstance(error, OSError) else "it is not UTF-8"
        return _by_hand(addition, why, sink)
    return True


def _by_hand(addition: Addition, why: str, sink: Sink) -> bool:
    message = f"'{addition.name}' was not added: {why}"
    hint = "put the block into it by hand"
    sink.add(codes.G017, message, at=Place(addition.case), hint=hint)
    return False


def _read(project: Project, addition: Addition) -> Document | None:
    return read_document(
        addition.path,
        folder=project.content,
        root=project.root,
        sink=Sink(),
        find_panics=find_panics,
    )


def _with_block(text: str, document: Document, block: str) -> str | None:
    """The text with `block` below the document's last log; None where that is no fence at the margin."""
    if not document.logs:
        return None
    lines = text.split("\n")
    opens = document.logs[-1].block - 1
    fence = _FENCE.match(lines[opens]) if opens < len(lines) else None
    if fence is None:
        return None
    closing = re.compile(rf"{re.escape(fence[1][0])}{{{len(fence[1])},}}[ \t]*\r?\Z")
    ends = next((n for n in range(opens + 1, len(lines)) if closing.match(lines[n])), None)
    if ends is None:
        return None
    end = "\r" if lines[opens].endswith("\r") else ""
    above = [*lines[:ends], lines[ends].rstrip("\r") + end]
    more = [end, *(line + end for line in block.split("\n"))]
    # Where the file ends with the fence no line feed follows.
    return "\n".join([*above, *more, *(lines[ends + 1 :] or [""])])


def _replace(path: Path, data: bytes) -> None:
    """Puts `data` into the file at `path`, all or nothing; its mode stays."""
    mode = path.stat().st_mode & 0o777
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".sitegen-", delete=False) as stream:
        stage = Path(stream.name)
        stream.write(data)
    try:
        stage.chmod(mode)
        stage.replace(path)
    except OSError:
        stage.unlink(missing_ok=True)
        raise
