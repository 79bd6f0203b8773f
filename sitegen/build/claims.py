"""What the claims of a document need of the image -> layouts of types, kept in its lock.

Claims themselves are checked when the page is rendered, against what the lock holds. What it
holds is used as long as the log is the same; the rest is read from the image of its kernel.
"""

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.build.kernels import Kernels
from sitegen.diagnostics import Place, Sink
from sitegen.model import Layout, LogEvidence
from sitegen.project import Kernel
from sitegen.web.claims import MemberClaim, read_claim, split_log
from sitegen.web.content import Document
from sitegen.web.markdown import find_asked, find_roles

if TYPE_CHECKING:  # decoding is imported when something is decoded
    from sitegen.crash.symbols.symbolizer import Symbolizer


class Wanted(NamedTuple):
    """A member that something is claimed of, and where that stands."""

    claim: MemberClaim
    at: Place


def find_members(document: Document) -> dict[str, tuple[Wanted, ...]]:
    """The members claimed something of, by the id of the log that is meant; each once."""
    found: dict[str, dict[str, Wanted]] = {}
    first = document.logs[0].id if document.logs else ""
    uses = (*find_asked(document.body, "claim"), *find_roles(document.body, "claim"))
    for use in sorted(uses, key=lambda use: use.line):
        said, log = split_log(" ".join(use.argument.split()))
        claim = read_claim(said)
        if isinstance(claim, MemberClaim):
            at = Place(document.file, document.body_line + use.line - 1)
            wanted = found.setdefault(log or use.log or first, {})
            wanted.setdefault(claim.asked, Wanted(claim, at))
    return {log: tuple(wanted.values()) for log, wanted in found.items()}


def with_layouts(
    entry: LogEvidence,
    known: LogEvidence | None,
    wanted: tuple[Wanted, ...],
    *,
    kernel: Kernel | None,
    kernels: Kernels | None,
    relock: bool,
    sink: Sink,
) -> LogEvidence:
    """The evidence with the layouts that are wanted and no others, in the order of the document.

    `known` is the lock's entry. Without `kernels` nothing is opened, and what the lock lacks is
    complained about. An image that is not the log's kernel is not asked.
    """
    fresh = known is not None and known.sha256 == entry.sha256
    held: dict[str, tuple[Layout, ...]] = {}
    for layout in known.layouts if known is not None and fresh else ():
        held[layout.asked] = (*held.get(layout.asked, ()), layout)
    new = relock or (known is not None and entry.reports != known.reports)
    if new and kernels is not None and _image_of(kernel, kernels) is not None:
        held = {}
    missing = [one for one in wanted if one.claim.asked not in held]
    if missing and kernels is None and kernel is not None and (kernel.vmlinux or kernel.elsewhere):
        for one in missing:
            message = f"the lock has no layout of '{one.claim.asked}'"
            hint = "run sitegen build where the kernel's image is, and commit the lock"
            sink.add(codes.S007, message, at=one.at, hint=hint)
    sizes = entry.provenance.sizes
    if missing and kernels is not None and not (sizes and sizes.different):
        image = _image_of(kernel, kernels)
        if image is not None:
            held |= _read(image, entry, [one.claim for one in missing])
    layouts = tuple(layout for one in wanted for layout in held.get(one.claim.asked, ()))
    return replace(entry, layouts=layouts)


def _image_of(kernel: Kernel | None, kernels: Kernels) -> "Symbolizer | None":
    return kernels.open(kernel).symbolizer if kernel is not None else None


def _read(
    image: "Symbolizer", entry: LogEvidence, claims: list[MemberClaim]
) -> dict[str, tuple[Layout, ...]]:
    """The layouts that the image has, by what is asked; what it cannot tell is left out."""
    from sitegen.crash.symbols.values import Decoded, Member, Query  # noqa: PLC0415  reason: first use

    frames = [frame for report in entry.reports for t in report.traces for frame in t.frames]
    frames += [report.pc for report in entry.reports if report.pc]
    # Opens the modules of the log as well, and tells which units are likely to know the types.
    queries = [
        Query(frame.symbol, frame.offset or 0, frame.size or 0, frame.module, "exact")
        for frame in frames[:_MOST_FRAMES]
        if frame.symbol and frame.reliable
    ]
    near = [one for one in image.decode(queries or [Query("")]) if isinstance(one, Decoded)]
    members = []
    for claim in claims:
        keyword, _, name = claim.type.rpartition(" ")
        members.append(Member(keyword, name, claim.path))
    found = {}
    for claim, several in zip(claims, image.layouts(members, near), strict=True):
        if several:
            found[claim.asked] = tuple(
                Layout(
                    asked=claim.asked,
                    offset=one.offset,
                    size=one.size,
                    bit=one.bit,
                    bits=one.bits,
                    file=one.file,
                    line=one.line,
                    missing=one.missing,
                )
                for one in several
            )
        elif several is not None:
            names = ", ".join(one.name for one in image.identify())
            missing = f"no type '{claim.type}' in {names}"
            found[claim.asked] = (Layout(asked=claim.asked, missing=missing, typeless=True),)
    return found


_MOST_FRAMES = 64
