"""Compiles the sources of this folder into small kernels and modules. See README.md."""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCES = Path(__file__).parent


class Recipe(NamedTuple):
    """How an image is built."""

    compiler: str
    flags: tuple[str, ...]
    machine: str = "x86"
    addr2line: str = "addr2line"
    "whose answers are right for the image"
    link: tuple[str, ...] = ("-static", "-no-pie")


ARM = {"machine": "arm64", "addr2line": "aarch64-linux-gnu-addr2line"}
# binutils 2.40 takes file 1 for file 0 where they differ (LTO), and leaves out functions inlined
# over several ranges that clang lists by index.
LLVM = {"addr2line": "llvm-addr2line"}
SECTIONS = "-ffunction-sections"
# As arm64 kernels are linked: addresses in data stand in the image's own relocations only.
MOVED = (*("-pie", "-Wl,-z,notext", "-Wl,--no-apply-dynamic-relocs", "-Wl,--no-dynamic-linker"),)
TIGHT = "-falign-functions=1"
"no padding: a function ends where the next begins"
RECIPES = {
    "gcc-4": Recipe("gcc", ("-gdwarf-4", TIGHT)),
    "gcc-5": Recipe("gcc", ("-gdwarf-5", TIGHT)),
    "gcc-5-sections": Recipe("gcc", ("-gdwarf-5", SECTIONS)),
    "gcc-5-zlib": Recipe("gcc", ("-gdwarf-5", "-gz=zlib")),
    "gcc-4-zlib-gnu": Recipe("gcc", ("-gdwarf-4", "-gz=zlib-gnu")),
    "gcc-5-lto": Recipe("gcc", ("-gdwarf-5", "-flto", "-fno-toplevel-reorder"), **LLVM),
    "clang-4": Recipe("clang", ("-gdwarf-4",)),
    "clang-5": Recipe("clang", ("-gdwarf-5", TIGHT), **LLVM),
    "clang-5-sections": Recipe("clang", ("-gdwarf-5", SECTIONS), **LLVM),
    "arm64-gcc-4": Recipe("aarch64-linux-gnu-gcc", ("-gdwarf-4", TIGHT), **ARM),
    "arm64-gcc-5-moved": Recipe("aarch64-linux-gnu-gcc", ("-gdwarf-5", "-fpie"), link=MOVED, **ARM),
    "arm64-gcc-5": Recipe("aarch64-linux-gnu-gcc", ("-gdwarf-5", SECTIONS), **ARM),
}
COMMON = (
    *(
        "-O2",
        "-ffreestanding",
        "-fno-asynchronous-unwind-tables",
        "-fno-pic",
        "-fno-stack-protector",
    ),
    *("-fno-ipa-sra", "-fno-ipa-icf"),
)


class Image(NamedTuple):
    """A built image."""

    name: str
    path: Path
    recipe: Recipe


def _need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def _flags(recipe: Recipe) -> list[str]:
    common = [f for f in COMMON if recipe.compiler != "clang" or "ipa" not in f]
    return [*common, *recipe.flags]


def build_kernel(name: str, folder: Path) -> Image:
    """The linked image of a recipe; skips the test when its compiler is missing."""
    recipe = RECIPES[name]
    sources = ("driver.c", "other.c", "third.c", f"entry-{recipe.machine}.S")
    link = ("-nostdlib", *recipe.link, "-Wl,--build-id=sha1")
    return _compile(name, folder / "vmlinux", *link, *sources)


def build_module(name: str, folder: Path) -> Image:
    """The relocatable module of a recipe; skips the test when its compiler is missing."""
    return _compile(name, folder / "small-module.ko", "-c", "module.c")


def _compile(name: str, path: Path, *more: str) -> Image:
    recipe = RECIPES[name]
    _need(recipe.compiler, recipe.addr2line)
    command = [recipe.compiler, *_flags(recipe), "-o", str(path), *more]
    done = subprocess.run(command, cwd=SOURCES, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stderr)
    return Image(name, path, recipe)
