"""A release -> where distributions and people's own builds keep its vmlinux and modules."""

from __future__ import annotations

import os

from sitegen.cli.words import UsageError
from sitegen.record import Record

# In the order in which they are asked; the first four are all that the kernel's script knows.
_IMAGES = (
    "/boot/vmlinux-{}",
    "/boot/vmlinux-{}.debug",
    "/usr/lib/debug/boot/vmlinux-{}",  # Debian and Ubuntu
    "/usr/lib/debug/boot/vmlinux-{}.debug",  # older openSUSE
    "/lib/modules/{}/vmlinux",
    "/lib/modules/{}/build/vmlinux",  # a build of one's own, and Arch
    "/usr/lib/debug/lib/modules/{}/vmlinux",  # Fedora and its kin; newer Ubuntu
    "/usr/lib/debug/lib/modules/{}/vmlinux.debug",
    "/usr/lib/debug/usr/lib/modules/{}/vmlinux",
    "/usr/lib/debug/usr/lib/modules/{}/vmlinux.debug",  # openSUSE
    "/usr/lib/modules/{}/vmlinux",
    "/usr/src/linux-{}/vmlinux",
    "/boot/vmlinux-{}.xz",  # openSUSE; the debug information lies apart
    "/boot/vmlinux-{}.gz",
)
_CONFIGS = ("sitegen.toml", "pyproject.toml")
_MODULES = (
    "/usr/lib/debug/lib/modules/{}",
    "/usr/lib/debug/usr/lib/modules/{}",
    "/lib/modules/{}",
    "/usr/lib/modules/{}",
    "/usr/src/linux-{}",
)
# ID or a word of ID_LIKE in /etc/os-release: how the debug image of a kernel is installed.
_PACKAGES = {
    "ubuntu": "install linux-image-{}-dbgsym from ddebs.ubuntu.com",
    "debian": "install linux-image-{}-dbg",
    "fedora": "run dnf debuginfo-install kernel-{}",
    "rhel": "run dnf debuginfo-install kernel-{}",
    "suse": "install kernel-default-debuginfo of {}",
    "opensuse": "install kernel-default-debuginfo of {}",
}


class Found(Record):
    """Where the images of a release are."""

    vmlinux: str
    modules: list[str] | None = None
    "None: they are where vmlinux is"
    outside: tuple[str, ...] = ()
    "last names of folders that modules were built in"


def find_image(release: str) -> Found:
    """The images of a release.

    What the wiki around the current folder configures comes before what is installed. Raises
    UsageError when there is neither.
    """
    return configured(release, os.getcwd()) or Found(installed(release))


def configured(release: str, start: str) -> Found | None:
    """The same of a kernel that the wiki around `start` configures and that is on this machine."""
    folder = start
    while not any(os.path.isfile(os.path.join(folder, name)) for name in _CONFIGS):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None  # and nothing more was imported
    from pathlib import Path  # noqa: PLC0415  reason: only a wiki pays for it

    from sitegen.diagnostics import Sink  # noqa: PLC0415  reason: only a wiki pays for it
    from sitegen.project import find_root, read_project  # noqa: PLC0415  reason: only a wiki pays for it

    root = find_root(Path(start))
    project = read_project(root, Sink()) if root else None
    kernel = project.find_kernel(release, "") if project else None
    if kernel is None or kernel.vmlinux is None or not kernel.vmlinux.is_file():
        return None
    modules = [str(path) for path in kernel.modules if path.exists()]
    return Found(str(kernel.vmlinux), modules or None, kernel.outside())


def installed(release: str, root: str = "") -> str:
    """The vmlinux of an installed release. Raises UsageError when there is none. `root` is for tests."""
    found = find_installed(release, root)
    if not found:
        places = "\n".join(f"  {root}{place.format(release)}" for place in _IMAGES)
        raise UsageError(
            f"no vmlinux of release {release} is installed; {package_hint(release)}\n"
            f"looked for:\n{places}"
        )
    return found


def find_installed(release: str, root: str = "") -> str:
    """The vmlinux of an installed release; empty when there is none."""
    if not release or "/" in release:
        return ""
    places = (root + place.format(release) for place in _IMAGES)
    return next((place for place in places if os.path.isfile(place)), "")


def module_folders(release: str, root: str = "") -> list[str]:
    """The folders of modules of a release that are there."""
    if not release or "/" in release:
        return []
    folders = (root + place.format(release) for place in _MODULES)
    seen: dict[str, None] = {}
    for folder in folders:
        if os.path.isdir(folder):
            seen.setdefault(os.path.realpath(folder))
    return list(seen)


def package_hint(release: str, path: str = "/etc/os-release") -> str:
    """What to install for the debug image of a release on this system, in the imperative."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read(1 << 16).splitlines()
    except OSError:
        lines = []
    values = dict(line.partition("=")[::2] for line in lines)
    words = f"{values.get('ID', '')} {values.get('ID_LIKE', '')}".replace('"', " ").split()
    for word in words:
        for known, hint in _PACKAGES.items():
            if word.startswith(known):
                return hint.format(release)
    return "install the debug package of this kernel"
