"""What a build keeps out of its site, and the map on disk of what stands in its place.

The map lies beside the configuration and is an input as much as a lock is: with it a clean build
gives the bytes of any other. Values are given their pseudonyms in this process, while documents
are read; those that render know them all.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.project import Project
from sitegen.redact.rules import Rules
from sitegen.store import digest, write_atomically
from sitegen.wording import reason_of

if TYPE_CHECKING:  # a build without rules imports none of it
    from sitegen.build.publish import Publication
    from sitegen.redact.redactor import Redactor

_BLOCKING = frozenset({codes.G010, codes.G011, codes.G012, codes.G013, codes.G014})
_LARGEST = 64 << 20
"""Bytes of a map."""


class Redaction:
    """The redaction of one build. Use `open_redaction`."""

    def __init__(self, project: Project, redactor: "Redactor | None", before: bytes) -> None:
        self.redactor = redactor
        self._project = project
        self._before = before

    def map(self) -> bytes:
        """The map as it is now; empty where nothing is redacted."""
        if self.redactor is None:
            return b""
        from sitegen.redact.names import encode_names  # noqa: PLC0415  reason: see TYPE_CHECKING

        return encode_names(self.redactor.names)

    def digest(self) -> str:
        """Of the map as it is now."""
        return digest("map", self.map()) if self.redactor is not None else ""

    def project(self) -> Project:
        """The project as pages may know it."""
        if self.redactor is None:
            return self._project
        from sitegen.build.editor import Editor  # noqa: PLC0415  reason: see TYPE_CHECKING

        editor = Editor(self.redactor)
        text = editor.text
        kernels = tuple(
            replace(
                kernel,
                name=text(kernel.name),
                release=editor.release(kernel.release),
                browse=text(kernel.browse),
                module_sources=tuple(
                    replace(one, name=text(one.name)) for one in kernel.module_sources
                ),
            )
            for kernel in self._project.kernels
        )
        return replace(
            self._project,
            title=text(self._project.title),
            description=text(self._project.description),
            kernels=kernels,
        )

    def check_addresses(self, sink: Sink) -> None:
        """Complains about values in what the configuration gives to pages and no rule may change."""
        if self.redactor is None:
            return
        from sitegen.build.editor import Editor  # noqa: PLC0415  reason: see TYPE_CHECKING

        editor = Editor(self.redactor)
        given = {"base-url": self._project.base_url, "edit": self._project.edit}
        given |= {
            f"theme-options.{key}": str(one) for key, one in self._project.theme_options.items()
        }
        for key, text in given.items():
            rules = [f"redacted as '{edit.by}'" for edit in editor.edits(text)]
            rules += [f"redacted ({one.rule})" for one in editor.disguised(text)]
            if rules:
                message = f"'{key}' holds what is {rules[0]}"
                at = Place(self._project.config)
                sink.add(codes.G013, message, at=at, hint="take it out, or let `keep` name it")

    def check_theme(self, folder: Path, sink: Sink) -> None:
        """Complains about values in a theme's texts, which no rule changes; of one of ours there are none."""
        if self.redactor is None or not folder.is_relative_to(self._project.root):
            return
        from sitegen.redact.scan import readable  # noqa: PLC0415  reason: see TYPE_CHECKING

        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            try:
                text = readable(path.read_bytes()) or ""
            except OSError:  # which was said when the theme was read, if it is needed
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if edits := self.redactor.edits(line):
                    message = f"the theme holds what is redacted as '{edits[0].by}'"
                    at = Place(self._project.relative(path), number)
                    hint = "take it out, or let `keep` name it"
                    sink.add(codes.G013, message, at=at, hint=hint)

    def attachments(
        self, files: Iterable[tuple[str, bytes]], sink: Sink
    ) -> Iterator[tuple[str, bytes]]:
        """Files that are published as they are: those that are text are redacted as logs are."""
        if self.redactor is None:
            yield from files
            return
        from sitegen.build.disguises import text_problems  # noqa: PLC0415  reason: see TYPE_CHECKING
        from sitegen.build.editor import Editor  # noqa: PLC0415  reason: as above
        from sitegen.build.filenames import name_message  # noqa: PLC0415  reason: as above
        from sitegen.redact.scan import encoded, readable, written  # noqa: PLC0415  reason: as above

        for path, data in files:
            text = readable(data)
            editor = Editor(self.redactor, (text,) if text else ())
            at = Place(self._project.relative(self._project.content / path))
            if message := name_message(path, editor):
                sink.add(codes.G014, message, at=at, hint="rename it")
            if text is not None:
                sink.extend(text_problems(at.path, editor.disguised(text)))
                yield path, encoded(editor.text(text))
                continue
            # What is met here stands in the map from now on, and is found by the last look.
            editor.text(written(data))
            yield path, data

    def keep(self, sink: Sink) -> None:
        """Writes the map, where values came to it."""
        data = self.map()
        if self.redactor is None or data == self._before or not len(self.redactor.names):
            return
        if self._project.redact.broken:  # where it lies may be what is wrong
            return
        path = self._project.root / self._project.redact.map
        try:
            write_atomically(path, data)
        except OSError as error:
            message = f"cannot write the map of redactions: {reason_of(error)}"
            sink.add(codes.G006, message, at=Place(self._project.redact.map))

    def scan(self, publication: "Publication", sink: Sink, *, everything: bool) -> None:
        """Complains about values in the files that are to be published: the new ones, or all."""
        if self.redactor is None:
            return
        from sitegen.build.lastlook import look  # noqa: PLC0415  reason: see TYPE_CHECKING

        paths = publication.paths(everything=everything or self.map() != self._before)
        look(paths, publication, self.redactor, self._project, sink)

    def may_publish(self, sink: Iterable[Diagnostic]) -> bool:
        """Whether nothing was said that keeps a site with rules from being published."""
        rules = self._project.redact
        if not rules:
            return True
        return not rules.broken and not any(problem.code in _BLOCKING for problem in sink)


