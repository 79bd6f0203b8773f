"""All diagnostic codes, each with the paragraph that `sitegen explain CODE` prints.

Letters follow the flow: L log, S symbols, R source, C chain, P pages,
M markdown, T theme, X links, G project. A code keeps its meaning forever; a
withdrawn one is not given again.
"""

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """A kind of problem."""

    id: str
    severity: Literal["error", "warning", "note"]
    explanation: str


# --- G: project ------------------------------------------------------------------------------

G001 = Code(
    "G001",
    "error",
    """\
There is no sitegen.toml and no [tool.sitegen] in a pyproject.toml, neither here nor in a folder
above. `sitegen build` needs one to know the site's title, its content and its kernels.""",
)
G002 = Code(
    "G002",
    "error",
    """\
The configuration file is not TOML. The place is where the parser gave up.""",
)
G003 = Code(
    "G003",
    "error",
    """\
The configuration has a key that sitegen does not know, most often a typing error. Nothing is
ignored silently: a misspelt key would otherwise change the site without a word.""",
)
G004 = Code(
    "G004",
    "error",
    """\
A value of the configuration has the wrong type or form.""",
)
G005 = Code(
    "G005",
    "error",
    """\
The configured content folder does not exist.""",
)
G006 = Code(
    "G006",
    "error",
    """\
A file could not be read or written. The message carries the reason of the operating system.""",
)
G007 = Code(
    "G007",
    "error",
    """\
The output folder holds files that sitegen did not write, or is the project itself or a folder
above it. sitegen only ever removes what it wrote; give it a folder of its own.""",
)

G008 = Code(
    "G008",
    "warning",
    """\
The configuration asks for an index of the full text, and it could not be made. It is made by
Pagefind, which is installed with sitegen's extra: pip install 'sitegen[search]'. The rest of the
site is built, and the search field finds names as ever.""",
)

# --- L: logs ---------------------------------------------------------------------------------

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

# --- S: symbols ------------------------------------------------------------------------------

S001 = Code(
    "S001",
    "warning",
    """\
The image is not the kernel that crashed: its build ID, release or function sizes differ from what
the log prints. Lines decoded with it would be wrong. Give the vmlinux of the very build.""",
)
S002 = Code(
    "S002",
    "warning",
    """\
The configured vmlinux or module folder does not exist. Frames keep their symbol+offset. A lock
file made on a machine that has the image makes the page whole everywhere.""",
)
S003 = Code(
    "S003",
    "error",
    """\
The image is not an ELF file (bzImage and vmlinuz are compressed boot images: what is needed is
vmlinux, with debug information).""",
)
S004 = Code(
    "S004",
    "warning",
    """\
The image has no DWARF debug information: functions and sizes can be checked, files and lines
cannot be found. Distributions ship it in a -dbg or debuginfo package.""",
)
S005 = Code(
    "S005",
    "error",
    """\
The image is damaged: truncated, or its tables point outside the file.""",
)
S006 = Code(
    "S006",
    "note",
    """\
No kernel of the configuration matches the log's build ID or release, so nothing was decoded.""",
)
S007 = Code(
    "S007",
    "error",
    """\
The case has no lock file for this log, or the log changed since it was decoded. With --locked
nothing is decoded: build once where the vmlinux is, and commit the lock.""",
)
S008 = Code(
    "S008",
    "error",
    """\
The lock file cannot be read: it is not JSON, or not of the form this version of sitegen knows.
It is made by `sitegen build`; delete it to have it made again.""",
)
S009 = Code(
    "S009",
    "warning",
    """\
Debug information of an image is of a form that sitegen does not read (named in the message).""",
)

S010 = Code(
    "S010",
    "warning",
    """\
The log has no lock, or changed since it was written, and the kernel's image is configured but not
on this machine. The page is built without lines; the lock is left to a machine that can decode.""",
)

S011 = Code(
    "S011",
    "warning",
    """\
The log prints addresses without a symbol, and nothing says where KASLR moved the kernel to. They are
left as they are. Kernels print `Kernel Offset:` at the end of a panic: a log in a file is read
ahead for it, one from a pipe is not. `sitegen decode --kernel-offset` takes it by hand.""",
)
S012 = Code(
    "S012",
    "error",
    """\
Source text in the lock file is not what its digest says: somebody edited the lock, or merged it
badly. The text is not shown. Build with --relock where the source tree is, or take the lock back.""",
)

# --- R: source -------------------------------------------------------------------------------

R001 = Code(
    "R001",
    "warning",
    """\
The configured source tree does not exist. The chain is built without snippets.""",
)

R002 = Code(
    "R002",
    "warning",
    """\
The tree's text does not contain what the debug information says is at that line: it is another
version than the image was built from. Nothing of these functions is shown.""",
)

R003 = Code(
    "R003",
    "error",
    """\
A `source` directive asks for a file, a function or lines that the case's source tree does not
have. It takes `fs/read_write.c:582`, `fs/read_write.c:582-600`, `fs/read_write.c:vfs_write`, or
`vfs_write` alone where the log's frames or the image say which file that is in.""",
)

R004 = Code(
    "R004",
    "warning",
    """\
A `source` directive asks for lines that the lock does not hold, and the source tree of the log's
kernel is not at hand. The page names the place only. Build where the tree is, and commit the lock.""",
)

# --- C: chain --------------------------------------------------------------------------------

C001 = Code(
    "C001",
    "error",
    """\
A directive names a function that is not in the case's chain.""",
)

C002 = Code(
    "C002",
    "warning",
    """\
A `diff` directive names a log in which no call trace was recognised, or a case that has no lock
yet: there is no way to compare.""",
)

# --- M: markdown and front matter ------------------------------------------------------------

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
nothing. A directive ends with a line of as many colons or backticks as it began with, or more.""",
)

# --- X: links --------------------------------------------------------------------------------

X001 = Code(
    "X001",
    "warning",
    """\
A link leads to a page or file of the site that does not exist.""",
)
X002 = Code(
    "X002",
    "warning",
    """\
A link leads to an anchor that the page does not have.""",
)
X003 = Code(
    "X003",
    "warning",
    """\
A picture is taken from another host. Pages load nothing from other hosts; a link stands in its
place. Put a copy of the picture beside the document.""",
)
X004 = Code(
    "X004",
    "error",
    """\
A link has a scheme that pages do not use, such as `javascript:`. Its text is shown without a link.""",
)
X005 = Code(
    "X005",
    "warning",
    """\
A picture has no words beside it. Those who cannot see it, and search, know of nothing that stands
in a screenshot but what the author says of it: `![the panic on the console](screen.png)`.""",
)
X006 = Code(
    "X006",
    "warning",
    """\
What is shown as a picture is none that browsers show: PNG, JPEG, GIF, WebP, AVIF or SVG. A link
stands in its place.""",
)

# --- T: theme --------------------------------------------------------------------------------

T001 = Code(
    "T001",
    "error",
    """\
There is no theme of that name, neither in the project's themes/ nor shipped with sitegen.""",
)
T002 = Code(
    "T002",
    "error",
    """\
A template of the theme failed. The page it was rendering is left out; the rest is built.""",
)
T003 = Code(
    "T003",
    "error",
    """\
theme.toml is missing, is not TOML, or has a key that sitegen does not know.""",
)


def every_code() -> dict[str, Code]:
    """All codes by their id, in the order of this file."""
    return {value.id: value for value in globals().values() if isinstance(value, Code)}
