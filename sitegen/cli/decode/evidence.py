"""`--json`: the evidence of the whole log, in the lock file's form."""

import sys
from hashlib import sha256
from pathlib import Path

from sitegen.cli.decode import complaints, text
from sitegen.cli.decode.arguments import Arguments
from sitegen.crash.analyse import analyse
from sitegen.crash.lockfile import SCHEMA, encode
from sitegen.crash.log import decode_bytes, parse
from sitegen.crash.source import open_tree
from sitegen.crash.tokens import build_ids_of
from sitegen.model import Evidence


def run(arguments: Arguments) -> int:
    """Print the evidence; 0, or 1 when the image is another kernel's."""
    data = sys.stdin.buffer.read(text.LARGEST + 1)
    if len(data) > text.LARGEST:
        complaints.about_length()
        data = data[: text.LARGEST]
    tree = open_tree(Path(arguments.source)) if arguments.source else None
    if isinstance(tree, str):
        complaints.about_tree(tree)
        tree = None
    log = parse(decode_bytes(data))
    with text.Kernel(arguments) as kernel:
        for module, build_id in build_ids_of(data):
            kernel.meet(module, build_id)
        found = analyse(
            log,
            id="panic-1",
            sha256=sha256(data).hexdigest(),
            symbolizer=kernel.symbolizer,
            tree=tree,
        )
        sizes = found.provenance.sizes
        bad = len(sizes.different) + sizes.absent if sizes else 0
        wrong = sizes is not None and bad > sizes.equal
        if sizes and wrong and not kernel.contradicted:
            complaints.about_kernel(
                kernel.path, kernel.release, bad, bad + sizes.equal, data, kernel.machine
            )
    sys.stdout.buffer.write(encode(Evidence(schema=SCHEMA, logs=(found,))))
    return 1 if kernel.contradicted or wrong else 0
