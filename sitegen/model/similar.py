"""What crashes are compared by, and what comparing them found."""

from sitegen.model.base import Value


class Fingerprint(Value, frozen=True, kw_only=True):
    """What one log is compared by. Functions stand under the names of the source."""

    title: str = ""
    "of the report that the log is about; empty when the log has none"
    alt_titles: tuple[str, ...] = ()
    kind: str = ""
    function: str = ""
    "the innermost that neither reports nor locks, copies or counts for others"
    frames: tuple[str, ...] = ()
    "of all reports, innermost first, each once, without those that every crash has"
    inlined: tuple[str, ...] = ()
    "functions without a frame of their own, where decoding found any; never needed to match"
    letters: str = ""
    "of the layer of each frame, `.` where it is not known; empty when none is"


class KnownCase(Value, frozen=True):
    """A case of the wiki that a log may be like."""

    slug: str
    url: str
    title: str
    status: str
    prints: tuple[Fingerprint, ...] = ()
    "one a log"


class Match(Value, frozen=True, kw_only=True):
    """A case that a log is like, and why."""

    key: str
    "of the case, as whoever asked calls it"
    reason: str
    "a phrase that begins a sentence, without its full stop; names of functions in backticks"
    shared: tuple[str, ...] = ()
    "the log's frames that the case has, innermost first"
    total: int = 0
    "frames of the log that count"
    log: int = 0
    "index of the case's log that is most like it"
    score: int = 0
    "orders matches; says nothing to people"


class MatchRules(Value, frozen=True, kw_only=True):
    """The tables and weights by which logs are compared, for who does it in another language.

    Patterns are Python's, without flags, and are searched.
    """

    triggers: tuple[tuple[str, str], ...]
    "text that begins a report, and the pattern of lines with it that do not, or nothing"
    kinds: tuple[tuple[str, str, str], ...]
    "key, label and pattern; the first whose pattern is in the headline is meant"
    pc: tuple[str, ...]
    "what stands before the PC in a register dump, lower case"
    lr: tuple[str, ...]
    names: dict[str, str]
    "patterns of functions' names: what they are -> pattern"
    culprits: dict[str, tuple[str, ...]]
    "kinds whose culprit is found in another way: the way -> keys"
    first: tuple[int, ...]
    "how many times a frame counts, by its place from the innermost; the others count once"
    numbers: dict[str, float]
    "limits and weights, by their names"
