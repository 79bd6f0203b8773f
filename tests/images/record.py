"""Images of machines for which few have a compiler, kept with what addr2line says of each address.

    python -m tests.images.record

builds `built/*.xz` anew, and `built/*.txt` beside them: a line for each stretch of code of one answer,
first and last offset into a section, with the functions active there, innermost first. The compilers of README.md
are needed; the tests need none.
"""

import lzma
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sitegen.crash.symbols.image import Image
from tests.images.build import SOURCES, build_kernel, build_module

BUILT = SOURCES / "built"
RECORDED = {
    "s390x-gcc-5": build_kernel,  # 64 bits, big-endian
    "mips-gcc-4": build_module,  # 32 bits, big-endian, REL
    "arm-gcc-5-thumb": build_kernel,  # 32 bits, marked addresses
    "riscv64-gcc-5": build_module,  # relocations that add and subtract
}


def answers(program: str, path: Path, section: str, offsets: range) -> Iterator[str]:
    """What addr2line says of each offset: `function file:line`, innermost first."""
    command = [program, "-afi", "-j", section, "-e", str(path)]
    asked = "".join(f"{offset:#x}\n" for offset in offsets)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    lines = iter(done.stdout.splitlines())
    several: list[str] = []
    for line in lines:
        if line.startswith("0x"):
            if several:
                yield " < ".join(several)
            several = []
        else:
            place = next(lines).partition(" (disc")[0].rpartition("/")[2]
            several.append(f"{line} {place}")
    yield " < ".join(several)


def record(name: str, folder: Path) -> None:
    made = RECORDED[name](name, folder)
    small = lzma.compress(made.path.read_bytes(), preset=9)
    (BUILT / f"{name}.xz").write_bytes(small)
    image = Image(str(made.path), "vmlinux")
    rows = []
    for section in image.code:
        offsets = range(0, section.size, made.recipe.step)
        said = answers(made.recipe.addr2line, made.path, section.name, offsets)
        for answer, group in groupby(zip(offsets, said, strict=True), key=lambda one: one[1]):
            first, *rest = [offset for offset, _ in group]
            last = rest[-1] if rest else first
            if "?" not in answer:  # padding
                rows.append(f"{section.name} {first:#x} {last:#x} {answer}\n")
    image.close()
    (BUILT / f"{name}.txt").write_text("".join(rows))


if __name__ == "__main__":
    BUILT.mkdir(exist_ok=True)
    for each in RECORDED:
        with tempfile.TemporaryDirectory() as parent:
            record(each, Path(parent))
