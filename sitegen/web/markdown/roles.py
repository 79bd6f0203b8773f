"""The roles that every page knows: {func}`x`, {src}`x:1`, {commit}`x` and {cve}`x`."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from sitegen.web.links import commit_url, cve_url
from sitegen.web.markdown.values import RenderRole, RoleUse

SourceUrl = Callable[[str, int | None], str]
"""File and line of the case's tree -> address in a source browser; empty when there is none."""


def standard_roles(functions: Mapping[str, str], source: SourceUrl) -> dict[str, RenderRole]:
    """The roles by name. What they do not understand they show as it is written, without a link."""

    def func(use: RoleUse) -> str:
        return code_link(use.text, functions.get(use.text.removesuffix("()"), ""))

    def src(use: RoleUse) -> str:
        found = _SOURCE.fullmatch(use.text)
        return code_link(
            use.text, source(found[1], int(found[2]) if found[2] else None) if found else ""
        )

    return {"func": func, "src": src, "commit": _commit, "cve": _cve}


def role_fault(use: RoleUse) -> tuple[str, str]:
    """What is wrong with the text of one of these roles, and a hint; both empty when nothing is."""
    form = _FORMS.get(use.name)
    if form is None or form.is_good(use.text):
        return "", ""
    return f"'{use.text[:80]}' is no {form.what}", form.hint


class _Form(NamedTuple):
    is_good: Callable[[str], object]
    what: str
    hint: str


_SOURCE = re.compile(r"([\w./+-]{1,200})(?::([0-9]{1,7})(?:-[0-9]{1,7})?)?")

_FUNCTION = re.compile(r"[A-Za-z_.$][\w.$]{0,200}(?:\(\))?")

_FORMS = {
    "commit": _Form(commit_url, "commit", "write 7 to 40 lower-case hex digits"),
    "cve": _Form(cve_url, "CVE", "write it as CVE-2024-50082"),
    "src": _Form(_SOURCE.fullmatch, "place in the source", "write it as fs/read_write.c:582"),
    "func": _Form(_FUNCTION.fullmatch, "function's name", "write it as vfs_write"),
}


def _commit(use: RoleUse) -> str:
    return code_link(use.text, commit_url(use.text))


def _cve(use: RoleUse) -> str:
    return text_link(use.text, cve_url(use.text))


def code_link(text: str, href: str) -> str:
    """`text` as code, a link where there is an `href`. Both are escaped here."""
    html = f"<code>{escape(text)}</code>"
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def text_link(text: str, href: str) -> str:
    """`text`, a link where there is an `href`. Both are escaped here."""
    return f'<a href="{escape(href)}">{escape(text)}</a>' if href else escape(text)
