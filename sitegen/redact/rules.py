"""What an author wants to be kept out of the site, as values."""

from sitegen.model import Value


class Rule(Value, frozen=True):
    """A text, or a form of texts, that is replaced. Exactly one of `literal` and `pattern` is there."""

    label: str
    "what the pseudonyms begin with: `host` gives `host-1`; one that ends with `_` gives `drv_1`"
    literal: str = ""
    "replaced wherever it stands as a whole word, in upper and lower case"
    pattern: str = ""
    "a regular expression within a line; of its first group, if it has one, that is what is replaced"
    number: int = 0
    "which rule of the configuration it is, from 1: how diagnostics call it"


class Rules(Value, frozen=True):
    """Everything that is replaced. Without any it costs nothing."""

    classes: tuple[str, ...] = ()
    "keys of `classes.CLASSES`"
    rules: tuple[Rule, ...] = ()
    keep: tuple[str, ...] = ()
    "values that stay, in upper and lower case; `*` stands for any characters"
    pointers: bool = False
    "whether addresses of memory are masked"
    map: str = ""
    "where the map is kept, relative to the project's root"

    broken: bool = False
    "something was wrong where they are written: nothing may be published by them"

    def __bool__(self) -> bool:
        return bool(self.classes or self.rules or self.pointers or self.broken)
