"""The bytes of a `Code:` line -> instructions. The one door to capstone.

Knows instruction sets, nothing of logs: what a value means is for `explain`. Imports
capstone at the first bytes that are asked for, which takes a tenth of a second.
"""

from sitegen.crash.code.machines import MACHINES
from sitegen.crash.code.memory import Memory
from sitegen.crash.code.names import full_name
from sitegen.crash.code.operands import Detail, detail
from sitegen.crash.code.stretch import LONGEST, Piece, around, pieces

__all__ = [
    "LONGEST",
    "MACHINES",
    "Detail",
    "Memory",
    "Piece",
    "around",
    "detail",
    "full_name",
    "pieces",
]
