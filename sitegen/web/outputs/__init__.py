"""Site -> Outputs, one module a format. Nothing is written here: that is the build's."""

from sitegen.model import Value


class Output(Value, frozen=True):
    """A file of the site."""

    path: str
    "relative to the site's root, with `/`; never leaves it"
    data: bytes

    def __post_init__(self) -> None:
        parts = self.path.split("/")
        if any(part in {"", ".", ".."} or not part.isprintable() for part in parts):
            raise ValueError(f"not a path inside the site: {self.path!r}")
        if "\\" in self.path:
            raise ValueError(f"not a path inside the site: {self.path!r}")
