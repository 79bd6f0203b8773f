"""Where a site is built that nobody publishes: that of a preview, that of a check.

Kept in the cache, which makes the next build into it quick. A temporary folder where there is
no cache, or while another process is at work in the kept one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sitegen.store import digest


@contextmanager
def scratch_folder(cache: Path | None, purpose: str, *names: str) -> Iterator[Path]:
    """An output folder for `purpose`, and for what `names` tell apart, that is nobody else's meanwhile."""
    with ExitStack() as stack:
        home = None
        if cache is not None:
            home = _reserve(cache / purpose / digest(*names), stack)
        if home is None:
            made = TemporaryDirectory(prefix=f"sitegen-{purpose}-", ignore_cleanup_errors=True)
            home = Path(stack.enter_context(made))
        yield home / "site"


def _reserve(folder: Path, stack: ExitStack) -> Path | None:
    """`folder`, made and locked until `stack` ends; None when it cannot be, or another has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    return folder
