"""Redaction of a whole site: what is planted comes out nowhere, and what cannot be hidden is told."""

import json
import re
from pathlib import Path

import pytest

from sitegen.build.outcome import Outcome
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

KERNEL = Path(__file__).parents[2] / "content" / "_kernel"
RULES = """\
[redact]
classes = ["ipv4", "ipv6", "mac", "email", "uuid", "home", "host", "serial"]
pointers = true

[[redact.rules]]
literal = "db01"
as = "host"

[[redact.rules]]
pattern = 'asset-(\\w+)'
as = "serial"

[[redact.rules]]
literal = "Operation Blue Fox"
as = "project"
"""
SECRETS = (
    *("db01", "web7", "10.0.0.5", "2001:db8::5", "52:54:00:12:34:56", "joe@example.com", "x99z"),
    *("550e8400-e29b-41d4-a716-446655440000", "/home/alice", "blue fox", "4c530001"),
)
"""In lower case, as they are searched for."""
CASE = """\
---
title: Operation Blue Fox on db01
tags: [db01, oops]
authors: [Joe <joe@example.com>]
trigger: ssh joe@example.com
occurrences:
- {date: 2026-11-01, host: db01, kernel: 6.1.0}
---

Seen on DB01 (10.0.0.5 and 2001:0DB8:0:0:0:0:0:5), tagged asset-X99Z. RSP was ffffc9000012be10.
See [the notes of db01](notes.txt "of 10.0.0.5") and ![A picture of db01](rack.png).

| host | address |
|---|---|
| db01 | `52:54:00:12:34:56` |

```panic
Nov 23 18:40:01 web7 kernel: [    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008
Nov 23 18:40:01 web7 kernel: [    1.000001] RIP: 0010:lamp_write+0x12/0x40
Nov 23 18:40:01 web7 kernel: [    1.000002] RAX: ffff888103a26018 RBX: dead000000000100 RSP: 0018:ffffc9000012be10
Nov 23 18:40:01 web7 kernel: [    1.000003] Call Trace: of 10.0.0.5
Nov 23 18:40:01 web7 kernel: [    1.000004]  [<ffffffff81234567>] vfs_write+0x10/0x20
```

```{panic}
:file: serial.log
:id: db01-serial
```
"""
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x08"


def prefixed(log: str) -> str:
    """A log as syslog keeps it, with a few lines that are nobody's business."""
    lines = [
        "Linux version 6.1.0-sitegen (joe@db01) (gcc) #1 SMP",
        "eth0: 52:54:00:12:34:56 10.0.0.5",
    ]
    lines += ["usb 1-1: SerialNumber: 4C530001", "root=UUID=550E8400-E29B-41D4-A716-446655440000"]
    lines += ["loaded /home/Alice/lamp.ko from db01", *log.splitlines()]
    return "".join(f"Nov 23 18:40:01 web7 kernel: {line}\n" for line in lines)


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "wiki"
    case = folder / "content/cases/oops"
    case.mkdir(parents=True)
    (folder / "sitegen.toml").write_text(
        f'title = "Crashes of db01"\ndescription = "at 10.0.0.5"\n{RULES}'
    )
    (case / "index.md").write_text(CASE)
    (case / "serial.log").write_text(prefixed((KERNEL / "logs/null.log").read_text()))
    (case / "notes.txt").write_text("db01: 10.0.0.5, /home/alice/x, asset-X99Z\n")
    (case / "rack.png").write_bytes(PICTURE)
    (folder / "content/index.md").write_text("# Home of db01\n\nWrite to joe@example.com.\n")
    return folder


@pytest.fixture
def decoded(wiki) -> Path:
    """The same, with the kernel of one of the logs at hand."""
    with (wiki / "sitegen.toml").open("a") as config:
        config.write(
            f'[[kernels]]\nrelease = "6.1.0-sitegen"\nvmlinux = "{KERNEL}/vmlinux"\n'
            f'source = "{KERNEL}/src"\n'
        )
    return wiki


