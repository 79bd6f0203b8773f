"""What happened where reports ended: a crash is not a warning, and neither is a task that waits."""

from collections import Counter
from collections.abc import Iterable

from sitegen.web.directives.labels import place_of
from sitegen.web.index import Passage

_PAST = {"running": "ran"}


def end_of(passage: Passage) -> str:
    """What happened in the function, `crashed` or `warned`; empty where the report went on."""
    if not passage.crashed:
        return ""
    verb = place_of(passage.report, panics=bool(passage.after)).verb
    return _PAST.get(verb, verb)


def count_ends(passages: Iterable[Passage]) -> tuple[tuple[str, int], ...]:
    """What happened there and how often, the most frequent first."""
    counts = Counter(end for end in map(end_of, passages) if end)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def ends_in_words(passages: Iterable[Passage]) -> str:
    """`2 crashed, 1 warned`; empty where none ended."""
    return ", ".join(f"{number} {end}" for end, number in count_ends(passages))
