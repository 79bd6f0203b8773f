"""Texts and values that belong together -> the same without what must not be published."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

import msgspec

from sitegen.diagnostics import Diagnostic
from sitegen.model import Snippet, TraceFrame
from sitegen.redact.disguised import Disguised, find_disguised
from sitegen.redact.pointers import Pointers, find_pointers
from sitegen.redact.redactor import Edit, Redactor, apply, moved_column

_T = TypeVar("_T")

_FIXED = frozenset(
    {"arch", "context", "decoded_by", "digest", "kind", "label", "letter", "lookup", "proof"}
    | {"sha256", "status"}
)
"""Fields whose texts are ours: no value of anybody is in them."""


_RELEASES = frozenset({"kernel", "release", "version"})


class Editor:
    """Redacts texts that belong together: a document, its logs and what was found in them.

    `arches` are those of the logs; without any, what is an address on any of them is masked.
    """

    def __init__(
        self, redactor: Redactor, texts: Iterable[str] = (), arches: Iterable[str] = ()
    ) -> None:
        self._redactor = redactor
        self._pointers: Pointers | None = None
        if redactor.rules.pointers:
            found = (value for text in texts for value in find_pointers(text))
            self._pointers = Pointers(found, _is_pattern, arches)
        self.text: Callable[[str], str] = cache(self._text)

    def _text(self, text: str) -> str:
        return apply(text, self.edits(text))

    def edits(self, text: str) -> tuple[Edit, ...]:
        edits = self._redactor.edits(text)
        if not self._pointers:
            return edits
        pointers = [
            one
            for one in self._pointers.edits(text)
            if not any(one.start < other.end and other.start < one.end for other in edits)
        ]
        return tuple(sorted((*edits, *pointers))) if pointers else edits

    def disguised(self, text: str) -> Iterator[Disguised]:
        """The values that only a reader of the page sees."""
        return find_disguised(text, self._redactor)

    def literals(self) -> tuple[str, ...]:
        """What the rules name word for word."""
        return tuple(value for value, _ in self._redactor.literals())

    def is_kept(self, value: str) -> bool:
        """Whether the value is one that stays."""
        return self._redactor.is_kept(value)

    def release(self, text: str) -> str:
        """A kernel's release, of which no part is an address however it looks (`5.15.0.1`)."""
        before = "kernel "
        edits = self.edits(before + text)
        moved = (Edit(one.start - len(before), one.end - len(before), one.by) for one in edits)
        return apply(text, [one for one in moved if one.start >= 0])

    def mask(self, address: int) -> int:
        return self._pointers.mask(address) if self._pointers else address

    def value(self, value: _T) -> _T:
        """Any value of ours with each text in it redacted; the same one where there is nothing to do."""
        return self._walk(value)  # type: ignore[return-value]  # reason: a value of the same type

    def _walk(self, value: object) -> object:
        match value:
            case str():
                return self.text(value)
            case tuple():
                walked = tuple(map(self._walk, value))
                return (
                    walked if any(a is not b for a, b in zip(walked, value, strict=True)) else value
                )
            case dict():
                return {self._walk(key): self._walk(one) for key, one in value.items()}
            case msgspec.Struct():
                return self._struct(value)
        return value

    def _struct(self, value: msgspec.Struct) -> msgspec.Struct:
        changes: dict[str, object] = {}
        for name in value.__struct_fields__:
            before = getattr(value, name)
            after: object = before
            if isinstance(before, str) and name in _RELEASES:
                after = self.release(before)
            elif name not in _FIXED:
                after = self._walk(before)
            if after is not before and after != before:
                changes[name] = after
        if isinstance(value, TraceFrame) and value.address is not None:
            changes["address"] = self.mask(value.address)
        if isinstance(value, Snippet) and "text" in changes:
            changes["sha256"] = hashlib.sha256(str(changes["text"]).encode()).hexdigest()
        return msgspec.structs.replace(value, **changes) if changes else value

    def problems(self, problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Diagnostics that say nothing of values: logs of builds are often public."""
        return tuple(self._problem(one) for one in problems)

    def _problem(self, one: Diagnostic) -> Diagnostic:
        at = one.at
        if at is not None and at.text:
            edits = self.edits(at.text)
            column = moved_column(edits, at.column) if at.column else 0
            end = moved_column(edits, at.end) if at.end else 0
            text = apply(at.text, edits)
            at = msgspec.structs.replace(at, text=text, column=column, end=max(end, column))
        return msgspec.structs.replace(
            one, message=self.text(one.message), hint=self.text(one.hint), at=at
        )


def _is_pattern(value: int) -> bool:
    """Whether nobody computed the number: poison, an error, a beginning of shadow memory."""
    # None of it is imported where no addresses are masked.
    from sitegen.crash.explain import values  # noqa: PLC0415  reason: see above

    return bool(
        values.find_poison(value, 64)
        or values.find_error(value, 64)
        or any(values.find_shadow(value, arch) for arch in values.SHADOWS)
    )