def run(wiki: Path, **options) -> tuple[Outcome | None, list[str]]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    outcome = build(project, Options(jobs=1, **options), sink)
    return outcome, [as_text(one) for one in sink if one.severity != "note"]


def published(wiki: Path, name: str = "site") -> dict[str, bytes]:
    site = wiki / name
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def secrets_of(name: str, data: bytes) -> list[str]:
    """The secrets in a file or its name, and not in the middle of a digest."""
    text = f"{name}\n{data.decode('utf-8', 'replace')}".lower()
    words = (rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])" for secret in SECRETS)
    return [word for word in words if re.search(word, text)]


def codes_of(said: list[str]) -> list[str]:
    return re.findall(r"^(\S+): error\[(G01\d)\]", "\n".join(said), re.MULTILINE)


def test_what_is_planted_is_in_no_byte_of_the_site(decoded):
    outcome, said = run(decoded)

    assert outcome is not None
    assert outcome.published is not None, said
    for name, data in published(decoded).items():
        assert secrets_of(name, data) == [], name
        assert not re.search(rb"ffff888103a2|ffffc9000012b|ffffffff81234", data), name


def test_every_key_of_the_front_matter_is_redacted(wiki):
    (wiki / "content/cases/other.md").write_text(
        "---\ntitle: of db01\nrepro: db01\naliases: [cases/db01-old/]\nlayers: {vfs_write: db01}\n"
        "reported: 2026-11-01\nfixes:\n  reported-by: [joe@example.com]\n"
        "  links: ['https://db01.example/x']\nsnapshot: {source: db01, date: 2026-11-01}\n"
        "occurrences:\n- {date: 2026-11-01, host: db01, link: 'https://db01.example/y'}\n---\n\n"
        "{func}`vfs_write` on [db01](https://db01.example/z?q=db01#db01), <https://10.0.0.5/>\n\n"
        "```panic\nBUG: kernel NULL pointer dereference, address: 0000000000000008\n"
        "Call Trace:\n vfs_write+0x10/0x20\n```\n"
    )

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is not None, said
    for name, data in published(wiki).items():
        assert secrets_of(name, data) == [], name


def test_pages_say_pseudonyms_where_values_were(wiki):
    run(wiki)

    page = (wiki / "site/cases/oops/index.html").read_text()
    assert "<title>project-1 on host-1 " in page
    assert 'alt="A picture of host-1"' in page
    assert "dead000000000100" in page
    assert (
        wiki / "site/cases/oops/notes.txt"
    ).read_text() == "host-1: ip-1, /home/user-1/x, asset-serial-1\n"
    assert (wiki / "site/cases/oops/oops.host-1-serial.log").is_file()


def test_the_same_frames_are_decoded_as_without_redaction(decoded):
    run(decoded)
    redacted = (decoded / "site/cases/oops/oops.host-1-serial.decoded.txt").read_text()
    config = decoded / "sitegen.toml"
    config.write_text(config.read_text().replace(RULES, ""))
    run(decoded)
    plain = (decoded / "site/cases/oops/oops.db01-serial.decoded.txt").read_text()

    decoded = re.compile(r"\b(\w+(?:\+0x[0-9a-f]+/0x[0-9a-f]+)? \([\w/.-]+:\d+\))")
    assert decoded.findall(redacted) == decoded.findall(plain) != []
    assert redacted.count("\n") == plain.count("\n")
    assert "web7" in plain
    assert "web7" not in redacted


def test_the_lock_is_of_the_true_log_and_the_site_names_no_digest_of_it(wiki):
    run(wiki)

    lock = json.loads((wiki / "content/cases/oops/oops.lock.json").read_text())
    data = json.loads((wiki / "site/cases/oops/oops.json").read_text())
    assert [log["id"] for log in lock["logs"]] == ["panic-1", "db01-serial"]
    assert {log["sha256"] for log in lock["logs"]}.isdisjoint(
        re.findall(r"[0-9a-f]{64}", json.dumps(data))
    )


