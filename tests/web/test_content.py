"""The content folder, read from real files."""

import hashlib
import os
from pathlib import Path

import pytest

from sitegen.diagnostics import Sink
from sitegen.web.content import (
    Document,
    Occurrence,
    Snapshot,
    output_path,
    read_content,
    read_document,
    relative_url,
)
from sitegen.web.content.frontmatter import read_front_matter
from sitegen.web.content.values import Fixes, FrontMatter
from sitegen.web.markdown import find_panics

LOG = "```panic\n[ 1] x\n```\n"


def write(tmp_path: Path, files: dict[str, str | bytes]) -> Path:
    for path, data in files.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
    return tmp_path


def read(root: Path) -> tuple[tuple[Document, ...], list[str]]:
    sink = Sink()
    found = read_content(root / "content", root, sink, find_panics=find_panics)
    return found, [f"{one.at} {one.code.id}" for one in sink]


def front(text: str) -> tuple[FrontMatter, list[str]]:
    sink = Sink()
    found, _ = read_front_matter(f"---\n{text}\n---\nbody\n", "a.md", sink)
    return found, [f"{one.at} {one.code.id} {one.message}" for one in sink]


# --- What is hostile --------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["draft", "title", "date", "status", "kernel", "tags", "fixes"])
@pytest.mark.parametrize("value", ["[x]", "{a: b}", "[[x]]", "[{a: b}]", "x", '"\\ud800"'])
def test_a_value_of_any_form_is_read_or_complained_about(field: str, value: str) -> None:
    found, _ = front(f"{field}: {value}")
    assert repr(found).encode()
    assert found.draft is False


def test_a_flag_that_is_a_list_is_complained_about() -> None:
    assert front("draft: [x]")[1] == ["a.md:2:8 M003 'draft': takes true or false"]


def test_folders_in_folders_are_read_to_a_depth(tmp_path: Path) -> None:
    root = write(tmp_path, {"/".join(["d"] * 32) + "/a.md": "x"})
    (tmp_path / "content" / "/".join(["d"] * 33)).mkdir(parents=True)
    assert [len(found.path.split("/")) for found in read(root)[0]] == [33]
    (tmp_path / "content" / "/".join(["d"] * 60)).mkdir(parents=True)
    found, said = read(root)
    assert len(found) == 1
    assert said == ["content/" + "/".join(["d"] * 33) + " M011"]


def test_names_that_are_not_utf_8_are_complained_about_wherever_they_stand(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": "x"})
    folder = os.fsencode(root / "content") + b"/\xff"
    os.mkdir(folder)  # noqa: PTH102  reason: a name in bytes
    for name in (b"/ok.md", b"/\xfe.md", b"/picture.png"):
        with open(folder + name, "wb") as file:  # noqa: PTH123  reason: a name in bytes
            file.write(b"x")
    found, said = read(root)
    assert [one.path for one in found] == ["a.md"]
    assert said == ["content/?/ok.md M007", "content/?/?.md M007"]


# --- Addresses -------------------------------------------------------------------------------


def test_documents_come_in_the_order_of_their_paths_with_their_addresses(tmp_path: Path) -> None:
    names = ("index.md", "about.md", "docs/index.md", "docs/log.md", "cases/index.md", "z.md")
    root = write(
        tmp_path,
        {
            **dict.fromkeys(names, "x"),
            **dict.fromkeys(("cases/b.md", "cases/a/index.md", "cases/2023/c.md"), LOG),
        },
    )
    found, said = read(root)
    assert said == []
    assert [(one.path, one.kind, one.slug, one.url) for one in found] == [
        ("about.md", "page", "about", "about/"),
        ("cases/2023/c.md", "case", "2023/c", "cases/2023/c/"),
        ("cases/a/index.md", "case", "a", "cases/a/"),
        ("cases/b.md", "case", "b", "cases/b/"),
        ("cases/index.md", "page", "cases", "cases/"),
        ("docs/index.md", "page", "docs", "docs/"),
        ("docs/log.md", "page", "docs/log", "docs/log/"),
        ("index.md", "page", "", ""),
        ("z.md", "page", "z", "z/"),
    ]
    assert found[0].file == "content/about.md"


def test_markdown_beside_a_case_in_a_folder_is_a_page_of_it(tmp_path: Path) -> None:
    found, said = read(
        write(tmp_path, {"cases/a/index.md": LOG, "cases/a/notes.md": "x", "cases/a/b/c.md": "x"})
    )
    assert [(one.kind, one.url) for one in found] == [
        ("page", "cases/a/b/c/"),
        ("case", "cases/a/"),
        ("page", "cases/a/notes/"),
    ]
    assert said == []


def test_names_put_aside_and_hidden_are_skipped(tmp_path: Path) -> None:
    root = write(tmp_path, dict.fromkeys(("_kernel/a.md", ".git/a.md", "_a.md", ".a.md"), "x"))
    assert read(root) == ((), [])


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("a b.md", "a-b/"),
        ("<script>alert(1).md", "script-alert-1/"),
        ('"onload=x.md', "onload-x/"),
        ("a%2e%2e.md", "a-2e-2e/"),
        ("a?b#c.md", "a-b-c/"),
        ("...md", "page/"),
        ("über.md", "über/"),
        ("new\nline.md", "new-line/"),
    ],
)
def test_no_name_of_a_file_makes_an_address_that_needs_quoting(
    tmp_path: Path, name: str, url: str
) -> None:
    if name.startswith("."):
        name = f"-{name}"
    (document,) = read(write(tmp_path, {name: "x"}))[0]
    assert document.url == url


