"""Themes from real folders; whatever a template does ends as text or as a diagnostic."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.diagnostics import Sink
from sitegen.web.index import Output
from sitegen.web.theme import Theme, load_theme, trusted


def write(root: Path, name: str, files: dict[str, str]) -> Path:
    for path, text in {"theme.toml": f'name = "{name}"\n', **files}.items():
        file = root / "themes" / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def load(root: Path, name: str = "mine", **options: str | int | bool) -> tuple[Theme, list[str]]:
    sink = Sink()
    theme = load_theme(name, root, sink=sink, options=options)
    assert theme is not None
    return theme, [f"{one.at} {one.code.id} {one.message}" for one in sink]


def render(
    root: Path, template: str = "page.html", **context: object
) -> tuple[str | None, list[str]]:
    theme, _ = load(root)
    sink = Sink()
    html = theme.render(template, url="cases/a/", context=context, sink=sink)
    return html, [f"{one.at} {one.code.id} {one.message} ({one.hint})" for one in sink]


# --- Templates -------------------------------------------------------------------------------


def test_everything_is_escaped_but_what_is_trusted(tmp_path: Path) -> None:
    root = write(tmp_path, "mine", {"templates/page.html": '<p title="{{ a }}">{{ b }}</p>{{ c }}'})
    html, said = render(root, a='"><script>', b="<script>", c=trusted("<hr>"))
    assert html == '<p title="&#34;&gt;&lt;script&gt;">&lt;script&gt;</p><hr>'
    assert said == []


def test_trusted_html_is_text_to_everyone_else() -> None:
    assert trusted("<b>").replace("b", "i") == "<i>"
    assert isinstance(trusted("x"), str)


def test_links_are_relative_to_the_page(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        "mine",
        {
            "templates/page.html": "{{ asset('a/style.css') }} {{ href('cases/b/', 'log') }} {{ href('') }} {{ page_url }}",
            "static/a/style.css": "a {}",
        },
    )
    html, said = render(root)
    assert said == []
    assert html is not None
    assert re.fullmatch(
        r"\.\./\.\./static/a/style\.[0-9a-f]{8}\.css \.\./b/index\.html#log \.\./\.\./index\.html cases/a/",
        html,
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("\n{{ missing }}", ":2 T002 'missing' is undefined"),
        ("\n{% if %}", ":2 T002 Expected an expression, got 'end of statement block'"),
        ("a\nb\n{{ 1 / 0 }}", ":3 T002 division by zero (ZeroDivisionError)"),
        ("{{ value.nothing }}", ":1 T002 'str object' has no attribute 'nothing'"),
        ("{{ boom() }}", ":1 T002 bang (RuntimeError)"),
        ("\n{% include 'gone.html' %}", ":2 T002 the theme has no template 'gone.html'"),
        ("{{ x|nofilter }}", ":1 T002 No filter named 'nofilter'."),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", ":1 T002 maximum recursion"),
        ("\n\n{{ asset('stile.css') }}", ":3 T002 the theme has no file 'static/stile.css'"),
    ],
)
def test_a_template_that_fails_is_a_diagnostic_with_its_line(
    tmp_path: Path, template: str, expected: str
) -> None:
    def boom() -> None:
        raise RuntimeError("bang")

    root = write(tmp_path, "mine", {"templates/page.html": template, "static/style.css": ""})
    html, said = render(root, value="x", boom=boom)
    assert html is None
    (found,) = said
    assert found.startswith(f"themes/mine/templates/page.html{expected}")


def test_an_error_is_placed_in_the_innermost_template(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        "mine",
        {
            "templates/page.html": "\n{% include 'part.html' %}",
            "templates/part.html": "\n\n{{ nope }}",
        },
    )
    assert render(root)[1] == ["themes/mine/templates/part.html:3 T002 'nope' is undefined ()"]


def test_an_unknown_template_is_hinted_at(tmp_path: Path) -> None:
    root = write(tmp_path, "mine", {"templates/page.html": ""})
    assert render(root, "pgae.html")[1] == [
        "themes/mine/templates/pgae.html T002 the theme has no template 'pgae.html' (did you mean 'page.html'?)"
    ]


def test_compiled_templates_are_kept_and_followed_when_they_change(tmp_path: Path) -> None:
    root = write(tmp_path, "mine", {"templates/page.html": "one"})
    for text in ("one", "two"):
        (root / "themes/mine/templates/page.html").write_text(text)
        theme = load_theme("mine", root, sink=Sink(), cache=tmp_path / "cache")
        assert theme is not None
        assert theme.render("page.html", url="", context={}, sink=Sink()) == text
    assert list((tmp_path / "cache").iterdir())


def compiled(root: Path, cache: Path) -> tuple[str | None, list[str]]:
    theme = load_theme("mine", root, sink=Sink(), cache=cache)
    assert theme is not None
    sink = Sink()
    return theme.render("page.html", url="", context={}, sink=sink), [str(one) for one in sink]


def test_compiled_templates_that_are_damaged_are_compiled_again(tmp_path: Path) -> None:
    root, cache = write(tmp_path, "mine", {"templates/page.html": "one"}), tmp_path / "cache"
    assert compiled(root, cache) == ("one", [])
    (file,) = cache.iterdir()
    good = file.read_bytes()
    for at in range(0, len(good), 7):
        file.write_bytes(good[:at] + bytes((good[at] ^ 0x20,)) + good[at + 1 :])
        assert compiled(root, cache) == ("one", [])
        assert file.read_bytes() == good
    file.write_bytes(good[: len(good) // 2])
    assert compiled(root, cache) == ("one", [])
    assert file.read_bytes() == good


def test_templates_render_where_nothing_can_be_kept(tmp_path: Path) -> None:
    root = write(tmp_path, "mine", {"templates/page.html": "one"})
    file = tmp_path / "file"
    file.write_text("")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    for cache in (file, file / "below", Path("/dev/null"), Path("/dev/full/x"), closed / "x"):
        assert compiled(root, cache) == ("one", [])


@pytest.mark.parametrize(
    "name", [b"a\nb.css", b"a\\b.css", b"\xff.css", b"d\xff/a.css", b"\x1b.css"]
)
@pytest.mark.parametrize("kind", ["static", "templates"])
def test_files_whose_names_no_address_can_hold_are_left_out(
    tmp_path: Path, name: bytes, kind: str
) -> None:
    root = write(tmp_path, "mine", {"templates/page.html": "one", "static/good.css": "x"})
    file = Path(os.fsdecode(os.fsencode(root / "themes/mine" / kind) + b"/" + name))
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    theme, said = load(root)
    assert len(said) == 1
    assert said[0].startswith(f"themes/mine/{kind} T003 the name '")
    assert said[0].isprintable()
    assert len(theme.digest) == 64
    for path, data in theme.static_files():
        assert Output(path, data).path.startswith("static/good.")
    assert render(root, "pgae.html")[0] is None


def test_static_files_in_deep_folders_raise_nothing(
    tmp_path: Path, dig: Callable[[Path], None]
) -> None:
    root = write(tmp_path, "mine", {"static/a.css": "x"})
    dig(root / "themes/mine/static")
    theme, said = load(root)
    assert (len(theme.static_files()), said) == (1, [])


@pytest.mark.parametrize(
    "text",
    [
        f"[options]\na = {'[' * 20000}",
        f"[options]\na = {'9' * 5000}",
        f"[options]\na = 0x{'f' * 5000}",
        "a." * 9000 + "b = 1",
        "#" * 70000,
        "\x00",
        "x = 1\ny = 2",
    ],
)
def test_a_hostile_manifest_is_complained_about(tmp_path: Path, text: str) -> None:
    theme, said = load(write(tmp_path, "mine", {"theme.toml": text}))
    assert said
    assert all(" T003 " in one for one in said)
    assert len(theme.digest) == 64


def test_a_manifest_that_is_no_file_is_not_opened(tmp_path: Path) -> None:
    root = write(tmp_path, "mine", {})
    manifest = root / "themes/mine/theme.toml"
    said = "themes/mine/theme.toml T003 theme 'mine' has no theme.toml"
    manifest.unlink()
    assert load(root)[1] == [said]
    manifest.symlink_to("/dev/zero")
    assert load(root)[1] == [f"{said}: it is no file"]
    manifest.unlink()
    os.mkfifo(manifest)
    assert load(root)[1] == [f"{said}: it is no file"]


# --- Chains of themes ------------------------------------------------------------------------


def test_a_theme_overrides_file_by_file_and_can_extend_what_it_overrides(tmp_path: Path) -> None:
    write(
        tmp_path,
        "base",
        {
            "templates/page.html": "base {% block b %}base{% endblock %} {{ options.a }} {{ options.b }}",
            "templates/other.html": "other",
            "static/x.css": "base",
            "static/y.css": "y",
            "theme.toml": '[options]\na = 1\nb = "x"\n',
        },
    )
    write(
        tmp_path,
        "mine",
        {
            "theme.toml": 'extends = "base"\n[options]\na = 2\n',
            "templates/page.html": "{% extends 'base/page.html' %}{% block b %}mine{% endblock %}",
            "static/x.css": "mine",
        },
    )
    theme, said = load(tmp_path, b="chosen")
    assert said == []
    sink = Sink()
    assert theme.render("page.html", url="", context={}, sink=sink) == "base mine 2 chosen"
    assert theme.render("other.html", url="", context={}, sink=sink) == "other"
    assert [data for _, data in theme.static_files()] == [b"mine", b"y"]


def test_a_theme_of_the_project_may_extend_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "default", {"theme.toml": 'extends = "default"\n'})
    theme, said = load(tmp_path, "default")
    assert said == []
    assert len(theme._folders) == 2


def test_the_shipped_theme_is_found_from_anywhere(tmp_path: Path) -> None:
    assert load(tmp_path, "default")[1] == []


@pytest.mark.parametrize("name", ["gone", "../outside", "/etc", "", ".", "a/b", "x" * 5000])
def test_there_is_no_theme_of_a_wrong_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, "mine", {})
    (tmp_path / "outside").mkdir()
    sink = Sink()
    theme = load_theme(name or "?", tmp_path, sink=sink)
    assert theme is None
    assert [f"{one.at} {one.code.id}" for one in sink] == ["sitegen.toml T001"]


def test_themes_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "mine", {"theme.toml": 'extends = "yours"\n'})
    write(tmp_path, "yours", {"theme.toml": 'extends = "mine"\n'})
    sink = Sink()
    assert load_theme("mine", tmp_path, sink=sink) is None
    assert [f"{one.at} {one.code.id}" for one in sink] == ["themes/yours/theme.toml T001"]


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ("nmae = 1\n", "themes/mine/theme.toml:1:1 T003 unknown key 'nmae'"),
        ("a = \n", "themes/mine/theme.toml:1 T003 not TOML: Invalid value (at line 1, column 5)"),
        ("options = 1\n", "themes/mine/theme.toml:1:1 T003 'options' is no table"),
        ("extends = 1\n", "themes/mine/theme.toml:1:1 T003 'extends' is no name"),
        (
            "[options]\nx = []\n",
            "themes/mine/theme.toml:2:1 T003 option 'x' is no text, number or truth",
        ),
    ],
)
def test_what_is_wrong_in_a_manifest_is_named_and_the_theme_used(
    tmp_path: Path, manifest: str, expected: str
) -> None:
    write(tmp_path, "mine", {"theme.toml": manifest})
    assert load(tmp_path)[1] == [expected]


def test_a_folder_without_manifest_is_complained_about(tmp_path: Path) -> None:
    (tmp_path / "themes/mine").mkdir(parents=True)
    assert load(tmp_path)[1] == ["themes/mine/theme.toml T003 theme 'mine' has no theme.toml"]


def test_options_that_the_theme_does_not_have_are_complained_about(tmp_path: Path) -> None:
    write(tmp_path, "mine", {"theme.toml": "[options]\na = 1\nb = true\n"})
    theme, said = load(tmp_path, c=1, a="text", b=False)
    assert said == [
        "sitegen.toml G003 the theme has no option 'c'",
        "sitegen.toml G004 option 'a' of the theme is a number",
    ]
    assert theme.options == {"a": 1, "b": False}


# --- Static files ----------------------------------------------------------------------------


def names(root: Path) -> dict[str, str]:
    """Name without hash -> hash, of the theme's files."""
    found = {}
    for name, _ in load(root)[0].static_files():
        stem, digest, suffix = name.rsplit(".", 2)
        found[f"{stem}.{suffix}"] = digest
    return found


