"""Claims through the build: checked on every page, members read once and kept in the lock."""

import json
import re
import shutil
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.crash import lockfile
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project
from tests.wikis import KERNEL, make_wiki

LOG = (KERNEL / "logs" / "null.log").read_text()
MEMBER = "member struct lamp_bulb.watts at 0x28"


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    return make_wiki(tmp_path, monkeypatch)


def write(wiki: Path, *claims: str, log: str = LOG) -> None:
    roles = "\n".join(f"- {{claim}}`{one}`" for one in claims)
    (wiki / "content/cases/crash.md").write_text(f"# A crash\n\n{roles}\n\n```panic\n{log}```\n")


def run(wiki: Path, **options) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    build(project, Options(**options), sink)
    return [as_text(one).split("\n")[0] for one in sink if one.severity != "note"]


def layouts(wiki: Path) -> list[tuple[str, int, str]]:
    evidence = lockfile.decode((wiki / "content/cases/crash.lock.json").read_bytes())
    return [(one.asked, one.offset, one.missing) for one in evidence.logs[0].layouts]


def page(wiki: Path) -> str:
    return (wiki / "site/cases/crash/index.html").read_text()


def elsewhere(wiki: Path, monkeypatch) -> None:
    """As on a machine without the image."""
    monkeypatch.setenv("KERNEL", str(wiki / "nowhere"))


def test_a_member_is_read_once_and_checked_from_the_lock_where_no_image_is(wiki, monkeypatch):
    write(wiki, MEMBER)
    assert run(wiki) == []
    first = page(wiki)
    assert layouts(wiki) == [("struct lamp_bulb.watts", 0x28, "")]

    elsewhere(wiki, monkeypatch)
    shutil.rmtree(wiki / "site")

    assert run(wiki, locked=True) == []
    assert page(wiki) == first


def test_a_false_member_is_as_false_where_no_image_is(wiki, monkeypatch):
    write(wiki, "member struct lamp_bulb.watt at 0x28", "member struct lampp.bulb at 8")
    here = run(wiki)
    assert [line.partition(": error")[2][:6] for line in here] == ["[C003]", "[C003]"]

    elsewhere(wiki, monkeypatch)

    assert run(wiki, locked=True) == here


def test_with_locked_a_member_that_the_lock_lacks_is_an_error(wiki):
    write(wiki, "RAX is NULL")
    run(wiki)
    write(wiki, "RAX is NULL", MEMBER)
    found = run(wiki, locked=True)
    assert "[S007]: the lock has no layout of 'struct lamp_bulb.watts'" in found[0]
    assert "[C005]" in found[1]


def test_what_is_no_longer_claimed_leaves_the_lock(wiki):
    write(wiki, MEMBER, "sizeof struct file == 48")
    assert run(wiki) == []
    assert [asked for asked, _, _ in layouts(wiki)] == ["struct lamp_bulb.watts", "struct file"]
    write(wiki, "sizeof struct file == 48")
    assert run(wiki) == []
    assert [asked for asked, _, _ in layouts(wiki)] == ["struct file"]


def test_an_offset_in_another_form_asks_the_image_nothing_new(wiki, monkeypatch):
    write(wiki, MEMBER)
    run(wiki)
    elsewhere(wiki, monkeypatch)
    write(wiki, "offset 40 of struct lamp_bulb is watts")
    assert run(wiki, locked=True) == []


def test_a_second_build_says_again_what_is_false(wiki):
    write(wiki, "RAX == 1", "R99 == 1")
    first = run(wiki)
    assert len(first) == 2
    assert run(wiki) == first


def test_with_strict_a_false_claim_publishes_nothing(wiki):
    write(wiki, "RAX == 1")
    run(wiki, strict=True)
    assert not (wiki / "site/cases").exists()


def test_claims_are_in_the_cases_json_in_the_order_of_the_prose(wiki):
    write(wiki, "RAX is NULL", "RAX == 1", "R99 == 1")
    run(wiki)
    found = json.loads((wiki / "site/cases/crash/crash.json").read_text())["claims"]
    assert [(one["claim"], one["verdict"]) for one in found] == [
        ("RAX is NULL", "holds"),
        ("RAX == 1", "fails"),
        ("R99 == 1", "unknown"),
    ]
    assert (found[1]["expected"], found[1]["found"]) == ("RAX 0x1", "0x0")


def test_every_mark_leads_to_a_place_on_the_page(wiki):
    texts = (Path(__file__).parents[1] / "web/claims/null.txt").read_text().split("\n")[3:]
    write(wiki, *(text for text in texts if text and not text.startswith(" ")))
    run(wiki)
    html = page(wiki)
    ids = set(re.findall(r' id="([^"]*)"', html))
    marks = re.findall(r'<span class="claim [a-z]+"><code>.*?</span></li>', html)
    hrefs = {href for mark in marks for href in re.findall(r'href="#([^"]*)"', mark)}
    assert len(hrefs) > 10
    assert hrefs <= ids


def test_a_line_that_the_page_leaves_out_leads_to_the_log(wiki):
    long = LOG.replace("[    0.000028]", "[    0.000027] filler\n" * 2000 + "[    0.000028]", 1)
    write(wiki, 'log says "filler"', log=long)
    run(wiki)
    assert re.search(r'log says "filler"</code>&nbsp;<a href="#log"', page(wiki))


def test_what_a_claim_says_is_text(wiki):
    write(wiki, "frame <b>x</b>", 'log says "<i>"', "<script>alert(1)</script>")
    run(wiki)
    html = page(wiki)
    assert "<script>alert" not in html
    assert "<b>x</b>" not in html
    assert '"<i>"' not in html


def test_claims_on_a_page_without_a_log_are_errors(wiki):
    (wiki / "content/page.md").write_text(
        "# Page\n\n{claim}`RAX == 0`\n\n:::{claim} RAX == 1\n:::\n"
    )
    assert [line.partition("error")[2][:6] for line in run(wiki)] == ["[C006]", "[C006]"]
