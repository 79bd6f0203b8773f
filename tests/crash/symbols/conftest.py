"""Small images, built once a session, and the distribution kernel where there is one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.images.build import ALL, MODULES, RECIPES, Image, build_kernel, build_module

Make = Callable[[str], Image]


def _once(make: Callable[[str, Path], Image], factory: pytest.TempPathFactory) -> Make:
    made: dict[str, Image] = {}

    def get(name: str) -> Image:
        if name not in made:
            made[name] = make(name, factory.mktemp(name))
        return made[name]

    return get


@pytest.fixture(scope="session")
def make_kernel(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return _once(build_kernel, tmp_path_factory)


@pytest.fixture(scope="session")
def make_module(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return _once(build_module, tmp_path_factory)


@pytest.fixture(params=RECIPES)
def kernel(request: pytest.FixtureRequest, make_kernel: Make) -> Image:
    """The small kernel, of every recipe."""
    return make_kernel(request.param)


@pytest.fixture(params=[name for name in MODULES if name in RECIPES])
def module(request: pytest.FixtureRequest, make_module: Make) -> Image:
    """The small module, of every recipe that makes one."""
    return make_module(request.param)


@pytest.fixture(params=ALL)
def any_kernel(request: pytest.FixtureRequest, make_kernel: Make) -> Image:
    """The small kernel, of every recipe, for machines whose code is not read too."""
    return make_kernel(request.param)


@pytest.fixture(params=MODULES)
def any_module(request: pytest.FixtureRequest, make_module: Make) -> Image:
    """The small module, as `module` and of every machine."""
    return make_module(request.param)


@pytest.fixture(scope="session")
def kernels() -> Path:
    """The distribution kernels that SITEGEN_KERNELS points to."""
    folder = os.environ.get("SITEGEN_KERNELS", "")
    if not folder or not (Path(folder) / "amd64" / "vmlinux").exists():
        pytest.skip("SITEGEN_KERNELS does not point to a folder with amd64/vmlinux")
    return Path(folder)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The logs of real crashes, beside the checkout."""
    folder = Path(__file__).parents[4] / "shared" / "corpus" / "qemu"
    if not folder.exists():
        pytest.skip("there is no ../shared/corpus/qemu beside the checkout")
    return folder
