"""A case that was made -> what a terminal says of it: what it is, how far it was decoded, what to do."""

from collections.abc import Callable, Iterator

from sitegen.authoring.make import Made
from sitegen.authoring.packages import package_of
from sitegen.authoring.plan import Plan
from sitegen.model import LogEvidence
from sitegen.wording import counted

FindImage = Callable[[str], str]
"""The path of an installed debug image of a release; empty when there is none."""


def describe(plan: Plan, made: Made, find_image: FindImage) -> Iterator[str]:
    """Lines about the case, without its first, which names its file."""
    logs = made.evidence.logs if made.evidence else ()
    several = len(logs) > 1
    for index, entry in enumerate(logs):
        prefix = f"{plan.logs[index].file}: " if several else ""
        yield prefix + decoded(entry)
        for report in entry.reports:
            if report.corrupted:
                yield f"{prefix}the report is damaged: {report.corrupted}"
        if not several:
            yield from trust(entry)
    for left, log in zip(plan.left_out, plan.logs, strict=True):
        if left:
            yield f"{log.file}: {left} lines far from any report left out"
    if plan.occurrences:
        yield f"{len(plan.occurrences)} further logs of it are counted as occurrences"
    if plan.uncounted:
        yield f"{plan.uncounted} further logs of it without a date are left out"
    missing = next((entry for entry in logs if entry.provenance.missing), None)
    if missing is not None:
        yield from advice(missing, plan.kernel or missing.kernel, find_image)
    for like in made.likes:
        where = f" ({like.path})" if like.path else ""
        yield f"like '{like.title}'{where}: {_decapitalised(like.reason).replace('`', '')}"


def decoded(entry: LogEvidence) -> str:
    """How much of a log was decoded, in a sentence."""
    provenance = entry.provenance
    total = done = 0
    for report in entry.reports:
        for trace in report.traces:
            reliable = [frame for frame in trace.frames if frame.reliable]
            total += len(reliable)
            done += sum(bool(frame.calls) for frame in reliable)
    frames = f"{done} of {counted(total, 'frame')}"
    if provenance.decoded_by == "log":
        return f"came decoded: {frames} with their lines"
    if provenance.missing:
        return f"not decoded: {provenance.missing}"
    return f"decoded {frames}"


def trust(entry: LogEvidence) -> Iterator[str]:
    """How far the image is the kernel's, where one was read."""
    sizes = entry.provenance.sizes
    if sizes is None or not (sizes.equal or sizes.different):
        return
    total = sizes.equal + len(sizes.different)
    if sizes.different:
        shown = ", ".join(sizes.different[:3])
        yield f"{len(sizes.different)} of {total} function sizes differ from the image's ({shown}): it is another kernel's"
    else:
        yield f"image verified by {total} of {total} function sizes"


def advice(entry: LogEvidence, release: str, find_image: FindImage) -> Iterator[str]:
    """What to do so that the log is decoded: lines for the configuration, a package to install."""
    if "no kernel" not in entry.provenance.missing:
        return
    if not release:
        yield "name its kernel: --kernel RELEASE"
        return
    image = find_image(release)
    package = "" if image else package_of(release)
    if package:
        yield f"to decode it, {package}, and add to the configuration:"
    else:
        yield "to decode it, add to the configuration:"
    yield "  [[kernels]]"
    yield f'  release = "{release}"'
    yield f'  vmlinux = "{image or _usual(release, package)}"'


def _usual(release: str, package: str) -> str:
    """Where the package puts the image."""
    if "linux-image" in package:
        return f"/usr/lib/debug/boot/vmlinux-{release}"
    if "dnf" in package:
        return f"/usr/lib/debug/lib/modules/{release}/vmlinux"
    return "path/to/vmlinux"


def _decapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]