def open_redaction(project: Project, sink: Sink) -> Redaction | None:
    """The redaction of a build; None (and a complaint) when the map cannot be used."""
    if not project.redact:
        return Redaction(project, None, b"")
    from sitegen.redact.names import MapError, Names, decode_names  # noqa: PLC0415  reason: see TYPE_CHECKING
    from sitegen.redact.redactor import Redactor  # noqa: PLC0415  reason: as above

    at = Place(project.redact.map)
    path = project.root / project.redact.map
    data = b""
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        names = decode_names(data) if len(data) <= _LARGEST else None
    except FileNotFoundError:
        names = Names()
    except OSError as error:
        message = f"cannot read the map of redactions: {reason_of(error)}"
        sink.add(codes.G006, message, at=at)
        return None
    except MapError as error:
        hint = "mend it, or delete it to have all values numbered anew"
        sink.add(codes.G012, f"the map of redactions is damaged: {error}", at=at, hint=hint)
        return None
    if names is None:
        message = f"the map of redactions is larger than {_LARGEST >> 20} MiB"
        sink.add(codes.G012, message, at=at, hint="delete it to have all values numbered anew")
        return None
    return Redaction(project, Redactor(project.redact, names), data)


@cache
def frozen_redactor(rules: Rules, names: bytes) -> "Redactor | None":
    """The redactor for those that render: it knows the values of the map and gives no pseudonyms."""
    if not names:
        return None
    from sitegen.redact.names import decode_names  # noqa: PLC0415  reason: see TYPE_CHECKING
    from sitegen.redact.redactor import Redactor  # noqa: PLC0415  reason: as above

    return Redactor(rules, decode_names(names, frozen=True))


def discreet(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The problems but for those of lines in which a value is that no rule finds as it is written.

    Their texts would print it. They are told when the line is mended.
    """
    found = tuple(problems)
    lines = {
        (one.at.path, one.at.line) for one in found if one.code is codes.G013 and one.at is not None
    }
    return tuple(
        one
        for one in found
        if one.code in _BLOCKING or one.at is None or (one.at.path, one.at.line) not in lines
    )


def public_problems(project: Project, problems: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Problems found in the true texts, as they may be said in public.

    What no build has met yet is said to be `[redacted]`.
    """
    if not project.redact:
        yield from problems
        return
    from sitegen.build.editor import Editor  # noqa: PLC0415  reason: see TYPE_CHECKING
    from sitegen.redact.names import Names, encode_names  # noqa: PLC0415  reason: as above

    opened = open_redaction(project, Sink())
    known = opened.map() if opened is not None else encode_names(Names())
    redactor = frozen_redactor(project.redact, known)
    if redactor is not None:
        yield from Editor(redactor).problems(problems)
