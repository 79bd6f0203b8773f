"""Every key of the configuration: its form, its default, what it means, and an example.

What stands here once is what the reader checks, what the JSON Schema says and what
the reference page shows. A table inside is a struct of its own, a list of tables a
list of such structs; the keys are the fields with `-` for `_`.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from sitegen.diagnostics import Weight

BASE_URL = r"https?://[^\s\"'<>]+"
"""The form of an address that a site may be published at."""

_ADDRESS = rf"^$|^{BASE_URL}$"

_Text = Annotated[str, msgspec.Meta(max_length=2000)]


def _key(says: str, *examples: object, form: str = "", pattern: str | None = None) -> msgspec.Meta:
    """A key: what it means, examples, how a wrong value is put right, and the form of a text."""
    shown: Sequence[object] = list(examples)
    return msgspec.Meta(
        description=says, examples=list(shown) or None, pattern=pattern, extra={"form": form}
    )


class Table(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    """Base of all tables."""


class KernelTable(Table):
    """A kernel that logs may come from."""

    release: Annotated[
        _Text,
        _key(
            "The kernel's release, as `uname -r` and the first line of a crash print it. A log finds"
            " its kernel by build ID, else by this.",
            "6.1.0-56-amd64",
        ),
    ] = ""
    build_id: Annotated[
        str,
        _key(
            "The build ID of the image, in hexadecimal digits, as `file vmlinux` prints it. With"
            " `debuginfod` it is enough to fetch the image.",
            "b52ed0c2d0d8e4ee2f5a3fe3b3d9c4bdb0c4ac2e",
            pattern=r"^[0-9a-fA-F]*$",
            form="give it in hexadecimal digits, as `file vmlinux` prints it",
        ),
    ] = ""
    vmlinux: Annotated[
        _Text,
        _key(
            "The image with debug information: `vmlinux`, not the boot image `vmlinuz` or `bzImage`.",
            "$SITEGEN_KERNELS/amd64/vmlinux",
        ),
    ] = ""
    modules: Annotated[
        list[_Text],
        _key(
            "Folders with the modules' debug images, searched with all that is below them; or"
            " single files. Out-of-tree modules are named here, too.",
            ["/usr/lib/debug/lib/modules/6.1.0-56-amd64"],
            form="give a list of folders or files",
        ),
    ] = []
    source: Annotated[
        _Text,
        _key(
            "The source that the kernel was built from: a folder, a git repository (with"
            " `revision`), or a tar archive.",
            "$SITEGEN_KERNELS/linux-source-6.1",
            "~/src/linux",
        ),
    ] = ""
    revision: Annotated[
        str,
        _key(
            "The revision to read from the git repository at `source`: a tag, a branch or a commit.",
            "v6.1.192",
            pattern=r"^[\w./^~@{}-]*$",
            form="give a git revision such as v6.1.192",
        ),
    ] = ""
    snippets: Annotated[
        bool,
        _key(
            "Whether source text may stand in locks and on pages. With `false` pages name files and"
            " lines, and link to `browse`.",
            False,
        ),
    ] = True
    browse: Annotated[
        _Text,
        _key(
            "The address of an online source browser, with `{file}` and `{line}` where they belong.",
            "https://elixir.bootlin.com/linux/v6.1.192/source/{file}#L{line}",
        ),
    ] = ""


class RedactRuleTable(Table):
    """A text, or a form of texts, that is kept out of the site."""

    literal: Annotated[
        _Text,
        _key(
            "The text itself, in upper and lower case, where no letter or digit stands beside it.",
            "db01.example.com",
        ),
    ] = ""
    pattern: Annotated[
        _Text,
        _key(
            "A regular expression of Python, within a line. Where it has a group, what the first"
            " group matched is replaced, and else all of it.",
            r"db\d+\.example\.com",
            r"asset tag: (\w+)",
        ),
    ] = ""
    as_: Annotated[
        str,
        msgspec.Meta(max_length=24),
        _key(
            "What pseudonyms begin with: `host` gives `host-1`, `host-2`. With `_` at its end it"
            " gives names that a function or a module can have: `drv_` gives `drv_1`.",
            "host",
            "drv_",
            pattern=r"^[a-z](?:[a-z0-9-]*[a-z0-9])?_?$",
            form="give a word of lower-case letters, such as host, user, path or serial",
        ),
    ] = msgspec.field(default="value", name="as")


class RedactTable(Table):
    """What is kept out of the site; see the page on redaction."""

    classes: Annotated[
        list[_Text],
        _key(
            "Built-in classes of values: `ipv4`, `ipv6`, `mac`, `email`, `uuid`, `home` (the name in"
            " `/home/NAME`), `host` (the machine's name in lines of syslog), `serial`.",
            ["ipv4", "ipv6", "mac", "home"],
            form="give a list of classes, such as ['ipv4', 'mac', 'home']",
        ),
    ] = []
    pointers: Annotated[
        bool,
        _key(
            "Whether addresses of memory are masked. Their region and their last three digits stay,"
            " and so do NULL, small numbers, error pointers and poison.",
            True,
        ),
    ] = False
    keep: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]],
        _key(
            "Values that stay. `*` stands for any characters.",
            ["192.0.2.*", "*@kernel.org"],
            form="give a list of texts",
        ),
    ] = []
    map: Annotated[
        _Text,
        _key(
            "The file that says which pseudonym stands for which value, beside the configuration and"
            " outside of the output and the content. Whoever has it can undo the redaction.",
            "redactions.json",
        ),
    ] = "redactions.json"
    rules: Annotated[
        list[RedactRuleTable],
        _key("Your own values: a `[[redact.rules]]` table for each."),
    ] = []


class ConfigTable(Table):
    """The whole configuration."""

    title: Annotated[
        _Text,
        _key("The wiki's name, at the head of every page.", "Crash notes"),
    ] = "Crash notes"
    description: Annotated[
        _Text,
        _key(
            "A sentence about the wiki: on the home page, in the feed, and for search engines.",
            "Kernel crashes of the storage team",
        ),
    ] = ""
    language: Annotated[
        str,
        _key(
            "The language that you write in, as a language tag. What sitegen itself says is English.",
            "en",
            "pt-BR",
            pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
            form="give a language tag such as en or pt-BR",
        ),
    ] = "en"
    base_url: Annotated[
        str,
        _key(
            "The address that the site is published at. With it there are a feed and a site map;"
            " pages work without it, anywhere. `sitegen build --base-url` overrides it.",
            "https://crashes.example.org/",
            pattern=_ADDRESS,
            form="give the http:// or https:// address the site is published at",
        ),
    ] = ""
    edit: Annotated[
        str,
        _key(
            "The address at which a document is edited, with `{path}` for its path from the"
            " project's root. Every page then links to its own.",
            "https://git.example.org/wiki/edit/main/{path}",
            pattern=_ADDRESS,
            form="give an http:// or https:// address, with {path} in it",
        ),
    ] = ""
    updated: Annotated[
        bool,
        _key("Whether pages say when they last changed, as git remembers it.", True),
    ] = False
    content: Annotated[
        _Text, _key("The folder of the Markdown files; cases are in its `cases/`.", "content")
    ] = "content"
    output: Annotated[
        _Text,
        _key(
            "The folder that the site is written to. It holds nothing else: sitegen refuses a folder"
            " with files of others in it. `sitegen build --output` overrides it.",
            "site",
        ),
    ] = "site"
    severity: Annotated[
        dict[str, Weight],
        _key(
            "What problems count as, by their codes: `error`, `warning`, `note`, or `ignore` to hear"
            " nothing of them. Errors of the configuration, of the output folder and of themes (the"
            " letters G and T) stay errors.",
            {"X002": "error", "M008": "ignore"},
        ),
    ] = {}
    theme: Annotated[
        str,
        _key(
            "The theme: a folder of `themes/` beside the configuration, or one that comes with"
            " sitegen.",
            "default",
            pattern=r"^[A-Za-z0-9][\w-]*$",
            form="give the name of a folder in themes/",
        ),
    ] = "default"
    theme_options: Annotated[
        dict[str, str | int | bool],
        _key(
            "What the theme lets you choose, as its `theme.toml` lists it.",
            {"contact": "storage@example.org"},
        ),
    ] = {}
    kernels: Annotated[
        list[KernelTable],
        _key("The kernels that logs come from: one `[[kernels]]` table for each."),
    ] = []
    debuginfod: Annotated[
        bool,
        _key(
            "Whether an image or module that is not here is fetched by its build ID from the"
            " servers in `DEBUGINFOD_URLS`.",
            True,
        ),
    ] = False
    math: Annotated[bool, _key("Whether `$x^2$` and `$$...$$` in Markdown are formulas.", True)] = (
        False
    )
    full_text: Annotated[
        bool,
        _key(
            "Whether the search page finds words of the text, too, and not only names. Takes"
            " Pagefind, which the extra `search` of sitegen brings.",
            True,
        ),
    ] = False
    raw_html: Annotated[
        bool,
        _key(
            "Whether HTML in Markdown is let through, as far as it can do no harm: details, tables,"
            " `kbd` and the like, never scripts and styles.",
            True,
        ),
    ] = False
    redact: Annotated[
        RedactTable,
        _key("What is kept out of the site, with pseudonyms in its place: a `[redact]` table."),
    ] = msgspec.field(default_factory=RedactTable)
