"""G: the project and its configuration."""

from sitegen.codes.values import Code

G001 = Code(
    "G001",
    "error",
    """\
There is no sitegen.toml and no [tool.sitegen] in a pyproject.toml, neither here nor in a folder
above. `sitegen build` needs one to know the site's title, its content and its kernels.""",
)
G002 = Code(
    "G002",
    "error",
    """\
The configuration file is not TOML. The place is where the parser gave up.""",
)
G003 = Code(
    "G003",
    "error",
    """\
The configuration has a key that sitegen does not know, most often a typing error. Nothing is
ignored silently: a misspelt key would otherwise change the site without a word.""",
)
G004 = Code(
    "G004",
    "error",
    """\
A value of the configuration has the wrong type or form.""",
)
G005 = Code(
    "G005",
    "error",
    """\
The configured content folder does not exist.""",
)
G006 = Code(
    "G006",
    "error",
    """\
A file could not be read or written. The message carries the reason of the operating system.""",
)
G007 = Code(
    "G007",
    "error",
    """\
The output folder holds files that sitegen did not write, or is the project itself or a folder
above it. sitegen only ever removes what it wrote; give it a folder of its own.""",
)

G008 = Code(
    "G008",
    "warning",
    """\
The configuration asks for an index of the full text, and it could not be made. It is made by
Pagefind, which is installed with sitegen's extra: pip install 'sitegen[search]'. The rest of the
site is built, and the search field finds names as ever.""",
)

G023 = Code(
    "G023",
    "error",
    """\
The table `[severity]` of the configuration names a code that no diagnostic has. `sitegen explain`
lists them all.""",
)
G024 = Code(
    "G024",
    "error",
    """\
The table `[severity]` of the configuration makes less of an error that is to stay one. Errors of
the configuration, of the output folder and of themes (codes with G and T) end a build, or keep it
from publishing what it must not; a build that went on without a word would be taken for a good one.""",
)