def test_the_map_says_what_stands_for_what_and_lies_outside_of_the_site(wiki):
    run(wiki)

    plain = json.loads((wiki / "redactions.json").read_text())
    assert plain["values"]["db01"] == "host-1"
    assert plain["homes"] == {"alice": "user-1"}
    assert "redactions.json" not in published(wiki)


def test_a_clean_build_with_the_map_gives_the_same_bytes(wiki):
    run(wiki)
    before, names = published(wiki), (wiki / "redactions.json").read_bytes()

    run(wiki, cache=False, output=wiki / "other")

    assert published(wiki, "other") == before
    assert (wiki / "redactions.json").read_bytes() == names


def test_a_second_build_writes_nothing(wiki):
    run(wiki)
    outcome, _ = run(wiki)

    assert outcome is not None
    assert outcome.published is not None
    assert outcome.published.written == ()


def edit_rules(wiki: Path) -> None:
    with (wiki / "sitegen.toml").open("a") as config:
        config.write('[[redact.rules]]\nliteral = "lamp"\nas = "drv_"\n')


def edit_map(wiki: Path) -> None:
    path = wiki / "redactions.json"
    path.write_text(path.read_text().replace('"host-1"', '"host-77"'))


def drop_map(wiki: Path) -> None:
    (wiki / "redactions.json").unlink()


def edit_case(wiki: Path) -> None:
    path = wiki / "content/cases/oops/index.md"
    path.write_text(path.read_text().replace("| host |", "| of 10.9.9.9 |"))


def add_case(wiki: Path) -> None:
    (wiki / "content/about.md").write_text("# About\n\n10.7.7.7, then db01.\n")


def test_rules_for_names_of_code_reach_every_page(decoded):
    edit_rules(decoded)

    outcome, said = run(decoded)

    assert outcome is not None
    assert outcome.published is not None, said
    assert (decoded / "site/functions/desk_drv_1_status/index.html").is_file()
    word = re.compile(r"(?<![^\W_])lamp(?![^\W_])", re.IGNORECASE)
    for name, data in published(decoded).items():
        assert not word.search(f"{name}\n{data.decode('utf-8', 'replace')}"), name


@pytest.mark.parametrize("change", [edit_rules, edit_map, drop_map, edit_case, add_case])
def test_after_a_change_a_build_equals_a_clean_one(wiki, monkeypatch, change):
    monkeypatch.setattr("sitegen.build.state._TICK", -(10**12))
    run(wiki)
    change(wiki)
    kept = (wiki / "redactions.json").read_bytes() if change is not drop_map else None

    _, said = run(wiki)
    after = (wiki / "redactions.json").read_bytes()
    if kept is None:
        (wiki / "redactions.json").unlink()
    else:
        (wiki / "redactions.json").write_bytes(kept)
    _, again = run(wiki, cache=False, output=wiki / "other")

    assert [one.replace("other/", "site/") for one in again] == said
    assert published(wiki, "other") == published(wiki)
    assert (wiki / "redactions.json").read_bytes() == after


def test_processes_beside_the_reading_one_give_the_same(wiki):
    for number in range(40):
        text = f"# Page {number}\n\nOf 10.3.0.{number} and db01.\n"
        (wiki / f"content/page{number}.md").write_text(text)
    run(wiki)
    before = published(wiki)
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None

    build(project, Options(jobs=2, cache=False, output=wiki / "other"), sink)

    assert published(wiki, "other") == before


def test_locked_builds_leave_the_map_alone(wiki):
    run(wiki)
    before = (wiki / "redactions.json").read_bytes()
    add_case(wiki)

    run(wiki, locked=True)

    assert b"10.7.7.7" not in (wiki / "redactions.json").read_bytes()
    assert (wiki / "redactions.json").read_bytes() == before
    assert b"10.7.7.7" not in (wiki / "site/about/index.html").read_bytes()


# --- What cannot be hidden -------------------------------------------------------------------


