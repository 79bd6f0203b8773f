"""Every key of the configuration: its form, its default, what it means, and an example.

What stands here once is what the reader checks, what the JSON Schema says and what
the reference page shows. A table inside is a struct of its own, a list of tables a
list of such structs; the keys are the fields with `-` for `_`.
"""

from typing import Annotated

import msgspec

from sitegen.diagnostics import Weight
from sitegen.project.base import ADDRESS, Table, Text, key
from sitegen.project.inner import KernelTable, RedactTable


class ConfigTable(Table):
    """The whole configuration."""

    title: Annotated[
        Text,
        key("The wiki's name, at the head of every page.", "Crash notes"),
    ] = "Crash notes"
    description: Annotated[
        Text,
        key(
            "A sentence about the wiki: on the home page, in the feed, and for search engines.",
            "Kernel crashes of the storage team",
        ),
    ] = ""
    language: Annotated[
        str,
        key(
            "The language that you write in, as a language tag. What sitegen itself says is English.",
            "en",
            "pt-BR",
            pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
            form="give a language tag such as en or pt-BR",
        ),
    ] = "en"
    base_url: Annotated[
        str,
        key(
            "The address that the site is published at. With it there are a feed and a site map;"
            " pages work without it, anywhere. `sitegen build --base-url` overrides it.",
            "https://crashes.example.org/",
            pattern=ADDRESS,
            form="give the http:// or https:// address the site is published at",
        ),
    ] = ""
    edit: Annotated[
        str,
        key(
            "The address at which a document is edited, with `{path}` for its path from the"
            " project's root. Every page then links to its own.",
            "https://git.example.org/wiki/edit/main/{path}",
            pattern=ADDRESS,
            form="give an http:// or https:// address, with {path} in it",
        ),
    ] = ""
    updated: Annotated[
        bool,
        key("Whether pages say when they last changed, as git remembers it.", True),
    ] = False
    content: Annotated[
        Text, key("The folder of the Markdown files; cases are in its `cases/`.", "content")
    ] = "content"
    output: Annotated[
        Text,
        key(
            "The folder that the site is written to. It holds nothing else: sitegen refuses a folder"
            " with files of others in it. `sitegen build --output` overrides it.",
            "site",
        ),
    ] = "site"
    severity: Annotated[
        dict[str, Weight],
        key(
            "What problems count as, by their codes: `error`, `warning`, `note`, or `ignore` to hear"
            " nothing of them. Errors of the configuration, of the output folder and of themes (the"
            " letters G and T) stay errors.",
            {"X002": "error", "M008": "ignore"},
        ),
    ] = msgspec.field(default_factory=dict)
    theme: Annotated[
        str,
        key(
            "The theme: a folder of `themes/` beside the configuration, or one that comes with"
            " sitegen.",
            "default",
            pattern=r"^[A-Za-z0-9][\w-]*$",
            form="give the name of a folder in themes/",
        ),
    ] = "default"
    theme_options: Annotated[
        dict[str, str | int | bool],
        key(
            "What the theme lets you choose, as its `theme.toml` lists it.",
            {"contact": "storage@example.org"},
        ),
    ] = msgspec.field(default_factory=dict)
    kernels: Annotated[
        list[KernelTable],
        key("The kernels that logs come from: one `[[kernels]]` table for each."),
    ] = msgspec.field(default_factory=list)
    debuginfod: Annotated[
        bool,
        key(
            "Whether an image or module that is not here is fetched by its build ID from the"
            " servers in `DEBUGINFOD_URLS`.",
            True,
        ),
    ] = False
    math: Annotated[bool, key("Whether `$x^2$` and `$$...$$` in Markdown are formulas.", True)] = (
        False
    )
    full_text: Annotated[
        bool,
        key(
            "Whether the search page finds words of the text, too, and not only names. Takes"
            " Pagefind, which the extra `search` of sitegen brings.",
            True,
        ),
    ] = False
    raw_html: Annotated[
        bool,
        key(
            "Whether HTML in Markdown is let through, as far as it can do no harm: details, tables,"
            " `kbd` and the like, never scripts and styles.",
            True,
        ),
    ] = False
    redact: Annotated[
        RedactTable,
        key("What is kept out of the site, with pseudonyms in its place: a `[redact]` table."),
    ] = msgspec.field(default_factory=RedactTable)
