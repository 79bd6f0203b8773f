"""What every table of the configuration is made with."""

from typing import Annotated

import msgspec

BASE_URL = r"https?://[^\s\"'<>]+"
"""The form of an address that a site may be published at."""

ADDRESS = rf"^$|^{BASE_URL}$"
"""Such an address, or nothing."""

Text = Annotated[str, msgspec.Meta(max_length=2000)]
"""A text of one key."""


def key(says: str, *examples: object, form: str = "", pattern: str | None = None) -> msgspec.Meta:
    """A key: what it means, examples, how a wrong value is put right, and the form of a text."""
    return msgspec.Meta(
        description=says, examples=list(examples) or None, pattern=pattern, extra={"form": form}
    )


class Table(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    """Base of all tables."""
