"""File names of line tables -> paths relative to the kernel tree."""

from collections.abc import Collection

from sitegen.treetop import TOP


def tidy(path: str) -> str:
    """`path` without `.` and `a/..`; a leading `..` and the root stay.

    >>> tidy("./arch/x86/kernel/../include/asm/a.h")
    'arch/x86/include/asm/a.h'
    """
    if "." not in path:
        return path
    parts: list[str] = []
    for part in path.split("/"):
        if part == "." or (not part and parts):
            continue
        if part == ".." and parts and parts[-1] not in {"..", ""}:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def join(folder: str, name: str) -> str:
    """The name in the folder, unless it is absolute; tidied."""
    if not folder or name.startswith("/"):
        return tidy(name)
    return tidy(f"{folder}/{name}")


def in_tree(path: str, compiled_in: str, root: str) -> str:
    """`path` relative to the kernel tree where it lies in it; a path of elsewhere stays whole.

    `compiled_in` is the folder that the compiler ran in, `root` the tree's own where it is known.

    >>> in_tree("/b/linux-6.1/arch/x86/entry/entry_64.S", "/b/linux-6.1/debian/build", "")
    'arch/x86/entry/entry_64.S'
    >>> in_tree("/lab/crashme/crashme.c", "/usr/src/linux-headers-6.1", "")
    '/lab/crashme/crashme.c'
    """
    if not path.startswith("/"):
        return path
    if root and path.startswith(root + "/"):
        return path[len(root) + 1 :]
    if compiled_in and path.startswith(compiled_in + "/"):
        return path[len(compiled_in) + 1 :]
    parts = path.split("/")
    # The tree is the folder that the build folder lies in: the longest such prefix counts.
    for at in range(len(parts) - 1, 1, -1):
        if parts[at] in TOP and compiled_in.startswith("/".join(parts[:at]) + "/"):
            return "/".join(parts[at:])
    return path


def is_apart(path: str, compiled_in: str, root: str) -> bool:
    """Whether a relative path is of a module that was compiled in a folder of its own.

    `root` is the kernel tree that its headers were taken from.

    >>> is_apart("crashme.c", "/lab/crashme", "/usr/src/linux")
    True
    >>> is_apart("drivers/tty/sysrq.c", "/build/out", "/usr/src/linux")
    False
    """
    # Since "kbuild: change working directory to external module directory with M=" (in v6.13),
    # modules are compiled where they lie.
    return (
        root != ""
        and compiled_in.startswith("/")
        and not f"{compiled_in}/".startswith(f"{root}/")
        and path.partition("/")[0] not in TOP
    )


def root_of(folders: Collection[str]) -> str:
    """The kernel tree that headers were taken from; empty where none can be told.

    Told by two folders that only a kernel has side by side.

    >>> root_of(["/lab/crashme", "/usr/src/linux/include/linux", "/usr/src/linux/include/uapi/linux"])
    '/usr/src/linux'
    """
    known = set(folders)
    for folder in folders:
        root = folder.removesuffix("/include/linux")
        if (
            root != folder
            and root.startswith("/")
            and known.intersection(
                root + beside for beside in ("/include/uapi/linux", "/include/asm-generic")
            )
        ):
            return root
    return ""
