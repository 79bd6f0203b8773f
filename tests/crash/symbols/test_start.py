"""What a decode loads: starting up is a third of it."""

import subprocess
import sys
from pathlib import Path

from tests.crash.symbols.conftest import Make

DEAR = ("re", "typing", "dataclasses", "inspect", "pathlib", "msgspec", "elftools", "capstone")
CODE = """
import sys
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query
with Symbolizer(sys.argv[1], cache=None) as symbolizer:
    (place,) = symbolizer.decode([Query("third", 1, lookup="exact")])
assert isinstance(place, Decoded) and place.calls[0].line
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""


def test_a_decode_without_a_cache_loads_nothing_that_is_dear(make_kernel: Make) -> None:
    image = make_kernel("gcc-5").path
    done = subprocess.run(
        [sys.executable, "-S", "-c", CODE, image, *DEAR],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
