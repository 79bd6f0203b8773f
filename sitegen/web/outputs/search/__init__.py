"""Index -> the files that the search field reads: small scripts, loaded as they are needed.

No fetch works from `file://` and no inline script under the pages' policy, so every file
is a classic script that hands one value to one global function:

    sitegenSearch("names/3f", "0a1b2c", {...});

`search/manifest.js` has a fixed name and says how many files of each sort there are, and
which version each is of; the others are loaded as `?v=<version>`, so that a browser may
keep what did not change. What is in them:

names/    what cases share, and pages: under every three letters the rows that hold them
cases/    under every word, and every three letters, the cases that hold them, by number
records/  what the list of results shows of a case, with its texts, a few cases a file

Cases are numbered from the oldest, and stand in blocks: a new case changes the last
block, a changed case only the files of the letters that came or went.
The reader of all this is the theme's `find.js`.
"""

import string
from collections.abc import Iterable, Iterator

from sitegen.web.index import TAXONOMIES, Index, Output
from sitegen.web.outputs.search.cases import BLOCK, RECORDS, case_grams, case_records, number_cases
from sitegen.web.outputs.search.names import LETTERS, PAGES, name_grams
from sitegen.web.outputs.search.shards import Shard, manifest, spread

_NAMES_SIZE = 8 << 10
"""Bytes of a file of names that are aimed at: a query reads one a word."""
_CASES_SIZE = 4 << 10
"""Of a file of case numbers: a query reads a few a word and block."""


def site_outputs(index: Index) -> Iterator[Output]:
    """The manifest and all that it names."""
    numbered = number_cases(index)
    names = spread("names/", name_grams(index, (one.says for one in numbered)), _NAMES_SIZE)
    blocks = [
        spread(f"cases/{number}-", grams, _CASES_SIZE)
        for number, grams in enumerate(case_grams(numbered))
    ]
    records = [
        Shard(f"records/{number:x}", body) for number, body in enumerate(case_records(numbered))
    ]
    sorts = {
        "names": _versions(names),
        # The reader looks into the smallest file that a word leads to.
        "sizes": "".join(string.ascii_lowercase[len(one.body).bit_length()] for one in names),
        "cases": [_versions(block) for block in blocks],
        "records": _versions(records),
    }
    about = {
        "kinds": {LETTERS[one.key]: [f"{one.key}/", one.title, one.mono] for one in TAXONOMIES}
        | {PAGES: ["", "Pages", False]},
        "count": len(numbered),
        "block": BLOCK,
        "each": RECORDS,
    }
    yield manifest(about | sorts)
    for shard in (*names, *(shard for block in blocks for shard in block), *records):
        yield shard.output()


def _versions(shards: Iterable[Shard]) -> str:
    """The versions of some files, one after the other: each has as many letters."""
    return "".join(shard.version for shard in shards)