def test_names_of_files_are_told_where_they_are_named_and_nothing_is_published(wiki):
    case = wiki / "content/cases/oops"
    (case / "rack.png").rename(case / "rack-db01.png")
    (case / "notes.txt").rename(case / "10.0.0.5.txt")
    (case / "serial.log").rename(case / "db01.log")
    text = (case / "index.md").read_text()
    text = text.replace("rack.png", "rack-db01.png").replace("notes.txt", "10.0.0.5.txt")
    (case / "index.md").write_text(text.replace("serial.log", "db01.log"))
    (wiki / "content/cases/fall-of-db01.md").write_text(CASE.split("```{panic}", maxsplit=1)[0])

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is None
    found = [place for place, code in codes_of(said) if code == "G014"]
    page = "content/cases/oops/index.md"
    lines = text.split("\n")
    named = [
        next(number for number, line in enumerate(lines, 1) if name in line)
        for name in ("10.0.0.5.txt", "rack-db01.png", "serial.log")
    ]
    assert {f"{page}:{number}" for number in named} <= {one.rsplit(":", 1)[0] for one in found}
    assert "content/cases/fall-of-db01.md" in found
    assert "content/cases/oops/db01.log" in found
    assert published(wiki) == {}


DIVIDE = """\
---
title: Divide error in cm_do_div
---

```{panic}
:file: LOG
```
"""
NAMES_OF_CODE = (
    '[redact]\nclasses = ["ipv4"]\n[[redact.rules]]\nliteral = "cm_do_div"\nas = "fn_"\n',
    "[redact]\nclasses = ['ipv4']\n[[redact.rules]]\npattern = '\\bcm_\\w+'\nas = 'fn_'\n",
)
DIVIDE_LOG = """\
divide error: 0000 [#1] SMP
RIP: 0010:cm_do_div+0x12/0x40 at 10.0.0.5
Call Trace:
 vfs_write+0x10/0x20
"""


@pytest.mark.parametrize("rules", NAMES_OF_CODE)
@pytest.mark.parametrize(
    ("slug", "log"), [("x", "cm-do-div.log"), ("in-CM.do-div", "a.log"), ("at-10-0-0-5", "a.log")]
)
def test_a_name_holds_a_value_as_slugs_write_it(wiki, rules, slug, log):
    (wiki / "sitegen.toml").write_text(rules)
    case = wiki / f"content/cases/{slug}"
    case.mkdir()
    (case / "index.md").write_text(DIVIDE.replace("LOG", log))
    (case / log).write_text(DIVIDE_LOG)

    _, said = run(wiki)

    named = log if slug == "x" else "index.md"
    assert (f"content/cases/{slug}/{named}", "G014") in codes_of(said)
    assert published(wiki) == {}


@pytest.mark.parametrize("rules", NAMES_OF_CODE)
def test_other_files_are_not_called_after_values_either(wiki, rules):
    (wiki / "sitegen.toml").write_text(rules)
    (wiki / "content/cases/divide.md").write_text(DIVIDE.replace("LOG", "a.log"))
    (wiki / "content/cases/a.log").write_text(DIVIDE_LOG)
    (wiki / "content/about.md").write_text(
        "---\naliases: [old/cm-do-div/]\n---\n# About\n\n[Notes](of-cm-do-div.txt)\n"
    )
    (wiki / "content/of-cm-do-div.txt").write_text("Nothing.\n")

    _, said = run(wiki)

    assert "G014" in [code for _, code in codes_of(said)]
    assert "cm_do_div" not in "\n".join(said)
    assert len([one for one in said if "G013" in one or "G014" in one]) < 4
    assert published(wiki) == {}


def test_a_form_of_a_slug_may_be_kept(wiki):
    (wiki / "sitegen.toml").write_text(
        NAMES_OF_CODE[0]
        .replace("classes = ['ipv4']", "")
        .replace("]\n", "]\nkeep = ['cm-do-div']\n", 1)
    )
    (wiki / "content/cases/in-cm-do-div.md").write_text(
        f"# In cm_do_div\n\n```panic\n{DIVIDE_LOG}```\n"
    )

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is not None, said
    assert (wiki / "site/cases/in-cm-do-div/index.html").is_file()


