"""`sitegen parse`: logs as JSON."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.cli.parse import main
from tests.crash.log.golden import FOLDER, read_golden

LOG = FOLDER / "x86_64/form-no-time.txt"


def test_one_log_is_printed_whole(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "panic.log"
    path.write_bytes(read_golden(LOG).data)
    assert main([str(path)]) == 0
    out = capsysbinary.readouterr().out
    log = json.loads(out)
    assert out.startswith(b'{\n  "lines": [')
    assert log["arch"] == "x86_64"
    assert (
        log["reports"][0]["title"]
        == "BUG: unable to handle kernel NULL pointer dereference in widget_set"
    )
    assert log["reports"][0]["traces"][0]["frames"][0]["symbol"]["name"] == "widget_ioctl"


def test_standard_input_is_read_when_no_file_is_named(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(b"Kernel panic - not syncing: x\n\xff\x00"))
    )
    assert main([]) == 0
    log = json.loads(capsysbinary.readouterr().out)
    assert log["lines"] == ["Kernel panic - not syncing: x", "\ufffd\N{SYMBOL FOR NULL}"]


def test_a_folder_gives_a_line_a_log_in_order_of_names(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "b.log").write_bytes(read_golden(LOG).data)
    (tmp_path / "a.log").write_bytes(b"all is well\n")
    assert main(["--jsonl", str(tmp_path)]) == 0
    lines = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [(line["name"], line["title"] and line["kind"]) for line in lines] == [
        ("a.log", None),
        ("b.log", "null-deref"),
    ]
    assert lines[1]["type"] == "NULL-POINTER-DEREFERENCE"
    assert lines[1]["alt_titles"] == ["bad-access in widget_set"]
    assert (lines[1]["corrupted"], lines[1]["panicked"], lines[1]["guilty_file"]) == (
        False,
        False,
        None,
    )


@pytest.mark.parametrize("arguments", [["missing.log"], ["--jsonl", "missing"]])
def test_what_cannot_be_read_is_said(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    assert "error[G006]: 'missing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["a", "b"], ["a", "--jsonl", "b"]])
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_words_are_explained_and_code_is_disassembled(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "panic.log"
    path.write_bytes(read_golden(FOLDER / "x86_64/null-read.txt").data)
    assert main([str(path)]) == 0
    log = json.loads(capsysbinary.readouterr().out)
    assert any("a NULL pointer" in one["text"] for one in log["explanations"])
    [marked] = [one for one in log["listings"][0]["instructions"] if one.get("mark")]
    assert marked["text"] == "movl 0x28(%rax), %eax"


@pytest.mark.parametrize("output", [">&-", ">/dev/full"])
@pytest.mark.parametrize("option", ["", "--jsonl"])
def test_output_that_cannot_be_written_is_said_and_no_traceback(
    tmp_path: Path, option: str, output: str
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    path = tmp_path / "a.log"
    path.write_text("Kernel panic - not syncing: x\n")
    read = tmp_path if option else path
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m sitegen parse {option} "$1" {output}', sys.executable, str(read)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "'standard output': " in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_file_name_that_is_not_utf_8_is_said_and_its_log_printed(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.log")).write_text(
            "kernel BUG at a.c:1!\n"
        )
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    assert main(["--jsonl", str(tmp_path)]) == 1
    out, said = capsysbinary.readouterr()
    assert json.loads(out)["name"] == "a\ufffd.log"
    assert b"name is not utf-8" in said


def test_folders_below_are_read_too_and_what_is_no_text_is_left_out_and_said(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    log = read_golden(LOG).data
    for name in ("b/panic.log", "a.log", ".git/c.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(log)
    (tmp_path / "serial.log").write_bytes(b"\x00\xff\xfe" + log)  # garbage before the first line
    (tmp_path / "utf16.log").write_bytes(log.decode().encode("utf-16"))
    (tmp_path / "vmlinux").write_bytes(b"\x7fELF" + log)
    (tmp_path / "picture").write_bytes(bytes(range(256)))
    assert main(["--jsonl", str(tmp_path)]) == 0
    out, said = capsysbinary.readouterr()
    names = [json.loads(line)["name"] for line in out.splitlines()]
    assert names == ["a.log", "b/panic.log", "serial.log", "utf16.log"]
    assert said == (
        b"sitegen parse: 'picture' is no text, left out\n"
        b"sitegen parse: 'vmlinux' is no text, left out\n"
    )
    assert main(["--jsonl", str(tmp_path), "--quiet"]) == 0
    assert capsysbinary.readouterr().err == b""
