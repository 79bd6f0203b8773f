"""All diagnostic codes, each with the paragraph that `sitegen explain CODE` prints.

Letters follow the flow: L log, S symbols, R source, C chain, P pages,
M markdown, T theme, X links, G project; each has its module. A code keeps its
meaning forever; a withdrawn one is not given again.
"""

from sitegen.codes.authoring import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.chain import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.content import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.links import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.logs import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.project import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.source import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.symbols import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.theme import *  # noqa: F403  reason: a table in parts, each name said once
from sitegen.codes.values import Code as Code

_ORDER = "GLSRCMXT"
"""Letters as `sitegen explain` lists them: what an author meets first comes first."""


def every_code() -> dict[str, Code]:
    """All codes by their id: letter by letter as data flows, then by number."""
    found = [value for value in globals().values() if isinstance(value, Code)]
    return {
        code.id: code for code in sorted(found, key=lambda one: (_ORDER.index(one.id[0]), one.id))
    }