def test_a_text_that_writes_a_value_as_slugs_do_stops_the_build(wiki):
    (wiki / "sitegen.toml").write_text(NAMES_OF_CODE[0])
    (wiki / "content/about.md").write_text("# About\n\nSee https://x.example/cm-do-div/1.\n")

    _, said = run(wiki)

    assert ("site/about/index.html:", "G013") in [
        (re.sub(r"\d+(:\d+)?$", "", place), code) for place, code in codes_of(said)
    ]
    assert published(wiki) == {}


def test_a_value_in_a_picture_stops_the_build_and_is_not_printed(wiki):
    (wiki / "content/cases/oops/rack.png").write_bytes(PICTURE + b"tEXtComment\0joe@example.com")

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is None
    assert codes_of(said) == [("site/cases/oops/rack.png", "G013")]
    assert "joe@example.com" not in "\n".join(said)


def test_a_value_of_the_configuration_or_split_by_emphasis_stops_the_build(wiki):
    config = wiki / "sitegen.toml"
    config.write_text('edit = "https://db01.example/{path}"\n' + config.read_text())
    (wiki / "content/about.md").write_text("# About\n\nThe host d*b0*1.\n")

    _, said = run(wiki)

    found = {place.rsplit(":", 1)[0] for place, code in codes_of(said) if code == "G013"}
    assert {"sitegen.toml", "site/about/index.html"} <= found
    assert published(wiki) == {}


def test_a_value_that_is_everywhere_is_told_once(wiki):
    rules = wiki / "sitegen.toml"
    rules.write_text(f"{rules.read_text()}[[redact.rules]]\npattern = 'div|table'\nas = \"fn_\"\n")
    case = wiki / "content/cases/oops/index.md"
    case.write_text(case.read_text().replace("Seen on", "Seen in div_one, by a table of"))

    _, said = run(wiki)

    told = [one for one in said if "[G013]" in one]
    assert len(told) == 2
    for one in told:
        assert re.search(
            r"the file and \d+ others? hold what is redacted as 'fn_\d' \(rule 4\)", one
        )
        assert "the value is a plain word: narrow the rule" in one


def test_a_plain_word_that_a_group_finds_is_looked_for_nowhere_else(wiki):
    rules = wiki / "sitegen.toml"
    rules.write_text(f"{rules.read_text()}[[redact.rules]]\npattern = 'cm_(\\w+)'\nas = \"fn_\"\n")
    case = wiki / "content/cases/oops/index.md"
    case.write_text(case.read_text().replace("Seen on", "A div, cm_div, cm_entry, cm_7; on"))

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is not None, said
    page = (wiki / "site/cases/oops/index.html").read_text()
    assert "A div, cm_fn_1, cm_fn_2, cm_fn_3; on" in page


def test_values_beyond_a_number_are_counted(wiki):
    words = " ".join(f"q{number}w" for number in range(30))
    rules = wiki / "sitegen.toml"
    rules.write_text(
        f"{rules.read_text()}[[redact.rules]]\npattern = 'tag (q\\d+w)'\nas = \"tag\"\n"
    )
    tagged = words.replace("q", "tag q")
    (wiki / "content/about.md").write_text(f"# About\n\n{words}\n\n{tagged}\n")

    _, said = run(wiki)

    told = [one for one in said if "[G013]" in one]
    assert len(told) == 21
    assert "files of the site hold 10 more values of what is redacted" in told[-1]


def test_the_site_that_was_there_stays_when_something_leaks(wiki):
    run(wiki)
    before = published(wiki)
    (wiki / "content/cases/oops/rack.png").write_bytes(PICTURE + b"joe@example.com")

    run(wiki)

    assert published(wiki) == before


