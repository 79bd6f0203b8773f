"""The layers that an author gives to functions, instead of those of the evidence."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sitegen.model import ChainStep


def author_layer(layers: Mapping[str, str], function: str, file: str) -> str:
    """What the author calls the function's layer: by its name, else by the longest path above it.

    Empty where the author says nothing of it.

    >>> layers = {"fs/": "Files", "fs/proc/": "proc", "ksys_write": "Calls"}
    >>> author_layer(layers, "ksys_write", "fs/read_write.c")
    'Calls'
    >>> author_layer(layers, "proc_reg_write", "fs/proc/inode.c")
    'proc'
    """
    if function in layers:
        return layers[function]
    paths = (path for path in layers if "/" in path and _is_below(file, path))
    longest = max(paths, key=len, default="")
    return layers[longest] if longest else ""


def _is_below(file: str, path: str) -> bool:
    return file == path or file.startswith(f"{path.rstrip('/')}/")


def with_author_layers(
    chain: Sequence[ChainStep], layers: Mapping[str, str]
) -> tuple[ChainStep, ...]:
    """The chain with the author's layers. A layer that others of the chain have keeps its letter."""
    if not layers:
        return tuple(chain)
    letters = {step.layer: step.letter for step in chain}
    found = []
    for step in chain:
        layer = author_layer(layers, step.function, step.file)
        if layer:
            found.append(replace(step, layer=layer, letter=letters.get(layer) or "X"))
        else:
            found.append(step)
    return tuple(found)
