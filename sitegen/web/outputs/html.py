"""Pages as HTML files."""

from sitegen.web.content import output_path
from sitegen.web.index import Output, Page


def page_output(page: Page) -> Output:
    return Output(output_path(page.url), page.html.encode("utf-8", "replace"))
