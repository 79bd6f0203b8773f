"""What is added to a page on its way: a script, and a policy that is wider by our own origin alone."""

import re

import pytest

from sitegen.serve.pages import admit, as_served

BUILT = b"""<!DOCTYPE html>
<html><head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
<link rel="stylesheet" href="static/style.css">
</head><body>Text</body></html>
"""


def test_the_script_stands_last_in_the_head() -> None:
    html = as_served(BUILT, "cases/a/index.html", "0a1b").decode()
    head = html.partition("</head>")[0]
    assert re.findall(r"<script[^>]*>", head) == [
        '<script defer src="/.sitegen/preview.js" data-page="cases/a/index.html" data-digest="0a1b">'
    ]
    assert head.rstrip().endswith("</script>")
    assert html.endswith("<body>Text</body></html>\n")


def test_the_policy_lets_in_what_the_preview_needs_and_no_more() -> None:
    policy = re.search(r'content="(default[^"]*)"', as_served(BUILT, "a", "").decode())[1]
    assert policy == ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")


@pytest.mark.parametrize(
    ("policy", "served"),
    [
        ("", ""),
        ("img-src 'self'", "img-src 'self'"),
        (
            "default-src 'self'",
            "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ),
        (
            "script-src 'none'; connect-src https://x.example",
            "script-src 'self'; connect-src https://x.example 'self'",
        ),
    ],
)
def test_a_policy_is_widened_only_where_it_forbids(policy, served) -> None:
    assert admit(policy) == served


def test_a_missing_page_has_links_from_the_root() -> None:
    html = as_served(BUILT, "404.html", "", missing=True).decode()
    assert html.index('<base href="/">') < html.index("<link")


def test_a_path_cannot_end_the_attribute() -> None:
    html = as_served(BUILT, 'a"><script>x</script>', "").decode()
    assert "<script>x" not in html


@pytest.mark.parametrize("html", [b"", b"no tags", b"<body>only", b"<HEAD></HEAD>"])
def test_pages_of_any_form_get_the_script(html) -> None:
    assert b"/.sitegen/preview.js" in as_served(html, "a", "")
