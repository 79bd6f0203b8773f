"""C: chains, and what authors say of them."""

from sitegen.codes.values import Code

C001 = Code(
    "C001",
    "error",
    """\
A directive names a function that is not in the case's chain.""",
    advice="""\
Name a function of the walk, as it is spelt there. For any other use `source`.""",
    example="""\
content/cases/uaf.md:12:5: error[C001]: no function 'vfs_wirte' in the chain
   12 | :::{frame} vfs_wirte
      |     ^^^^^
  hint: did you mean 'vfs_write'?""",
)

C002 = Code(
    "C002",
    "warning",
    """\
A `diff` directive names a log in which no call trace was recognised, or a case that has no lock
yet: there is no way to compare.""",
    advice="""\
Compare with a log that has a call trace; build the other case first, so that it has a lock.""",
    example="""\
content/cases/uaf.md:20:5: warning[C002]: the case 'other.md' has no lock to compare with""",
)

C003 = Code(
    "C003",
    "error",
    """\
A claim is false: the evidence says something else, which the message names. What is claimed is
compared with the report that the page's verdict is about, of the log that `:log:` (or `@ panic-2`
behind the claim) names, else of the case's first.""",
    advice="""\
Look at the evidence that the message names, then correct the prose, or the claim.""",
    example="""\
content/cases/uaf.md:31:12: error[C003]: the claim 'RAX == 7' is false: expected RAX 0x7, found 0x0
   31 | :::{claim} RAX == 7
      |            ^^^^^^^^""",
)

C004 = Code(
    "C004",
    "error",
    """\
A claim is not understood, or names a register that the log's processor does not have. Claims are
written in the words of a log: `RDI == 0x6fc`, `user RAX != 0`, `RIP in vfs_write`, `fault at 0x8`,
`frame vfs_write at fs/read_write.c:582`, `no frame kfree`,
`frame ksys_write before vfs_write`, `vfs_write calls proc_reg_write through proc_ops.proc_write`,
`syscall write`, `kind null-deref`, `tainted O`, `kernel 6.1.x`, `task bash`, `occurrences >= 3`,
`line 12 says "Oops: 0000"`, `member struct file.f_op at 0x28`.""",
    advice="""\
Write the claim in one of the forms that the page "Writing a case" of the documentation lists, in its
section on claims.""",
)

C005 = Code(
    "C005",
    "warning",
    """\
A claim cannot be checked, for the reason that the message gives: the log was not decoded, prints no
such register, the unwinder doubts the frame, or which slot was called through is not known. The page
shows the claim as not checked.""",
    advice="""\
Build where the kernel's image is, or claim something that the log itself prints.""",
)

C006 = Code(
    "C006",
    "error",
    """\
A claim stands on a page without a log, so that there is nothing to check it against.""",
    advice="""\
Put the claim on the page that has the log.""",
)
