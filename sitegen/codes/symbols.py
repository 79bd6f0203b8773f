"""S: images, and locks made from them."""

from sitegen.codes.values import Code

S001 = Code(
    "S001",
    "warning",
    """\
The image is not the kernel that crashed: its build ID, release or function sizes differ from what
the log prints. Lines decoded with it would be wrong. Give the vmlinux of the very build.""",
    advice="""\
Give the vmlinux of that very build; a rebuild from the same source is another kernel. The
decoding guide tells where distributions keep theirs.""",
    example="""\
content/cases/uaf.md:6: warning[S001]: 2 of 3 function sizes differ from the image's (dump_stack_lvl, panic)
  hint: give the vmlinux of 6.1.0-56-amd64""",
)
S002 = Code(
    "S002",
    "warning",
    """\
The configured vmlinux or module folder does not exist. Frames keep their symbol+offset. A lock
file made on a machine that has the image makes the page whole everywhere.""",
    advice="""\
Correct the path, or leave it out and rely on the lock. A path below a `$VARIABLE` that is not set
is taken for another machine's, and not complained about.""",
    example="""\
sitegen.toml: warning[S002]: kernel 6.1.0-56-amd64: 'vmlinux' cannot be read: no such file or directory
  hint: correct the path, or leave it out and use the lock""",
)
S003 = Code(
    "S003",
    "error",
    """\
The image is not an ELF file (bzImage and vmlinuz are compressed boot images: what is needed is
vmlinux, with debug information).""",
    advice="""\
Give the `vmlinux` of the debug package or the build folder. What stands in `/boot` will not do.""",
    example="""\
sitegen.toml: error[S003]: kernel 6.1.0-56-amd64: 'vmlinuz' is not an ELF file
  hint: give the vmlinux with debug information, not the boot image""",
)
S004 = Code(
    "S004",
    "warning",
    """\
The image has no DWARF debug information: functions and sizes can be checked, files and lines
cannot be found. Distributions ship it in a -dbg or debuginfo package.""",
    advice="""\
Install the -dbg or debuginfo package and give the vmlinux in it; for a kernel of your own set
`CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y`.""",
    example="""\
sitegen.toml: warning[S004]: kernel 6.1.0-56-amd64: 'vmlinux' has no debug information
  hint: install the -dbg or debuginfo package and give the vmlinux in it""",
)
S005 = Code(
    "S005",
    "error",
    """\
The image is damaged: truncated, or its tables point outside the file.""",
    advice="""\
Copy or install it again, and compare its size or checksum with the original's.""",
    example="""\
sitegen.toml: error[S005]: kernel 6.1.0-56-amd64: 'vmlinux' is damaged: the section table lies beyond the end of the file; is it truncated?
  hint: install it again""",
)
S006 = Code(
    "S006",
    "note",
    """\
No kernel of the configuration matches the log's build ID or release, so nothing was decoded.""",
    advice="""\
Nothing, if symbols will do. For files and lines name the kernel in a [[kernels]] table; where the
log does not say its release, name it with `kernel` in the front matter.""",
    example="""\
content/cases/uaf.md:4: note[S006]: not decoded: no kernel 5.4.0 is configured""",
)
S007 = Code(
    "S007",
    "error",
    """\
The case has no lock file for this log, or the log changed since it was decoded. With --locked
nothing is decoded: build once where the vmlinux is, and commit the lock.""",
    advice="""\
Build without --locked where the image is, look at what changed in the lock, and commit it.""",
    example="""\
content/cases/uaf.md:9: error[S007]: the lock is stale: the log changed
  hint: run sitegen build where the kernel's image is, and commit the lock""",
)
S008 = Code(
    "S008",
    "error",
    """\
The lock file cannot be read: it is not JSON, or not of the form this version of sitegen knows.
It is made by `sitegen build`; delete it to have it made again.""",
    advice="""\
After a bad merge, take either side's version, or delete the file, and build where the image is.""",
)
S009 = Code(
    "S009",
    "warning",
    """\
Debug information of an image is of a form that sitegen does not read (named in the message).""",
    advice="""\
Rebuild the kernel with DWARF 4 or 5, which sitegen reads; other frames are decoded all the same.""",
)

