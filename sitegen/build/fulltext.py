"""The full text of all documents as an index for readers' browsers, made by Pagefind.

Asked for by `full-text = true`, and only where the package is installed: its program is
57 MB. The index is loaded over HTTP alone; from disk the search field finds names as ever.
"""

import asyncio
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sitegen.web.content import output_path
from sitegen.web.index import Output

FOLDER = "pagefind"
_SCRIPTS = {"pagefind.js", "pagefind-worker.js"}
"""Of the programs that come with the index those that we use; it has ready-made pages besides."""


class FullTextError(Exception):
    """There can be no index; the text is the reason."""


def full_text(pages: Iterable[tuple[str, bytes]]) -> tuple[Output, ...]:
    """The index of pages (url and HTML), as files of the site, sorted. Raises `FullTextError`.

    Equal pages give equal files. What stands in `<main>` is found.
    """
    try:
        from pagefind.index import IndexConfig, PagefindIndex  # noqa: PLC0415  reason: an extra
    except ImportError:
        raise FullTextError("pagefind is not installed") from None

    async def make(folder: str) -> None:
        config = IndexConfig(root_selector="main", output_path=folder)
        async with PagefindIndex(config=config) as index:
            for url, html in pages:
                await index.add_html_file(
                    content=html.decode("utf-8", "replace"), url=f"/{output_path(url)}"
                )

    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(make(folder))
        except Exception as error:
            raise FullTextError(f"pagefind failed: {error}") from error
        return tuple(_outputs(Path(folder)))


def _outputs(folder: Path) -> Iterable[Output]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_index = "/" in name or name.startswith(("pagefind.", "wasm.", "pagefind-entry"))
        if path.is_file() and (is_index or name in _SCRIPTS) and not name.endswith(".css"):
            yield Output(f"{FOLDER}/{name}", path.read_bytes())
