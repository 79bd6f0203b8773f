"""The examples in docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "content.address",
        "index",
        "markdown.highlight",
        "outputs.search.grams",
        "outputs.search.sets",
        "outputs.search.shards",
    ],
)
def test_examples_of_docstrings_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"sitegen.web.{name}"))
    assert found.attempted
    assert not found.failed
