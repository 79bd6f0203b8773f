from types import SimpleNamespace

from sitegen.build.evidence import _remarks
from sitegen.crash import lockfile
from sitegen.model import Evidence, LogEvidence, Provenance, ReportEvidence


def test_a_tree_of_another_version_is_told_from_the_lock_alone():
    functions = ("ksys_write", "panic", "vfs_read", "vfs_write")
    entry = LogEvidence(
        id="0",
        sha256="",
        kernel="6.1.0-56-amd64",
        provenance=Provenance(mismatched=functions),
        reports=(ReportEvidence("kernel panic"),),
    )
    data = lockfile.encode(Evidence(schema=lockfile.SCHEMA, logs=(entry,)))
    (stored,) = lockfile.decode(data).logs
    (problem,) = _remarks(SimpleNamespace(path="cases/a.md", line=7), stored)
    assert (problem.code.id, problem.code.severity) == ("R002", "warning")
    assert "4 functions are not where the image says" in problem.message
    assert "(ksys_write, panic, vfs_read)" in problem.message
    assert "6.1.0-56-amd64" in problem.hint
