"""Every function of a real kernel, against the System.map that its kallsyms was made of."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from sitegen.crash.symbols.reader import Reader

pytestmark = pytest.mark.kernel

Rows = dict[int, list[str]]
"names by address, in the map's order"


def _opened(kernels: Path, machine: str) -> tuple[Reader, Rows]:
    vmlinux = kernels / machine / "vmlinux"
    found = sorted((kernels / machine).glob("root/usr/lib/debug/boot/System.map-*"))
    if not found or not vmlinux.exists():
        pytest.skip(f"SITEGEN_KERNELS has no System.map of {machine}")
    rows: Rows = defaultdict(list)
    for line in found[0].read_text().splitlines():
        address, kind, name = line.split()
        if kind not in "aA":  # per-CPU ones count from zero
            rows[int(address, 16)].append(name)
    return Reader(str(vmlinux), "vmlinux"), rows


@pytest.fixture(params=["amd64", "arm64"])
def opened(kernels: Path, request: pytest.FixtureRequest) -> tuple[Reader, Rows]:
    return _opened(kernels, request.param)


def test_a_function_s_size_is_the_distance_to_the_next_symbol(opened: tuple[Reader, Rows]) -> None:
    reader, rows = opened
    sizes: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for address, following in pairwise(sorted(rows)):
        section = reader.image.section_at(address)
        # Behind the last of a section the kernel counts to whatever comes then.
        if section and section.is_code and section == reader.image.section_at(following):
            for name in rows[address]:
                sizes[name].add((address, following - address))
    symbols = reader.symbols.find(sizes)
    assert sum(map(len, sizes.values())) > 49_000
    # Data may end where code begins, and its end marks are none of functions.
    wrong = {
        name: (known, symbols[name])
        for name, known in sizes.items()
        if symbols[name] and not known <= {(one.address, one.size) for one in symbols[name]}
    }
    assert wrong == {}
    assert sum(not symbols[name] for name in sizes) < 5


def test_of_several_names_the_one_that_logs_print_comes_first(opened: tuple[Reader, Rows]) -> None:
    reader, rows = opened
    several = 0
    for address, names in rows.items():
        section = reader.image.section_at(address)
        if len(names) > 1 and section is not None and section.is_code:
            several += 1
            assert sorted(names) == sorted({*reader.symbols.names_at(address)} & {*names})
    assert several > 50
    # `el1_irq` and `el1_fiq`, `__do_sys_getpid` and `__x64_sys_getpid` are one function each.
    first = {names[0] for names in rows.values()}
    for alias in ("__do_sys_getpid", "el1_fiq"):
        if alias in first:
            (symbol,) = reader.symbols.find([alias])[alias]
            assert reader.symbols.names_at(symbol.address)[0] == alias
