"""Source archives: read once, and whatever is in them, nothing but their own files comes out."""

import gzip
import io
import lzma
import random
import tarfile

import pytest

from sitegen.crash.source import Tree, open_tree, tar
from sitegen.crash.source.files import MAX_BYTES


def member(name, data=b"", **fields):
    found = tarfile.TarInfo(name)
    found.size = len(data)
    for field, value in fields.items():
        setattr(found, field, value)
    return found, data


def pack(path, *members, mode="w:gz", **options):
    with tarfile.open(path, mode, **options) as archive:
        for found, data in members:
            archive.addfile(found, io.BytesIO(data) if data else None)
    return path


def link(name, target, kind=tarfile.SYMTYPE):
    return member(name, type=kind, linkname=target)


IO = member("linux/fs/io.c", b"int a;\nint b;\n")
LINES = ("int a;", "int b;")


@pytest.fixture
def opened(tmp_path):
    trees = []

    def make(*members, cache=tmp_path / "cache", **options):
        path = pack(tmp_path / "linux.tar.gz", *members, **options)
        found = open_tree(path, cache=cache)
        assert isinstance(found, Tree), found
        trees.append(found)
        return found

    yield make
    for tree in trees:
        tree.close()


def test_the_one_folder_that_holds_all_is_no_part_of_the_names(opened):
    tree = opened(
        member("linux", type=tarfile.DIRTYPE), IO, member("./linux/Makefile", b"VERSION = 6\n")
    )
    assert tree.lines("fs/io.c") == LINES
    assert tree.identify().version == "6"


def test_an_archive_without_such_a_folder_is_taken_as_it_is(opened):
    tree = opened(IO, member("Makefile", b"VERSION = 6\n"))
    assert tree.lines("linux/fs/io.c") == LINES
    assert tree.lines("fs/io.c") is None


def test_the_last_of_two_members_of_one_name_counts(opened):
    assert opened(member("linux/fs/io.c", b"old\n"), IO).lines("fs/io.c") == LINES


def test_links_are_followed_inside_of_the_archive_only(opened):
    tree = opened(
        IO,
        link("linux/inside", "fs/io.c"),
        link("linux/include/sound", "../fs"),
        link("linux/include/again", "sound"),
        link("linux/hard", "linux/fs/io.c", tarfile.LNKTYPE),
        link("linux/outside", "../../secret"),
        link("linux/absolute", "/etc/passwd"),
        link("linux/loop", "pool"),
        link("linux/pool", "loop"),
        link("linux/self", "linux/self", tarfile.LNKTYPE),
        link("linux/grow", "grow/grow"),
        link("linux/dangling", "none.c"),
    )
    for path in ("inside", "include/sound/io.c", "include/again/io.c", "hard"):
        assert tree.lines(path) == LINES, path
    for path in (
        "outside",
        "absolute",
        "loop",
        "self",
        "grow",
        "grow/x",
        "dangling",
        "fs",
        "hard/x",
    ):
        assert tree.lines(path) is None, path


def test_names_that_lead_outside_devices_and_sparse_files_are_not_there(opened):
    tree = opened(
        IO,
        member("../secret", b"secret\n"),
        member("/etc/passwd", b"secret\n"),
        member("linux/../../secret", b"secret\n"),
        member("linux/a\nb", b"secret\n"),
        member("linux/pipe", type=tarfile.FIFOTYPE),
        member("linux/device", type=tarfile.CHRTYPE),
    )
    assert tree.lines("fs/io.c") == LINES
    for path in ("secret", "../secret", "etc/passwd", "a\nb", "pipe", "device"):
        assert tree.lines(path) is None, path


def test_binary_and_long_files_are_not_kept_and_say_so(opened):
    tree = opened(
        IO,
        member("linux/blob.o", b"a\0"),
        member("linux/long.c", b"\n" * (MAX_BYTES + 1)),
        member("linux/after.c", b"int a;\n"),
    )
    assert tree.why_not("blob.o") == "blob.o is no text"
    assert tree.why_not("long.c") == "long.c is longer than 8 MiB"
    assert tree.lines("after.c") == ("int a;",)


def test_what_was_read_once_is_not_read_again(opened, tmp_path, monkeypatch):
    opened(IO).close()
    monkeypatch.setattr(tar, "_unpacked", None)
    tree = open_tree(tmp_path / "linux.tar.gz", cache=tmp_path / "cache")
    assert tree.lines("fs/io.c") == LINES
    tree.close()


def test_an_archive_that_changed_is_read_again(opened):
    opened(IO).close()
    assert opened(member("linux/fs/io.c", b"another text\n")).lines("fs/io.c") == ("another text",)


