"""A build ID -> its debug image, fetched from the servers in DEBUGINFOD_URLS. Only when asked to.

A download that was cut off is taken up where it ended. What arrives is believed when it is an ELF
file of the build ID asked for, and kept for the next time.
"""

import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence

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


def fetch(build_id: str, folder: str, urls: Sequence[str], report: Report = lambda *_: None) -> str:
    """The path of the debug image below `folder`. Raises ImageError when no server has it."""
    path = os.path.join(folder, f"{build_id}.debug")
    if os.path.exists(path):
        return path
    reasons = []
    for url in urls:
        try:
            os.makedirs(folder, exist_ok=True)
            _download(f"{url}/buildid/{build_id}/debuginfo", path + ".part", report)
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
            reasons.append(f"{url}: {str(reason).lower()}")
            continue
        why = _wrong(path + ".part", build_id)
        if not why:
            os.replace(path + ".part", path)
            return path
        os.unlink(path + ".part")
        reasons.append(f"{url}: {why}")
    told = "; ".join(reasons) or "DEBUGINFOD_URLS names no server"
    raise ImageError(path, "missing", f"no image of build ID {build_id} was fetched ({told})")


def _download(url: str, path: str, report: Report) -> None:
    here = os.path.getsize(path) if os.path.exists(path) else 0
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
        length = int(answer.headers.get("Content-Length") or 0)
        total = here + length if length else 0
        if total > LARGEST:
            raise ValueError(f"{total} bytes are too many")
        with open(path, "ab" if here else "wb") as file:
            while piece := answer.read(_PIECE):
                here += len(piece)
                if here > LARGEST:
                    raise ValueError(f"more than {LARGEST} bytes")
                file.write(piece)
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
