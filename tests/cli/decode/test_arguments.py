"""The forms of the command line: the kernel's own script's, and ours."""

import re
from pathlib import Path

import pytest

from sitegen.cli.decode.arguments import Arguments
from sitegen.cli.decode.places import Found
from sitegen.cli.words import UsageError


def read(*words: str) -> tuple[str, str, list[str] | None]:
    arguments = Arguments(list(words))
    return arguments.vmlinux, arguments.source, arguments.modules


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("vmlinux",), ("vmlinux", "", None)),
        (("vmlinux", "auto"), ("vmlinux", "", None)),
        (("vmlinux", "/b/linux"), ("vmlinux", "/b/linux", None)),
        (("vmlinux", "/b/linux", "mods"), ("vmlinux", "/b/linux", ["mods"])),
        (("vmlinux", "auto", "a", "b.ko"), ("vmlinux", "", ["a", "b.ko"])),
        (("--", "-vmlinux"), ("-vmlinux", "", None)),
        (("--debuginfod",), ("", "", None)),
        (("--json", "-R", "vmlinux"), ("vmlinux", "", None)),
    ],
)
def test_words_have_the_places_that_they_have_in_the_script(words, expected) -> None:
    assert read(*words) == expected


def test_a_release_stands_for_image_and_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sitegen.cli.decode.places.find_image", lambda release: Found(f"/{release}", ["beside"])
    )
    assert read("-r", "6.1") == read("--release=6.1") == ("/6.1", "", ["beside"])
    assert read("-r", "6.1", "mods") == ("/6.1", "", ["mods"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "a vmlinux is needed"),
        (("--json",), "a vmlinux is needed"),
        (("-x", "vmlinux"), "unknown option '-x'"),
        (("--json=yes", "vmlinux"), "unknown option '--json=yes'; did you mean '--json'?"),
        (("-r",), "-r wants a value, RELEASE"),
        (("--release=",), "wants a kernel release"),
        (("-r", "a/b"), "wants a kernel release"),
        (("-r", "x" * 5000), "wants a kernel release"),
        (("--kernel-offset", "zz", "vmlinux"), "wants a number in hexadecimal"),
        (("--kernel-offset=-1", "vmlinux"), "wants a number in hexadecimal"),
        (("vmlinux", "--kernel-offset"), "--kernel-offset wants a value, HEX"),
        (("--kernel-offset=" + "f" * 17, "vmlinux"), "wants a number in hexadecimal"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        Arguments(list(words))


@pytest.mark.parametrize(("text", "slide"), [("0x1e000000", 0x1E000000), ("1e", 30), ("0", 0)])
def test_the_offset_is_what_the_log_prints(text: str, slide: int) -> None:
    assert Arguments(["--kernel-offset", text, "vmlinux"]).slide == slide


def test_a_log_given_for_the_source_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "panic.log"
    log.write_text("Call Trace:\n")
    with pytest.raises(UsageError, match=f"the log is read from standard input: < {log}"):
        Arguments(["vmlinux", str(log)])
    # Evidence is made with a source that may be an archive.
    assert Arguments(["--json", "vmlinux", str(log)]).source == str(log)


def test_help_asks_for_nothing_else() -> None:
    assert "help" in Arguments(["-h"]).flags
    assert "help" in Arguments(["vmlinux", "--help", "-r"]).flags
