"""What is read of files, folders, streams and this machine, and what is refused."""

import bz2
import gzip
import io
import lzma
import os
from pathlib import Path

import pytest

from sitegen.authoring.sources import (
    Folder,
    Found,
    Refused,
    files,
    read_log,
    read_machine,
    read_stream,
)
from sitegen.authoring.sources import folder as folders

LOG = b"[    1.000000] BUG: kernel NULL pointer dereference\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.log", LOG),
        ("a.log.gz", gzip.compress(LOG)),
        ("a.log.xz", lzma.compress(LOG)),
        ("a.log.bz2", bz2.compress(LOG)),
        ("a.log", LOG.decode().encode("utf-16")),
    ],
)
def test_a_log_is_unpacked(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    found = read_log(path)
    assert isinstance(found, Found)
    assert (found.file, found.data) == ("a.log", LOG)


@pytest.mark.parametrize(
    ("name", "data", "message", "hint"),
    [
        ("vmcore", b"KDUMP   \0\0\0", "a memory dump, not a log", "makedumpfile --dump-dmesg"),
        ("core", b"\x7fELF\x02\x01", "an ELF file", "makedumpfile --dump-dmesg"),
        ("flat", b"makedumpfile\0\0", "a memory dump", "makedumpfile --dump-dmesg"),
        ("a.zst", b"\x28\xb5\x2f\xfd\0", "compressed with zstd", "zstd -d"),
        ("noise", bytes(range(256)) + b"\0" * 900, "no text", "as dmesg prints it"),
        ("empty", b" \n\n", "empty", ""),
        ("a.gz", gzip.compress(LOG)[:-20], "damaged", "unpack"),
        ("dmesg-efi-179543053101001.enc.z", b"x", "still compressed", "pstore"),
        ("journal", b"LPKSHHRH\0\0", "a journal", "journalctl"),
    ],
)
def test_what_is_no_log_is_refused_with_what_to_do(tmp_path, name, data, message, hint):
    path = tmp_path / name
    path.write_bytes(data)
    refused = read_log(path)
    assert isinstance(refused, Refused)
    assert message in refused.message
    assert hint in refused.hint


@pytest.mark.parametrize("name", ["gone", "a\0b", "x" * 300])
def test_a_file_that_is_not_there_is_refused(tmp_path, name):
    assert isinstance(read_log(tmp_path / name), Refused)


def test_a_device_is_not_read(tmp_path):
    refused = read_log(type(tmp_path)("/dev/zero"))
    assert refused == Refused("neither a file nor a folder")


@pytest.mark.parametrize("name", ["/proc/kmsg", "/dev/kmsg"])
def test_a_log_that_never_ends_is_not_waited_for(name):
    path = Path(name)
    if not path.exists():
        pytest.skip("this machine has none")
    refused = read_log(path)
    assert isinstance(refused, Refused)
    assert "--from-dmesg" in refused.hint


def test_a_log_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"a" * 10_000))
    refused = read_log(tmp_path / "bomb.gz")
    assert isinstance(refused, Refused)
    assert "larger than" in refused.message


def test_a_stream_is_read():
    found = read_stream(io.BytesIO(LOG))
    assert isinstance(found, Found)
    assert (found.name, found.data) == ("standard input", LOG)


APPORT = b"""ProblemType: KernelOops
Date: Mon Nov 23 10:42:11 2026
Failure: oops
OopsText:
 BUG: kernel NULL pointer dereference
 .
 RIP: 0010:lamp_set+0x1b/0x30
Uname: Linux 6.1
VmCore: base64
 H4sICAAAAAAC/1ZtQ29yZQA=
"""


def test_the_log_in_a_report_of_apports_is_found(tmp_path):
    (tmp_path / "linux.crash").write_bytes(APPORT)
    found = read_log(tmp_path / "linux.crash")
    assert isinstance(found, Found)
    assert found.data.startswith(b"BUG: kernel NULL")
    assert b"RIP: 0010:lamp_set" in found.data
    assert b"Uname" not in found.data
    assert (found.file, found.day) == ("oopstext.log", "2026-11-23")


def test_a_programs_crash_is_no_kernels(tmp_path):
    (tmp_path / "a.crash").write_bytes(b"ProblemType: Crash\nExecutablePath: /bin/lamp\n")
    refused = read_log(tmp_path / "a.crash")
    assert isinstance(refused, Refused)
    assert "not of a kernel crash" in refused.message