def test_two_documents_with_one_address_are_complained_about_and_the_first_kept(
    tmp_path: Path,
) -> None:
    root = write(tmp_path, {"cases/a.md": LOG, "cases/a/index.md": LOG})
    found, said = read(root)
    assert [one.path for one in found] == ["cases/a.md"]
    assert said == ["content/cases/a/index.md M009"]


def test_relative_urls_name_the_file_and_quote_it() -> None:
    assert relative_url("", "cases/a/") == "cases/a/index.html"
    assert relative_url("cases/a/", "") == "../../index.html"
    assert relative_url("cases/a/", "cases/a/", "log") == "#log"
    assert relative_url("cases/a/", "cases/a/") == "index.html"
    assert relative_url("cases/2023/b/", "static/ü b:c.css") == "../../../static/%C3%BC%20b%3Ac.css"
    assert relative_url("404.html", "cases/a/", 'x"<y') == "cases/a/index.html#x%22%3Cy"
    assert output_path("cases.json") == "cases.json"


# --- Files -----------------------------------------------------------------------------------


def test_symbolic_links_that_leave_the_folder_are_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": "inside"})
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/b.md").write_text("secret")
    (root / "content/link.md").symlink_to("../secret.md")
    (root / "content/folder").symlink_to("../folder")
    (root / "content/loop").symlink_to(".")
    (root / "content/self.md").symlink_to("self.md")
    (root / "content/same.md").symlink_to("a.md")
    found, said = read(root)
    assert [one.path for one in found] == ["a.md", "same.md"]
    assert said == [
        "content/folder M012",
        "content/link.md M012",
        "content/loop M012",
        "content/self.md M012",
    ]


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": "x"})
    os.mkfifo(root / "content/pipe.md")
    assert [one.path for one in read(root)[0]] == ["a.md"]


def test_text_that_is_not_utf8_is_complained_about_on_its_line(tmp_path: Path) -> None:
    assert read(write(tmp_path, {"a.md": b"x\ny\n\xff\n"})) == ((), ["content/a.md:3 M007"])