S010 = Code(
    "S010",
    "warning",
    """\
The log has no lock, or changed since it was written, and the kernel's image is configured but not
on this machine. The page is built without lines; the lock is left to a machine that can decode. With
`--relock`: an image or a module that the lock knows is not here, and what the lock holds stays.""",
    advice="""\
Build once on a machine that has the image, and commit the lock.""",
    example="""\
content/cases/uaf.md:6: warning[S010]: there is no lock, and the image of 6.1.0-56-amd64 is not on this machine
  hint: run sitegen build where the kernel's image is, and commit the lock""",
)

S011 = Code(
    "S011",
    "warning",
    """\
The log prints addresses without a symbol, and nothing says where KASLR moved the kernel to. They are
left as they are. Kernels print `Kernel Offset:` at the end of a panic: a log in a file is read
ahead for it, one from a pipe is not. `sitegen decode --kernel-offset` takes it by hand.""",
    advice="""\
Find the `Kernel Offset:` line in the rest of the console's output, and give its number with
--kernel-offset.""",
    example="""\
warning[S011]: 3 addresses have no symbol, and nothing says where the kernel was loaded
  hint: give --kernel-offset with the number after `Kernel Offset:`, or 0 without KASLR""",
)
S012 = Code(
    "S012",
    "error",
    """\
Source text in the lock file is not what its digest says: somebody edited the lock, or merged it
badly. The text is not shown. Build with --relock where the source tree is, or take the lock back.""",
    advice="""\
Build with --relock where the source tree is, or take the lock back: `git checkout --
the.lock.json`.""",
    example="""\
content/cases/uaf.lock.json: error[S012]: the text at fs/read_write.c:567 is not what its digest says
  hint: run sitegen build --relock where the source tree is""",
)
S013 = Code(
    "S013",
    "error",
    """\
A frame decodes to something else than the lock says, or the lock was made without an image that is
here. The lock was edited, the image is another, or sitegen reads it better than it did. Build with
--relock and review what changes. Told by `sitegen check` where the image is at hand.""",
    advice="""\
Run `sitegen build --relock`, look at what changes in the lock, and commit it. If all lines of a log
drift, the image is another: compare the build IDs.""",
    example="""\
content/cases/uaf.md:31:17: error[S013]: 'lamp_read' decodes to lamp_read (drivers/misc/lamp.c:122); the lock says lamp_read (drivers/misc/lamp.c:121)
  hint: run sitegen build --relock, and review what changes""",
)
S014 = Code(
    "S014",
    "warning",
    """\
A lock file holds what nothing asks for: its case is gone or was renamed, or a log or a `source`
directive was taken out. Told by `sitegen check`.""",
    advice="""\
Delete a lock without a case, or rename it as the case was renamed. Else run `sitegen build`, which
leaves out what nothing asks for.""",
    example="""\
content/cases/gone.lock.json: warning[S014]: there is no case for 'gone.lock.json'
  hint: delete it, or rename it with its case""",
)
S015 = Code(
    "S015",
    "note",
    """\
Whether the lock is still right was not checked: the kernel's image is configured, and is not on
this machine. Told by `sitegen check`, once for each kernel.""",
    advice="""\
Run `sitegen check` where the image is, for instance in a nightly job.""",
    example="""\
note[S015]: kernel 6.1.0-56-amd64: its image is not here, so its locks are not checked""",
)
S016 = Code(
    "S016",
    "warning",
    """\
The frames decode as the lock says, and the chain that is made of them is another one. The lock was
edited, or sitegen knows more than it did. Build with --relock and review what changes. Told by
`sitegen check` where the image is at hand.""",
    advice="""\
Run `sitegen build --relock`, and look at what changes in the chain before you commit the lock.""",
    example="""\
content/cases/uaf.md:27: warning[S016]: the chain differs from the lock's from 'do_syscall_64' on
  hint: run sitegen build --relock, and review what changes""",
)
