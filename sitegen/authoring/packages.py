"""A kernel's release -> the package that holds its debug image, where the release tells whose it is."""

import re

# By what a distribution writes into its releases; the first that fits counts.
_PACKAGES: tuple[tuple[re.Pattern[str], str], ...] = (
    # 6.8.0-31-generic
    (
        re.compile(r"[\d.]+-\d+-(?:generic|lowlatency|aws|azure|gcp|oracle|kvm|raspi|oem)\b.*"),
        "install linux-image-{}-dbgsym from ddebs.ubuntu.com",
    ),
    # 6.1.0-56-amd64, 6.12.9+deb13-arm64
    (
        re.compile(
            r"[\d.]+(?:-\d+|[\d.+]*deb\d+(?:\.\d+)?)-(?:(?:cloud|rt)-)?(?:amd64|arm64|686.*|armmp.*|ppc64el|riscv64|s390x|loong64)\b.*"
        ),
        "install linux-image-{}-dbg",
    ),
    # 6.12.5-200.fc41.x86_64, 5.14.0-503.el9.x86_64
    (re.compile(r".*\.(?:fc|el|amzn|uek)\d.*"), "run dnf debuginfo-install kernel-{}"),
    # 6.4.0-150600.21-default
    (re.compile(r"[\d.]+-[\d.]+-default"), "install kernel-default-debuginfo of {}"),
    # 6.12.9-arch1-1
    (
        re.compile(r"[\d.]+-arch\d.*"),
        "set DEBUGINFOD_URLS=https://debuginfod.archlinux.org, and debuginfod = true",
    ),
)


def package_of(release: str) -> str:
    """What to do for the debug image of a release, in the imperative; empty when it is nobody's known."""
    found = (hint for pattern, hint in _PACKAGES if pattern.fullmatch(release))
    return next(found, "").format(release)