def test_the_pieces_of_a_pstore_dump_are_put_together_oldest_first(tmp_path):
    for second, reason in ((1795430531, b"Oops#1"), (1795430532, b"Panic#2")):
        for part in (1, 2, 10):
            name = f"dmesg-efi_pstore-{second}{part:02}001"
            (tmp_path / name).write_bytes(b"%s Part%d\npiece %d\n" % (reason, part, part))
    found = Folder(tmp_path, "pstore").logs
    assert [log.data for log in found] == [b"piece 10\npiece 2\npiece 1\n"] * 2
    assert found[0].name == "pstore/dmesg-efi_pstore-179543053101001 and 2 more parts"
    assert found[0].day == "2026-11-23"


def test_two_boots_with_the_same_numbers_are_not_mixed(tmp_path):
    for second in (1795430531, 1795516931):
        for part in (1, 2):
            text = b"Panic#1 Part%d\n%d piece %d\n" % (part, second, part)
            (tmp_path / f"dmesg-efi-{second}{part:02}001").write_bytes(text)
    assert [log.data for log in Folder(tmp_path, "p").logs] == [
        b"1795430531 piece 2\n1795430531 piece 1\n",
        b"1795516931 piece 2\n1795516931 piece 1\n",
    ]


def test_a_folder_of_kdumps_gives_a_log_a_dump(tmp_path):
    for day in ("202611221042", "202611231042"):
        (tmp_path / day).mkdir()
        (tmp_path / day / f"dmesg.{day}").write_bytes(LOG)
        (tmp_path / day / f"dump.{day}").write_bytes(b"KDUMP   ")
    dump = tmp_path / "127.0.0.1-2026-11-24-10:42:11"
    dump.mkdir()
    for name in ("vmcore-dmesg.txt", "dmesg.txt", "kexec-dmesg.log"):
        (dump / name).write_bytes(LOG)
    (dump / "vmcore").write_bytes(b"KDUMP   ")
    found = Folder(tmp_path, "crash")
    assert [(log.name, log.day) for log in found.logs] == [
        ("crash/127.0.0.1-2026-11-24-10:42:11/vmcore-dmesg.txt", "2026-11-24"),
        ("crash/202611221042/dmesg.202611221042", "2026-11-22"),
        ("crash/202611231042/dmesg.202611231042", "2026-11-23"),
    ]
    assert found.refused == []


def test_links_are_not_followed_out_of_a_folder(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "a.log").write_bytes(LOG)
    dumps = tmp_path / "dumps"
    dumps.mkdir()
    (dumps / "file.log").symlink_to(secret / "a.log")
    (dumps / "folder").symlink_to(secret)
    (dumps / "circle").symlink_to(dumps)
    os.mkfifo(dumps / "pipe.log")
    assert Folder(dumps, "dumps").logs == []


def test_a_folder_of_very_many_files_is_read_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MOST", 3)
    for number in range(5):
        (tmp_path / f"{number}.log").write_bytes(LOG)
    found = Folder(tmp_path, "many")
    assert (len(found.logs), found.left_out) == (3, 2)


def test_this_machines_log_is_printed_as_dmesg_does():
    records = [
        b"6,1,5140900,-;Linux version 6.1\n",
        b"4,2,79803379,-,caller=T969;BUG: \\xc3\\xa4\n SUBSYSTEM=lamp\n DEVICE=+lamp\n",
        b"4,3,79803380,c;two\\x0alines\n",
        b"rubbish",
    ]
    found = read_machine(lambda: records)
    assert isinstance(found, Found)
    assert found.data.decode().splitlines() == [
        "[    5.140900] Linux version 6.1",
        "[   79.803379][  T969] BUG: ä",
        "[   79.803380] two",
        "[   79.803380] lines",
    ]


@pytest.mark.parametrize(
    ("error", "hint"), [(PermissionError(), "sudo dmesg"), (OSError(5, "x"), "dmesg |")]
)
def test_a_log_that_may_not_be_read_gives_a_hint(error, hint):
    def deny():
        raise error

    refused = read_machine(deny)
    assert isinstance(refused, Refused)
    assert hint in refused.hint


def test_an_empty_ring_is_refused():
    assert isinstance(read_machine(lambda: ()), Refused)
