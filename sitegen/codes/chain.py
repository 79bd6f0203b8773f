"""C: chains, and what authors say of them."""

from sitegen.codes.values import Code

C001 = Code(
    "C001",
    "error",
    """\
A directive names a function that is not in the case's chain.""",
)

C002 = Code(
    "C002",
    "warning",
    """\
A `diff` directive names a log in which no call trace was recognised, or a case that has no lock
yet: there is no way to compare.""",
)
