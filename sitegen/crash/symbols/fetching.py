"""Images by build ID into the cache, with a bar where someone watches."""

import os
import sys

from sitegen.crash.symbols.debuginfod import fetch, find, servers
from sitegen.folders import cache_folder
from sitegen.terminal import columns, fitting, is_watched

_WIDTH = 30


def folder() -> str:
    """Where fetched images are kept; empty when there is no home."""
    home = cache_folder()
    return os.path.join(home, "debuginfod") if home else ""


def find_fetched(build_id: str) -> str:
    """The path of an image that was fetched before; empty when there is none."""
    return find(build_id, folder())


def fetch_shown(build_id: str, name: str) -> str:
    """The path of the image of a build ID, asked of the servers in DEBUGINFOD_URLS where it is not here.

    Raises ImageError when none has it. `name` is what the bar on a terminal calls it.
    """
    bar = Bar(name)
    try:
        return fetch(build_id, folder(), servers(), bar.show)
    finally:
        bar.close()


class Bar:
    """How far a download is; silent where nobody watches."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = False

    def show(self, here: int, total: int) -> None:
        """`here` bytes of `total`, which is 0 when it is not known."""
        if not is_watched():
            return
        self._shown = True
        text = f"{here >> 20} MiB"
        if total:
            done = _WIDTH * here // total
            text = f"[{'#' * done:<{_WIDTH}}] {text} of {total >> 20}"
        line = fitting(f"fetching {self._name} {text}", columns())
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def close(self) -> None:
        """Erase the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
