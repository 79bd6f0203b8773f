"""The content folder -> Documents. Reads files, and renders nothing.

Knows front matter, addresses and where logs stand; what a log says is for crash/,
what Markdown means is for web/markdown, which finds the `panic` blocks for us.
"""

from sitegen.web.content.address import CASES, address, output_path, relative_url
from sitegen.web.content.folder import is_inside
from sitegen.web.content.forms import read_day
from sitegen.web.content.located import find_keys
from sitegen.web.content.read import MAX_FOLDERS, find_documents, read_content, read_document
from sitegen.web.content.values import (
    PANIC_OPTIONS,
    TODO,
    Document,
    EmbeddedLog,
    FindPanics,
    Fixes,
    FrontMatter,
    Kind,
    Occurrence,
    PanicBlock,
    Snapshot,
    Status,
)

__all__ = [
    "CASES",
    "MAX_FOLDERS",
    "PANIC_OPTIONS",
    "TODO",
    "Document",
    "EmbeddedLog",
    "FindPanics",
    "Fixes",
    "FrontMatter",
    "Kind",
    "Occurrence",
    "PanicBlock",
    "Snapshot",
    "Status",
    "address",
    "find_documents",
    "find_keys",
    "is_inside",
    "output_path",
    "read_content",
    "read_day",
    "read_document",
    "relative_url",
]