def test_a_name_that_is_not_utf8_is_complained_about(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": "x"})
    (root / "content" / os.fsdecode(b"\xff.md")).write_text("x")
    found, said = read(root)
    assert [one.path for one in found] == ["a.md"]
    assert said == ["content/?.md M007"]


def test_a_huge_document_is_refused_and_the_others_read(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": b"x" * (8 << 20) + b"x", "b.md": "x"})
    found, said = read(root)
    assert [one.path for one in found] == ["b.md"]
    assert said == ["content/a.md M011"]


def test_line_ends_of_other_systems_and_a_byte_order_mark_make_no_difference(
    tmp_path: Path,
) -> None:
    text = f"---\ntitle: t\n---\n\n{LOG}"
    plain, odd = (
        read(write(tmp_path / name, {"cases/a.md": data}))[0][0]
        for name, data in (
            ("plain", text.encode()),
            ("odd", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
        )
    )
    assert plain == odd


def test_a_missing_content_folder_is_a_diagnostic(tmp_path: Path) -> None:
    assert read(tmp_path) == ((), ["content G006"])


# --- Front matter ----------------------------------------------------------------------------


def test_front_matter_is_text_unless_it_is_stated_otherwise() -> None:
    found, said = front(
        "title: 'Crash: <b>'\ndate: 2023-01-20\nstatus: fixed\nkernel: 6.10\n"
        "trigger: echo c > /proc/sysrq-trigger\ntags: [no, 'b', 010, b]\ndraft: true\n"
        "fixes:\n  introduced: 0123456\n  fixed: e972b08b91ef48488bae9789f03cfedb148667fb\n"
        "  cve: CVE-2024-50082\n  syzbot: 0123456789abcdef\n  reported-by: [A <a@b.c>]\n"
        "  links: ['https://lore.kernel.org/x']"
    )
    assert said == []
    assert found == FrontMatter(
        title="Crash: <b>",
        date="2023-01-20",
        status="fixed",
        kernel="6.10",
        trigger="echo c > /proc/sysrq-trigger",
        tags=("no", "b", "010"),
        draft=True,
        fixes=Fixes(
            introduced="0123456",
            fixed="e972b08b91ef48488bae9789f03cfedb148667fb",
            cve="CVE-2024-50082",
            syzbot="0123456789abcdef",
            reported_by=("A <a@b.c>",),
            links=("https://lore.kernel.org/x",),
        ),
    )


def test_nothing_is_what_an_empty_value_says() -> None:
    assert front("title:\ntags: ~\nfixes:\n  cve: null\ndate: ''")[0] == FrontMatter()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("staus: open", "a.md:2:1 M002 unknown key 'staus'"),
        ("fixes: {cv: x}", "a.md:2:9 M002 unknown key 'fixes.cv'"),
        ("date: 2023-02-30", "a.md:2:7 M003 'date': '2023-02-30' is no date"),
        ("date: 20/1/2023", "a.md:2:7 M003 'date': '20/1/2023' is no date"),
        ("status: done", "a.md:2:9 M003 'status': unknown status 'done'"),
        ("status: [open]", "a.md:2:9 M003 'status': takes a text"),
        ("tags: sysrq", "a.md:2:7 M003 'tags': takes a list"),
        ("tags: [[a]]", "a.md:2:8 M003 'tags': takes a text"),
        ("draft: maybe", "a.md:2:8 M003 'draft': takes true or false"),
        ("fixes: none", "a.md:2:8 M003 'fixes' takes keys and values"),
        ("fixes: {cve: 2024-1}", "a.md:2:14 M003 'fixes.cve': '2024-1' is no CVE"),
        ("fixes: {fixed: HEAD}", "a.md:2:16 M003 'fixes.fixed': 'HEAD' is no commit"),
        (
            "fixes: {links: ['javascript:alert(1)']}",
            "a.md:2:17 M003 'fixes.links': 'javascript:alert(1)' is no http or https address",
        ),
        ("title: a: b", "a.md:2:9 M001 not YAML: mapping values are not allowed in this context"),
        ("- a\n- b", "a.md:2:1 M001 the front matter is no list of keys"),
        ("title: a\ntitle: b", "a.md:3:1 M001 'title' stands twice"),
        ("? [a]\n: b", "a.md:2:3 M001 a key that is no plain word"),
        ('title: "\x01"', "a.md:2:1 M001 not YAML: control characters are not allowed"),
    ],
)
def test_what_is_wrong_in_front_matter_is_named_with_its_place(text: str, expected: str) -> None:
    assert front(text)[1] == [expected]


def test_wrong_values_do_not_take_the_others_with_them() -> None:
    found, said = front("title: kept\ndate: yesterday\nstatus: fixed\nnope: x\ntags: [a]")
    assert found == FrontMatter(title="kept", status="fixed", tags=("a",))
    assert len(said) == 2


def test_keys_before_a_fault_of_yaml_are_kept() -> None:
    assert front("title: kept\ndate: 2023-01-20\nkernel: a: b")[0] == FrontMatter(
        title="kept", date="2023-01-20"
    )


def test_front_matter_without_an_end_is_complained_about_and_the_text_kept(tmp_path: Path) -> None:
    found, said = read(write(tmp_path, {"a.md": "---\ntitle: x\n\nbody\n"}))
    assert said == ["content/a.md:1:1 M001"]
    assert "body" in found[0].body


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\ntags: *a",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]",
        "title: " + "[" * 60000,
        "title: " + "{a: " * 15000,
        "- " * 30000,
        "\n".join(" " * n + "a:" for n in range(300)),
        "title: " + "x" * 60000,
        "&a " * 10000,
        "!!python/object/apply:os.system ['true']",
        "title: !!binary x",
        "? " * 20000,
    ],
    ids=lambda text: text[:20],
)
def test_yaml_bombs_end_in_a_diagnostic(text: str) -> None:
    front(text)


