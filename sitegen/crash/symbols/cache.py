"""What earlier runs found out of images, as flat files: who they are, their index, decoded frames.

    images/known                     path, size, mtime, inode -> build ID, release
    images/<build ID>-<kind>/index-<code>    sorted code addresses and unit ranges
    images/<build ID>-<kind>/frames-<code>   one question and its answer a line

`kind` keeps a stripped image apart from its debug twin of the same build ID, `code` is made of the
readers' own files, so that another version of them asks anew. Every file may be deleted at any
time; a damaged line or file counts as not there, and a folder that cannot be written to as none.
"""

import os
from array import array
from binascii import crc32
from collections.abc import Iterable
from typing import Final, NamedTuple

from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded

_MOST_KNOWN = 400
_MOST_BYTES = 1 << 23
"a file of frames that grows beyond is begun anew"
_FIELD, _CALL, _PART = "\t", "\x1e", "\x1f"
_MAGIC = b"sitegen index 1\n"
_UNSAFE: Final = frozenset("\t\n\r\x1e\x1f\x0b\x0c\x1c\x1d\x85\u2028\u2029")


class Identity(NamedTuple):
    """Who an image is."""

    build_id: str
    release: str
    kind: str
    "`lines` or `bare`, then `code` where the file has machine code"


class Index(NamedTuple):
    """What is dear to make of an image."""

    starts: "array[int]"
    "addresses of code symbols, sorted"
    ranges: "array[int]"
    "low, high and unit offset, by low, three numbers each"
    complete: bool
    "whether the units without .debug_aranges are among them"


