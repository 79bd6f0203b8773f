"""`sitegen decode` as a process: arguments, exit codes, streams."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.symbols.conftest import Make, corpus, kernels, make_kernel

__all__ = ["corpus", "kernels", "make_kernel"]

LOG = b"[    1.0] Call Trace:\r\n[    1.0]  third+0x4/0x%x\r\nplain\r\n"


def run(
    *arguments: str | Path, log: bytes = b"", cache: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache or "/nonexistent"), **variables}
    command = [sys.executable, "-m", "sitegen", "decode", *map(str, arguments)]
    return subprocess.run(
        command, input=log, capture_output=True, check=False, env=environment, timeout=60
    )


def log_of(vmlinux: Path) -> bytes:
    """A log with the size that the image has."""
    from sitegen.crash.symbols.reader import Reader

    (symbol,) = Reader(str(vmlinux), "vmlinux").symbols.find(["third"])["third"]
    return LOG % symbol.size


def test_a_log_is_decoded_and_answered_again_from_the_cache(
    make_kernel: Make, tmp_path: Path
) -> None:
    vmlinux = make_kernel("gcc-5").path
    first = run(vmlinux, log=log_of(vmlinux), cache=tmp_path)
    second = run(vmlinux, "auto", log=log_of(vmlinux), cache=tmp_path)
    uncached = run("--no-cache", vmlinux, log=log_of(vmlinux), cache=tmp_path / "unused")
    assert first.returncode == 0
    assert first.stderr == b""
    assert first.stdout == (b"[    1.0] Call Trace:\r\n[    1.0] third (third.c:13)\r\nplain\r\n")
    assert second.stdout == uncached.stdout == first.stdout
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), b"a vmlinux is needed"),
        (("--wrong", "vmlinux"), b"unknown option '--wrong'\n"),
        (("-r",), b"-r wants a value, RELEASE"),
        (("-r", "../../etc"), b"-r wants a kernel release"),
        (("-r", "0.0.0-none"), b"no vmlinux of release 0.0.0-none is installed"),
    ],
)
def test_wrong_usage_is_explained(arguments: tuple[str, ...], message: bytes) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"sitegen decode: " + message)
    assert done.stdout == b""


def test_help_goes_to_standard_output() -> None:
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"usage: sitegen decode")


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, b"S002"), (b"MZ a compressed kernel", b"S003"), (b"\x7fELF\x02\x01short", b"S005")],
)
def test_what_is_no_image_is_a_diagnostic(
    content: bytes | None, code: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "vmlinux"
    if content is not None:
        path.write_bytes(content)
    done = run(path, log=b" f+0x1/0x2\n")
    assert done.returncode == 1
    assert b"[" + code + b"]: 'vmlinux' " in done.stderr
    assert b"hint: " in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_image_without_debug_information_is_said_so_once(
    make_kernel: Make, tmp_path: Path
) -> None:
    vmlinux = make_kernel("gcc-5").path
    bare = tmp_path / "vmlinux"
    subprocess.run(["strip", "-g", "-o", bare, vmlinux], check=True)
    done = run(bare, log=log_of(vmlinux))
    assert done.returncode == 1
    assert done.stdout.splitlines()[1].startswith(b"[    1.0]  third+0x4/0x")
    assert done.stderr.count(b"S004") == 1


def test_the_evidence_is_printed_as_json(make_kernel: Make) -> None:
    import json

    vmlinux = make_kernel("gcc-5").path
    done = run("--json", vmlinux, log=log_of(vmlinux))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["schema"] == 1
    assert found["logs"][0]["id"] == "panic-1"


def test_lines_are_answered_as_they_come(make_kernel: Make) -> None:
    vmlinux = make_kernel("gcc-5").path
    command = [sys.executable, "-m", "sitegen", "decode", "--no-cache", str(vmlinux)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b" third+0x4/0x0 x\nhalf")
        process.stdin.flush()
        assert process.stdout.readline() == b" third (third.c:13) x\n"
        process.stdin.close()
        assert process.stdout.read() == b"half"


def test_a_reader_that_goes_away_is_no_error(make_kernel: Make) -> None:
    vmlinux = make_kernel("gcc-5").path
    command = [sys.executable, "-m", "sitegen", "decode", "--no-cache", str(vmlinux)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(b"line\n" * 100_000)
            process.stdin.close()
        assert process.wait(30) in {0, 141}
        assert process.stderr.read() == b""


def test_an_image_is_fetched_by_its_build_id_only_when_asked_to(
    make_kernel: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUGINFOD_URLS", "http://127.0.0.1:1")
    silent = run("ab" * 20, cache=tmp_path)
    asked = run("--debuginfod", "ab" * 20, cache=tmp_path)
    assert (silent.returncode, asked.returncode) == (1, 1)
    assert b"cannot be read" in silent.stderr
    assert b"no image of build ID abab" in asked.stderr
    assert b"127.0.0.1:1" in asked.stderr


def test_instructions_stand_below_code_lines_unless_left_out(make_kernel: Make) -> None:
    vmlinux = make_kernel("gcc-5").path
    log = log_of(vmlinux) + b"Code: 90 90 90 <8b> 40 28 c3\r\n"
    done = run(vmlinux, log=log)
    assert done.returncode == 0
    assert b"   3:*\t8b 40 28             \tmov    0x28(%rax),%eax\t\t<-- trapping" in done.stdout
    assert b"<--" not in run("--no-code", vmlinux, log=log).stdout


@pytest.mark.parametrize("how", ["option", "file", "pipe"])
def test_an_address_without_a_symbol_is_decoded_where_the_slide_is_known(
    how: str, make_kernel: Make, tmp_path: Path
) -> None:
    """The small kernel is linked low: a slide takes it where kernels are."""
    from sitegen.crash.symbols.reader import Reader

    vmlinux = make_kernel("gcc-5").path
    (third,) = Reader(str(vmlinux), "vmlinux").symbols.find(["third"])["third"]
    slide = 0xFFFFFFFF80000000
    log = f"Call Trace:\n {slide + third.address + 4:#x}\nKernel Offset: {slide:#x} from 0x0\n"
    command = [sys.executable, "-m", "sitegen", "decode", "--no-cache", str(vmlinux)]
    expected = f" {slide + third.address + 4:#x} = third (third.c:13)\n".lstrip().encode()
    if how == "file":
        (tmp_path / "log").write_text(log)
        with (tmp_path / "log").open("rb") as file:
            done = subprocess.run(command, stdin=file, capture_output=True, check=False)
    else:
        more = [f"--kernel-offset={slide:x}"] if how == "option" else []
        done = subprocess.run(
            [*command, *more], input=log.encode(), capture_output=True, check=False
        )
    assert done.returncode == 0
    if how == "pipe":
        assert expected not in done.stdout
        assert b"warning[S011]: an address has no symbol" in done.stderr
        assert b"hint: give --kernel-offset" in done.stderr
    else:
        assert expected in done.stdout
        assert done.stderr == b""


def test_only_what_is_left_of_a_file_is_read_ahead(make_kernel: Make, tmp_path: Path) -> None:
    """A shell may have read the first lines: `{ read line; sitegen decode ...; } < log`."""
    first = b"Linux version 1\nKernel Offset: 0x1 from 0x0\n"
    rest = b"Linux version 2\nCall Trace:\n 0xffffffff80000000\nKernel Offset: 0x0 from 0x0\n"
    (tmp_path / "log").write_bytes(first + rest)
    command = [sys.executable, "-m", "sitegen", "decode", "--no-cache"]
    with (tmp_path / "log").open("rb") as file:
        os.lseek(file.fileno(), len(first), os.SEEK_SET)
        done = subprocess.run(
            [*command, str(make_kernel("gcc-5").path)],
            stdin=file,
            capture_output=True,
            check=False,
        )
    assert (done.stdout, done.stderr) == (rest, b"")


def test_modules_are_found_where_those_of_the_release_are_installed(
    make_kernel: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sitegen.cli.decode.arguments import Arguments
    from sitegen.cli.decode.text import Kernel

    added = []
    monkeypatch.setattr("sitegen.cli.decode.text.Kernel.release", "6.1-x")
    monkeypatch.setattr("sitegen.cli.decode.text._INSTALLED", (f"{tmp_path}/modules-",))
    (tmp_path / "modules-6.1-x").mkdir()
    monkeypatch.setattr("sitegen.cli.decode.places.module_folders", lambda release: [release])
    monkeypatch.setattr(
        "sitegen.crash.symbols.symbolizer.Symbolizer.add", lambda _, path: added.append(path)
    )
    vmlinux = str(make_kernel("gcc-5").path)
    Kernel(Arguments(["--no-cache", vmlinux]))
    Kernel(Arguments(["--no-cache", vmlinux, "auto", str(tmp_path)]))
    assert added == ["6.1-x"]


@pytest.mark.parametrize(
    ("redirection", "message"),
    [
        ("< log > /dev/full", "standard output: no space left on device"),
        ("< log >&-", "standard output: is closed"),
        ("<&-", "standard input: is closed"),
    ],
)
def test_a_stream_that_cannot_be_used_is_said_so(
    redirection: str, message: str, make_kernel: Make, tmp_path: Path
) -> None:
    (tmp_path / "log").write_bytes(log_of(make_kernel("gcc-5").path))
    words = [sys.executable, "-m", "sitegen", "decode", "--no-cache"]
    command = f'"$@" {redirection}'
    done = subprocess.run(
        ["sh", "-c", command, "sh", *words, str(make_kernel("gcc-5").path)],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error[G006]: {message}\n"


@pytest.mark.parametrize("modules", [["lamp"], ["a", "b", "c", "d", "e", "f", "g"]])
def test_what_is_said_of_modules_has_the_form_of_all_diagnostics(modules: list[str]) -> None:
    from sitegen import codes
    from sitegen.cli.decode.text import about_modules
    from sitegen.diagnostics import Diagnostic, as_text

    head, hint = about_modules(modules).splitlines()
    message = head.removeprefix("warning[S002]: ")
    found = Diagnostic(codes.S002, message, hint=hint.removeprefix("  hint: "))
    assert as_text(found) == f"{head}\n{hint}"
    assert f"'{modules[0]}'" in message


def test_modules_that_the_log_has_frames_in_and_that_are_not_here_are_named(
    make_kernel: Make,
) -> None:
    vmlinux = make_kernel("gcc-5").path
    log = log_of(vmlinux) + b" lamp_set+0x1b/0x30 [lamp]\n lamp_get+0x1/0x30 [lamp]\n"
    done = run(vmlinux, log=log)
    assert done.returncode == 0
    assert b"frames in a module that is not here, left as they are: 'lamp'\n" in done.stderr
    assert run(vmlinux, "--quiet", log=log).stderr == b""
