"""The index of the search: what is filed where, and how little changes when a case does."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.diagnostics import Sink
from sitegen.web import pages
from sitegen.web.index import (
    CaseFacts,
    CaseSummary,
    Finding,
    Index,
    PageSummary,
    Passage,
    make_index,
)
from sitegen.web.outputs import search
from sitegen.web.outputs.search.grams import fold, grams, words
from sitegen.web.outputs.search.sets import encode, pack
from sitegen.web.outputs.search.shards import place, spread
from sitegen.web.pages.search import search_view
from sitegen.web.theme import Theme

SYMBOLS = st.text("abcdefxyz_019", min_size=3, max_size=24)


def facts(number: int, **fields) -> CaseFacts:
    name = f"case-{number:04}"
    summary = {
        "url": f"cases/{name}/",
        "slug": name,
        "title": f"Crash {number} of the lamp",
        "date": f"20{10 + number // 400}-{1 + number % 400 // 31:02}-{1 + number % 31:02}",
        **fields,
    }
    way = ("vfs_write", "lamp_write", f"lamp_{number % 50}_fn")
    return CaseFacts(
        summary=CaseSummary(**summary),
        passages=tuple(Passage(function=one, file="drivers/lamp.c") for one in way),
    )


def index_of(*cases: CaseFacts) -> Index:
    return make_index([], cases, [PageSummary("", "Notes"), PageSummary("cases/", "Cases")])


def files(index: Index) -> dict[str, bytes]:
    return {output.path: output.data for output in search.site_outputs(index)}


def value(data: bytes):
    """What a file hands over."""
    found = re.fullmatch(
        r'sitegenSearch\("[^"]*", "[0-9a-f]*", (.*)\);\n', data.decode(), re.DOTALL
    )
    assert found
    return json.loads(found[1])


def rows(index: Index) -> dict[str, list[str]]:
    """Letters -> rows of names, of all files."""
    return {
        gram: names
        for path, data in files(index).items()
        if path.startswith("search/names/")
        for gram, names in value(data).items()
    }


# --- Words and letters -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VFS_Write()", ["vfs_write"]),
        ("sys_call_table[unr]", ["sys_call_table", "unr"]),
        ("Jos\u00e9  Ma\u0308r\tx\x00y", ["jose", "mar", "x", "y"]),
        ("BUG: lamp <b>", ["bug:", "lamp", "b"]),
    ],
)
def test_texts_are_taken_apart_into_folded_words(text, expected):
    assert list(words(text)) == expected


@given(SYMBOLS, st.data())
def test_a_symbol_is_filed_under_all_letters_of_any_part_of_it(symbol, data):
    start = data.draw(st.integers(0, len(symbol) - 3))
    end = data.draw(st.integers(start + 3, len(symbol)))
    part = symbol[start:end]

    filed = grams(symbol)

    if not any(gram.startswith("#") for gram in filed):
        assert {part[at : at + 3] for at in range(len(part) - 2)} <= filed


def test_hashes_are_filed_by_their_beginning_only():
    assert grams("e972b08b91ef48488bae9789f03cfedb148667fb") == {"#e97"}


def test_a_word_without_end_costs_little():
    assert sum(len(grams(word)) for word in words("ab_" * 100_000)) < 10


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


# --- Sets and files ----------------------------------------------------------------------------


def unpack(text: str) -> set[int]:
    """As the reader does it."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if text.startswith("."):
        return {
            at * 6 + bit
            for at, letter in enumerate(text[1:])
            for bit in range(6)
            if letters.index(letter) >> bit & 1
        }
    found, number, shift = set(), 0, 0
    for letter in text:
        number += (letters.index(letter) & 31) << shift
        shift += 5
        if letters.index(letter) < 32:
            found.add(number)
            number, shift = number + 1, 0
    return found


@given(st.sets(st.integers(0, 1023)), st.sets(st.integers(0, 1023), max_size=9))
def test_sets_are_read_as_they_were_written(first, second):
    packed = pack(sum(1 << one for one in first), sum(1 << one for one in second))

    said, _, only = packed.partition(",")
    assert unpack(said) == first
    assert unpack(only) == second - first