def test_without_a_cache_nothing_is_left(opened, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tree = opened(IO, cache=None)
    assert tree.lines("fs/io.c") == LINES
    assert list(tmp_path.glob(".sitegen-*"))
    tree.close()
    assert [path.name for path in tmp_path.iterdir()] == ["linux.tar.gz"]


def test_a_cache_that_cannot_be_written_costs_time_only(opened, tmp_path):
    (tmp_path / "cache").write_text("a file is in the way")
    assert opened(IO).lines("fs/io.c") == LINES


MANY = tuple(
    member(f"linux/fs/{number}.c", bytes([65 + number % 26]) * 900) for number in range(200)
)


@pytest.mark.parametrize("harm", ["cut", "emptied", "overwritten", "gone"])
def test_a_damaged_cache_gives_the_same_answers(opened, tmp_path, harm):
    opened(*MANY).close()
    (kept,) = (tmp_path / "cache/trees").iterdir()
    data = kept.read_bytes()
    match harm:
        case "cut":
            kept.write_bytes(data[: len(data) // 2])
        case "emptied":
            kept.write_bytes(b"")
        case "overwritten":
            kept.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
        case "gone":
            kept.unlink()
    with open_tree(tmp_path / "linux.tar.gz", cache=tmp_path / "cache") as tree:
        for number in range(200):
            assert tree.lines(f"fs/{number}.c") == (chr(65 + number % 26) * 900,)


# --- Archives that are none --------------------------------------------------------------------


def reason(path):
    found = open_tree(path)
    assert isinstance(found, str)
    return found


def test_a_file_that_is_no_archive_is_a_reason(tmp_path):
    path = tmp_path / "linux.tar.xz"
    for data in (
        b"",
        b"no archive" * 100,
        b"\xfd7zXZ\0 no",
        b"\x1f\x8b no",
        b"BZh no",
        b"\0" * 10240,
    ):
        path.write_bytes(data)
        assert reason(path).startswith("cannot read 'linux.tar.xz': "), data


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz", "w:bz2"])
def test_an_archive_that_is_cut_short_is_not_read(tmp_path, mode):
    noise = random.Random(1).randbytes(3000).replace(b"\0", b"x")
    path = pack(tmp_path / "a.tar", IO, member("linux/noise.c", noise), IO, mode=mode)
    data = path.read_bytes()
    # The end mark of a plain archive is ten thousand zeros, of which the first block counts.
    end = data.rindex(b"int b;") + 500 if mode == "w" else len(data)
    for size in {*range(0, end, end // 40), end - 1}:
        path.write_bytes(data[:size])
        assert reason(path).startswith("cannot read 'a.tar': ")


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_an_archive_with_changed_bytes_raises_nothing(tmp_path, mode):
    chance = random.Random(2)
    path = pack(tmp_path / "a.tar", *MANY[:6], link("linux/x", "y"), mode=mode)
    data = path.read_bytes()
    data = data[:8192]
    for _ in range(300):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 8)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        path.write_bytes(changed)
        found = open_tree(path)
        if isinstance(found, Tree):
            found.close()


def test_an_archive_that_unfolds_without_end_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(tar, "MOST_BYTES", 1 << 20)
    path = pack(tmp_path / "bomb.tar.gz", member("linux/a", b"\n" * (2 << 20)))
    assert "unfolds to more than" in reason(path)


def test_an_archive_of_too_many_members_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(tar, "MOST_MEMBERS", 100)
    assert "more than 100 members" in reason(pack(tmp_path / "many.tar.gz", *MANY))


def test_a_header_of_megabytes_is_not_read(tmp_path):
    long = member("linux/" + "a" * (2 << 20))
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        path = pack(tmp_path / "long.tar.gz", IO, long, format=form)
        assert "a header of it has" in reason(path)


def test_long_names_in_each_other_are_given_up(tmp_path):
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 512
    block = header.tobuf(tarfile.GNU_FORMAT) + b"a" * 512
    (tmp_path / "deep.tar").write_bytes(block * 20_000)
    assert reason(tmp_path / "deep.tar").startswith("cannot read 'deep.tar'")


def test_xz_that_asks_for_much_memory_is_refused(tmp_path):
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]
    plain = pack(tmp_path / "plain.tar", IO, mode="w").read_bytes()
    path = tmp_path / "greedy.tar.xz"
    small = lzma.compress(plain)
    header = lzma.compress(plain, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}])
    del filters, header
    # The byte that says the size of the dictionary, and the checksum of the block's header.
    data = bytearray(small)
    length = (data[12] + 1) * 4
    data[16] = 38  # 2 GiB
    import zlib

    data[12 + length - 4 : 12 + length] = zlib.crc32(data[12 : 12 + length - 4]).to_bytes(
        4, "little"
    )
    path.write_bytes(data)
    assert "emory" in reason(path)


def test_several_streams_of_xz_are_one_file(tmp_path):
    plain = pack(tmp_path / "plain.tar", IO, mode="w").read_bytes()
    path = tmp_path / "linux.tar.xz"
    path.write_bytes(
        lzma.compress(plain[:700]) + b"\0" * 8 + lzma.compress(plain[700:]) + b"\0" * 4
    )
    with open_tree(path) as tree:
        assert tree.lines("fs/io.c") == LINES


def test_several_members_of_gzip_are_one_file(tmp_path):
    plain = pack(tmp_path / "plain.tar", IO, mode="w").read_bytes()
    (tmp_path / "linux.tar.gz").write_bytes(gzip.compress(plain[:700]) + gzip.compress(plain[700:]))
    with open_tree(tmp_path / "linux.tar.gz") as tree:
        assert tree.lines("fs/io.c") == LINES


def test_zstd_is_read_with_its_package(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    plain = pack(tmp_path / "plain.tar", IO, mode="w").read_bytes()
    data = zstandard.ZstdCompressor().compress(plain)
    path = tmp_path / "linux.tar.zst"
    path.write_bytes(data)
    with open_tree(path) as tree:
        assert tree.lines("fs/io.c") == LINES
    for cut in (3, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:cut])
        assert reason(path).startswith("cannot read 'linux.tar.zst'")


def test_zstd_without_its_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    (tmp_path / "linux.tar.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    assert "install the package 'zstandard'" in reason(tmp_path / "linux.tar.zst")
