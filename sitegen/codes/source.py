"""R: source trees."""

from sitegen.codes.values import Code

R001 = Code(
    "R001",
    "warning",
    """\
The configured source tree, or a folder of `module-sources`, does not exist. The chain is built without
its snippets.""",
    advice="""\
Correct `source` or `module-sources`, or leave it out.""",
    example="""\
sitegen.toml: warning[R001]: kernel 6.1.0-56-amd64: no source tree at 'linux-6.1'""",
)

R002 = Code(
    "R002",
    "warning",
    """\
The tree's text does not contain what the debug information says is at that line: it is another
version than the image was built from. Nothing of these functions is shown.""",
    advice="""\
Give the source of the very release, with the distribution's patches: `apt-get source`, the source
package, or the tag that the kernel was built from.""",
    example="""\
content/cases/uaf.md:6: warning[R002]: 2 functions are not where the image says in the source tree (vfs_write, ksys_write)
  hint: give the source that 6.1.0-56-amd64 was built from""",
)

R003 = Code(
    "R003",
    "error",
    """\
A `source` directive asks for a file, a function or lines that the case's source tree does not
have. It takes `fs/read_write.c:582`, `fs/read_write.c:582-600`, `fs/read_write.c:vfs_write`, or
`vfs_write` alone where the log's frames or the image say which file that is in.""",
    advice="""\
Correct the file, the function or the lines; the hint has what is near.""",
    example="""\
content/cases/uaf.md:31:5: error[R003]: no function 'vfs_wirte' in 'fs/read_write.c'
   31 | :::{source} fs/read_write.c:vfs_wirte
      |     ^^^^^^
  hint: did you mean 'vfs_write'?""",
)

R004 = Code(
    "R004",
    "warning",
    """\
A `source` directive asks for lines that the lock does not hold, and the source tree of the log's
kernel is not at hand. The page names the place only. Build where the tree is, and commit the lock.""",
    advice="""\
Build where the source tree is, and commit the lock.""",
    example="""\
content/cases/uaf.md:31:5: warning[R004]: the lock has no excerpt for 'vfs_write', and the source tree of 6.1.0-56-amd64 is not at hand
  hint: configure the kernel's `source`, or build where it is and commit the lock""",
)
R005 = Code(
    "R005",
    "warning",
    """\
The lock shows source text that the configured tree does not have at that place: it was taken from
another version. Told by `sitegen check` where the tree is at hand.""",
    advice="""\
Give the source that the kernel was built from as `source`, or build with --relock if the lock is
to blame.""",
    example="""\
content/cases/uaf.md:38: warning[R005]: 'fs/read_write.c:572-601' is another text in the source tree than in the lock
  hint: give the source that the kernel was built from, or run sitegen build --relock""",
)
R006 = Code(
    "R006",
    "warning",
    """\
The commit that `fixes.introduced` names is not in the kernel that crashed, neither itself nor as a
commit that was made from it: it cannot have brought the bug. Told by `sitegen check` where the
kernel's `source` is a git repository.""",
    advice="""\
Correct the hash, or the `revision` of the kernel. A culprit that was found by bisecting is an
ancestor of what crashed.""",
    example="""\
content/cases/uaf.md:5:15: warning[R006]: 6.1.0 crashed without '0123456789ab', which is to have brought the bug
  hint: correct 'introduced', or the revision of the kernel in the configuration""",
)
R007 = Code(
    "R007",
    "warning",
    """\
The commit that `fixes.fixed` names is in the kernel that crashed, itself or as a commit that was
made from it: it did not fix the bug, or the log is of another kernel. Told by `sitegen check` where
the kernel's `source` is a git repository.""",
    advice="""\
Correct the hash, or the `revision` of the kernel. If the fix was not enough, say so in the text and
give the commit that was.""",
    example="""\
content/cases/uaf.md:6:10: warning[R007]: 6.1.0 crashed with '0123456789ab' (as ba9876543210), which is to have fixed the bug
  hint: correct 'fixed', or say why it was not enough""",
)
R008 = Code(
    "R008",
    "warning",
    """\
A hash under `fixes` is the beginning of several commits, or names something else than a commit.
Told by `sitegen check` where the kernel's `source` is a git repository.""",
    advice="""\
Give 12 digits of the hash at least, as `git log --abbrev=12` prints it.""",
    example="""\
content/cases/uaf.md:6:10: warning[R008]: the repository 'linux' has several commits that begin with '0123456'
  hint: give more digits, 12 at least""",
)
R010 = Code(
    "R010",
    "warning",
    """\
A `src` role names a file that the source tree of the log's kernel does not have, or a line beyond the
file's last. Its link leads nowhere. Told by `sitegen check` where the tree is at hand.""",
    advice="""\
Correct the file or the line.""",
    example="""\
content/cases/uaf.md:14:11: warning[R010]: the source tree at hand has no fs/debugfs/fil.c
   14 | See {src}`fs/debugfs/fil.c:31`.
      |           ^^^^^^^^^^^^^^^^^^^
  hint: did you mean 'fs/debugfs/file.c'?""",
)

R009 = Code(
    "R009",
    "note",
    """\
Whether the kernel that crashed has a commit cannot be told here: the repository does not have it,
or is a shallow clone. `sitegen check` fetches nothing.""",
    advice="""\
Nothing, if the commit is right. `git fetch` brings a commit that is missing, `git fetch --unshallow`
the rest of the history.""",
    example="""\
content/cases/uaf.md:6:10: note[R009]: not checked: the repository 'linux' has no commit '0123456789ab'
  hint: fetch it, if it is one""",
)