def test_a_rule_in_a_long_text_is_no_front_matter_of_megabytes(tmp_path: Path) -> None:
    text = "---\n" + "title: x\n" * 20000 + "---\n"
    assert read(write(tmp_path, {"a.md": text}))[1] == ["content/a.md:1:1 M001"]


def test_a_page_is_called_after_its_title_then_its_heading_then_its_name(tmp_path: Path) -> None:
    found, _ = read(
        write(
            tmp_path,
            {
                "a.md": "---\ntitle: Title\n---\n# Heading\n",
                "b.md": "\n# The `code` heading ##\n\ntext\n",
                "c.md": "text\n\n# Late\n",
                "d.md": "# C#\n",
            },
        )
    )
    assert [one.title for one in found] == ["Title", "The code heading", "c", "C#"]


# --- Logs ------------------------------------------------------------------------------------


def test_an_embedded_log_knows_its_text_and_its_place(tmp_path: Path) -> None:
    text = "---\ntitle: t\n---\n\n- x\n\n  ```panic\n  :kernel: 6.1\n  :date: 2023-01-20\n  [ 1] a\n   b\n  ```\n"
    (document,) = read(write(tmp_path, {"cases/a.md": text}))[0]
    (log,) = document.logs
    assert (log.id, log.text, log.path, log.line, log.indent, log.block) == (
        "panic-1",
        "[ 1] a\n b\n",
        "content/cases/a.md",
        10,
        2,
        7,
    )
    assert log.sha256 == hashlib.sha256(b"[ 1] a\n b\n").hexdigest()
    assert (log.kernel, log.date) == ("6.1", "2023-01-20")
    assert text.split("\n")[log.line - 1][log.indent :] == "[ 1] a"


def test_a_log_in_a_file_is_taken_byte_for_byte(tmp_path: Path) -> None:
    data = b"[ 1] a\r\n[ 2] \xff\0\r\n"
    root = write(
        tmp_path,
        {"cases/a/index.md": ":::{panic}\n:file: logs/x.log\n:::\n", "cases/a/logs/x.log": data},
    )
    (document,), said = read(root)
    (log,) = document.logs
    assert said == []
    assert (log.path, log.line, log.text) == (
        "content/cases/a/logs/x.log",
        1,
        "[ 1] a\r\n[ 2] \ufffd\0\r\n",
    )
    assert log.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "wanted",
    [
        "../../../secret",
        "/etc/passwd",
        "gone.log",
        "link.log",
        ".",
        "..",
        "a\0b",
        "x/" * 3000,
        "loop",
    ],
)
def test_a_log_file_outside_the_folder_or_missing_is_refused(tmp_path: Path, wanted: str) -> None:
    root = write(tmp_path, {"cases/a.md": f":::{{panic}}\n:file: {wanted}\n:::\n"})
    (tmp_path / "secret").write_text("secret")
    (root / "content/cases/link.log").symlink_to("../../secret")
    (root / "content/cases/loop").symlink_to("loop")
    (document,), said = read(root)
    assert document.logs == ()
    assert said == ["content/cases/a.md:2:1 L002"]


