"""Records are what named tuples are."""

import pickle
from typing import Any, NamedTuple

import pytest

from sitegen.record import Record


class Place(Record):
    """A record with a default."""

    file: str
    line: int = 1

    @property
    def text(self) -> str:
        return f"{self.file}:{self.line}"


class Same(NamedTuple):
    """The same, as the standard library has it."""

    file: str
    line: int = 1


@pytest.mark.parametrize(
    ("values", "named"),
    [(("a.c", 2), {}), (("a.c",), {}), (("a.c",), {"line": 3}), ((), {"line": 4, "file": "b"})],
)
def test_a_record_is_the_tuple_that_a_named_tuple_is(
    values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    one, other = Place(*values, **named), Same(*values, **named)
    assert tuple(one) == tuple(other)
    assert (one.file, one.line) == (other.file, other.line)
    assert one == tuple(other)
    assert hash(one) == hash(other)
    assert one._replace(line=9) == other._replace(line=9)
    assert repr(one) == repr(other).replace("Same", "Place")
    assert one.text == f"{other.file}:{other.line}"
    assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        (("a", 1, 2), {}),
        (("a",), {"lines": 1}),
        (("a", 1), {"line": 1}),
        (("a",), {"file": "b"}),
    ],
)
def test_a_record_refuses_what_it_has_no_place_for(
    values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        Place(*values, **named)


def test_a_record_is_matched_by_place_and_never_changed() -> None:
    match Place("a.c", 7):
        case Place(file, line):
            assert (file, line) == ("a.c", 7)
    with pytest.raises(AttributeError):
        Place("a.c").line = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Place("a.c").other = 2  # type: ignore[attr-defined]