class Cache:
    """The folder of one user. Without a folder it remembers nothing."""

    def __init__(self, folder: str | os.PathLike[str] | None = "") -> None:
        """`folder` empty means `$XDG_CACHE_HOME/sitegen`; None means no cache."""
        if folder == "":
            home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
            folder = os.path.join(home, "sitegen")
        self._folder = os.path.join(os.fspath(folder), "images") if folder is not None else ""
        self._known: dict[tuple[str, ...], Identity] | None = None
        self._frames: dict[str, dict[str, str]] = {}
        self._new: dict[str, dict[str, str]] = {}
        self._unsaved: dict[tuple[str, ...], Identity] = {}
        self._code_token = ""

    # --- identities -----------------------------------------------------------------------

    def identity(self, path: str) -> Identity | None:
        """Who the file is, when it was seen before and did not change since."""
        key = _file_key(path)
        return self._identities().get(key) if self._folder and key else None

    def remember(self, path: str, identity: Identity) -> None:
        key = _file_key(path)
        if self._folder and key and identity.build_id and not _UNSAFE.intersection("".join(key)):
            self._unsaved[key] = identity

    def _identities(self) -> dict[tuple[str, ...], Identity]:
        if self._known is None:
            self._known = {}
            for line in _lines(os.path.join(self._folder, "known")):
                fields = line.split(_FIELD)
                if len(fields) == 7:
                    self._known[tuple(fields[:4])] = Identity(fields[4], fields[5], fields[6])
        return self._known

    # --- frames ---------------------------------------------------------------------------

    def find(self, identity: Identity, query: Query) -> Decoded | Undecoded | None:
        """The answer given before to the question; None when it was not asked."""
        if not self._folder or not identity.build_id:
            return None
        place = self._place(identity)
        frames = self._frames.get(place)
        if frames is None:
            frames = self._frames[place] = {}
            for line in _lines(os.path.join(place, "frames-" + self._code())):
                question, _, answer = line.partition(_FIELD + _FIELD)
                frames[question] = answer
        text = frames.get(_question(query))
        return _read_answer(text) if text is not None else None

    def keep(self, identity: Identity, query: Query, answer: Decoded | Undecoded) -> None:
        """Remember an answer; written when `save` is called."""
        if not self._folder or not identity.build_id:
            return
        question, text = _question(query), _answer(answer)
        if text and not _UNSAFE.intersection(query.name + query.callee):
            self._new.setdefault(self._place(identity), {})[question] = text

    def _place(self, identity: Identity) -> str:
        return os.path.join(self._folder, f"{identity.build_id}-{identity.kind}")

    # --- index ----------------------------------------------------------------------------

    def index(self, identity: Identity) -> Index | None:
        """The index of an image, when it was saved before."""
        if not self._folder or not identity.build_id:
            return None
        try:
            with open(os.path.join(self._place(identity), "index-" + self._code()), "rb") as file:
                raw = file.read()
        except OSError:
            return None
        head = len(_MAGIC) + 21
        if len(raw) < head or not raw.startswith(_MAGIC):
            return None
        body = memoryview(raw)[head:]
        sum_, first, second = (
            int.from_bytes(raw[len(_MAGIC) + at : len(_MAGIC) + at + size], "little")
            for at, size in ((0, 4), (4, 8), (12, 8))
        )
        if len(body) != 8 * (first + second) or second % 3 or crc32(body) != sum_:
            return None
        starts, ranges = array("Q"), array("Q")
        starts.frombytes(body[: 8 * first])
        ranges.frombytes(body[8 * first :])
        return Index(starts, ranges, complete=raw[head - 1] == 1)

    def save_index(self, identity: Identity, index: Index) -> None:
        """Write the index of an image; a failure to write is no failure."""
        if not self._folder or not identity.build_id:
            return
        body = index.starts.tobytes() + index.ranges.tobytes()
        head = crc32(body).to_bytes(4, "little")
        head += len(index.starts).to_bytes(8, "little") + len(index.ranges).to_bytes(8, "little")
        head += bytes([index.complete])
        path = os.path.join(self._place(identity), "index-" + self._code())
        _write(path, _MAGIC + head + body, others="index-")

    # --- writing --------------------------------------------------------------------------

    def save(self) -> None:
        """Write what is new. What another process wrote meanwhile is kept, or lost harmlessly."""
        if self._unsaved:
            self._known = None
            known = {**self._identities(), **self._unsaved}
            rows = [(*key, *identity) for key, identity in known.items()][-_MOST_KNOWN:]
            _write(os.path.join(self._folder, "known"), _checked(_FIELD.join(row) for row in rows))
            self._unsaved = {}
        for place, new in self._new.items():
            path = os.path.join(place, "frames-" + self._code())
            old: dict[str, str] = {}
            for line in _lines(path):
                question, _, answer = line.partition(_FIELD + _FIELD)
                old[question] = answer
            both = {**old, **new}
            text = _checked(q + _FIELD + _FIELD + a for q, a in both.items())
            if len(text) > _MOST_BYTES:
                text = _checked(q + _FIELD + _FIELD + a for q, a in new.items())
            _write(path, text, others="frames-")
        self._new = {}

    def _code(self) -> str:
        """A token of this version of the readers: sizes and times of their files."""
        if not self._code_token:
            rows = sorted(
                (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
                for entry in os.scandir(os.path.dirname(__file__))
                if entry.name.endswith(".py")
            )
            self._code_token = f"{crc32(repr(rows).encode()):08x}"
        return self._code_token


def _file_key(path: str) -> tuple[str, ...] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    whole = os.path.abspath(path)
    return whole, str(found.st_size), str(found.st_mtime_ns), f"{found.st_dev}:{found.st_ino}"


def _lines(path: str) -> list[str]:
    """The lines of a file whose checksums hold."""
    try:
        with open(path, "rb") as file:
            raw = file.read(_MOST_BYTES * 2)
    except OSError:
        return []
    found = []
    for line in raw.split(b"\n"):
        sum_, _, text = line.partition(b" ")
        if sum_ == b"%08x" % crc32(text):
            found.append(text.decode("utf-8", "replace"))
    return found


def _checked(lines: Iterable[str]) -> bytes:
    out = []
    for line in lines:
        raw = line.encode("utf-8", "replace")
        out.append(b"%08x %s\n" % (crc32(raw), raw))
    return b"".join(out)


def _write(path: str, data: bytes, *, others: str = "") -> None:
    """Put a file there at once or not at all; `others` names files of its folder to take away."""
    folder = os.path.dirname(path)
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(folder, exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
        for name in os.listdir(folder) if others else ():
            if name.startswith(others) and name != os.path.basename(path):
                os.unlink(os.path.join(folder, name))
    except OSError:
        return  # a full disk or a folder of someone else: the next run is slower, no more


# --- questions and answers as text ------------------------------------------------------------


def _question(query: Query) -> str:
    address = "" if query.address is None else f"{query.address:x}"
    fields = (query.name, f"{query.offset:x}", f"{query.size:x}", query.lookup, address)
    return _PART.join((*fields, query.callee))


_NO: Final[dict[bool | None, str]] = {None: "", True: "1", False: "0"}
_YES: Final[dict[str, bool | None]] = {"": None, "1": True, "0": False}


def _answer(answer: Decoded | Undecoded) -> str:
    """One line; empty when it holds what would break lines."""
    calls = answer.calls if isinstance(answer, Decoded) else answer.candidates
    texts = [
        _PART.join(
            (c.function, c.file, str(c.line or ""), str(c.column or ""), "1" if c.inlined else "")
        )
        for c in calls
    ]
    if isinstance(answer, Decoded):
        fields = [
            *("D", answer.image, answer.section, f"{answer.address:x}", f"{answer.start:x}"),
            *(_NO[answer.size_equal], "1" if answer.exact else "", answer.note),
        ]
    else:
        fields = ["U", answer.reason, _NO[answer.size_equal], "1" if answer.absent else ""]
    plain = "".join((*fields, *(c.function + c.file for c in calls)))
    if _UNSAFE.intersection(plain):
        return ""
    return _FIELD.join((*fields, _CALL.join(texts)))


def _read_answer(text: str) -> Decoded | Undecoded | None:
    fields = text.split(_FIELD)
    try:
        calls = []
        for call in fields[-1].split(_CALL) if fields[-1] else ():
            function, file, line, column, inlined = call.split(_PART)
            calls.append(
                Call(
                    function,
                    file,
                    int(line) if line else None,
                    int(column) if column else None,
                    inlined=inlined == "1",
                )
            )
        if fields[0] == "D":
            _, image, section, address, start, equal, exact, note, _ = fields
            return Decoded(
                tuple(calls),
                image,
                section,
                int(address, 16),
                int(start, 16),
                _YES[equal],
                exact=exact == "1",
                note=note,
            )
        _, reason, equal, absent, _ = fields
        return Undecoded(reason, tuple(calls), _YES[equal], absent == "1")
    except (ValueError, KeyError, IndexError):
        return None
