"""The pages and files that know all cases, made anew in every build."""

from sitegen.build.fulltext import FOLDER
from sitegen.build.gathering import Gathering
from sitegen.build.reading import Read, Reading, load
from sitegen.build.render import Resolver, Shared, syntax_of
from sitegen.crash.similar import match_rules
from sitegen.diagnostics import Sink
from sitegen.model import KnownCase
from sitegen.web import pages
from sitegen.web.index import TAXONOMIES, Index
from sitegen.web.outputs import match, site_outputs
from sitegen.web.theme import Theme


def render_lists(
    site: Gathering,
    readings: list[Reading],
    known: tuple[KnownCase, ...],
    index: Index,
    shared: Shared,
    theme: Theme,
) -> None:
    """Adds the pages and files that know all cases; `known` is what logs are compared with."""
    sink = Sink()
    chrome = shared.chrome
    home = next((one for one in readings if not one.entry.head.url), None)
    read = None
    if home is not None:
        loaded = home.read or load(home.entry.head.path, shared.project)
        read = loaded if isinstance(loaded, Read) or loaded is None else loaded[0]
    document = read and read.document
    resolve = Resolver(document, index, shared.project.content) if document else None
    made = {
        "": pages.render_home(
            document,
            index=index,
            syntax=syntax_of(shared.project),
            resolve=resolve,
            theme=theme,
            chrome=chrome,
            sink=sink,
        ),
        pages.CASES: pages.render_cases(index=index, theme=theme, chrome=chrome, sink=sink),
        **{
            f"{one.key}/": pages.render_terms(
                one, index.terms[one.key], theme=theme, chrome=chrome, sink=sink
            )
            for one in TAXONOMIES
            if index.terms[one.key]
        },
        pages.SEARCH: pages.render_search(
            index=index,
            full_text=f"{FOLDER}/pagefind.js" if shared.project.full_text else "",
            theme=theme,
            chrome=chrome,
            sink=sink,
        ),
        pages.MATCH: pages.render_match(
            len(index.cases), data=match.DATA, theme=theme, chrome=chrome, sink=sink
        ),
        pages.NOT_FOUND: pages.render_not_found(theme=theme, chrome=chrome, sink=sink),
    }
    for url, page in made.items():
        site.add_page(url, page)
    for one in pages.render_feeds(index=index, theme=theme, chrome=chrome, sink=sink):
        site.add_page(one.url, one)
    site.complain(sink.found())
    site.add(site_outputs(index))
    site.add([match.match_output(known, match_rules())])


def render_redirects(
    site: Gathering, readings: list[Reading], shared: Shared, theme: Theme
) -> None:
    """Adds a page at each alias: last of all, since an alias takes no other's place."""
    sink = Sink()
    heads = [one.entry.head for one in readings]
    for one in pages.render_redirects(heads, theme=theme, chrome=shared.chrome, sink=sink):
        site.add_redirect(one)
    site.complain(sink.found())
