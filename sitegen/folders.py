"""Where remembered results lie, said once for all of the package. Imports only what Python has loaded."""

import os


def cache_folder() -> str:
    """`$XDG_CACHE_HOME/sitegen`, or `~/.cache/sitegen`; empty when there is no home.

    A relative `$XDG_CACHE_HOME` counts as none, as its specification says.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "sitegen") if os.path.isabs(base) else ""