def test_a_huge_log_file_is_cut_and_complained_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.web.content.logs.MAX_LOG", 3)
    root = write(
        tmp_path, {"cases/a.md": ":::{panic}\n:file: x.log\n:::\n", "cases/x.log": "abcdef"}
    )
    (document,), said = read(root)
    assert (document.logs[0].text, said) == ("abc", ["content/cases/a.md:2:1 L004"])


def test_a_log_file_may_stand_in_a_folder_put_aside(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"cases/a.md": ":::{panic}\n:file: ../_kernel/x.log\n:::\n", "_kernel/x.log": "a"}
    )
    (document,), said = read(root)
    assert (document.logs[0].path, said) == ("content/_kernel/x.log", [])


def test_logs_are_numbered_in_order_and_ids_are_unique(tmp_path: Path) -> None:
    blocks = "".join(f"```panic\n{options}x\n```\n" for options in ("", ":id: a\n", ":id: a\n", ""))
    (document,), said = read(write(tmp_path, {"cases/a.md": blocks}))
    assert [log.id for log in document.logs] == ["panic-1", "a", "a-2", "panic-4"]
    assert said == ["content/cases/a.md:8:1 M010"]


@pytest.mark.parametrize("name", ["<b>", "../x", "1", "a b", "x" * 65, "ä"])
def test_an_id_that_could_not_stand_in_a_file_name_is_refused(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, {"cases/a.md": f"```panic\n:id: {name}\nx\n```\n"})
    (document,), said = read(root)
    assert [log.id for log in document.logs] == ["panic-1"]
    assert said == ["content/cases/a.md:2:1 M005"]


def test_a_case_without_a_log_is_warned_about_and_a_page_is_not(tmp_path: Path) -> None:
    assert read(write(tmp_path, {"cases/a.md": "x", "b.md": "x"}))[1] == ["content/cases/a.md M008"]


# --- Occurrences -------------------------------------------------------------------------------


def front_of(text: str) -> tuple[FrontMatter, list[str]]:
    sink = Sink()
    front, _ = read_front_matter(f"---\n{text}---\n", "a.md", sink)
    return front, [f"{found.at}: {found.code.id} {found.message}" for found in sink]


def test_occurrences_are_rows_and_a_wrong_one_leaves_the_others() -> None:
    front, said = front_of(
        "occurrences:\n"
        "  - {date: 2026-11-20, kernel: 6.10, host: db, count: 3, link: https://a/b}\n"
        "  - {date: 2026-11-21}\n"
        "  - {date: soon, count: 2}\n"
        "  - {count: 2}\n"
        "  - {date: 2026-11-22, count: 0, hots: x}\n"
    )
    assert front.occurrences == (
        Occurrence(date="2026-11-20", kernel="6.10", host="db", count=3, link="https://a/b"),
        Occurrence(date="2026-11-21"),
        Occurrence(date="2026-11-22"),
    )
    assert said == [
        "a.md:5:12: M003 'occurrences.date': 'soon' is no date",
        "a.md:6:5: M003 'occurrences': an item without 'date'",
        "a.md:7:31: M003 'occurrences.count': '0' is no count",
        "a.md:7:34: M002 unknown key 'occurrences.hots'",
    ]


