"""M: Markdown and front matter."""

from sitegen.codes.values import Code

M001 = Code(
    "M001",
    "error",
    """\
The front matter is not YAML. It stands between two `---` lines at the top of the file.""",
)
M002 = Code(
    "M002",
    "error",
    """\
The front matter has a key that sitegen does not know, most often a typing error.""",
)
M003 = Code(
    "M003",
    "error",
    """\
A value of the front matter has the wrong form, for instance a date that is not YYYY-MM-DD or a
status that is not one of open, investigating, fixed, wontfix, duplicate and invalid.""",
)
M004 = Code(
    "M004",
    "error",
    """\
The page uses a directive that does not exist.""",
)
M005 = Code(
    "M005",
    "error",
    """\
The directive does not take this option or argument.""",
)
M006 = Code(
    "M006",
    "error",
    """\
The page uses a role that does not exist.""",
)
M007 = Code(
    "M007",
    "error",
    """\
The file is not UTF-8 text.""",
)
M008 = Code(
    "M008",
    "warning",
    """\
A case has no `panic` block: there is nothing to decode and the page is prose only.""",
)
M009 = Code(
    "M009",
    "error",
    """\
Two pages would be written to the same address.""",
)
M010 = Code(
    "M010",
    "error",
    """\
Two parts of a page have the same id, so that a link could lead to either.""",
)
M011 = Code(
    "M011",
    "error",
    """\
The document is larger than sitegen reads (8 MiB), or something is nested deeper than it follows:
blocks of a document, or folders. A long log is better kept in a file of its own, named by `:file:`
in a `panic` directive.""",
)
M012 = Code(
    "M012",
    "error",
    """\
A symbolic link leads out of the content folder, or to a folder. Such links are not followed: a
page must not publish what stands elsewhere on the machine that builds it.""",
)
M013 = Code(
    "M013",
    "error",
    """\
A role is given something that it is not for: {commit} takes 7 to 40 hex digits, {cve} an id such
as CVE-2024-50082, {src} a file of the kernel and perhaps a line, {func} a function's name. It is
shown as it is written, without a link.""",
)
M014 = Code(
    "M014",
    "warning",
    """\
Nothing refers to this footnote, so it is not on the page.""",
)
M015 = Code(
    "M015",
    "warning",
    """\
The document has HTML in it, which is shown as text. `raw-html = true` in the configuration lets
through what cannot do harm: details, kbd, sub, sup, br, tables, pictures and the like, never
scripts and styles. Comments are left out of the page.""",
)
M016 = Code(
    "M016",
    "error",
    """\
The braces behind a code block's language are not understood. They may hold `linenos`,
`linenostart=12`, `hl_lines=2,4-5`, `name=anchor` and `caption="..."`, with blanks between them.""",
)
M017 = Code(
    "M017",
    "warning",
    """\
A formula is not understood, or longer than sitegen reads. It is shown as it is written.""",
)
M018 = Code(
    "M018",
    "warning",
    """\
A directive is never closed, so that it takes in all that follows; or a line of colons closes
nothing. A directive ends with a line of as many colons or backticks as it began with, or more. The
same is said where the brace behind a directive's name is missing: `{panic` for `{panic}`.""",
)
M022 = Code(
    "M022",
    "error",
    """\
A directive that shows something of a log stands on a page without one. Any page may have logs, in
a `panic` block; of a case it is expected.""",
)
