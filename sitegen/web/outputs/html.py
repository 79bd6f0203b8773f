"""Pages as HTML files."""

from collections.abc import Iterator

from sitegen.web.content import output_path
from sitegen.web.index import Output, Page, Site


def outputs(site: Site) -> Iterator[Output]:
    """Every page, in the site's order."""
    return map(page_output, site.pages)


def page_output(page: Page) -> Output:
    return Output(output_path(page.url), page.html.encode("utf-8", "replace"))
