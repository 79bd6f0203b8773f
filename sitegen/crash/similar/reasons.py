"""Why two logs are alike, in words: a phrase that begins a sentence, without its full stop.

Names of functions stand in backticks.
"""

from collections.abc import Sequence

from sitegen.model import Fingerprint
from sitegen.wording import counted


def reason(
    query: Fingerprint,
    known: Fingerprint,
    shared: Sequence[str],
    rarest: Sequence[str],
    *,
    often: int,
) -> str:
    """Why `known` is like `query`.

    `shared` are the query's frames that both have, innermost first, `rarest` those that say most;
    `often` is how many cases have the first of these, 0 where that is hardly any.

    >>> one = Fingerprint(kind="null-deref", function="f", frames=("f", "g"))
    >>> reason(one, one, ("f", "g"), ("f", "g"), often=0)
    'The same kind of crash in the same function, `f`, with the same 2 frames'
    """
    same_kind = bool(query.kind) and query.kind == known.kind
    if query.function and query.function == known.function:
        kind = "The same kind of crash" if same_kind else "A crash of another kind"
        named = f"{kind} in the same function, `{query.function}`"
        return f"{named}{_how_many(query, known, shared)}"
    if titles(query) & titles(known):
        return f"The same title{_how_many(query, known, shared)}"
    also = ", and the kind of crash" if same_kind else ""
    if len(shared) > 1 and tuple(shared) == query.frames[-len(shared) :]:
        return f"The same way in, up to `{shared[0]}`{also}"
    if shared and often:
        return f"Shares `{rarest[0]}`" + (f", as {often} cases do" if often > 1 else "")
    if shared:
        return f"Shares the rare {' and '.join(f'`{one}`' for one in rarest)}{also}"
    return "The same kind of crash" if same_kind else "Functions inlined in each other's frames"


def titles(one: Fingerprint) -> set[str]:
    """The titles that name the crash.

    Those in which no function could be named do so only for a log that has nothing else to go by.
    """
    return {
        title
        for title in (one.title, *one.alt_titles)
        if title and not (one.frames and " in corrupted" in title)
    }


def _how_many(query: Fingerprint, known: Fingerprint, shared: Sequence[str]) -> str:
    if not query.frames:
        return ""
    if not shared:
        return ", but none of the frames"
    if query.frames == known.frames:
        return f", with the same {counted(len(shared), 'frame')}"
    return f", with {len(shared)} of {counted(len(query.frames), 'frame')}"
