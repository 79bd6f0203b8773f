"""Logs -> cases on disk: what they hold, and what is refused."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.authoring import plan as plans
from sitegen.authoring.adding import add
from sitegen.authoring.draft import TODO, Draft, DraftLog
from sitegen.authoring.facts import Facts, facts_of
from sitegen.authoring.finding import find_logs
from sitegen.authoring.new import Planned, Wanted, make, plan
from sitegen.authoring.render import fits_inside, render
from sitegen.authoring.sections import HARDWARE, NOTICED, QUESTIONS, skeleton, summary
from sitegen.authoring.sources import Found
from sitegen.build.naming import namer
from sitegen.build.run import Options, build
from sitegen.crash.log import parse
from sitegen.crash.log.kinds import KINDS
from sitegen.diagnostics import Sink, as_text
from sitegen.model import Call, ChainStep, Evidence, LogEvidence, ReportEvidence, TraceFrame
from sitegen.project import Project, read_project
from sitegen.web.content import FrontMatter, read_document
from sitegen.web.markdown import find_panics


def found(text: str, name: str = "panic.log", day: str = "") -> Found:
    return Found(f"/logs/{name}", name, text.encode(), day)


def new(project: Project, *logs: Found, **wanted) -> tuple[list, list[str]]:
    """What is made of logs, and what is said of it."""
    sink = Sink()
    planned = plan(project, logs, Wanted(**wanted), sink)
    if isinstance(planned, str):
        return [], [planned]
    return make(project, planned.cases, sink, cache=False), [as_text(one) for one in sink]


def problems(project: Project) -> list[str]:
    """What a strict build of the wiki says."""
    sink = Sink()
    outcome = build(project, Options(strict=True, jobs=1), sink)
    assert outcome is not None
    return [as_text(one) for one in sink if one.severity != "note"]


def test_a_case_is_made_decoded_and_builds_without_a_problem(project, wiki, logs):
    ((planned, made),), said = new(project, found(logs["null"]), day="2026-11-23")
    assert said == []
    assert planned.title == "NULL pointer dereference in desk_lamp_status"
    assert made.file == "content/cases/null-pointer-dereference-in-desk-lamp-status.md"
    assert (wiki / made.file).with_suffix("").with_suffix(".lock.json").is_file()
    assert made.locked
    text = (wiki / made.file).read_text()
    assert text.startswith(
        "---\ntitle: NULL pointer dereference in desk_lamp_status\ndate: 2026-11-23\nstatus: open\n"
        "kernel: 6.1.0-sitegen\ntags: [lamp-driver]\n---\n"
    )
    assert "`desk_lamp_status` (`drivers/misc/lamp.c:62`)" in text
    assert ":::{frame} desk_lamp_status\n" in text
    assert ":::{chain}\n:::" in text
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == [
        "How to reproduce",
        "Analysis",
        "Root cause",
        "Fix",
        "Regression range",
        "What helped finding it",
        "Timeline",
        "Follow-ups",
    ]
    assert problems(project) == []
    assert sorted(path.name for path in (wiki / "content/cases").iterdir()) == [
        "null-pointer-dereference-in-desk-lamp-status.lock.json",
        "null-pointer-dereference-in-desk-lamp-status.md",
    ]


@pytest.mark.parametrize("rule", ["literal = 'desk_lamp_status'", "pattern = '\\bdesk_\\w+'"])
def test_files_are_called_after_nothing_that_is_redacted(wiki, logs, rule):
    with (wiki / "sitegen.toml").open("a") as config:
        config.write(
            f"[redact]\nclasses = ['ipv4']\n[[redact.rules]]\n{rule}\nas = 'fn_'\n"
            "[[redact.rules]]\nliteral = 'db_01'\nas = 'host'\n"
        )
    project = read_project(wiki, Sink())
    assert project is not None
    taken = [found(logs["null"], name) for name in ("on-db_01.log", "db-01.log", "10.0.0.5.log")]
    other = [found(logs["null"].replace("[    ", "[   1"), "again.log")]

    ((planned, made),), said = new(project, *taken[:1], *other, together=True)

    assert planned.title == "NULL pointer dereference in desk_lamp_status"
    assert made.file == "content/cases/null-pointer-dereference-in-fn/index.md"
    names = sorted(path.name for path in (wiki / made.file).parent.iterdir())
    assert [name for name in names if name.endswith(".log")] == ["again.log", "on-host.log"]
    assert problems(project) == []
    for one in taken[1:]:
        _, said = new(project, one)
        assert "is in the wiki already" in said[0]
        assert made.file in said[0]
    later = found(logs["null"].replace("[    ", "[   2"), "later-db_01.log")
    planned = plan(project, [later], Wanted(), Sink())
    assert isinstance(planned, Planned)
    assert [one.log.file for one in planned.additions] == ["later-host.log"]


def test_a_log_that_is_called_after_a_value_is_called_otherwise(wiki):
    with (wiki / "sitegen.toml").open("a") as config:
        config.write(
            "[redact]\nclasses = ['ipv4']\n[[redact.rules]]\nliteral = 'db_01'\nas = 'host'\n"
        )
    project = read_project(wiki, Sink())
    assert project is not None
    name = namer(project)

    assert name("on-db_01.log") == "on-host.log"
    assert name("10.0.0.5-a.log") == "ip-a.log"
    assert name("on-DB-01.log") == "on-host.log"
    assert name("Oops on db_01, a-b") == "Oops on host, a-b"


def test_a_log_is_not_called_after_what_is_found_in_it(wiki, logs):
    with (wiki / "sitegen.toml").open("a") as config:
        config.write("[redact]\n[[redact.rules]]\npattern = 'desk_(\\w+)'\nas = 'fn_'\n")
    project = read_project(wiki, Sink())
    assert project is not None

    ((_, made),), _ = new(
        project,
        found(logs["null"], "x86-lamp-status.log"),
        found(logs["null"].replace("[    ", "[   1"), "a.log"),
        together=True,
    )

    assert made.file == "content/cases/null-pointer-dereference-in-desk-fn/index.md"
    assert (wiki / made.file).with_name("x86-fn.log").is_file()
    assert [one for one in problems(project) if "G014" in one] == []


def test_every_section_asks_for_something_that_check_finds(project, wiki, logs):
    ((_, made),), _ = new(project, found(logs["warn"]))
    text = (wiki / made.file).read_text()
    for part in text.split("\n## ")[1:]:
        assert f"\n{TODO} " in part
    assert f"{TODO} when did it happen?" in text
    assert "\ndate:" not in text


def test_a_crash_that_was_asked_for_has_no_cause_to_find(project, wiki, logs):
    ((_, made),), _ = new(project, found(logs["sysrq"]))
    text = (wiki / made.file).read_text()
    assert "## Root cause" not in text
    assert "## Regression range" not in text
    assert "sysrq" in text.split("tags:")[1].split("\n")[0]


def test_a_known_case_that_is_like_it_is_named_and_linked(project, wiki, logs):
    new(project, found(logs["null"]))
    other = logs["null"].replace("PID: 63", "PID: 64")
    ((_, made),), _ = new(project, found(other), slug="again")
    assert [like.path for like in made.likes] == [
        "cases/null-pointer-dereference-in-desk-lamp-status.md"
    ]
    link = (
        "- [NULL pointer dereference in desk_lamp_status]"
        "(null-pointer-dereference-in-desk-lamp-status.md): The same kind of crash"
    )
    assert link in (wiki / made.file).read_text()
    assert problems(project) == []


def test_a_log_that_is_in_the_wiki_is_not_put_in_again(project, logs):
    new(project, found(logs["null"]))
    made, said = new(project, found(logs["null"]))
    assert made == []
    assert "is in the wiki already" in said[0]
    assert "give --slug" in said[0]


def later(log: str, second: int = 7) -> str:
    """The same crash another time."""
    return log.replace("[    0.0000", f"[    {second}.0000")


def test_of_a_known_crash_the_new_log_alone_is_to_be_added(project, logs):
    new(project, found(logs["null"]))
    sink = Sink()
    given_logs = (found(logs["null"], "a.log"), found(later(logs["null"]), "b.log", "2026-11-24"))
    planned = plan(project, given_logs, Wanted(), sink, cache=False)
    assert not isinstance(planned, str)
    assert (planned.cases, planned.known) == ((), 1)
    (addition,) = planned.additions
    assert addition.case == "content/cases/null-pointer-dereference-in-desk-lamp-status.md"
    assert addition.log.data == later(logs["null"]).encode()
    assert addition.block == (
        "```{panic}\n"
        ":file: null-pointer-dereference-in-desk-lamp-status-b.log\n"
        ":date: 2026-11-24\n"
        "```"
    )
    assert [as_text(one) for one in sink] == ["note[G019]: 1 log known already: '/logs/a.log'"]


def test_an_added_log_is_known_and_its_case_builds(project, wiki, logs):
    ((_, made),), _ = new(project, found("x\n" * 200 + logs["null"]))
    path = wiki / made.file
    before = path.read_text()
    for number in (7, 8):
        sink = Sink()
        log = found(later(logs["null"], number), "panic.log")
        planned = plan(project, [log], Wanted(), sink, cache=False)
        assert not isinstance(planned, str)
        (addition,) = planned.additions
        assert add(project, addition, sink)
        assert sink.found() == ()
        again = plan(project, [log], Wanted(), sink, sweep=True, cache=False)
        assert not isinstance(again, str)
        assert (again.additions, again.known) == ((), 1)
    block = "```{panic}\n:file: panic.log\n```\n"
    more = "".join(f"\n```{{panic}}\n:file: panic-{n}.log\n```\n" for n in (2, 3))
    assert path.read_text() == before.replace(block, block + more)
    assert problems(project) == []


@pytest.mark.parametrize("body", ["> ```panic\n{}> ```\n", "- ```panic\n{}  ```\n"])
def test_a_case_that_nothing_can_be_added_to_is_left_alone(project, wiki, logs, body):
    path = wiki / "content/cases/lamp.md"
    mark = body[:2] if body.startswith(">") else "  "
    lines = "".join(f"{mark}{line}\n" for line in logs["null"].splitlines())
    path.write_text(body.replace("{}", lines))
    before = path.read_bytes()
    sink = Sink()
    planned = plan(project, [found(later(logs["null"]))], Wanted(), sink, cache=False)
    assert not isinstance(planned, str)
    (addition,) = planned.additions
    assert not add(project, addition, sink)
    assert "no log at the margin" in as_text(sink.found()[-1])
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["lamp.md"]


def test_lines_that_end_as_windows_has_them_stay(project, wiki, logs):
    path = wiki / "content/cases/lamp.md"
    (path.parent / "a.log").write_text(logs["null"])
    path.write_bytes(b"---\r\ntitle: Lamp\r\n---\r\n\r\n```{panic}\r\n:file: a.log\r\n```")
    sink = Sink()
    planned = plan(project, [found(later(logs["null"]), "b.log")], Wanted(), sink, cache=False)
    assert not isinstance(planned, str)
    assert add(project, planned.additions[0], sink)
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") == 11
    assert path.read_bytes().endswith(b"```\r\n\r\n```{panic}\r\n:file: lamp-b.log\r\n```\r\n")


def test_logs_that_were_counted_are_known(project, logs, monkeypatch):
    monkeypatch.setattr(plans, "MOST_LOGS", 2)
    many = [found(later(logs["null"], n), f"{n}.log", f"2026-11-{10 + n}") for n in range(1, 6)]
    new(project, *many)
    planned = plan(project, many, Wanted(), Sink(), cache=False)
    assert not isinstance(planned, str)
    assert (planned.cases, planned.additions, planned.known) == ((), (), 5)


@pytest.mark.parametrize("there", ["lamp.md", "lamp/notes.txt", "lamp.lock.json", "gone-link.md"])
def test_nothing_is_written_over(project, wiki, logs, there):
    cases = wiki / "content/cases"
    slug = there.partition(".")[0].partition("/")[0]
    path = cases / there
    if "link" in there:
        path.symlink_to("nowhere")
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    made, said = new(project, found(logs["null"]), slug=slug)
    assert made == []
    assert "already" in said[0]
    assert sorted(one.name for one in cases.iterdir()) == [path.relative_to(cases).parts[0]]


def test_a_long_log_stands_beside_its_case_byte_for_byte(project, wiki, logs):
    noise = b"".join(b"[    0.000001] \xff line %d\r\n" % number for number in range(200))
    data = noise + logs["null"].encode()
    ((_, made),), _ = new(project, Found("/x/serial 1.txt", "serial 1.txt", data))
    folder = (wiki / made.file).parent
    assert made.file == "content/cases/null-pointer-dereference-in-desk-lamp-status/index.md"
    assert (folder / "serial-1.txt").read_bytes() == data
    assert (folder / f"{folder.name}.lock.json").is_file()
    assert "```{panic}\n:file: serial-1.txt\n```\n" in (wiki / made.file).read_text()
    assert problems(project) == []


@pytest.mark.parametrize(
    "extra",
    [
        "```\n---\n",
        ":id: x\n",
        "    indented\n",
        "\t\n",
        "\n\n",
        "a\x0cb\n",
        "x\u2028y\n",
        "é `````` \n",
    ],
)
def test_a_log_is_kept_as_it_is_whatever_stands_in_it(project, wiki, logs, extra):
    text = extra + logs["null"] + extra
    ((_, made),), _ = new(project, found(text))
    document = read_document(
        made.file.removeprefix("content/"),
        folder=project.content,
        root=project.root,
        sink=Sink(),
        find_panics=find_panics,
    )
    assert document is not None
    assert [log.text for log in document.logs] == [text]
    assert problems(project) == []


LINES = st.lists(
    st.one_of(
        st.sampled_from(["```", "````{panic}", ":::", ":id: x", "---", "~~~", "<!--", "", "\t"]),
        st.text(
            st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n\0"), max_size=20
        ),
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(LINES, st.text(max_size=60))
def test_what_stands_inside_a_case_is_read_back(tmp_path, lines, title):
    log = DraftLog(
        "".join(f"{line}\n" for line in lines).encode(), "a.log", id="one", day="2026-11-23"
    )
    draft = Draft(
        FrontMatter(title=" ".join(title.encode("utf-8", "replace").decode().split())),
        "x",
        (log,),
        (),
    )
    if not fits_inside(draft.logs):
        return
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases/a.md").write_bytes(render(draft, inside=True).encode())
    sink = Sink()
    document = read_document(
        "cases/a.md", folder=tmp_path, root=tmp_path, sink=sink, find_panics=find_panics
    )
    assert sink.found() == ()
    assert document is not None
    assert document.front == draft.front
    assert [(one.text, one.id, one.date) for one in document.logs] == [
        (log.text, "one", "2026-11-23")
    ]


def test_logs_of_one_crash_become_one_case(project, wiki, logs):
    texts = [logs["null"].replace("0.0000", f"{second}.0000") for second in (3, 4, 5)]
    days = ("2026-11-24", "", "2026-11-23")
    given_logs = [
        found(text, f"{n}.log", day) for n, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    ((planned, made),), _ = new(project, *given_logs)
    assert [log.found.name for log in planned.seen] == ["/logs/2.log", "/logs/0.log", "/logs/1.log"]
    text = (wiki / made.file).read_text()
    assert "```{panic}\n:file: 2.log\n:id: report-1\n:date: 2026-11-23\n```\n" in text
    assert "```{panic}\n:file: 1.log\n:id: report-3\n```\n" in text
    assert "date: 2026-11-23\n" in text
    assert "Seen 3 times." in text
    assert problems(project) == []


def test_a_log_that_can_be_decoded_leads_its_case(project, wiki, logs):
    other = later(logs["null"]).replace("6.1.0-sitegen", "5.10.0-other")
    given_logs = (found(other, "a.log", "2026-11-22"), found(logs["null"], "b.log", "2026-11-23"))
    ((planned, made),), _ = new(project, *given_logs)
    assert [log.file for log in planned.logs] == ["b.log", "a.log"]
    text = (wiki / made.file).read_text()
    assert "`desk_lamp_status` (`drivers/misc/lamp.c:62`)" in text
    assert "\ndate: 2026-11-22\n" in text


def test_logs_of_several_crashes_become_a_case_each(project, logs):
    made, _ = new(project, *(found(text, f"{name}.log") for name, text in logs.items()))
    assert len(made) == len(logs)
    assert problems(project) == []


def test_together_they_become_one(project, logs):
    made, _ = new(
        project, found(logs["null"], "a.log"), found(logs["warn"], "a.log"), together=True
    )
    ((planned, _),) = made
    assert [log.file for log in planned.logs] == ["a.log", "a-2.log"]
    assert problems(project) == []


def test_a_name_for_several_crashes_is_refused(project, logs):
    made, said = new(project, found(logs["null"]), found(logs["warn"]), slug="lamp")
    assert made == []
    assert "with --together they become one" in said[0]


def test_one_event_in_several_files_counts_once(project, logs):
    cut = "".join(logs["null"].splitlines(keepends=True)[4:40])
    made, said = new(project, found(cut, "oops.txt", "2026-11-23"), found(logs["null"]))
    ((planned, _),) = made
    assert [log.found.name for log in planned.seen] == ["/logs/panic.log"]
    assert planned.day == "2026-11-23"
    assert "of the same moment" in said[0]


def test_two_days_are_two_events(project, logs):
    days = ("2026-11-22", "2026-11-23", "2026-11-23")
    made, said = new(project, *(found(logs["null"], f"{n}.log", day) for n, day in enumerate(days)))
    ((planned, _),) = made
    assert [log.day for log in planned.seen] == ["2026-11-22", "2026-11-23"]
    assert len(said) == 1


def test_very_many_logs_of_a_crash_are_counted_as_occurrences(project, wiki, logs, monkeypatch):
    monkeypatch.setattr(plans, "MOST_LOGS", 2)
    many = [
        found(
            logs["null"].replace("0.0000", f"{n}.0000"),
            f"{n}.log",
            f"2026-11-{10 + n}" if n < 5 else "",
        )
        for n in range(1, 7)
    ]
    ((planned, made),), _ = new(project, *many)
    assert (len(planned.logs), len(planned.occurrences), planned.uncounted) == (2, 2, 2)
    assert "  - {date: 2026-11-13, kernel: 6.1.0-sitegen}\n" in (wiki / made.file).read_text()
    assert problems(project) == []


def test_a_very_long_log_is_cut_to_its_reports(project, wiki, logs):
    noise = "".join(f"[    0.{number:06}] lamp: tick {number}\n" for number in range(8000))
    ((planned, made),), _ = new(
        project, found(logs["null"].split("\n")[0] + "\n" + noise + logs["null"] + noise)
    )
    (left,) = planned.left_out
    assert left > 15_000
    text = ((wiki / made.file).parent / planned.logs[0].file).read_text()
    assert "lines left out ..." in text
    assert "Linux version 6.1.0-sitegen" in text
    assert "lamp: tick 7999\n" in text
    assert len(text.splitlines()) < 400
    assert problems(project) == []


@pytest.mark.parametrize("text", ["hello\n", "[    0.1] all is well\n"])
def test_a_log_without_a_crash_is_refused(project, text):
    made, said = new(project, found(text))
    assert made == []
    assert "no crash report in it" in said[0]
    assert "hint: give the part that begins with the crash's first line" in said[0]


def test_a_kernel_is_named_by_the_author(project, wiki, logs):
    log = logs["null"].replace("6.1.0-sitegen", "6.1.0-other")
    ((_, made),), _ = new(project, found(log), kernel="6.1.0-sitegen")
    assert made.evidence.logs[0].provenance.missing == ""
    assert "kernel: 6.1.0-sitegen\n" in (wiki / made.file).read_text()


def test_a_folder_that_cannot_be_written_is_told(project, wiki, logs):
    cases = wiki / "content/cases"
    cases.rmdir()
    cases.write_text("a file")
    made, said = new(project, found(logs["null"]))
    assert made == []
    assert "cannot write 'content/cases'" in said[0]


def test_files_have_the_modes_that_new_files_have(project, wiki, logs):
    ((_, made),), _ = new(project, found("x\n" * 200 + logs["null"]))
    mask = os.umask(0)
    os.umask(mask)
    path = wiki / made.file
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    assert path.parent.stat().st_mode & 0o777 == 0o777 & ~mask


def test_a_folder_with_dumps_is_read(project, tmp_path, logs):
    for name, text in logs.items():
        (tmp_path / "crash" / name).mkdir(parents=True)
        (tmp_path / "crash" / name / "vmcore-dmesg.txt").write_text(text)
    (tmp_path / "crash" / "notes.txt").write_text("WARNING: nothing here\n")
    (tmp_path / "crash" / "dmesg-efi-179543053101001.enc.z").write_bytes(b"x")
    sink = Sink()
    read = find_logs("crash", tmp_path / "crash", sink)
    assert [log.name for log in read] == [f"crash/{name}/vmcore-dmesg.txt" for name in logs]
    assert [one.code.id for one in sink] == ["G017", "G019"]


def test_what_is_left_out_of_a_folder_is_named(tmp_path, logs):
    folder = tmp_path / "crash"
    folder.mkdir()
    (folder / "a.log").write_text(logs["null"])
    for name in ("readme.txt", "vmcore", "empty.txt", "x.png", "y.txt", "z.txt"):
        (folder / name).write_text("" if name == "empty.txt" else "all is well\n")
    (folder / "link.log").symlink_to(folder / "a.log")
    sink = Sink()
    assert [log.name for log in find_logs("crash", folder, sink)] == ["crash/a.log"]
    (said,) = map(as_text, sink)
    assert said == (
        "note[G019]: 7 files without a crash left out: 'crash/empty.txt', 'crash/link.log',"
        " 'crash/readme.txt', 'crash/vmcore', 'crash/x.png' and 2 more"
    )


POISONED = """\
[    2.381903] pagealloc: memory corruption
[    2.381938] 00000000a1b2c3d4: aa aa aa 41 aa aa aa aa aa aa aa aa aa aa aa aa  ...A............
[    2.381966] CPU: 0 PID: 1 Comm: init Not tainted 6.1.0-sitegen #1
[    2.381988] Call Trace:
[    2.381999]  <TASK>
[    2.382010]  lamp_read+0x2a/0x90
[    2.382020]  vfs_read+0x4e/0x90
[    2.382030]  </TASK>
"""


def test_a_folder_gives_what_its_files_give_by_name(project, tmp_path):
    (tmp_path / "crash").mkdir()
    path = tmp_path / "crash" / "poison.log"
    path.write_text(POISONED)
    sink = Sink()
    assert find_logs("crash", path.parent, sink)[0].data == find_logs("x", path, sink)[0].data
    ((planned, _),), _ = new(project, *find_logs("crash", path.parent, sink))
    assert planned.title == "pagealloc: memory corruption"
    assert sink.found() == ()


@pytest.mark.parametrize(
    "wanted", [{"slug": "../x"}, {"slug": "index"}, {"day": "tomorrow"}, {"day": "2026-02-30"}]
)
def test_wishes_that_make_no_sense_are_told(wanted):
    assert Wanted(**wanted).problem()


def test_the_questions_are_about_kinds_that_exist():
    kinds = {kind.key for kind in KINDS}
    assert QUESTIONS.keys() <= kinds
    assert kinds >= HARDWARE | NOTICED


def test_who_found_the_damage_is_not_blamed():
    facts = Facts(kind="slub", label="Slab corruption", function="lamp_free", chain=True)
    assert summary(facts) == "Slab corruption noticed in `lamp_free`."
    (analysis,) = (part.text for part in skeleton(facts) if part.heading == "Analysis")
    assert "this is where it was noticed" in analysis
    assert "what is wrong in this function" not in analysis


def test_a_function_that_is_inlined_is_named_with_the_one_that_the_log_names():
    log = parse(
        "BUG: kernel NULL pointer dereference, address: 0000000000000028\n"
        "RIP: 0010:lamp_show+0x12/0x20\n"
    )
    calls = (Call("lamp_watts", "lamp.c", 3, inlined=True), Call("lamp_show", "lamp.c", 9))
    pc = TraceFrame(line=2, symbol="lamp_show", reliable=True, calls=calls)
    chain = (
        ChainStep("lamp_show", "lamp.c", 9, log_line=2),
        ChainStep("lamp_watts", "lamp.c", 3, inlined=True, log_line=2),
    )
    entry = LogEvidence(
        "panic-1", "", reports=(ReportEvidence("x", crash=True, pc=pc, chain=chain),)
    )
    facts = facts_of([log], Evidence(1, (entry,)))
    assert "in `lamp_watts`, inlined in `lamp_show` (`lamp.c:3`)" in summary(facts)


def test_nothing_is_left_behind_where_making_a_case_fails(project, wiki, logs, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fail)
    made, said = new(project, found("x\n" * 200 + logs["null"]))
    assert made == []
    assert "no space left on device" in said[0]
    assert list((wiki / "content/cases").iterdir()) == []
