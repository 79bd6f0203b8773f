"""The folders at the top of a kernel tree: by them a path of the tree is told from any other."""

TOP = frozenset(
    (
        *("arch", "block", "certs", "crypto", "drivers", "fs", "include", "init", "io_uring"),
        *("ipc", "kernel", "lib", "mm", "net", "rust", "samples", "scripts", "security", "sound"),
        *("tools", "usr", "virt"),
    )
)
