"""Rows under letters -> files of about one size, and the manifest that names them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sitegen.web.index import Output

FOLDER = "search"
VERSION = 6
"""Letters of a version."""
_MOST = 4096
"""Files that one sort is spread over at most."""


class Shard(NamedTuple):
    """A file: a script that hands over one value."""

    name: str
    "below the folder, without `.js`"
    body: str
    "the value as JSON, in ASCII: the server's charset does not matter"

    @property
    def version(self) -> str:
        """What a changed file is told by."""
        return hashlib.sha256(self.body.encode()).hexdigest()[:VERSION]

    def output(self) -> Output:
        script = f'sitegenSearch("{self.name}", "{self.version}", {self.body});\n'
        return Output(f"{FOLDER}/{self.name}.js", script.encode())


def spread(prefix: str, rows: Mapping[str, object], size: int) -> tuple[Shard, ...]:
    """The rows in files of about `size` bytes: as many as a power of two, one at least.

    A row's file depends on its letters and the number of files alone, so that a new row
    changes one file (until their number doubles).
    """
    lines = {gram: f"{_json(gram)}:{_json(row)}" for gram, row in sorted(rows.items())}
    # A row that alone is too long would be so in any number of files.
    total = sum(min(len(line), size) for line in lines.values())
    count = 1
    while total > count * size and count < _MOST:
        count *= 2
    files: list[list[str]] = [[] for _ in range(count)]
    for gram, line in lines.items():
        files[place(gram, count)].append(line)
    return tuple(Shard(f"{prefix}{number:x}", as_object(file)) for number, file in enumerate(files))


def place(gram: str, count: int) -> int:
    """Which of `count` files holds these letters: FNV-1a, a few lines in any language.

    >>> place("vfs", 1), place("vfs", 256)
    (0, 61)
    """
    value = 0x811C9DC5
    for letter in gram:
        value = (value ^ ord(letter)) * 0x01000193 & 0xFFFFFFFF
    return (value ^ value >> 16) % count


def manifest(value: Mapping[str, object]) -> Output:
    """The file that is read first. Its own version is empty: nothing says it beforehand."""
    lines = [f"{_json(key)}:{_json(one)}" for key, one in value.items()]
    script = f'sitegenSearch("manifest", "", {as_object(lines)});\n'
    return Output(f"{FOLDER}/manifest.js", script.encode())


def as_object(lines: Sequence[str]) -> str:
    """JSON with one member a line, for those who read the difference of two sites."""
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