@pytest.mark.parametrize("data", ["", "{}", '{"schema": 1, "values": {"db01": "x"}}'])
def test_a_damaged_map_stops_the_build_and_is_left_alone(wiki, data):
    (wiki / "redactions.json").write_text(data)

    outcome, said = run(wiki)

    assert outcome is None
    assert codes_of(said) == [("redactions.json", "G012")]
    assert (wiki / "redactions.json").read_text() == data


@pytest.mark.parametrize(
    "wrong",
    [
        '[[redact.rules]]\nas = "x"\n',
        '[[redact.rules]]\npattern = "(a+)+"\n',
        '[[redact.rules]]\npattern = "value-[0-9]+"\n',
        '[[redact.rules]]\nlitteral = "db02"\n',
        '[[redact.rules]]\nliteral = "db02"\nas = "Host"\n',
        "[redact.clases]\n",
    ],
)
def test_nothing_is_published_by_rules_of_which_one_is_wrong(wiki, wrong):
    with (wiki / "sitegen.toml").open("a") as config:
        config.write(wrong)

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is None
    assert any(one.startswith("sitegen.toml:") for one in said)


@pytest.mark.parametrize("name", ["redcat", "redacted", "Redact"])
def test_nothing_is_published_when_the_table_itself_is_misspelt(wiki, name):
    config = wiki / "sitegen.toml"
    config.write_text(config.read_text().replace("[redact", f"[{name}"))

    outcome, said = run(wiki)

    assert f"unknown key '{name}'" in said[0]
    assert outcome is not None
    assert outcome.published is None


@pytest.mark.parametrize("place", ["content/map.json", "site/map.json"])
def test_a_map_that_would_be_published_is_refused(wiki, place):
    config = wiki / "sitegen.toml"
    config.write_text(config.read_text().replace("pointers = true", f'map = "{place}"'))

    outcome, said = run(wiki)

    assert codes_of(said) == [("sitegen.toml:5:1", "G012")]
    assert outcome is None or outcome.published is None


def test_excerpts_of_problems_show_pseudonyms(wiki):
    (wiki / "content/about.md").write_text(
        "---\nstatus: db01\n---\n# About\n\n[x](no-10.0.0.5.md) db01\n"
    )

    _, said = run(wiki)

    text = "\n".join(said)
    assert "db01" not in text
    assert "10.0.0.5" not in text
    assert "host-1" in text
    lines = text.split("\n")
    at = next(index for index, line in enumerate(lines) if "status: host-1" in line)
    assert lines[at + 1].index("^") >= lines[at].index("status")


def test_a_console_in_a_string_of_json_is_redacted_as_its_lines(wiki):
    log = CASE.split("```panic\n")[1].split("```", maxsplit=1)[0]
    (wiki / "content/cases/oops/serial.log").write_text(json.dumps({"Output": f"\n{log}"}))

    outcome, said = run(wiki)

    assert outcome is not None
    assert outcome.published is not None, said
    text = (wiki / "site/cases/oops/oops.host-1-serial.log").read_text()
    assert "] Call Trace: of ip-1\n" in text
    assert "BUG: kernel NULL pointer dereference" in text


def test_of_the_logs_of_a_processor_only_what_it_takes_for_addresses_is_masked(wiki):
    path = wiki / "content/cases/oops/index.md"
    path.write_text(path.read_text().replace("RBX: dead", "RCX: c0000000ffffefff RBX: dead"))

    run(wiki)

    text = (wiki / "site/cases/oops/oops.panic-1.log").read_text()
    assert re.search("RAX: ffff88800001.018 RCX: c0000000ffffefff RBX: dead0", text)


def test_a_release_in_the_form_of_an_address_is_none(wiki):
    path = wiki / "content/cases/oops/index.md"
    path.write_text(path.read_text().replace("title:", "kernel: 5.15.0.1\ntitle:"))

    run(wiki)

    assert (wiki / "site/kernels/5.15.0.1/index.html").is_file()


