"""G, from 15 to 19: making wikis and cases."""

from sitegen.codes.values import Code

G015 = Code(
    "G015",
    "error",
    """\
Something stands where a file was to be written. `sitegen init`, `new` and `import` never write
over anything: give another name, or remove what is there.""",
)
G016 = Code(
    "G016",
    "error",
    """\
What was given to `sitegen new` or `import` is no kernel log with a crash in it: a memory dump, a
compressed record, another program's output, or a log that was cut before the crash. The hint says
how to get at the log.""",
)
G017 = Code(
    "G017",
    "warning",
    """\
A part of what was given was left out, because it cannot be read or there is too much of it. The
cases are made from the rest.""",
)
G018 = Code(
    "G018",
    "error",
    """\
`sitegen import` does not understand the file. It takes a bug of a syzbot dashboard as JSON (the
bug's address with `&json=1`) and mails (one, or a thread as mbox).""",
)
G019 = Code(
    "G019",
    "note",
    """\
The log is in the wiki already, or there are lines of it that the case does not need and does not
hold. Nothing is wrong.""",
)
