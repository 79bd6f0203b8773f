"""L: logs."""

from sitegen.codes.values import Code

L001 = Code(
    "L001",
    "warning",
    """\
The log holds no crash report that sitegen recognises. The page shows the log as it is, without
trace, walk and chain. Is the part with `Call Trace:` or `Kernel panic` missing?""",
    advice="""\
Paste the log whole, from the line that begins with `BUG:`, `Oops:`, `Kernel panic` or the like.
If it is whole, the crash is of a kind that sitegen does not know: a report about it is welcome.""",
    example="""\
content/cases/uaf.md:6: warning[L001]: no crash report in this log
  hint: paste the part that begins with the crash's first line""",
)
L002 = Code(
    "L002",
    "error",
    """\
The log file named in a `panic` directive does not exist, or lies outside the content folder.""",
    advice="""\
Put the log beside the document and name it as it is called there.""",
    example="""\
content/cases/uaf.md:11:1: error[L002]: log file 'missing.log' does not exist
   11 | :file: missing.log
      | ^^^^^^^^^^^^^^^^^^
  hint: name a file beside the document""",
)
L003 = Code(
    "L003",
    "warning",
    """\
The report is corrupted: lines are lost or mixed with another CPU's. What could be read is shown.""",
    advice="""\
Take the log from another source if there is one: a serial console, pstore and kdump keep lines
apart that a busy `dmesg` mixes. Nothing is wrong with the page.""",
    example="""\
content/cases/uaf.md:8: warning[L003]: corrupted report: the call trace is missing""",
)
L004 = Code(
    "L004",
    "warning",
    """\
The log is larger than sitegen reads (64 MiB). Cut out the report.""",
    advice="""\
Cut out the crash and some hundred lines before it.""",
)
