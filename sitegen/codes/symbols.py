"""S: images, and locks made from them."""

from sitegen.codes.values import Code

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
