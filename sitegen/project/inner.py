"""The tables inside the configuration: `[[kernels]]`, `[redact]` and its rules."""

from typing import Annotated

import msgspec

from sitegen.project.base import Table, Text, key
from sitegen.treetop import TOP

_NAME = r"(?!\.\.?(?:/|$))[\w.+-]{1,80}"
_FOLDER = Annotated[
    str,
    msgspec.Meta(
        max_length=200, pattern=rf"^(?!(?:{'|'.join(sorted(TOP))})(?:/|$)){_NAME}(?:/{_NAME})*$"
    ),
]
"""The last names of a folder's path. One that begins as a path of the kernel's tree would be taken for it."""


class KernelTable(Table):
    """A kernel that logs may come from."""

    release: Annotated[
        Text,
        key(
            "The kernel's release, as `uname -r` and the first line of a crash print it. A log finds"
            " its kernel by build ID, else by this.",
            "6.1.0-56-amd64",
        ),
    ] = ""
    build_id: Annotated[
        str,
        key(
            "The build ID of the image, in hexadecimal digits, as `file vmlinux` prints it. With"
            " `debuginfod` it is enough to fetch the image.",
            "b52ed0c2d0d8e4ee2f5a3fe3b3d9c4bdb0c4ac2e",
            pattern=r"^[0-9a-fA-F]*$",
            form="give it in hexadecimal digits, as `file vmlinux` prints it",
        ),
    ] = ""
    vmlinux: Annotated[
        Text,
        key(
            "The image with debug information: `vmlinux`, not the boot image `vmlinuz` or `bzImage`.",
            "$SITEGEN_KERNELS/amd64/vmlinux",
        ),
    ] = ""
    modules: Annotated[
        list[Text],
        key(
            "Folders with the modules' debug images, searched with all that is below them; or"
            " single files. Out-of-tree modules are named here, too, and their source in"
            " `module-sources`.",
            ["/usr/lib/debug/lib/modules/6.1.0-56-amd64"],
            form="give a list of folders or files",
        ),
    ] = msgspec.field(default_factory=list)
    source: Annotated[
        Text,
        key(
            "The source that the kernel was built from: a folder, a git repository (with"
            " `revision`), or a tar archive.",
            "$SITEGEN_KERNELS/linux-source-6.1",
            "~/src/linux",
        ),
    ] = ""
    revision: Annotated[
        str,
        key(
            "The revision to read from the git repository at `source`: a tag, a branch or a commit.",
            "v6.1.192",
            pattern=r"^[\w./^~@{}-]*$",
            form="give a git revision such as v6.1.192",
        ),
    ] = ""
    module_sources: Annotated[
        dict[_FOLDER, Text],
        key(
            "Where the source of out-of-tree modules is: a folder for each. Before the `=` stands what"
            " the folder was called where the module was built: its last name, or as many as tell it"
            " from others (`dkms/crashme/1.0`). Pages and locks call the files by it, `crashme/main.c`,"
            " and not by the path on that machine.",
            {"crashme": "$SITEGEN_KERNELS/crashme"},
            form="give a folder for the last name of the one that the module was built in, as in"
            " { crashme = '~/src/crashme' }; not for one of the kernel's own, such as 'drivers'",
        ),
    ] = msgspec.field(default_factory=dict)
    snippets: Annotated[
        bool,
        key(
            "Whether source text may stand in locks and on pages. With `false` pages name files and"
            " lines, and link to `browse`.",
            False,
        ),
    ] = True
    browse: Annotated[
        Text,
        key(
            "The address of an online source browser, with `{file}` and `{line}` where they belong.",
            "https://elixir.bootlin.com/linux/v6.1.192/source/{file}#L{line}",
        ),
    ] = ""


class RedactRuleTable(Table):
    """A text, or a form of texts, that is kept out of the site."""

    literal: Annotated[
        Text,
        key(
            "The text itself, in upper and lower case, where no letter or digit stands beside it.",
            "db01.example.com",
        ),
    ] = ""
    pattern: Annotated[
        Text,
        key(
            "A regular expression of Python, within a line. Where it has a group, what the first"
            " group matched is replaced, and else all of it.",
            r"db\d+\.example\.com",
            r"asset tag: (\w+)",
        ),
    ] = ""
    as_: Annotated[
        str,
        msgspec.Meta(max_length=24),
        key(
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
        list[Text],
        key(
            "Built-in classes of values: `ipv4`, `ipv6`, `mac`, `email`, `uuid`, `home` (the name in"
            " `/home/NAME`), `host` (the machine's name in lines of syslog), `serial`.",
            ["ipv4", "ipv6", "mac", "home"],
            form="give a list of classes, such as ['ipv4', 'mac', 'home']",
        ),
    ] = msgspec.field(default_factory=list)
    pointers: Annotated[
        bool,
        key(
            "Whether addresses of memory are masked. Their region and their last three digits stay,"
            " and so do NULL, small numbers, error pointers and poison.",
            True,
        ),
    ] = False
    keep: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]],
        key(
            "Values that stay. `*` stands for any characters.",
            ["192.0.2.*", "*@kernel.org"],
            form="give a list of texts",
        ),
    ] = msgspec.field(default_factory=list)
    map: Annotated[
        Text,
        key(
            "The file that says which pseudonym stands for which value, beside the configuration and"
            " outside of the output and the content. Whoever has it can undo the redaction.",
            "redactions.json",
        ),
    ] = "redactions.json"
    rules: Annotated[
        list[RedactRuleTable],
        key("Your own values: a `[[redact.rules]]` table for each."),
    ] = msgspec.field(default_factory=list)
