"""Templates -> text, for one theme and those it extends."""

import hashlib
from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, NamedTuple

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.content import relative_url
from sitegen.web.theme import static

if TYPE_CHECKING:
    import jinja2

Option = str | int | bool


def trusted(html: str) -> str:
    """`html` marked as markup, which templates do not escape again. A str like any other."""
    from markupsafe import Markup  # noqa: PLC0415  reason: a build without changes renders nothing

    return Markup(html)  # noqa: S704  reason: callers promise that everything in it is escaped


class Folder(NamedTuple):
    """One theme of the chain."""

    name: str
    path: Path
    shown: str
    "the path as diagnostics name it"
    options: Mapping[str, Option]


class _NoAssetError(Exception):
    """A template asks for a file that the theme does not have."""

    def __init__(self, path: str, known: Mapping[str, str]) -> None:
        super().__init__(f"the theme has no file 'static/{path}'")
        self.hint = nearest_hint(path, known)


class Theme:
    """A theme with those it extends behind it. Templates compile on first use."""

    def __init__(
        self, folders: tuple[Folder, ...], options: Mapping[str, Option], cache: Path | None
    ) -> None:
        self._folders = folders
        self._cache = cache
        self.name = folders[0].name
        self.places = tuple(folder.path for folder in folders)
        "the folders that make it up, its own first"
        self.options = options
        self._moved: Mapping[str, str] = {}

    @cached_property
    def digest(self) -> str:
        """Of every file that counts and of the options: pages rendered by equal digests are equal."""
        digest = hashlib.sha256()
        for kind in ("templates", "static"):
            for folder in self._folders:
                for path in static.list_files(folder.path / kind):
                    digest.update(f"{folder.name}\0{kind}/{path}\0".encode())
                    digest.update(hashlib.sha256((folder.path / kind / path).read_bytes()).digest())
        digest.update(repr(sorted(self.options.items())).encode())
        return digest.hexdigest()

    def render(
        self, template: str, *, url: str, context: Mapping[str, Any], sink: Sink
    ) -> str | None:
        """The template's text for the page at `url`; None, and a complaint, when it fails.

        Beside `context` a template has `asset(path)` and `href(url, fragment="")`, relative to
        the page, `page_url`, and the theme's `options`. A macro needs `import ... with context`.
        """
        tools = {
            "asset": partial(self.asset, url=url),
            "href": partial(self._href, url),
            "page_url": url,
            "options": self.options,
        }
        try:
            return self._environment.get_template(template).render({**tools, **context})
        except Exception as error:  # noqa: BLE001  reason: a template can raise anything; the rest of the site is built
            self._complain(error, template, sink)
            return None

    def move(self, moved: Mapping[str, str]) -> None:
        """From now on links to an address lead to the one that `moved` has for it, if it does."""
        self._moved = moved

    def _href(self, page: str, target: str, fragment: str = "") -> str:
        return relative_url(page, self._moved.get(target, target), fragment)

    def asset(self, path: str, *, url: str) -> str:
        """The link from the page at `url` to `static/<path>` of the theme."""
        name = self._static_names.get(path)
        if name is None:
            raise _NoAssetError(path, self._static_names)
        return relative_url(url, name)

    def static_files(self) -> tuple[tuple[str, bytes], ...]:
        """Name in the output (`static/style.1a2b3c4d.css`) and content of every file, sorted."""
        names = self._static_names
        return tuple(
            (names[path], static.rewrite(path, data, names)) for path, data in self._static.items()
        )

    @cached_property
    def _static(self) -> dict[str, bytes]:
        """Path below static/ -> content, sorted; the first theme of the chain that has it."""
        found: dict[str, bytes] = {}
        for folder in self._folders:
            for path in static.list_files(folder.path / "static"):
                if path not in found:
                    found[path] = (folder.path / "static" / path).read_bytes()
        return dict(sorted(found.items()))

    @cached_property
    def _static_names(self) -> dict[str, str]:
        """Path below static/ -> name in the output, which changes with all that the file refers to."""
        return {
            path: static.hashed_name(
                path, [self._static[one] for one in sorted(static.closure(path, self._static))]
            )
            for path in self._static
        }

    @cached_property
    def _environment(self) -> "jinja2.Environment":
        import jinja2  # noqa: PLC0415  reason: 40 ms, which a build without changes does not pay

        from sitegen.web.theme.bytecode import Bytecode  # noqa: PLC0415  reason: as above

        chain = [folder.path / "templates" for folder in self._folders]
        named = {
            folder.name: jinja2.FileSystemLoader(path)
            for folder, path in zip(reversed(self._folders), reversed(chain), strict=True)
        }
        return jinja2.Environment(
            # `page.html` is the first in the chain; `default/page.html` is that theme's own.
            loader=jinja2.ChoiceLoader(
                [jinja2.FileSystemLoader(chain), jinja2.PrefixLoader(named)]
            ),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=Bytecode(self._cache) if self._cache else None,
        )

    def _complain(self, error: Exception, template: str, sink: Sink) -> None:
        import jinja2  # noqa: PLC0415  reason: as above

        hint = getattr(error, "hint", "")
        match error:
            case jinja2.TemplateNotFound():
                name = str(error.name)
                message = f"the theme has no template '{name}'"
                hint = nearest_hint(name[:80], self._templates())
            case jinja2.TemplateError():
                message = error.message or "the template failed"
            case _NoAssetError():
                message = str(error)
            case _:
                message = f"{str(error) or 'failed'} ({type(error).__name__})"
        sink.add(codes.T002, " ".join(message.split()), at=self._where(error, template), hint=hint)

    def _templates(self) -> list[str]:
        """Names of all templates, sorted."""
        homes = [folder.path / "templates" for folder in self._folders]
        return sorted({path for home in homes for path in static.list_files(home)})

    def _where(self, error: Exception, template: str) -> Place:
        """The innermost line of a template that the error passed through."""
        import jinja2  # noqa: PLC0415  reason: as above

        found = Place(f"{self._folders[0].shown}/templates/{template}")
        for frame, line in walk_tb(error.__traceback__):
            found = self._place(frame.f_code.co_filename, line) or found
        if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
            found = self._place(error.filename, error.lineno) or found
        return found

    def _place(self, filename: str, line: int) -> Place | None:
        """A line of a template as a place; None for a file that is none of ours."""
        for folder in self._folders:
            path = Path(filename)
            if path.suffix != ".py" and path.is_relative_to(folder.path):
                name = f"{folder.shown}/{path.relative_to(folder.path).as_posix()}"
                lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
                text = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
                return Place(name, line, text=text)
        return None
