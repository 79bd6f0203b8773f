"""Images by build ID from debuginfod servers, with a bar where someone watches."""

import os
import sys

from sitegen.cli.decode.complaints import about_fetching
from sitegen.crash.symbols import bootimage
from sitegen.crash.symbols.debuginfod import fetch, is_build_id, servers
from sitegen.crash.symbols.symbolizer import ImageError, Symbolizer
from sitegen.folders import cache_folder

_WIDTH = 30


def fetched(word: str) -> str:
    """The path of an image named by its build ID or by its boot image; anything else as it is.

    Raises ImageError when no server has it.
    """
    if is_build_id(word):
        return fetch_with_bar(word, "vmlinux")
    boot = bootimage.read(word, deep=True)
    return fetch_with_bar(boot.build_id, "vmlinux") if boot and boot.build_id else word


def fetch_into(symbolizer: Symbolizer, module: str, build_id: str) -> str:
    """The path of the fetched image of a module (vmlinux when empty), which answers from now on.

    Empty when there is none, which is complained about.
    """
    try:
        path = fetch_with_bar(build_id, module or "vmlinux")
        symbolizer.replace(module, path)
    except ImageError as error:
        about_fetching(module, error.message)
        return ""
    return path


def fetch_with_bar(build_id: str, name: str) -> str:
    """The path of the image of a build ID; raises ImageError."""
    bar = Bar(name)
    try:
        return fetch(build_id, folder(), servers(), bar.show)
    finally:
        bar.close()


def folder() -> str:
    """Where fetched images are kept; empty when there is no home."""
    home = cache_folder()
    return os.path.join(home, "debuginfod") if home else ""


class Bar:
    """How far a download is; silent where nobody watches."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = False

    def show(self, here: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        self._shown = True
        text = f"{here >> 20} MiB"
        if total:
            done = _WIDTH * here // total
            text = f"[{'#' * done:<{_WIDTH}}] {text} of {total >> 20}"
        sys.stderr.write(f"\r\x1b[Kfetching {self._name} {text}")
        sys.stderr.flush()

    def close(self) -> None:
        if self._shown:
            sys.stderr.write("\n")
