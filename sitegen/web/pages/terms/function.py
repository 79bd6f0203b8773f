"""The page of a function: its neighbours in all chains, its source, its cases."""

from typing import NamedTuple

from sitegen.web.directives.steps import layer_class
from sitegen.web.index import Mention, Passage, Taxonomy, Term, term_url
from sitegen.web.pages.chrome import StatusView, status_view
from sitegen.web.pages.terms.ends import count_ends, ends_in_words
from sitegen.web.pages.terms.listing import Listing, listing
from sitegen.web.pages.terms.neighbours import Side, callees, callers
from sitegen.web.pages.terms.shape import Snippets
from sitegen.wording import counted


class FunctionRow(NamedTuple):
    """A case that passes through a function."""

    url: str
    anchor: str
    title: str
    status: StatusView
    place: str
    "where the function stands in the chain"
    onward: str
    "the function it goes on to"
    onward_url: str
    line: str
    kernel: str
    date: str


class FunctionView(NamedTuple):
    """The page of a function."""

    list_url: str
    list_title: str
    layer: str
    letter: str
    part: str
    "the class that gives the layer's colour"
    layer_url: str
    subsystem: str
    subsystem_url: str
    files: tuple[tuple[str, str], ...]
    "name and url"
    says: str
    callers: Side
    callees: Side
    source: Listing | None
    rows: tuple[FunctionRow, ...]


def function_view(taxonomy: Taxonomy, term: Term, snippets: Snippets) -> FunctionView:
    passages = [passage for mention in term.mentions for passage in mention.passages]
    known = next((one for one in passages if one.layer), passages[0])
    subsystem = next((one.subsystem for one in passages if one.subsystem), "")
    files = dict.fromkeys(one.file for one in passages if one.file)
    return FunctionView(
        list_url=f"{taxonomy.key}/",
        list_title=taxonomy.title,
        layer=known.layer,
        letter=known.letter,
        part=layer_class(known.letter),
        layer_url=term_url("layers", known.layer) if known.layer else "",
        subsystem=subsystem,
        subsystem_url=term_url("subsystems", subsystem) if subsystem else "",
        files=tuple((file, term_url("files", file)) for file in files),
        says=_says(term, passages),
        callers=callers(passages),
        callees=callees(passages),
        source=listing(
            passages,
            snippets,
            {
                one.snippet: mention.case.kernel
                for mention in term.mentions
                for one in mention.passages
            },
        ),
        rows=tuple(_row(mention) for mention in term.mentions),
    )


def _says(term: Term, passages: list[Passage]) -> str:
    """How often the function was on the way, and what happened how often in it."""
    reports = len(passages)
    ends = count_ends(passages)
    way = f"On the way of {counted(reports, 'report')} in {counted(len(term.mentions), 'case')}"
    if not ends:
        return f"{way}; none ended here."
    if ends[0][1] == reports:
        return f"{way}, {'which' if reports == 1 else 'all of which'} {ends[0][0]} here."
    return f"{way}; {ends_in_words(passages)} here."


def _row(mention: Mention) -> FunctionRow:
    case, passage = mention.case, mention.passages[0]
    walked = next((one for one in mention.passages if one.anchor), passage)
    return FunctionRow(
        url=case.url,
        anchor=walked.anchor,
        title=case.title,
        status=status_view(case.status, draft=case.draft),
        place=f"{walked.number} of {walked.steps}",
        onward=walked.after,
        onward_url=term_url("functions", walked.after) if walked.after else "",
        line="" if walked.line is None else str(walked.line),
        kernel=case.kernel,
        date=case.date,
    )
