"""Addresses in plain text -> links, as GitHub finds them: https://x, www.x.org and a@b.org.

`text` and `address` are inline rules, so that the `_` and `*` in an address mark nothing up;
mail addresses are found when text is written, since a `_` may stand before their `@`.
"""

import re
from collections.abc import Iterator
from html import escape, unescape

from markdown_it.rules_inline import StateInline

# Where a rule may begin: markdown-it's own list has more, and knows no `www.`.
_STOP = re.compile(r"[\n!$&*:<\[\\\]_`{~]|(?<![\w./@-])www\.")

_SCHEME = re.compile(r"(?<![\w/])(?:https?|ftp)\Z", re.IGNORECASE)
_HOST = re.compile(r"[^\W_][\w.-]*")
_REST = re.compile(r"[^\s<>\"`]*")

MAX_ADDRESS = 2048
"""Characters of an address that is still a link."""


def text(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """Text up to where another rule may begin."""
    found = _STOP.search(state.src, state.pos, state.posMax)
    end = found.start() if found else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """`https://x.org` and `www.x.org`, without the punctuation of the sentence around them."""
    at = state.pos
    if silent or state.linkLevel > 0 or state.src[at] not in ":w":
        return False
    if state.src.startswith("://", at):
        found = _SCHEME.search(state.pending[-6:])
        scheme, host = found[0] if found else "", at + 3
    elif _STOP.match(state.src, at) and state.src[at] == "w":
        scheme, host = "", at
    else:
        return False
    if state.src[at] == ":" and not scheme:
        return False
    first = at - len(scheme)
    end = _find_end(state.src, first, host, min(state.posMax, first + MAX_ADDRESS + 1))
    if end <= host or end - first > MAX_ADDRESS:
        return False
    shown = unescape(state.src[first:end])
    if scheme:
        state.pending = state.pending[: -len(scheme)]
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": state.md.normalizeLink(shown if scheme else f"http://{shown}")}
    token.info = "auto"
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1).info = "auto"
    state.pos = end
    return True


def _find_end(source: str, first: int, host: int, limit: int) -> int:
    """Where the address ends; `host` when it has no host that could be one."""
    found = _HOST.match(source, host, limit)
    if found is None or any("_" in label for label in found[0].rstrip(".").split(".")[-2:]):
        return host
    rest = _REST.match(source, found.end(), limit)
    return first + trimmed(source[first : rest.end() if rest else found.end()])


def trimmed(url: str) -> int:
    """The length of an address without the punctuation of the sentence around it."""
    open_ones = url.count("(") - url.count(")")  # below 0: a bracket closes that was open before
    end = len(url)
    while end:
        last = url[end - 1]
        if last == ")" and open_ones < 0:
            open_ones += 1
        elif last == ";" and (found := _ENTITY.search(url, max(0, end - 32), end)):
            end = found.start() + 1
        elif last not in ".,;:!?*_~'[]":
            break
        end -= 1
    return end


_ENTITY = re.compile(r"&[A-Za-z0-9]{1,30};\Z")

# --- Mail ------------------------------------------------------------------------------------

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_")
_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_MAX_LOCAL = 64


def text_html(content: str, *, link: bool) -> str:
    """Escaped text; mail addresses in it become links when `link`."""
    if not link or "@" not in content:
        return escape(content, quote=False)
    out: list[str] = []
    done = 0
    for first, end in _mails(content):
        out.append(escape(content[done:first], quote=False))
        shown = content[first:end]
        href = shown if shown.startswith("mailto:") else f"mailto:{shown}"
        out.append(f'<a href="{href}">{shown}</a>')  # of letters, digits and `.+-_@:` only
        done = end
    out.append(escape(content[done:], quote=False))
    return "".join(out)


def _mails(content: str) -> Iterator[tuple[int, int]]:
    done = 0
    at = content.find("@")
    while at >= 0:
        first = at
        while first > done and at - first <= _MAX_LOCAL and content[first - 1] in _LOCAL:
            first -= 1
        found = _DOMAIN.match(content, at + 1)
        # A version after a symbol, memcpy@GLIBC_2.14, ends in a digit; no domain does.
        if 0 < at - first <= _MAX_LOCAL and found and found[0][-1].isalpha():
            if content.startswith("mailto:", first - 7) and first - 7 >= done:
                first -= 7
            yield first, found.end()
            done = found.end()
        at = content.find("@", max(at + 1, done))
