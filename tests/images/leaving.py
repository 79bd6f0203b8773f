"""Images of functions that leave the sight of their image: `leave.c`, and `leaving.c` as a module."""

from pathlib import Path

from tests.images.build import RECIPES, Image, _compile


def build_leaving_kernel(name: str, folder: Path) -> Image:
    """As `build_kernel`, with nothing but `leave.c` in it."""
    recipe = RECIPES[name]
    sources = ("leave.c", "driver.c", "other.c", "third.c", f"entry-{recipe.machine}.S")
    return _compile(name, folder / "vmlinux", "-nostdlib", *recipe.link, *sources)


def build_leaving_module(name: str, folder: Path) -> Image:
    """As `build_module`, of `leaving.c`."""
    return _compile(name, folder / "leaving.ko", "-c", "leaving.c")
