"""What newcomers give instead of an image, and logs of other kernels: each said with what to do."""

import os
import pty
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.decode.test_run import LOG, log_of, run
from tests.crash.symbols.conftest import Make, make_kernel

__all__ = ["make_kernel"]


def bzimage(release: bytes) -> bytes:
    """The head of an x86 boot image, as Documentation/arch/x86/boot.rst describes it."""
    data = bytearray(0x1000)
    data[0:2] = b"MZ"
    data[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", data, 0x20E, 0x400)
    data[0x600 : 0x600 + len(release) + 1] = release + b"\0"
    return bytes(data)


ARM64_IMAGE = bytes(0x38) + b"ARM\x64" + bytes(0x400) + b"Linux version 6.1-arm (gcc)\0"
PANIC = b"Call Trace:\n third+0x4/0x7777\n"
SYSTEM_MAP = b"ffffffff81000000 T _text\nffffffff81000000 T startup_64\n"


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (bzimage(b"6.1-x (me@here) #1"), "is a boot image of 6.1-x", "sitegen decode -r 6.1-x"),
        (ARM64_IMAGE, "is a boot image of 6.1-arm", "sitegen decode -r 6.1-arm"),
        (bzimage(b"\xff\xfe"), "is a boot image, which holds", "give the vmlinux it was made of"),
        (b"[    1.0] Call Trace:\n", "is not an ELF file", "a log is read from standard input"),
        (SYSTEM_MAP, "is not an ELF file", "System.map has no lines"),
        (b"\0\1\2\3" * 200, "is not an ELF file", "give vmlinux, with debug information"),
        (b"", "is empty", "give vmlinux, with debug information"),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x04\0" + bytes(46), "is damaged", "memory dump"),
        (
            b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0" + bytes(46),
            "is damaged",
            "unpack it again",
        ),
    ],
    ids=["bzimage", "arm64", "nameless", "log", "map", "bytes", "empty", "core", "cut"],
)
def test_what_is_no_image_is_named(content: bytes, message: str, hint: str, tmp_path: Path) -> None:
    path = tmp_path / "vmlinux"
    path.write_bytes(content)
    done = run(path, log=b" f+0x1/0x2\n")
    assert (done.returncode, done.stdout) == (1, b"")
    first, second = done.stderr.decode().splitlines()
    assert message in first
    assert second.startswith("  hint: ")
    assert hint in second


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("none/vmlinux", "give the path of the vmlinux that crashed"),
        ("6.1.0-56-amd64", "for an installed release run sitegen decode -r 6.1.0-56-amd64"),
        ("ab" * 20, "add --debuginfod"),
    ],
)
def test_what_is_not_there_is_guessed_at(word: str, hint: str) -> None:
    done = run(word, log=b" f+0x1/0x2\n")
    assert done.returncode == 1
    assert f"hint: {hint}" in done.stderr.decode()


def test_a_folder_is_asked_for_its_image(make_kernel: Make, tmp_path: Path) -> None:
    assert b"hint: give the file vmlinux itself" in run(tmp_path).stderr
    (tmp_path / "vmlinux").write_bytes(make_kernel("gcc-5").path.read_bytes())
    done = run(tmp_path)
    assert done.returncode == 1
    assert f"hint: give {tmp_path}/vmlinux".encode() in done.stderr


def test_a_module_that_is_not_there_is_no_vmlinux(make_kernel: Make) -> None:
    done = run(make_kernel("gcc-5").path, "auto", "/none/ext4.ko")
    assert done.returncode == 1
    assert b"'ext4.ko' cannot be read" in done.stderr
    assert b"hint: give the path of a module or of a folder of modules" in done.stderr


def test_a_stripped_image_decodes_nothing_and_says_so(make_kernel: Make, tmp_path: Path) -> None:
    bare = tmp_path / "vmlinux"
    subprocess.run(["strip", "-s", "-o", bare, make_kernel("gcc-5").path], check=True)
    log = log_of(make_kernel("gcc-5").path)
    done = run(bare, log=log)
    assert done.returncode == 1
    assert done.stdout == log
    assert b"S004" in done.stderr


def test_evidence_by_another_kernel_is_said_so(make_kernel: Make) -> None:
    done = run("--json", make_kernel("gcc-5").path, log=b"Kernel panic - not syncing: x\n" + PANIC)
    assert done.returncode == 1
    assert done.stdout.startswith(b"{")
    assert b"warning[S001]: the only function is not in 'vmlinux'" in done.stderr


def test_an_image_of_another_kernel_is_said_so(make_kernel: Make) -> None:
    vmlinux = make_kernel("gcc-5").path
    text = b"[    0.0] Linux version 6.8-other (gcc) #1\n" + LOG % 0x7777
    done = run(vmlinux, log=text)
    assert done.returncode == 1
    assert done.stdout == text
    assert b"warning[S001]: the only function is not in 'vmlinux'" in done.stderr
    assert b"hint: give the vmlinux of 6.8-other, which the log names" in done.stderr


def test_a_few_functions_of_another_size_are_no_other_kernel(make_kernel: Make) -> None:
    from sitegen.crash.symbols.reader import Reader

    vmlinux = make_kernel("gcc-5").path
    found = Reader(str(vmlinux), "vmlinux").symbols.find(["third", "stop_here", "call_open"])
    frames = [f" {s.name}+0x1/{s.size:#x}\n" for (s, *_) in found.values()]
    done = run(vmlinux, log="".join([*frames, " dispatch+0x1/0x7777\n"]).encode())
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_log_of_another_machine_is_said_so(make_kernel: Make) -> None:
    log = b"pc : third+0x4/0x7777\npstate: 60400005 (nZCv)\nx29: ffff80000a9b3d10\n"
    done = run(make_kernel("gcc-5").path, log=log)
    assert done.returncode == 1
    assert b"the log is of aarch64, and 'vmlinux' of x86_64" in done.stderr


def test_a_build_id_that_differs_is_said_so_once(make_kernel: Make) -> None:
    vmlinux = make_kernel("gcc-5").path
    line = b"CPU: 0 PID: 1 Comm: sh Not tainted 6.1 #1 " + b"ab" * 20 + b"\n"
    done = run(vmlinux, log=line + log_of(vmlinux) + line)
    assert done.returncode == 1
    assert done.stderr.count(b"S001") == 1
    assert b"the log is of the kernel with build ID abab" in done.stderr


def test_who_types_at_a_terminal_is_told_what_is_waited_for(make_kernel: Make) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "sitegen", "decode", "--no-cache"]
    process = subprocess.Popen(
        [*command, str(make_kernel("gcc-5").path)],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(slave)
    os.write(master, b"\x04")  # Ctrl-D, and nothing before it
    out, errors = process.communicate(timeout=60)
    os.close(master)
    assert (process.returncode, out) == (2, b"")
    assert errors.startswith(b"sitegen decode: reading the log from the terminal; paste it")
    assert b"there was no log; run sitegen decode VMLINUX < panic.log" in errors


def test_an_empty_pipe_is_no_trouble(make_kernel: Make) -> None:
    done = run(make_kernel("gcc-5").path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_words_of_a_hostile_image_drive_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "vm\x1b[2Jlinux"
    path.write_bytes(bzimage(b"6.1\x1b[31m"))
    done = run(path)
    assert done.returncode == 1
    assert b"\x1b" not in done.stderr
