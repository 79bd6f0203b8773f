"""Requests -> responses: the files of the output folder, the preview's own, and its events."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sitegen.serve.addresses import is_ours
from sitegen.serve.files import find, is_folder, type_of
from sitegen.serve.listeners import Listeners
from sitegen.serve.pages import PLACE, as_served
from sitegen.serve.preview import Preview, Round
from sitegen.serve.told import MOST, News, problems

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_OWN = Path(__file__).parent / "browser"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
"""Of every response: nothing is kept, and no page of another site gets at anything."""
_NOT_FOUND = "404.html"
_FILES_OF_OUR_OWN = frozenset({"draft.css", "preview.css", "preview.js"})


def make_app(preview: Preview, listeners: Listeners, host: str, port: int) -> "Starlette":
    """The preview as an application, which answers requests to this host and port alone."""
    from starlette.applications import Starlette  # noqa: PLC0415  reason: --help needs none of it
    from starlette.responses import (  # noqa: PLC0415  reason: as above
        PlainTextResponse,
        RedirectResponse,
        Response,
        StreamingResponse,
    )
    from starlette.routing import Route  # noqa: PLC0415  reason: as above

    def answer(request: "Request") -> "Response":
        path = request.scope["path"]
        if not is_ours(request.headers.get("host", ""), host, port):
            return PlainTextResponse("This address is not served here.\n", 421, _HEADERS)
        if request.method not in {"GET", "HEAD"}:
            return PlainTextResponse("", 405, {**_HEADERS, "Allow": "GET, HEAD"})
        if path == f"{PLACE}events":
            page = request.query_params.get("page", "")
            events = listeners.listen(page, lambda: news(preview, page))
            return StreamingResponse(events, 200, _HEADERS, "text/event-stream")
        if path.startswith(PLACE):
            return own(path.removeprefix(PLACE))
        found = find(preview.output, path)
        if found is None and is_folder(preview.output, path):
            return RedirectResponse(quote(f"{path}/"), 307, _HEADERS)
        status, missing = 200, found is None
        if found is None:
            status, found = 404, find(preview.output, f"/{_NOT_FOUND}")
        if found is None:
            return PlainTextResponse("There is nothing at this address.\n", 404, _HEADERS)
        data = found.data
        if found.type.startswith("text/html"):
            data = as_served(data, found.path, preview.digest(found.path), missing=missing)
        return Response(data, status, {**_HEADERS, "Content-Type": found.type})

    def own(name: str) -> "Response":
        if name not in _FILES_OF_OUR_OWN:
            return PlainTextResponse("There is nothing at this address.\n", 404, _HEADERS)
        return Response(
            (_OWN / name).read_bytes(), 200, {**_HEADERS, "Content-Type": type_of(name)}
        )

    async def serve(request: "Request") -> "Response":
        return answer(request)

    # Every method: what is not allowed is answered here, after the host was looked at.
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]
    return Starlette(routes=[Route("/{path:path}", serve, methods=methods)])


def news(preview: Preview, page: str, *, after: Round | None = None, go: bool = False) -> News:
    """What a page is told: how things are, and after a build what came of it."""
    found = problems(preview.last.problems, preview.sources(page))
    files = (*after.written, *after.removed) if after else ()
    return News(
        number=preview.last.number,
        digest=preview.digest(page),
        problems=found[:MOST],
        more=len(found[MOST:]),
        written=tuple(name for name in files if not name.endswith(".html"))[:_FILES],
        go=f"/{quote(after.edited)}" if after and go and after.edited else "",
    )


_FILES = 500
"""Files that a browser is told of: it asks for those that it shows."""
