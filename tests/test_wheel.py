"""The wheel holds all that a wiki needs, and works away from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The wheel, unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "package")
    return folder / "package"


def test_it_holds_the_package_its_types_and_the_default_theme(package):
    for name in ("__main__.py", "py.typed", "schemas/config.json", "themes/default/theme.toml"):
        assert (package / "sitegen" / name).is_file()
    assert sorted(path.name for path in package.iterdir() if "dist-info" not in path.name) == [
        "sitegen"
    ]


_RUN = "import sys, sitegen; print(sitegen.__file__); from sitegen.__main__ import main; main()"


def test_a_wiki_is_built_with_it(package, tmp_path):
    (tmp_path / "content" / "cases").mkdir(parents=True)
    (tmp_path / "sitegen.toml").write_text('title = "Elsewhere"\n')
    log = (ROOT / "content/_kernel/logs/sysrq.log").read_text()
    (tmp_path / "content/cases/crash.md").write_text(f"# A crash\n\n```panic\n{log}```\n")
    environment = os.environ | {
        "PYTHONPATH": str(package),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    done = subprocess.run(
        [sys.executable, "-P", "-c", _RUN, "build"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.startswith(str(package))
    assert "sysrq triggered crash" in (tmp_path / "site/cases/crash/index.html").read_text()
    assert list((tmp_path / "site/static").glob("style.*.css"))


def test_a_new_wiki_comes_out_of_it(package, tmp_path):
    environment = os.environ | {
        "PYTHONPATH": str(package),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    for arguments in (["init", "--yes", "--quiet"], ["build", "--locked", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-P", "-c", _RUN.replace("main()", "sys.exit(main())"), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stderr, done.returncode) == ("", 0)
    assert (tmp_path / "site/cases/lamp-without-bulb/index.html").is_file()
