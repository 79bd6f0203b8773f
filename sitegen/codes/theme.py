"""T: themes."""

from sitegen.codes.values import Code

T001 = Code(
    "T001",
    "error",
    """\
There is no theme of that name, neither in the project's themes/ nor shipped with sitegen.""",
)
T002 = Code(
    "T002",
    "error",
    """\
A template of the theme failed. The page it was rendering is left out; the rest is built.""",
)
T003 = Code(
    "T003",
    "error",
    """\
theme.toml is missing, is not TOML, or has a key that sitegen does not know.""",
)
