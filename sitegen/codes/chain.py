"""C: chains, and what authors say of them."""

from sitegen.codes.values import Code

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

C003 = Code(
    "C003",
    "error",
    """\
A claim is false: the evidence says something else, which the message names. Correct the prose, or
look again at the log. What is claimed is compared with the report that the page's verdict is about,
of the log that `:log:` (or `@ panic-2` behind the claim) names, else of the case's first.""",
)

C004 = Code(
    "C004",
    "error",
    """\
A claim is not understood. Claims are written in the words of a log: `RDI == 0x6fc`, `user RAX != 0`,
`RIP in vfs_write`, `fault at 0x8`, `frame vfs_write at fs/read_write.c:582`, `no frame kfree`,
`frame ksys_write before vfs_write`, `vfs_write calls proc_reg_write through proc_ops.proc_write`,
`syscall write`, `kind null-deref`, `tainted O`, `kernel 6.1.x`, `task bash`, `occurrences >= 3`,
`line 12 says "Oops: 0000"`, `member struct file.f_op at 0x28`.""",
)

C005 = Code(
    "C005",
    "warning",
    """\
A claim cannot be checked, for the reason that the message gives: the log was not decoded, prints no
such register, or the unwinder doubts the frame. The page shows the claim as not checked.""",
)

C006 = Code(
    "C006",
    "error",
    """\
A claim stands on a page without a log, so that there is nothing to check it against.""",
)