def test_keys_of_the_wiki_are_read() -> None:
    front, said = front_of(
        "authors: [A. Nother]\nreported: 2026-11-01\nrepro: C\n"
        "aliases: [cases/old, /older/]\nlayers: {fs/lamp/: Lamps, blink: Lights}\n"
        "snapshot: {source: dashboard, date: 2026-11-02, link: https://d/}\n"
    )
    assert not said
    assert (front.authors, front.reported, front.repro) == (("A. Nother",), "2026-11-01", "C")
    assert front.aliases == ("cases/old/", "older/")
    assert front.layers == {"fs/lamp/": "Lamps", "blink": "Lights"}
    assert front.snapshot == Snapshot("dashboard", "2026-11-02", "https://d/")


@pytest.mark.parametrize(
    "alias", ["..", "a/../b", "a b", "/", "a//b", "http://x", ".git", "a" * 200]
)
def test_an_alias_stays_below_the_root(alias) -> None:
    front, said = front_of(f"aliases: ['{alias}']\n")
    assert not front.aliases
    assert [line.split()[1] for line in said] == ["M003"]


def case_with(tmp_path: Path, table: bytes | None) -> tuple[Document, list[str]]:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/a.md").write_text("---\noccurrences: seen.csv\n---\n```panic\nx\n```\n")
    if table is not None:
        (tmp_path / "cases/seen.csv").write_bytes(table)
    sink = Sink()
    found = read_document(
        "cases/a.md", folder=tmp_path, root=tmp_path, sink=sink, find_panics=find_panics
    )
    assert found is not None
    return found, [f"{one.at}: {one.code.id} {one.message}" for one in sink]


def test_occurrences_may_stand_in_a_file_of_their_own(tmp_path) -> None:
    document, said = case_with(
        tmp_path,
        b'\xef\xbb\xbfDate,host,count\r\n2026-11-21,db,2\r\n2026-11-20,"web, old",\r\n\r\n',
    )
    assert not said
    assert document.front.occurrences == (
        Occurrence(date="2026-11-20", host="web, old"),
        Occurrence(date="2026-11-21", host="db", count=2),
    )
    assert document.tables == ("cases/seen.csv",)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (None, ["cases/a.md: L002 'seen.csv' does not exist"]),
        (b"", ["cases/seen.csv:1: M003 no column 'date'"]),
        (b"dates\n", ["cases/seen.csv:1: M002 unknown column 'dates'", "cases/seen.csv:1: M003 no column 'date'"]),
        (b"date,link\n2026-01-01,javascript:x\n", ["cases/seen.csv:2: M003 'link': 'javascript:x' is no http or https address"]),
        (b"date,count\nnever,1\n,4\n", ["cases/seen.csv:2: M003 'date': 'never' is no date", "cases/seen.csv:3: M003 a row without 'date'"]),
        (b"date\n" + b"x" * 200_000, ["cases/seen.csv:2: M003 not comma-separated: field larger than field limit (131072)"]),
    ],
    ids=["none", "empty", "columns", "link", "rows", "cell"],
)  # fmt: skip
def test_what_is_wrong_with_a_file_of_occurrences_is_said(tmp_path, table, said) -> None:
    assert case_with(tmp_path, table)[1] == said


@pytest.mark.parametrize(
    ("table", "told"),
    [(b"date\n" + b"never\n" * 30, 20), (b"date\n" + b"\n" * 9 + b"x\n" * 20, 20)],
    ids=["more", "as many"],
)
def test_the_first_wrong_rows_are_told_and_the_others_counted(tmp_path, table, told) -> None:
    said = case_with(tmp_path, table)[1]
    assert len([line for line in said if "is no date" in line]) == told
    assert said[told:] == (
        ["cases/seen.csv: M003 10 more rows with such problems"] if b"never" in table else []
    )


def test_of_a_thousand_unknown_columns_the_first_are_told(tmp_path) -> None:
    names = ",".join(f"c{number}" for number in range(1000))
    said = case_with(tmp_path, f"date,{names}\n".encode())[1]
    assert len(said) == 21
    assert said[-1] == "cases/seen.csv:1: M002 980 more unknown columns"