def test_a_name_changes_with_the_file_and_with_what_it_refers_to(tmp_path: Path) -> None:
    files = {
        "static/style.css": "@import './sub/more.css'; a { background: url(pic.svg) }",
        "static/sub/more.css": "b { background: url('../pic.svg') }",
        "static/pic.svg": "<svg/>",
        "static/alone.css": "a {}",
    }
    before = names(write(tmp_path, "mine", files))
    after = names(write(tmp_path, "mine", {"static/pic.svg": "<svg></svg>"}))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"static/style.css", "static/sub/more.css", "static/pic.svg"}


def test_references_between_files_use_the_names_of_the_output(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        "mine",
        {
            "static/sub/style.css": "a { background: url(../pic.svg) } b { content: 'pic.svg' }",
            "static/app.js": "import { x } from './lib/x.js'; const y = 'pic.svg';",
            "static/lib/x.js": "import '../app.js';",
            "static/pic.svg": "<svg/>",
        },
    )
    files = {
        re.sub(r"\.[0-9a-f]{8}\.", ".", name): data for name, data in load(root)[0].static_files()
    }
    hashes = names(root)
    assert files["static/sub/style.css"].decode() == (
        f"a {{ background: url(./../pic.{hashes['static/pic.svg']}.svg) }} b {{ content: 'pic.svg' }}"
    )
    assert files["static/app.js"].decode() == (
        f"import {{ x }} from './lib/x.{hashes['static/lib/x.js']}.js'; const y = 'pic.svg';"
    )
    assert files["static/lib/x.js"].decode() == f"import './../app.{hashes['static/app.js']}.js';"


def test_hidden_files_and_links_that_leave_the_theme_are_not_published(tmp_path: Path) -> None:
    root = write(tmp_path, "mine", {"static/.hidden/x.css": "", "static/a.css": ""})
    (tmp_path / "secret.css").write_text("secret")
    (root / "themes/mine/static/b.css").symlink_to("../../../secret.css")
    assert list(names(root)) == ["static/a.css"]


def test_the_digest_follows_every_file_and_option(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        "mine",
        {"theme.toml": "[options]\na = 1\n", "templates/page.html": "x", "static/a.css": "y"},
    )
    digests = [load(root)[0].digest, load(root)[0].digest, load(root, a=2)[0].digest]
    (root / "themes/mine/templates/page.html").write_text("z")
    digests.append(load(root)[0].digest)
    (root / "themes/mine/static/a.css").write_text("z")
    digests.append(load(root)[0].digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4
