"""Layers of the front matter, held against the steps that they are to name."""

from collections.abc import Iterator

from sitegen import codes
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic, meant_hint
from sitegen.web.index.layers import author_layer


def unmet_layers(subject: Subject) -> Iterator[Diagnostic]:
    """Functions and paths that no step has. Nothing is said of a log that is not decoded."""
    names = subject.document.front.layers
    if not names:
        return
    entries = [entry for _, entry in subject.entries()]
    steps = [step for one in entries for report in one.reports for step in report.chain]
    whole = len(entries) == len(subject.document.logs)
    if not whole or not any(step.file for step in steps):
        return
    functions = {step.function for step in steps}
    files = {step.file for step in steps if step.file}
    for name in names:
        if any(author_layer({name: name}, step.function, step.file) for step in steps):
            continue
        if "/" in name:
            message, near = f"no step of the case lies below '{name[:80]}'", files
        else:
            message, near = f"no step of the case is '{name[:80]}'", functions
        hint = meant_hint(name[:80], near)
        yield Diagnostic(codes.M024, message, subject.key(f"layers.{name}", "layers"), hint)
