"""All checks, by what they look at. Adding one is a function and its line here."""

from collections.abc import Callable, Iterator, Sequence

from sitegen.build.kernels import Kernels
from sitegen.check.alike import same_bugs, spellings
from sitegen.check.drift import decode_drift, layout_drift
from sitegen.check.excerpts import wrong_excerpts
from sitegen.check.fixes import fixes
from sitegen.check.front import contradictions, promises
from sitegen.check.layers import unmet_layers
from sitegen.check.leftovers import leftovers
from sitegen.check.locks import leftover_entries, leftover_files
from sitegen.check.places import named_places
from sitegen.check.snippets import source_drift
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic
from sitegen.project import Project

DOCUMENT_CHECKS: tuple[Callable[[Subject], Iterator[Diagnostic]], ...] = (
    leftovers,
    contradictions,
    promises,
    unmet_layers,
)
"""Of one document by itself."""

LOCK_CHECKS: tuple[Callable[[Subject, Project], Iterator[Diagnostic]], ...] = (leftover_entries,)
"""Of one document and the file of its lock."""

KERNEL_CHECKS: tuple[Callable[[Subject, Kernels], Iterator[Diagnostic]], ...] = (
    decode_drift,
    layout_drift,
    source_drift,
    wrong_excerpts,
    named_places,
    fixes,
)
"""Of one document and what is at hand of its kernels: image, source tree, history."""

WIKI_CHECKS: tuple[Callable[[Sequence[Subject]], Iterator[Diagnostic]], ...] = (
    spellings,
    same_bugs,
)
"""Of all documents, in the order of their paths, without their logs."""

FOLDER_CHECKS: tuple[Callable[[Project], Iterator[Diagnostic]], ...] = (leftover_files,)
"""Of the content folder."""
