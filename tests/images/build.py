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

    @property
    def step(self) -> int:
        """Bytes from one place where an instruction may begin to the next."""
        return {"arm64": 4, "x86": 1, "i386": 1}.get(self.machine, 2)


ARM = {"machine": "arm64", "addr2line": "aarch64-linux-gnu-addr2line"}
# binutils 2.40 takes file 1 for file 0 where they differ (LTO), and leaves out functions inlined
# over several ranges that clang lists by index. It has no lines of 64-bit DWARF 5.
LLVM = {"addr2line": "llvm-addr2line"}
SECTIONS = "-ffunction-sections"
# As arm64 kernels are linked: addresses in data stand in the image's own relocations only.
MOVED = (*("-pie", "-Wl,-z,notext", "-Wl,--no-apply-dynamic-relocs", "-Wl,--no-dynamic-linker"),)
TIGHT = "-falign-functions=1"
"no padding: a function ends where the next begins"
RECIPES = {
    "gcc-4": Recipe("gcc", ("-gdwarf-4", TIGHT)),
    "gcc-5": Recipe("gcc", ("-gdwarf-5", TIGHT)),
    "gcc-4-wide": Recipe("gcc", ("-gdwarf-4", "-gdwarf64")),
    "gcc-5-wide": Recipe("gcc", ("-gdwarf-5", "-gdwarf64"), **LLVM),
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
LOOSE = ("-static", "-no-pie", "-Wl,-e,0", "-Wl,--unresolved-symbols=ignore-all")


def _cross(target: str, *flags: str) -> Recipe:
    machine = target.partition("-")[0]
    return Recipe(f"{target}-gcc", flags, machine, f"{target}-addr2line", LOOSE)


# Machines whose code is not read: 32 bits and 64, little-endian and big, REL and RELA. No assembly.
OTHERS = {
    "i386-gcc-4": Recipe("gcc", ("-m32", "-gdwarf-4"), "i386", link=LOOSE),
    "i386-gcc-5": Recipe("gcc", ("-m32", "-gdwarf-5"), "i386", link=LOOSE),
    "i386-gcc-5-zlib": Recipe("gcc", ("-m32", "-gdwarf-5", "-gz=zlib"), "i386", link=LOOSE),
    "s390x-gcc-5-zlib": _cross("s390x-linux-gnu", "-gdwarf-5", "-gz=zlib"),
    "arm-gcc-4": _cross("arm-linux-gnueabi", "-gdwarf-4"),
    "arm-gcc-5-thumb": _cross("arm-linux-gnueabi", "-gdwarf-5", "-mthumb", "-march=armv7-a"),
    "s390x-gcc-4": _cross("s390x-linux-gnu", "-gdwarf-4"),
    "s390x-gcc-5": _cross("s390x-linux-gnu", "-gdwarf-5"),
    "powerpc64-gcc-4": _cross("powerpc64-linux-gnu", "-gdwarf-4", "-mcall-aixdesc"),
    "powerpc64-gcc-5": _cross("powerpc64-linux-gnu", "-gdwarf-5", "-mcall-aixdesc"),
    "mips-gcc-4": _cross("mips-linux-gnu", "-gdwarf-4", "-mno-abicalls"),
    "mips-gcc-5": _cross("mips-linux-gnu", "-gdwarf-5", "-mno-abicalls"),
    "mips64-gcc-5": _cross("mips64-linux-gnuabi64", "-gdwarf-5", "-mno-abicalls"),
    "riscv64-gcc-4": _cross("riscv64-linux-gnu", "-gdwarf-4"),
    "riscv64-gcc-5": _cross("riscv64-linux-gnu", "-gdwarf-5"),
}
_RUST = ("rustc", "--crate-type=lib", "--emit=obj", "-g", "-O", "-Cpanic=abort", "shapes.rs")
SCOPED = {
    "c++-4": ("g++", "-gdwarf-4", "-O2", "-ffreestanding", "-fno-exceptions", "-c", "shapes.cc"),
    "c++-5": ("g++", "-gdwarf-5", "-O2", "-ffreestanding", "-fno-exceptions", "-c", "shapes.cc"),
    "clang-c++": ("clang++", "-g", "-O2", "-ffreestanding", "-fno-exceptions", "-c", "shapes.cc"),
    "rust": _RUST,
    "rust-v0": (*_RUST, "-Csymbol-mangling-version=v0"),
}
COMMON = (
    *(
        "-O2",
        "-ffreestanding",
        "-fno-asynchronous-unwind-tables",
        "-fno-pic",
        "-fno-stack-protector",
    ),
    *("-fno-ipa-sra", "-fno-ipa-icf", f"-ffile-prefix-map={SOURCES}=/small"),
)


ALL = RECIPES | OTHERS
# LTO leaves no code in objects; of 64-bit DWARF 5 no tool that knows sections has the lines.
MODULES = [name for name in ALL if name not in {"gcc-5-lto", "gcc-5-wide"}]


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
    recipe = ALL[name]
    sources = ["driver.c", "other.c", "third.c"]
    if name in RECIPES:
        sources.append(f"entry-{recipe.machine}.S")
    link = ("-nostdlib", *recipe.link, "-Wl,--build-id=sha1")
    return _compile(name, folder / "vmlinux", *link, *sources)


def build_module(name: str, folder: Path) -> Image:
    """The relocatable module of a recipe; skips the test when its compiler is missing."""
    return _compile(name, folder / "small-module.ko", "-c", "module.c")


def _compile(name: str, path: Path, *more: str) -> Image:
    recipe = ALL[name]
    _need(recipe.compiler, recipe.addr2line)
    command = [recipe.compiler, *_flags(recipe), "-o", str(path), *more]
    done = subprocess.run(command, cwd=SOURCES, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stderr)
    return Image(name, path, recipe)


def build_scoped(name: str, folder: Path) -> Path:
    """A module of C++ or Rust; skips the test when its compiler is missing."""
    command = SCOPED[name]
    _need(command[0], "addr2line", "c++filt")
    path = folder / "shapes.ko"
    done = subprocess.run(
        [*command, "-o", str(path)], cwd=SOURCES, check=False, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"{command[0]} does not compile it: {done.stderr[:200]}")
    return path