@given(st.sets(st.integers(0, 1023)))
def test_no_set_is_longer_than_a_bit_each(numbers):
    assert len(encode(sum(1 << one for one in numbers))) <= 1 + -(-1024 // 6)


def test_rows_are_spread_over_a_power_of_two_of_files_and_found_there():
    many = {f"{a}{b}{c}": [a + b + c] for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh"}

    shards = spread("names/", many, 400)

    assert len(shards) in {16, 32}
    for gram, row in many.items():
        shard = shards[place(gram, len(shards))]
        assert json.loads(shard.body)[gram] == row


def test_a_new_row_changes_one_file():
    many = {f"{a}{b}x": [a + b] for a in "abcdefgh" for b in "abcdefgh"}

    before = spread("names/", many, 400)
    after = spread("names/", many | {"zzz": ["z"]}, 400)

    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


# --- The index ---------------------------------------------------------------------------------


def test_every_row_leads_to_its_page():
    one = facts(
        1,
        cve="CVE-2024-50082",
        fixed="e972b08b91ef48488bae9789f03cfedb148667fb",
        tags=("a tag & more",),
        kernels=("6.1.0",),
        authors=("Jos\u00e9 <j@example.org>",),
    )
    index = index_of(one)
    kinds = value(files(index)["search/manifest.js"])["kinds"]

    led = set()
    for row in {row for names in rows(index).values() for row in names if row[0] in kinds}:
        title, *address = row[2:].split("\t")
        url = kinds[row[0]][0] + (address[0] if address else title)
        led.add(url if not url or url.endswith("/") else f"{url}/")

    terms = {term.url for some in index.terms.values() for term in some}
    lists = {f"{key}/" for key, some in index.terms.items() if some}
    assert led == terms | lists | {"", "cases/"}


def test_cases_are_filed_under_the_lines_that_they_passed():
    def passing(number: int, *lines: int) -> CaseFacts:
        ways = (Passage(function="f", file="fs/Read.c", line=line) for line in lines)
        return replace(facts(number), passages=tuple(ways))

    made = files(index_of(passing(1, 7, 8, 7), passing(2, 8)))
    filed = {
        gram: row
        for path, data in made.items()
        if path.startswith("search/cases/")
        for gram, row in value(data).items()
        if ":" in gram
    }

    assert filed == {"=fs/read.c:7": pack(0, 1), "=fs/read.c:8": pack(0, 0b11)}


def test_a_kernel_is_found_by_its_build_ids():
    one = replace(facts(1, kernels=("6.1.0",)), builds=(("6.1.0", "ab12" * 10),))

    assert rows(index_of(one))["#ab1"] == [f"g1{'ab12' * 10}\t6.1.0"]


def test_a_case_is_found_by_what_the_kernel_said():
    finding = Finding(kind="x", label="X", title="WARNING in f", message="count: underflow.")
    made = files(index_of(replace(facts(1), findings=(finding,))))

    assert any(b'"=underflow."' in data for data in made.values())
    assert any(b'"count: underflow."' in data for data in made.values())


def test_the_files_do_not_depend_on_the_order_of_cases():
    some = [facts(number) for number in range(20)]

    assert files(index_of(*some)) == files(index_of(*reversed(some)))


def test_the_files_are_ascii_and_named_in_the_manifest():
    made = files(index_of(facts(1, title="\u2028 </script> \ud83d\ude00 \udc80 \u00e9")))
    manifest = value(made.pop("search/manifest.js"))

    for path, data in made.items():
        assert data.isascii()
        name, version = re.match(rb'sitegenSearch\("([^"]*)", "([^"]*)"', data).groups()
        assert path == f"search/{name.decode()}.js"
        sort, _, number = name.decode().rpartition("-" if b"cases" in name else "/")
        versions = manifest["cases"][0] if "cases" in sort else manifest[sort]
        assert versions[int(number, 16) * 6 :][:6] == version.decode()


def test_a_site_without_cases_has_an_index_of_its_pages():
    made = files(index_of())

    assert value(made["search/manifest.js"])["count"] == 0
    assert "-0Notes\t" in rows(index_of())["not"]


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@pytest.fixture
def many(monkeypatch) -> tuple[CaseFacts, ...]:
    """Cases of two blocks."""
    for module in (search, search.cases):
        monkeypatch.setattr(module, "BLOCK", 512)
    return tuple(facts(number) for number in range(1000))


def test_a_changed_title_changes_the_files_of_its_letters(many):
    before = files(index_of(*many))
    one = many[300]
    summary = replace(one.summary, title=one.summary.title.replace("lamp", "bulb"))
    after = files(index_of(*many[:300], replace(one, summary=summary), *many[301:]))

    found = changed(before, after)
    assert not any(path.startswith("search/cases/1-") for path in found)
    assert "search/manifest.js" in found
    assert sum(path.startswith("search/records/") for path in found) == 1
    # One word less and one more, with three letters each in two places and two at the beginning.
    assert sum(path.startswith("search/cases/") for path in found) <= 8
    # The word is new to the wiki.
    assert sum(path.startswith("search/names/") for path in found) <= 3


def test_a_new_case_leaves_older_blocks_and_records_alone(many):
    before = files(index_of(*many))
    new = facts(2000, title="Another crash")
    found = changed(before, files(index_of(*many, new)))

    assert found
    assert not any(path.startswith("search/cases/0-") for path in found)
    assert sum(path.startswith("search/records/") for path in found) == 1


# --- The page ----------------------------------------------------------------------------------


def test_the_page_lists_what_there_is_and_of_much_what_most_share(many):
    index = index_of(*many)
    lists = {one.title: one for one in search_view(index).lists}

    assert list(lists) == ["Cases", "Functions", "Source files"]
    functions = lists["Functions"]
    assert functions.more == f"All {len(index.terms['functions'])}"
    assert len(functions.entries) == 40
    assert {"vfs_write", "lamp_write"} <= {entry.title for entry in functions.entries}
    assert lists["Cases"].entries[0].url == index.cases[0].url


def test_the_page_is_rendered_for_an_empty_wiki(default_theme: Theme):
    sink = Sink()
    index = index_of()
    chrome = pages.make_chrome(index, title="Notes")

    page = pages.render_search(index=index, theme=default_theme, chrome=chrome, sink=sink)

    assert list(sink) == []
    assert page is not None
    assert page.url == "search/"
    assert 'class="results"' in page.html


def test_every_page_has_the_field_and_it_leads_to_the_search_page(default_theme: Theme):
    sink = Sink()
    chrome = pages.make_chrome(index_of(), title="Notes")

    page = pages.render_not_found(theme=default_theme, chrome=chrome, sink=sink)

    assert page is not None
    assert '<form class="search" role="search" action="search/index.html">' in page.html
    static = Path(__file__).parents[2] / "themes/default/static"
    for script in (
        "search.js",
        *(f"search/{one.name}" for one in (static / "search").glob("*.js")),
    ):
        text = (static / script).read_text()
        assert "innerHTML" not in text
        assert "eval(" not in text
