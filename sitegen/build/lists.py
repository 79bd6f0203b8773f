"""The pages and files that know all cases: made anew when a case changed in what others know of it."""

from collections.abc import Iterator

from sitegen.build.caselogs import case_logs
from sitegen.build.fulltext import FOLDER
from sitegen.build.gathering import Files, Gathering
from sitegen.build.overview import Overview
from sitegen.build.reading import Read, Reading, load
from sitegen.build.render import Resolver, Shared, is_answered, syntax_of
from sitegen.build.state import Memo, State
from sitegen.crash.similar import match_rules
from sitegen.diagnostics import Diagnostic, Sink
from sitegen.store import digest
from sitegen.web import pages
from sitegen.web.content import Document
from sitegen.web.index import TAXONOMIES, Index, Page
from sitegen.web.outputs import match, site_outputs
from sitegen.web.theme import Theme

_HOME = ""
"""Under which the first page is remembered; its address."""
_LISTS = "lists"
"""Under which all others are; no address, since it does not end with a slash."""


def render_lists(
    site: Gathering,
    home: Reading | None,
    overview: Overview,
    shared: Shared,
    theme: Theme,
    state: State,
    common: str,
) -> dict[str, Memo]:
    """Adds the pages and files that know all cases. Returns what to remember.

    `home` is the content folder's own index, if it has one; `common` names all that they depend
    on but for that.
    """
    memos = {}
    head = home and home.entry.head
    name = digest(common, home.entry.digest) if home else common
    key = name if home is None or home.entry.digest else ""
    memo = state.memos.get(_HOME)
    if (
        memo
        and memo.key == key
        and site.has(memo, state)
        and is_answered(head, memo.answers, shared)
    ):
        site.add_remembered(_HOME, memo, held=home is not None and home.held)
        memos[_HOME] = memo
    else:
        made = _render_home(site, home, overview.index, shared, theme, key)
        memos |= {_HOME: made} if key else {}
    memo = state.memos.get(_LISTS)
    if memo and memo.key == common and site.has(memo, state):
        site.add_remembered(_LISTS, memo)
        memos[_LISTS] = memo
    else:
        memos[_LISTS] = _render_others(site, overview, shared, theme, common)
    return memos


def _render_home(
    site: Gathering, home: Reading | None, index: Index, shared: Shared, theme: Theme, key: str
) -> Memo:
    sink = Sink()
    read = home and _read(home, shared)
    document = read and read.document
    resolve = Resolver(document, shared.index, shared.project.content) if document else None
    page = pages.render_home(
        document,
        tuple(case_logs(read, shared.project)) if read else (),
        index=index,
        syntax=syntax_of(shared.project),
        resolve=resolve,
        theme=theme,
        chrome=shared.chrome,
        sink=sink,
    )
    files = site.add_page(_HOME, page)
    site.complain(sink.found())
    return Memo(
        key=key,
        files=files,
        answers=resolve.answers() if resolve else (),
        links=page.links if page else (),
        assets=page.assets if page else (),
        problems=sink.found(),
    )


def _read(home: Reading, shared: Shared) -> Read | None:
    loaded = home.read or load(home.entry.head.path, shared.project, shared.redactor)
    return loaded if isinstance(loaded, Read) or loaded is None else loaded[0]


def _render_others(
    site: Gathering, overview: Overview, shared: Shared, theme: Theme, key: str
) -> Memo:
    sink = Sink()
    index = overview.index
    files: Files = ()
    for url, page in _pages(index, shared, theme, sink):
        files += site.add_page(url, page)
    problems: tuple[Diagnostic, ...] = sink.found()
    site.complain(problems)
    files += site.add(site_outputs(index))
    files += site.add([match.match_output(overview.known_cases(), match_rules())])
    return Memo(key=key, files=files, problems=problems)


def _pages(
    index: Index, shared: Shared, theme: Theme, sink: Sink
) -> Iterator[tuple[str, Page | None]]:
    """Addresses and pages of all lists; None for one whose template failed."""
    chrome = shared.chrome
    yield pages.CASES, pages.render_cases(index=index, theme=theme, chrome=chrome, sink=sink)
    for one in TAXONOMIES:
        terms = index.terms[one.key]
        if terms:
            page = pages.render_terms(one, terms, theme=theme, chrome=chrome, sink=sink)
            yield f"{one.key}/", page
    yield (
        pages.SEARCH,
        pages.render_search(
            index=index,
            full_text=f"{FOLDER}/pagefind.js" if shared.project.full_text else "",
            theme=theme,
            chrome=chrome,
            sink=sink,
        ),
    )
    yield (
        pages.MATCH,
        pages.render_match(
            len(index.cases), data=match.DATA, theme=theme, chrome=chrome, sink=sink
        ),
    )
    yield pages.NOT_FOUND, pages.render_not_found(theme=theme, chrome=chrome, sink=sink)
    for page in pages.render_feeds(index=index, theme=theme, chrome=chrome, sink=sink):
        yield page.url, page


def render_redirects(
    site: Gathering, documents: list[Document], shared: Shared, theme: Theme
) -> None:
    """Adds a page at each alias: last of all, since an alias takes no other's place."""
    sink = Sink()
    for one in pages.render_redirects(documents, theme=theme, chrome=shared.chrome, sink=sink):
        site.add_redirect(one)
    site.complain(sink.found())
