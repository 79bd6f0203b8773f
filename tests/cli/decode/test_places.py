"""Where an installed release keeps its image and its modules."""

from pathlib import Path

import pytest

from sitegen.cli.decode.places import Found, configured, installed, module_folders, package_hint
from sitegen.cli.words import UsageError


@pytest.mark.parametrize(
    "place",
    [
        "boot/vmlinux-6.1-x",
        "boot/vmlinux-6.1-x.debug",
        "usr/lib/debug/boot/vmlinux-6.1-x",
        "usr/lib/debug/boot/vmlinux-6.1-x.debug",
        "lib/modules/6.1-x/vmlinux",
        "lib/modules/6.1-x/build/vmlinux",
        "usr/lib/debug/lib/modules/6.1-x/vmlinux",
        "usr/lib/debug/usr/lib/modules/6.1-x/vmlinux.debug",
    ],
)
def test_the_image_of_a_release_is_found(place: str, tmp_path: Path) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.touch()
    assert installed("6.1-x", str(tmp_path)) == str(path)


def test_the_script_s_own_places_come_first(tmp_path: Path) -> None:
    places = ["boot/vmlinux-6.1-x", "usr/lib/debug/lib/modules/6.1-x/vmlinux"]
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).touch()
    assert installed("6.1-x", str(tmp_path)) == str(tmp_path / places[0])


def test_without_an_image_it_is_said_where_it_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "boot/vmlinux-6.1-x").mkdir(parents=True)
    with pytest.raises(UsageError) as caught:
        installed("6.1-x", str(tmp_path))
    assert str(caught.value).startswith("no vmlinux of release 6.1-x is installed; ")
    assert f"\n  {tmp_path}/usr/lib/debug/boot/vmlinux-6.1-x\n" in str(caught.value)


def test_modules_of_a_release_lie_in_the_folders_that_are_there(tmp_path: Path) -> None:
    debug = tmp_path / "usr/lib/debug/lib/modules/6.1-x"
    plain = tmp_path / "usr/lib/modules/6.1-x"
    for folder in (debug, plain):
        folder.mkdir(parents=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    assert module_folders("6.1-x", str(tmp_path)) == [str(debug), str(plain)]
    assert module_folders("../../etc", str(tmp_path)) == module_folders("", str(tmp_path)) == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("ID=debian", "install linux-image-6.1-x-dbg"),
        ("ID=ubuntu\nID_LIKE=debian", "install linux-image-6.1-x-dbgsym from ddebs.ubuntu.com"),
        ("ID=fedora", "run dnf debuginfo-install kernel-6.1-x"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "run dnf debuginfo-install kernel-6.1-x"),
        (
            'ID="opensuse-leap"\nID_LIKE="suse opensuse"',
            "install kernel-default-debuginfo of 6.1-x",
        ),
        ("ID=none", "install the debug package of this kernel"),
        ("no pairs\n=\n\0", "install the debug package of this kernel"),
    ],
)
def test_the_package_to_install_is_that_of_this_system(
    words: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "os-release").write_text(words)
    assert package_hint("6.1-x", str(tmp_path / "os-release")) == hint
    assert (
        package_hint("6.1-x", str(tmp_path / "none")) == "install the debug package of this kernel"
    )


def test_a_release_that_the_wiki_configures_is_found_from_inside_it(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text(
        '[[kernels]]\nrelease = "6.1-x"\nvmlinux = "k/vmlinux"\nmodules = ["k/modules", "gone"]\n'
        '[[kernels]]\nrelease = "6.2-x"\nvmlinux = "gone"\n'
    )
    inside = tmp_path / "content/cases"
    for folder in (inside, tmp_path / "k/modules"):
        folder.mkdir(parents=True)
    (tmp_path / "k/vmlinux").touch()
    image, modules = str(tmp_path / "k/vmlinux"), str(tmp_path / "k/modules")
    assert configured("6.1-x", str(inside)) == Found(image, [modules])
    assert configured("6.2-x", str(inside)) is None
    assert configured("6.3-x", str(inside)) is None


def test_outside_a_wiki_nothing_is_configured(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert configured("6.1-x", str(tmp_path)) is None
