"""Every value that crosses a stage border, frozen.

Three families: what a log says (`log`: `CrashLog` and below), what decoding found
(`evidence`: `Evidence` and below, the form of the lock file), and what logs are compared by
(`similar`). What an author wrote is in
`web/content/values.py`, since only web/ and the build read it.
What `crash/symbols` answers is in `crash/symbols/values.py`: `sitegen decode`
must start without importing this module.
"""

from sitegen.model.base import (
    Context,
    Lookup,
    Span,
    Value,
    to_plain,
)
from sitegen.model.evidence import (
    Candidate,
    ChainStep,
    Edge,
    EdgeKind,
    Evidence,
    ImageId,
    LogEvidence,
    Proof,
    Provenance,
    ReportEvidence,
    Sizes,
    Snippet,
    Table,
    Target,
    Trace,
    TraceFrame,
    TreeId,
)
from sitegen.model.log import (
    Call,
    CallTrace,
    CodeDump,
    CrashLog,
    Explanation,
    Frame,
    Instruction,
    Listing,
    Module,
    Record,
    Register,
    Report,
    Section,
    SectionKind,
    State,
    Symbol,
    Task,
    Weight,
)
from sitegen.model.similar import Fingerprint, KnownCase, Match, MatchRules

__all__ = [
    "Call",
    "CallTrace",
    "Candidate",
    "ChainStep",
    "CodeDump",
    "Context",
    "CrashLog",
    "Edge",
    "EdgeKind",
    "Evidence",
    "Explanation",
    "Fingerprint",
    "Frame",
    "ImageId",
    "Instruction",
    "KnownCase",
    "Listing",
    "LogEvidence",
    "Lookup",
    "Match",
    "MatchRules",
    "Module",
    "Proof",
    "Provenance",
    "Record",
    "Register",
    "Report",
    "ReportEvidence",
    "Section",
    "SectionKind",
    "Sizes",
    "Snippet",
    "Span",
    "State",
    "Symbol",
    "Table",
    "Target",
    "Task",
    "Trace",
    "TraceFrame",
    "TreeId",
    "Value",
    "Weight",
    "to_plain",
]
