"""What stands in a Markdown text, found without rendering it."""

from sitegen.web.content import Document
from sitegen.web.markdown import PLAIN, Syntax, find_links, find_prose

TEXT = """\
Prose with a [link](https://example.org/a "title").

```c
code [no](https://example.org/no)
```

    indented <https://example.org/no>

> - a list with https://example.org/b and ![text](picture.png)

:::{note}
[deep](other.md#part)
:::

```panic
log https://example.org/no
```

A [reference][one], `code https://example.org/no`, and {src}`fs/file.c`.

[one]: https://example.org/c
"""


def document() -> Document:
    return Document(
        path="a.md", file="content/a.md", kind="page", slug="a", url="a/", body=TEXT, body_line=4
    )


def test_prose_is_what_is_neither_code_nor_log() -> None:
    found = dict(find_prose(TEXT))

    assert found[1].startswith("Prose")
    assert found[12] == "[deep](other.md#part)"
    assert not {4, 7, 16} & set(found)


def test_links_are_found_with_their_places() -> None:
    found = list(find_links(document(), PLAIN))

    assert [one.href for one in found] == [
        "https://example.org/a",
        "https://example.org/b",
        "picture.png",
        "other.md#part",
        "https://example.org/c",
    ]
    assert [one.at.line for one in found] == [4, 12, 12, 15, 24]
    for one in found:
        assert one.at.text[one.at.column - 1 : one.at.end - 1] == one.href


def test_a_formula_has_no_links() -> None:
    text = document().body.replace("Prose", "$[a](https://example.org/no)$ prose")
    formula = Document(path="a.md", file="a.md", kind="page", slug="a", url="a/", body=text)

    assert not any("no" in one.href for one in find_links(formula, Syntax(math=True)))
