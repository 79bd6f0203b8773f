"""L: logs."""

from sitegen.codes.values import Code

L001 = Code(
    "L001",
    "warning",
    """\
The log holds no crash report that sitegen recognises. The page shows the log as it is, without
trace, walk and chain. Is the part with `Call Trace:` or `Kernel panic` missing?""",
)
L002 = Code(
    "L002",
    "error",
    """\
The log file named in a `panic` directive does not exist, or lies outside the content folder.""",
)
L003 = Code(
    "L003",
    "warning",
    """\
The report is corrupted: lines are lost or mixed with another CPU's. What could be read is shown.""",
)
L004 = Code(
    "L004",
    "warning",
    """\
The log is larger than sitegen reads (64 MiB). Cut out the report.""",
)
