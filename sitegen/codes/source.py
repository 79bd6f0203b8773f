"""R: source trees."""

from sitegen.codes.values import Code

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
