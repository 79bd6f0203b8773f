"""R: source trees."""

from sitegen.codes.values import Code

R001 = Code(
    "R001",
    "warning",
    """\
The configured source tree does not exist. The chain is built without snippets.""",
    advice="""\
Correct `source`, or leave it out.""",
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
