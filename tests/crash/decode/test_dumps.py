"""`Code:` lines in a stream: which they are, what goes on with them, and what is remembered."""

import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.crash.decode import Decoder
from sitegen.crash.decode.dumps import Dump, Dumps, dump_of
from sitegen.crash.symbols.values import Undecoded

CODE = b"[    2.5] Code: c9 c3 48 8b 05 fc 46 00 00 <8b> 40 28 8d 44 40 03\n"


def decoded(text: bytes, machine: str = "x86_64", folder: str = "") -> bytes:
    decoder = Decoder(
        lambda queries: [Undecoded("no image")] * len(queries),
        machine=machine,
        dumps=lambda: Dumps(machine, folder),
    )
    return decoder.feed(text) + decoder.finish()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"Code: 00 01 02 <03>", Dump((b"00", b"01", b"02", b"03"), 3)),
        (b"[ 1.0] Code: d503233f (b9402800) \r\n", Dump((b"d503233f", b"b9402800"), 1)),
        (b"Code: 9387 (2783 0007) 6398", Dump((b"9387", b"2783", b"0007", b"6398"), 1)),
        (b"Code: 00 01 02 03", Dump((b"00", b"01", b"02", b"03"), None)),
        (b"Code: 00 01 02", None),
        (b"Code: Bad RIP value.", None),
        (b"Code: Unable to access opcode bytes at 0x4276d6.", None),
        (b"Code: 00 <01> 02 <03>", None),
        (b"Code: 00 01 0203 04", None),
        (b"Code: 00 01 02 03 zz", None),
        (b"Code: " + b"00 " * 512, Dump((b"00",) * 512, None)),
        (b"Code: " + b"00 " * 513, None),
        (b"no dump at all", None),
    ],
    ids=range(13),
)
def test_a_line_of_bytes_is_told_from_prose(text: bytes, expected: Dump | None) -> None:
    assert dump_of(text) == expected


def test_the_line_itself_stays_and_the_listing_stands_below() -> None:
    text = decoded(b"above\n" + CODE + b"below\n").split(b"\n")
    assert text[:4] == [b"above", CODE.rstrip(), b"All code", b"========"]
    assert text[-2:] == [b"below", b""]


def test_lines_end_as_the_log_s_do() -> None:
    text = decoded(CODE.replace(b"\n", b"\r\n") + b"below\r\n")
    assert text.count(b"\r\n") == text.count(b"\n") > 10


def test_a_last_line_without_an_end_is_listed_too() -> None:
    text = decoded(CODE.rstrip())
    assert text.startswith(CODE + b"All code\n")


@pytest.mark.parametrize("prefix", [b"", b"[    2.5] ", b"[    2.5][   T12] "])
def test_bytes_that_were_wrapped_go_on(prefix: bytes) -> None:
    whole = decoded(b"Code: 90 55 89 e5 <8b> 40 28 5d c3\n").partition(b"\n")[2]
    wrapped = prefix + b"Code: 90 55 89 e5\n" + prefix + b"<8b> 40 28 5d c3\n"
    assert decoded(wrapped) == wrapped + whole


def test_what_does_not_go_on_stands_below_the_listing() -> None:
    text = decoded(b"Code: 8b 40 28 c3 90\n f+0x1/0x2\nlast\n")
    assert text.startswith(b"Code: 8b 40 28 c3 90\n\nCode starting with")
    assert text.endswith(b"nop\n f+0x1/0x2\nlast\n")


def test_code_of_a_32_bit_program_is_read_as_such() -> None:
    line = b"Code: 55 89 e5 <40> 8b 40 28 5d c3\n"
    kernel = decoded(b"RIP: 0010:f+0x1/0x2\n" + line)
    program = decoded(b"RIP: 0023:0xf7f1a549\n" + line)
    assert b"inc    %eax" in program
    assert b"inc    %eax" not in kernel
    assert decoded(b"RIP: 0023:0xf7f1a549\nRIP: 0010:f+0x1/0x2\n" + line).endswith(
        kernel.partition(b"\n")[2]
    )


def test_of_unknown_machines_the_line_is_left_as_it_is() -> None:
    assert decoded(CODE, "") == decoded(CODE, "loongarch64") == CODE


@pytest.mark.parametrize(
    "line",
    [
        b"Code: " + b"00 " * 300_000,
        b"Code:" * 100_000,
        b"Code: " + b"<" * 300_000,
        b"Code: 00 01 02 03\n" * 5000,
        b"Code: 00 01 02 03\n" + b"00 " * 100_000,
    ],
    ids=range(5),
)
def test_hostile_lines_end_soon(line: bytes) -> None:
    assert line.split(b"\n")[0] in decoded(line + b"\n")


# --- the cache --------------------------------------------------------------------------------

PROGRAM = """
import sys
from sitegen.crash.decode import Decoder
from sitegen.crash.decode.dumps import Dumps
decoder = Decoder(None, machine="x86_64", dumps=lambda: Dumps("x86_64", sys.argv[1]))
sys.stdout.buffer.write(decoder.feed(sys.stdin.buffer.read()) + decoder.finish())
sys.stderr.write(str("capstone" in sys.modules))
"""


def run(folder: Path) -> tuple[bytes, bytes]:
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    done = subprocess.run(command, input=CODE, capture_output=True, check=True, timeout=60)
    return done.stdout, done.stderr


def test_what_was_disassembled_once_is_remembered(tmp_path: Path) -> None:
    first, second = run(tmp_path), run(tmp_path)
    assert first == (decoded(CODE), b"True")
    assert second == (decoded(CODE), b"False")


@pytest.mark.parametrize("damage", ["cut", "flip", "file"])
def test_a_damaged_memory_is_none(damage: str, tmp_path: Path) -> None:
    expected, _ = run(tmp_path)
    (path,) = (tmp_path / "code").iterdir()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    elif damage == "flip":
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    else:
        path.unlink()
        (tmp_path / "code").rmdir()
        (tmp_path / "code").write_text("a file where the folder should be")
    assert run(tmp_path) == (expected, b"True")


def test_bytes_that_mean_one_thing_to_two_machines_are_kept_apart(tmp_path: Path) -> None:
    line = b"Code: 55 89 e5 <40> 8b 40 28 5d c3\n"
    for _ in range(2):
        assert decoded(line, "x86_64", str(tmp_path)) == decoded(line, "x86_64")
        assert decoded(line, "i386", str(tmp_path)) == decoded(line, "i386")
    assert len([*(tmp_path / "code").iterdir()]) == 1