def test_drafts_are_not_complained_about(wiki):
    (wiki / "content/cases/db01.md").write_text("---\ndraft: true\n---\n# x\n")

    outcome, _ = run(wiki)

    assert outcome is not None
    assert outcome.published is not None


@pytest.mark.parametrize(
    "line",
    ["10&#46;9.9.9", "10.**9**.9.9", "asset&#45;Q11", "new&#64;host.example", "d*b*0&#49;"],
)
def test_what_only_a_reader_sees_stops_the_build_and_is_not_printed(wiki, line):
    (wiki / "content/about.md").write_text(f"# About\n\nSeen on {line}.\n")

    _, said = run(wiki)

    assert ("content/about.md:3", "G013") in codes_of(said)
    assert line not in "\n".join(said)
    assert published(wiki) == {}


def test_a_theme_may_hold_what_is_nowhere_else(wiki):
    theme = wiki / "themes/ours"
    theme.mkdir(parents=True)
    (theme / "theme.toml").write_text('extends = "default"\n# by new@host.example\n')
    config = wiki / "sitegen.toml"
    config.write_text(f'theme = "ours"\n{config.read_text()}')

    _, said = run(wiki)

    assert ("themes/ours/theme.toml:2", "G013") in codes_of(said)
    assert published(wiki) == {}


def test_nothing_else_is_said_of_a_line_that_would_print_it(wiki):
    (wiki / "content/about.md").write_text("# About\n\nSee [it](10%2E9.9.9.txt), [that](no.txt).\n")

    _, said = run(wiki)

    assert ("content/about.md:3", "G013") in codes_of(said)
    assert "10%2E9.9.9" not in "\n".join(said)


def test_front_matter_is_read_as_it_is_shown(wiki):
    (wiki / "content/about.md").write_text('---\ntitle: "At 10.9\\u200B.9.9"\n---\n\nText.\n')

    _, said = run(wiki)

    assert codes_of(said) == [("content/about.md:1", "G013")]


@pytest.mark.parametrize(
    ("key", "value"),
    [("edit", "https://asset-q9.example/{path}"), ("base-url", "https://asset-q9.example/")],
)
def test_an_address_of_the_configuration_need_not_be_met_elsewhere(wiki, key, value):
    config = wiki / "sitegen.toml"
    config.write_text(f'{key} = "{value}"\n{config.read_text()}')

    _, said = run(wiki)

    assert ("sitegen.toml", "G013") in codes_of(said)
    assert published(wiki) == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg><text>10&#46;9.9.9</text></svg>"),
        ("a.json", b'{"a": "10\\u002e9.9.9"}'),
        ("a.jpg", b"\xff\xd8\xff\xe1\0\x40Exif\0\0taken at 10.9.9.9 by new@host.example\0\xff\xd9"),
        ("a.txt", "taken at 10.9.9.9".encode("utf-16")),
    ],
)
def test_an_attachment_may_hold_what_is_nowhere_else(wiki, name, data):
    (wiki / f"content/{name}").write_bytes(data)
    (wiki / "content/about.md").write_text(f"# About\n\n[It]({name}).\n")

    _, said = run(wiki)

    assert "G013" in [code for _, code in codes_of(said)]
    assert published(wiki) == {}


def test_a_text_in_latin_1_is_redacted_as_others_are(wiki):
    (wiki / "content/a.txt").write_bytes(b"caf\xe9 of db01, 10.0.0.5\n")
    (wiki / "content/about.md").write_text("# About\n\n[It](a.txt).\n")

    run(wiki)

    assert (wiki / "site/a.txt").read_bytes() == b"caf\xe9 of host-1, ip-1\n"


def test_a_word_that_colours_split_is_one(wiki):
    (wiki / "content/a.txt").write_text("d\x1b[31mb0\x1b[0m1 and \x1b[1m10.0\x1b[0m.0.5\n")
    (wiki / "content/about.md").write_text("# About\n\n[It](a.txt).\n")

    run(wiki)

    assert (wiki / "site/a.txt").read_text() == "host-1 and \x1b[1mip-1\n"
