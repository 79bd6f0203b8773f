"""A build ID -> its debug image, fetched from the servers in DEBUGINFOD_URLS. Only when asked to.

A download that was cut off is taken up where it ended. What arrives is believed when it is an ELF
file of the build ID asked for, and kept for the next time. What the tools of elfutils fetched
before is used where it lies.
"""

import fcntl
import os
import urllib.error
import urllib.request
from binascii import crc32
from collections.abc import Callable, Sequence
from http.client import HTTPException

from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.values import ImageError

LARGEST = 4 << 30
"bytes of an image that are fetched"
_PIECE = 1 << 20
_PATIENCE = 90
"seconds that a server may be silent, as the tools of elfutils wait"

Report = Callable[[int, int], None]
"""Is told (bytes here, bytes in all or 0) as they come."""


def is_build_id(text: str) -> bool:
    """Whether a word can only be a build ID: 8 to 32 bytes in hexadecimal."""
    return 16 <= len(text) <= 64 and len(text) % 2 == 0 and not text.strip("0123456789abcdef")


def servers() -> tuple[str, ...]:
    """The servers of the environment, in order."""
    words = os.environ.get("DEBUGINFOD_URLS", "").split()
    return tuple(word.rstrip("/") for word in words if word.startswith(("http://", "https://")))


def find(build_id: str, folder: str) -> str:
    """The path of an image that was fetched before; empty when there is none."""
    for path in (os.path.join(folder, f"{build_id}.debug"), _of_elfutils(build_id)):
        if folder and os.path.exists(path) and not _wrong(path, build_id):
            return path
    return ""


def _of_elfutils(build_id: str) -> str:
    """Where debuginfod-find and its like keep the image."""
    base = os.environ.get("DEBUGINFOD_CACHE_PATH", "")
    if not base:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        base = os.path.join(home, "debuginfod_client")
    return os.path.join(base, build_id, "debuginfo")


def fetch(build_id: str, folder: str, urls: Sequence[str], report: Report = lambda *_: None) -> str:
    """The path of the debug image below `folder`. Raises ImageError when no server has it."""
    name = f"{build_id}.debug"
    if not folder:
        raise ImageError(name, "missing", "there is no cache folder to keep an image in")
    if not is_build_id(build_id):
        raise ImageError(name, "missing", f"'{build_id}' is no build ID")
    known = find(build_id, folder)
    if known:
        return known
    path = os.path.join(folder, name)
    reasons = []
    for url in urls:
        try:
            os.makedirs(folder, exist_ok=True)
            why = _fetched(url, build_id, path, report)
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
            why = str(reason).lower() or type(error).__name__.lower()
        if not why:
            return path
        reasons.append(f"{url}: {why}")
    told = "; ".join(reasons) or "DEBUGINFOD_URLS names no server"
    raise ImageError(path, "missing", f"no image of build ID {build_id} was fetched ({told})")


def _fetched(url: str, build_id: str, path: str, report: Report) -> str:
    """Why the server's answer is not at `path` now; empty when it is. One process at a time fetches it."""
    part = f"{path}.{crc32(url.encode()):08x}.part"
    file = _locked(part)
    try:
        if os.path.exists(path) and not _wrong(path, build_id):
            why = ""  # another process was faster
        else:
            _download(f"{url}/buildid/{build_id}/debuginfo", file, report)
            why = _wrong(part, build_id)
            if not why:
                os.replace(part, path)
                return ""
        os.unlink(part)
    finally:
        # Nothing came, so there is nothing to take up.
        if not os.fstat(file).st_size and os.path.exists(part):
            os.unlink(part)
        os.close(file)
    return why


def _locked(part: str) -> int:
    """The file to download into, which no other process writes to or took away meanwhile."""
    while True:
        file = os.open(part, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(file), os.stat(part)):
                return file
        except FileNotFoundError:
            pass
        os.close(file)


def _download(url: str, file: int, report: Report) -> None:
    """All bytes of the answer into an open file, which may have the first of them."""
    here = os.fstat(file).st_size
    request = urllib.request.Request(url, headers={"User-Agent": "sitegen"})  # noqa: S310  reason: see servers
    if here:
        request.add_header("Range", f"bytes={here}-")
    try:
        answer = urllib.request.urlopen(request, timeout=_PATIENCE)  # noqa: S310  reason: the same
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and here:  # nothing is left to send
            return
        raise
    with answer:
        if answer.status != 206:
            here = 0  # the server sends all of it again
            os.ftruncate(file, 0)
        length = int(answer.headers.get("Content-Length") or 0)
        total = here + length if length else 0
        if total > LARGEST:
            raise ValueError(f"{total} bytes are too many")
        while piece := answer.read(_PIECE):
            here += len(piece)
            if here > LARGEST:
                raise ValueError(f"more than {LARGEST} bytes")
            view = memoryview(piece)
            while view:
                view = view[os.write(file, view) :]
            report(here, total)
    if total and here < total:
        raise OSError(f"cut off after {here} of {total} bytes")


def _wrong(path: str, build_id: str) -> str:
    """Why a file is not the image; empty when it is."""
    try:
        image = Image(path, "vmlinux")
    except ImageError as error:
        return error.message
    found = image.build_id
    image.close()
    return "" if found == build_id else f"what it sent has the build ID {found or 'of none'}"
