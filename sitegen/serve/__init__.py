"""The wiki in a browser while it is written: built on every save, shown on this machine alone.

`preview` builds, `watch` tells when, `app` answers a browser's requests, `listeners` tells it
what changed, `run.serve` holds them together. The one door to starlette, uvicorn and watchfiles.

What is served are the files of the output folder as they were built, but for a script that the
server adds to pages on their way: see `pages`.
"""
