"""Images that the command line or the log names by build ID."""

from sitegen.cli.decode.complaints import about_fetching
from sitegen.crash.symbols import bootimage
from sitegen.crash.symbols.debuginfod import is_build_id
from sitegen.crash.symbols.fetching import fetch_shown
from sitegen.crash.symbols.symbolizer import ImageError, Symbolizer


def fetched(word: str) -> str:
    """The path of an image named by its build ID or by its boot image; anything else as it is.

    Raises ImageError when no server has it.
    """
    if is_build_id(word):
        return fetch_shown(word, "vmlinux")
    boot = bootimage.read(word, deep=True)
    return fetch_shown(boot.build_id, "vmlinux") if boot and boot.build_id else word


def fetch_into(symbolizer: Symbolizer, module: str, build_id: str) -> str:
    """The path of the fetched image of a module (vmlinux when empty), which answers from now on.

    Empty when there is none, which is complained about.
    """
    try:
        path = fetch_shown(build_id, module or "vmlinux")
        symbolizer.replace(module, path)
    except ImageError as error:
        about_fetching(module, error.message)
        return ""
    return path
