"""G, from 15 to 19: making wikis and cases."""

from sitegen.codes.values import Code

G015 = Code(
    "G015",
    "error",
    """\
Something stands where a file was to be written, or the wiki holds this very log. `sitegen init`,
`new` and `import` never write over anything.""",
    advice="""\
Give another name (`--slug`, another folder), or remove what is there. A further log of a known
crash belongs into its case, as another `panic` block: `sitegen new --add` puts it there.""",
    example="""\
content/cases/lamp.md: error[G015]: 'panic.log' is in the wiki already
  hint: give --slug to make another case of it""",
)
G016 = Code(
    "G016",
    "error",
    """\
What was given to `sitegen new` or `import` is no kernel log with a crash in it: a memory dump, a
compressed record, another program's output, or a log that was cut before the crash.""",
    advice="""\
Get at the log as the hint says: of a memory dump with `makedumpfile --dump-dmesg`, of a journal
with `journalctl -k`. `sitegen parse` shows what is read in a log.""",
    example="""\
error[G016]: '/var/crash/vmcore': a memory dump, not a log
  hint: take the log out of it: makedumpfile --dump-dmesg VMCORE dmesg.txt, or crash's `log`""",
)
G017 = Code(
    "G017",
    "warning",
    """\
A part of what was given was left out, because it cannot be read or there is too much of it. The
cases are made from the rest.""",
    advice="""\
See whether anything is missed. Give what is by itself, or a copy that you may read.""",
    example="""\
warning[G017]: '/var/crash/dump.log' left out: may not be read
  hint: give its text: sudo cat '/var/crash/dump.log' | sitegen new -""",
)
G018 = Code(
    "G018",
    "error",
    """\
`sitegen import` does not understand the file. It takes a bug of a syzbot dashboard as JSON and
mails: one, or a thread as mbox.""",
    advice="""\
Save the bug's page with `&json=1` at the end of its address; of a thread on lore.kernel.org take
"mbox.gz". A plain log is for `sitegen new`.""",
)
G019 = Code(
    "G019",
    "note",
    """\
A log is of the same moment as another one or in the wiki already, or a file holds no crash: it is
left out, and nothing is wrong.""",
    advice="""\
Nothing is to be done. A log that you miss may be given by its name.""",
)
