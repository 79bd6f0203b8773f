"""`source` directives that the lock has nothing for, held against the tree."""

from collections.abc import Iterator

from sitegen import codes
from sitegen.build.excerpts import find_wanted, with_excerpts
from sitegen.build.kernels import Kernels
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic, Sink


def wrong_excerpts(subject: Subject, kernels: Kernels) -> Iterator[Diagnostic]:
    """What is asked for and is not in the tree either: the lock is not to blame."""
    wanted = find_wanted(subject.document)
    for log, entry in subject.entries():
        held = {one.asked for one in entry.excerpts}
        missing = tuple(one for one in wanted.get(log.id, ()) if one.asked not in held)
        release = subject.document.release(log, entry.kernel)
        kernel = kernels.find(release, "")
        # An image that is elsewhere might be fetched to find a function in it: not by a check.
        if kernels.whereabouts(release) == "elsewhere":
            continue
        here = kernel is not None and any(one.exists() for one in kernel.source_folders())
        if missing and kernel is not None and here:
            met = Sink()
            with_excerpts(
                entry, None, missing, kernel=kernel, kernels=kernels, relock=False, sink=met
            )
            yield from (one for one in met if one.code.id == codes.R003.id)
