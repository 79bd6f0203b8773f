"""M: Markdown and front matter."""

from sitegen.codes.values import Code

M001 = Code(
    "M001",
    "error",
    """\
The front matter is not YAML. It stands between two `---` lines at the top of the file.""",
    advice="""\
Put values with colons, brackets, quotes or a leading `@`, `*`, `&` in quotes: `title: "BUG: it
broke"`.""",
    example="""\
content/cases/uaf.md:2:11: error[M001]: not YAML: mapping values are not allowed in this context
    2 | title: BUG: it broke
      |           ^
  hint: put a value with special characters in quotes""",
)
M002 = Code(
    "M002",
    "error",
    """\
The front matter has a key that sitegen does not know, most often a typing error.""",
    advice="""\
Correct the name; the hint has the nearest one. What is not meant for sitegen stands better in the
text.""",
    example="""\
content/cases/uaf.md:3:1: error[M002]: unknown key 'statsu'
    3 | statsu: open
      | ^^^^^^
  hint: did you mean 'status'?""",
)
M003 = Code(
    "M003",
    "error",
    """\
A value of the front matter has the wrong form, for instance a date that is not YYYY-MM-DD or a
status that is not one of open, investigating, fixed, wontfix, duplicate and invalid.""",
    advice="""\
Write the value in the form that the hint names. Until then it counts as left out.""",
    example="""\
content/cases/uaf.md:4:7: error[M003]: 'date': '2023-02-30' is no date
    4 | date: 2023-02-30
      |       ^^^^^^^^^^
  hint: write it as YYYY-MM-DD""",
)
M004 = Code(
    "M004",
    "error",
    """\
The page uses a directive that does not exist.""",
    advice="""\
Correct the name. The page "Writing a case" of the documentation shows all directives.""",
    example="""\
content/cases/uaf.md:5:5: error[M004]: unknown directive 'regsiters'
    5 | :::{regsiters} rax rdi
      |     ^^^^^^^^^
  hint: did you mean 'registers'?""",
)
M005 = Code(
    "M005",
    "error",
    """\
The directive does not take this option or argument.""",
    advice="""\
Leave it out or correct it; the hint says what the directive takes.""",
    example="""\
content/cases/uaf.md:9:2: error[M005]: option 'colour' of directive 'trace' does not exist
    9 | :colour: red
      |  ^^^^^^
  hint: known are: log""",
)
M006 = Code(
    "M006",
    "error",
    """\
The page uses a role that does not exist.""",
    advice="""\
Correct the name. To show such text as it is, write it in a code span.""",
    example="""\
content/cases/uaf.md:5:18: error[M006]: unknown role 'fucn'
    5 | It went through {fucn}`vfs_write`.
      |                  ^^^^
  hint: did you mean 'func'?""",
)
M007 = Code(
    "M007",
    "error",
    """\
The file is not UTF-8 text.""",
    advice="""\
Save it as UTF-8: `iconv -f latin1 -t utf-8 old.md > new.md`. Logs may hold any bytes; keep such a
log in a file of its own.""",
    example="""\
content/cases/uaf.md:7: error[M007]: not UTF-8: byte 0xe4
  hint: save the file as UTF-8""",
)
M008 = Code(
    "M008",
    "warning",
    """\
A case has no `panic` block: there is nothing to decode and the page is prose only.""",
    advice="""\
Paste the log, or name its file. A text that is about no crash belongs outside `cases/`.""",
    example="""\
content/cases/uaf.md: warning[M008]: the case has no log
  hint: paste the log into a fenced block that begins with ```panic""",
)
M009 = Code(
    "M009",
    "error",
    """\
Two pages would be written to the same address.""",
    advice="""\
Rename one of the two, or take the alias away.""",
    example="""\
content/cases/uaf/index.md: error[M009]: 'content/cases/uaf.md' has the same address, 'cases/uaf/'
  hint: rename one of them""",
)
M010 = Code(
    "M010",
    "error",
    """\
Two parts of a page have the same id, so that a link could lead to either.""",
    advice="""\
Give one of them another name.""",
    example="""\
content/cases/uaf.md:40: error[M010]: two logs have the id 'first'
  hint: give one of them another ':id:'""",
)
M011 = Code(
    "M011",
    "error",
    """\
The document is larger than sitegen reads (8 MiB), or something is nested deeper than it follows:
blocks of a document, or folders. A long log is better kept in a file of its own, named by `:file:`
in a `panic` directive.""",
    advice="""\
Keep long logs in files of their own, and nest less.""",
    example="""\
content/cases/uaf.md: error[M011]: larger than 8 MiB
  hint: keep the log in a file beside it, and name that by ':file:' in a panic directive""",
)
M012 = Code(
    "M012",
    "error",
    """\
A symbolic link leads out of the content folder, or to a folder. Such links are not followed: a
page must not publish what stands elsewhere on the machine that builds it.""",
    advice="""\
Put a copy in the link's place.""",
    example="""\
content/outside.md: error[M012]: leads out of the content folder
  hint: put a copy in its place""",
)
M013 = Code(
    "M013",
    "error",
    """\
A role is given something that it is not for: {commit} takes 7 to 40 hex digits, {cve} an id such
as CVE-2024-50082, {src} a file of the kernel and perhaps a line, {func} a function's name. It is
shown as it is written, without a link.""",
    advice="""\
Write what the role takes, or use a plain code span.""",
    example="""\
content/cases/uaf.md:13:7: error[M013]: '2024-50082' is no CVE
   13 | {cve}`2024-50082`
      |       ^^^^^^^^^^
  hint: write it as CVE-2024-50082""",
)
M014 = Code(
    "M014",
    "warning",
    """\
Nothing refers to this footnote, so it is not on the page.""",
    advice="""\
Refer to it, or take it out.""",
    example="""\
content/cases/uaf.md:17:3: warning[M014]: nothing refers to the footnote 'later'
   17 | [^later]: To be looked at.
      |   ^^^^^
  hint: write [^later] where it belongs""",
)
M015 = Code(
    "M015",
    "warning",
    """\
The document has HTML in it, which is shown as text. `raw-html = true` in the configuration lets
through what cannot do harm: details, kbd, sub, sup, br, tables, pictures and the like, never
scripts and styles. Comments are left out of the page.""",
    advice="""\
Write it as code, in Markdown's own way, or turn `raw-html` on.""",
    example="""\
content/cases/uaf.md:19:54: warning[M015]: HTML is shown as text: '<b onclick="alert(1)">'
  hint: write it as code, or set raw-html = true in the configuration""",
)
M016 = Code(
    "M016",
    "error",
    """\
The braces behind a code block's language are not understood. They may hold `linenos`,
`linenostart=12`, `hl_lines=2,4-5`, `name=anchor` and `caption="..."`, with blanks between them.""",
    advice="""\
Write the braces as the explanation shows, or leave them out.""",
    example="""\
content/cases/uaf.md:7:7: error[M016]: code blocks have no 'hl_line'
    7 | ```c {hl_line=3}
      |       ^^^^^^^
  hint: did you mean 'hl_lines'?""",
)
M017 = Code(
    "M017",
    "warning",
    """\
A formula is not understood, or longer than sitegen reads. It is shown as it is written.""",
    advice="""\
Correct the formula. It is TeX's mathematics, without packages; macros of your own are not read.""",
    example="""\
content/cases/uaf.md:30:6: warning[M017]: the formula '\\frac{1' is not understood
  hint: write it as code""",
)
M018 = Code(
    "M018",
    "warning",
    """\
A directive is never closed, so that it takes in all that follows; or a line of colons closes
nothing. A directive ends with a line of as many colons or backticks as it began with, or more. The
same is said where the brace behind a directive's name is missing: `{panic` for `{panic}`.""",
    advice="""\
Close it with as many colons as it began with. An outer directive takes more colons than those
inside it.""",
    example="""\
content/cases/uaf.md:31:5: warning[M018]: directive 'frame' is never closed
   31 | :::{frame} vfs_write
      |     ^^^^^
  hint: write ':::' on a line below it""",
)
M022 = Code(
    "M022",
    "error",
    """\
A directive that shows something of a log stands on a page without one. Any page may have logs, in
a `panic` block; of a case it is expected.""",
    advice="""\
Paste a log into a ```panic block of this page, or put the directive on a case's page.""",
    example="""\
content/guide.md:3:5: error[M022]: 'chain' speaks of a log, and the page has none
    3 | :::{chain}
      |     ^^^^^
  hint: put a log into a fenced block that begins with ```panic""",
)
M019 = Code(
    "M019",
    "warning",
    """\
A line begins with `TODO:`: `sitegen new` asks there for something that only the author knows, and
it is not written yet. Told by `sitegen check`.""",
    advice="""\
Write what the line asks for, or take the line out: a section that has nothing to say helps nobody.""",
    example="""\
content/cases/uaf.md:14:7: warning[M019]: a line that is still to be written
   14 | - [ ] TODO: what is left to do.
      |       ^^^^^
  hint: write it, or take it out""",
)
M020 = Code(
    "M020",
    "warning",
    """\
Two things that the front matter and the log say cannot both be true: a kernel that is not the one
the log prints, a fix that is the culprit, an occurrence later than the snapshot it comes from. Told
by `sitegen check`.""",
    advice="""\
Find out which of the two is wrong, and correct it.""",
    example="""\
content/cases/uaf.md:4:9: warning[M020]: the kernel is '6.2.0-rc2' here, and the log says 6.1.0-56-amd64
    4 | kernel: 6.2.0-rc2
      |         ^^^^^^^^^
  hint: take 'kernel' out, or correct it: the log says whose it is""",
)
M024 = Code(
    "M024",
    "warning",
    """\
`layers` of the front matter names a function or a path that no step of the case's chains has, so that
nothing on the page bears the name given. Told by `sitegen check`, where the case's logs are decoded.""",
    advice="""\
Correct the key: a function as the walk spells it, or a path of the source tree with a slash in it, such
as `fs/proc/`.""",
    example="""\
content/cases/uaf.md:4:10: warning[M024]: no step of the case lies below 'fs/porc/'
    4 | layers: {fs/porc/: proc}
      |          ^^^^^^^^
  hint: did you mean 'fs/proc/inode.c'?""",
)
M021 = Code(
    "M021",
    "warning",
    """\
The status of a case promises what the case does not tell: `fixed` names no commit under
`fixes.fixed`, `duplicate` leads to no other case. Or the case tells what its status denies: it is
`open` or `investigating`, and `fixes.fixed` is given. Told by `sitegen check`.""",
    advice="""\
Name the commit, or link to the case. Where there is no commit, say so with another status. Where the
fix is known, the status is `fixed`.""",
    example="""\
content/cases/uaf.md:3:9: warning[M021]: the status is 'fixed', and no commit is named that fixed it
    3 | status: fixed
      |         ^^^^^
  hint: give it as 'fixed' below 'fixes'""",
)
