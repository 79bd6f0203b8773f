"""What earlier runs found out of images, as flat files: who they are, their index, decoded frames.

    images/known                             path, size, times, inode -> build ID, release
    images/<build ID>-<kind>/frames-<code>   one question and its answer a line
    images/<build ID>-<kind>/index-<code>    see index.py

`kind` keeps a stripped image apart from its debug twin of the same build ID, `code` is made of the
readers' own files, so that another version of them asks anew. Every file may be deleted at any
time; a damaged line or file counts as not there, and a folder that cannot be written to as none.
"""

from __future__ import annotations

import os
from binascii import crc32

from sitegen.crash.symbols import ledger
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded
from sitegen.folders import cache_folder
from sitegen.record import Record

_MOST_KNOWN = 400
"images remembered before those that are no more are forgotten"
_FIELD, _CALL, _PART = "\t", "\x1e", "\x1f"
_UNSAFE = frozenset("\t\n\r\x1e\x1f\x0b\x0c\x1c\x1d\x85\u2028\u2029")


class Identity(Record):
    """Who an image is."""

    build_id: str
    release: str
    kind: str
    "`lines`, `apart` (in a file of their own) or `bare`, then `code` where the file has machine code"


class Cache:
    """The folder of one user. Without a folder it remembers nothing."""

    def __init__(self, folder: str | os.PathLike[str] | None = "") -> None:
        """`folder` empty means `$XDG_CACHE_HOME/sitegen`; None means no cache."""
        if folder == "":
            folder = cache_folder()
        self._folder = os.path.join(os.fspath(folder), "images") if folder else ""
        self._read: dict[str, bytes] = {}
        self._new: dict[str, dict[bytes, bytes]] = {}
        "by file"
        self._places: dict[tuple[Identity, str], str] = {}

    # --- identities -----------------------------------------------------------------------

    def identity(self, path: str) -> Identity | None:
        """Who the file is, when it was seen before and did not change since."""
        key = _file_key(path)
        found = self._find(self._known, os.fsencode(key)) if self._folder and key else None
        fields = found.decode("utf-8", "replace").split(_FIELD) if found is not None else ()
        return Identity(*fields) if len(fields) == 3 else None

    def remember(self, path: str, status: os.stat_result, identity: Identity) -> None:
        """Keep who the file is that was opened, not who stands there by now; written by `save`."""
        key = _key(path, status)
        texts = _FIELD.join(identity)
        if self._folder and key and identity.build_id and not _UNSAFE.intersection(key):
            self._keep(self._known, os.fsencode(key), texts.encode("utf-8", "replace"))

    @property
    def _known(self) -> str:
        return os.path.join(self._folder, "known")

    # --- frames ---------------------------------------------------------------------------

    def find(self, identity: Identity, query: Query) -> Decoded | Undecoded | None:
        """The answer given before to the question; None when it was not asked."""
        if not self._folder or not identity.build_id:
            return None
        found = self._find(self.place(identity, "frames"), _question(query))
        return _read_answer(found.decode("utf-8", "replace")) if found is not None else None

    def keep(self, identity: Identity, query: Query, answer: Decoded | Undecoded) -> None:
        """Remember an answer; written when `save` is called."""
        if not self._folder or not identity.build_id:
            return
        text = _answer(answer)
        if text and not _UNSAFE.intersection(query.name + query.callee):
            path = self.place(identity, "frames")
            self._keep(path, _question(query), text.encode("utf-8", "replace"))

    def place(self, identity: Identity, kind: str) -> str:
        """The file for what is known of an image; empty when nothing is to be kept of it."""
        if not self._folder or not identity.build_id:
            return ""
        known = self._places.get((identity, kind))
        if known is None:
            folder = f"{identity.build_id}-{identity.kind}"
            known = os.path.join(self._folder, folder, f"{kind}-{self._code()}")
            self._places[identity, kind] = known
        return known

    # --- files ----------------------------------------------------------------------------

    def _find(self, path: str, key: bytes) -> bytes | None:
        if path not in self._read:
            self._read[path] = ledger.read(path)
        return ledger.find(self._read[path], key)

    def _keep(self, path: str, key: bytes, value: bytes) -> None:
        self._new.setdefault(path, {})[key] = value

    def save(self) -> None:
        """Write what is new. What another process wrote meanwhile is kept, or lost harmlessly."""
        for path, new in self._new.items():
            known = {**ledger.entries(ledger.read(path)), **new}
            if path == self._known and len(known) > _MOST_KNOWN:
                known = {key: value for key, value in known.items() if _is_there(key)}
            if sum(len(key) + len(value) + 12 for key, value in known.items()) > ledger.MOST_BYTES:
                known = new
            ledger.write(path, known)
        self._new, self._read = {}, {}

    @staticmethod
    def _code() -> str:
        """A token of this version of the readers: sizes and times of their files."""
        here = os.path.dirname(__file__)
        names = os.path.join(os.path.dirname(here), "names")  # which say how functions are called
        rows = sorted(
            (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
            for folder in (here, names)
            for entry in os.scandir(folder)
            if entry.name.endswith(".py")
        )
        return f"{crc32(repr(rows).encode()):08x}"


def _file_key(path: str) -> str:
    """Tells a file from what stands there another time; empty when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return _key(path, found)


def _key(path: str, found: os.stat_result) -> str:
    whole = os.path.abspath(path)
    # The time of the last change of any kind cannot be set back, as that of the contents can.
    times = f"{found.st_mtime_ns} {found.st_ctime_ns}"
    return f"{whole} {found.st_size} {times} {found.st_dev}:{found.st_ino}"


def _is_there(key: bytes) -> bool:
    text = os.fsdecode(key)
    return _file_key(text.rsplit(" ", 4)[0]) == text


# --- questions and answers as text ------------------------------------------------------------


def _question(query: Query) -> bytes:
    address = "" if query.address is None else f"{query.address:x}"
    fields = (query.name, f"{query.offset:x}", f"{query.size:x}", query.lookup, address)
    return _PART.join((*fields, query.callee)).encode("utf-8", "replace")


_NO: dict[bool | None, str] = {None: "", True: "1", False: "0"}
_YES: dict[str, bool | None] = {"": None, "1": True, "0": False}


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
