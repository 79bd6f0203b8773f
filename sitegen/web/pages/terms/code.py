"""The page of a file, an ops table, a layer or a subsystem: its functions that were passed, its cases."""

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.model import Subsystem
from sitegen.web.directives.steps import layer_class
from sitegen.web.index import Holder, Passage, Taxonomy, Term, term_url
from sitegen.web.pages.terms.ends import ends_in_words
from sitegen.web.pages.terms.plain import TermRow, row_of
from sitegen.web.pages.terms.shape import Snippets
from sitegen.wording import counted


class FunctionCount(NamedTuple):
    """A function of the term, and how often chains went through it."""

    name: str
    url: str
    letter: str
    layer: str
    part: str
    "the class that gives the layer's colour"
    file: str
    file_url: str
    reports: int
    ended: int
    "reports that ended here"
    ends: str
    "what happened there, in words"


class TableFact(NamedTuple):
    """What is known of an ops table."""

    type: str
    file: str
    file_url: str
    line: str
    slots: tuple[tuple[str, str, str], ...]
    "of each slot called through: `struct.member`, function, its url"


class CodeView(NamedTuple):
    """The page of a term that stands for code."""

    list_url: str
    list_title: str
    mono: bool
    letter: str
    part: str
    says: str
    table: TableFact | None
    subsystem: Subsystem | None
    "what the newest tree says of it"
    layered: bool
    "whether the functions may be of several layers"
    located: bool
    "whether the functions may stand in several files"
    functions: tuple[FunctionCount, ...]
    "those where most reports ended first, then the most frequent"
    rows: tuple[TermRow, ...]


def code_view(taxonomy: Taxonomy, term: Term, snippets: Snippets) -> CodeView:
    del snippets
    passages = [passage for mention in term.mentions for passage in mention.passages]
    functions = _functions(passages)
    letter = passages[0].letter if taxonomy.key == "layers" else ""
    holders = [holder for passage in passages for holder in passage.holders]
    return CodeView(
        list_url=f"{taxonomy.key}/",
        list_title=taxonomy.title,
        mono=taxonomy.mono,
        letter=letter,
        part=layer_class(letter),
        says=f"{counted(len(functions), 'function')} on the way of {counted(len(term.mentions), 'case')}.",
        table=_table(holders, passages) if taxonomy.key == "tables" else None,
        subsystem=next((one.subsystem for one in term.mentions if one.subsystem), None),
        layered=taxonomy.key != "layers",
        located=taxonomy.key != "files",
        functions=functions,
        rows=tuple(row_of(mention) for mention in term.mentions),
    )


def _functions(passages: Iterable[Passage]) -> tuple[FunctionCount, ...]:
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.function, []).append(passage)
    counts = [_count(name, ways) for name, ways in found.items()]
    return tuple(sorted(counts, key=lambda one: (-one.ended, -one.reports, one.name)))


def _count(name: str, ways: list[Passage]) -> FunctionCount:
    file = next((one.file for one in ways if one.file), "")
    return FunctionCount(
        name=name,
        url=term_url("functions", name),
        letter=ways[0].letter,
        layer=ways[0].layer,
        part=layer_class(ways[0].letter),
        file=file,
        file_url=term_url("files", file) if file else "",
        reports=len(ways),
        ended=sum(one.crashed for one in ways),
        ends=ends_in_words(ways),
    )


def _table(holders: list[Holder], passages: list[Passage]) -> TableFact:
    first = next((one for one in holders if one.file), holders[0])
    slots = dict.fromkeys(
        (holder.slot, passage.function) for passage in passages for holder in passage.holders
    )
    return TableFact(
        type=first.type,
        file=first.file,
        file_url=term_url("files", first.file) if first.file else "",
        line="" if first.line is None else str(first.line),
        slots=tuple((slot, name, term_url("functions", name)) for slot, name in sorted(slots)),
    )
