"""A built page -> the page as it is served: with the preview's script, and a policy that lets it work.

Nothing of this is written to the output folder. The script is added to pages of this
server alone, and the policy is widened by its own origin and by nothing else.
"""

import re
from html import escape, unescape

PLACE = "/.sitegen/"
"""Where the preview's own files are: no file of a site has a name like that."""

_POLICY = re.compile(
    rb"""(<meta\b[^>]*\bhttp-equiv=["']?Content-Security-Policy["']?[^>]*?\bcontent=)"([^"]*)\"""",
    re.IGNORECASE,
)
_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_NEEDED = ("script-src", "style-src", "connect-src")
"""What the preview asks of a page's policy: its script, its style sheet, its events."""


def as_served(html: bytes, path: str, digest: str, *, missing: bool = False) -> bytes:
    """The page at `path` of the site, whose bytes have this digest, with the preview's script.

    That of a `missing` page stands at any address: its links are made to begin at the root.
    """
    tag = (
        f'<link rel="stylesheet" href="{PLACE}draft.css">\n'
        f'<script defer src="{PLACE}preview.js" data-page="{escape(path)}"'
        f' data-digest="{escape(digest)}"></script>\n'
    ).encode()
    html = _POLICY.sub(_widened, html, count=1)
    if missing:
        # The first base of a page is the one that counts.
        html = _HEAD.sub(rb'\g<0>\n<base href="/">', html, count=1)
    # At the end: it has the last word where the theme's scripts open and close things.
    end = html.lower().find(b"</head>")
    return html[:end] + tag + html[end:] if end >= 0 else tag + html


def _widened(found: re.Match[bytes]) -> bytes:
    policy = admit(unescape(found[2].decode("utf-8", "replace")))
    return found[1] + b'"' + escape(policy, quote=True).replace("&#x27;", "'").encode() + b'"'


def admit(policy: str) -> str:
    """A policy that lets the preview's files in, beside all that it let in before.

    >>> admit("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'")
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'"
    """
    rules: dict[str, list[str]] = {}
    for rule in policy.split(";"):
        name, *sources = rule.split() or [""]
        if name:
            rules.setdefault(name.lower(), sources)
    for name in _NEEDED:
        known = rules.get(name, rules.get("default-src"))
        if known is None:
            continue  # nothing is said of it, so all is allowed
        rules[name] = [one for one in known if one != "'none'"]
        if not {"'self'", "*"} & set(rules[name]):
            rules[name].append("'self'")
    return "; ".join(" ".join((name, *sources)) for name, sources in rules.items())
