"""What is found in a document before it is rendered: its logs, and what its directives ask for."""

import pytest

from sitegen.web.markdown import Asked, find_asked, find_panics


@pytest.mark.parametrize(
    "text",
    [
        "```panic\n[ 1] a\n  b\n```\n",
        "~~~panic\n[ 1] a\n  b\n~~~\n",
        "```{panic}\n[ 1] a\n  b\n```\n",
        ":::{panic}\n[ 1] a\n  b\n:::\n",
        "text\n\n- item\n\n  ```panic\n  [ 1] a\n    b\n  ```\n",
        "> > ```panic\n> > [ 1] a\n> >   b\n> > ```\n",
        "1. x\n   > ```panic\n   > [ 1] a\n   >   b\n   > ```\n",
        "::::{note}\n:::{tip}\n```panic\n[ 1] a\n  b\n```\n:::\n::::\n",
        "   ```panic\n   [ 1] a\n     b\n   ```\n",
        "```panic\n[ 1] a\n  b\n",  # never closed
        "````panic\n[ 1] a\n  b\n````\n",
        "[^1]: note\n\n    ```panic\n    [ 1] a\n      b\n    ```\n",
    ],
)
def test_panic_is_found_wherever_it_stands(text: str) -> None:
    (block,) = find_panics(text)
    assert block.text == "[ 1] a\n  b\n"
    line = text.split("\n")[block.text_line - 1]
    assert line[block.indent :] == "[ 1] a"


@pytest.mark.parametrize(
    "text",
    [
        "    ```panic\n    x\n    ```\n",
        "````\n```panic\nx\n```\n````\n",
        "```panics\nx\n```\n",
        "`panic`",
    ],
)
def test_what_is_no_panic_block_is_not_found(text: str) -> None:
    assert find_panics(text) == ()


def test_log_that_holds_a_shorter_fence_is_whole() -> None:
    (block,) = find_panics("````panic\na\n```\nb\n````\n")
    assert block.text == "a\n```\nb\n"


def test_options_of_a_panic_block_keep_their_lines() -> None:
    (block,) = find_panics("\n```{panic}\n:id: x\n:kernel: 6.1\n\nlog\n```\n")
    assert block.options == (("id", "x", 3), ("kernel", "6.1", 4))
    assert (block.line, block.text_line, block.text) == (2, 6, "log\n")


def test_directives_are_found_wherever_they_stand_before_the_page_is_rendered():
    text = """\
Text with {source} in it, and `:::{source} no.c:1`.

:::{source} a.c:1-2
:log: second
prose
:::

- item
  ```{ source }   b.c:3
  ```

> ::::{note}
> :::{source} c.c:f
> :::
> ::::

:::{source}
:::

    :::{source} code.c:1

```panic
:::{source} log.c:1
:::
```
"""
    assert find_asked(text, "source") == (
        Asked("a.c:1-2", "second", 3),
        Asked("b.c:3", "", 9),
        Asked("c.c:f", "", 13),
    )
    assert find_asked(text, "diff") == ()
