"""The cases that a log may be like, read from content and locks."""

from pathlib import Path

import pytest

from sitegen.build import known
from sitegen.build.known import known_cases
from sitegen.crash import lockfile
from sitegen.crash.log import parse
from sitegen.crash.similar import Known, fingerprint
from sitegen.diagnostics import Sink
from sitegen.model import Evidence, KnownCase, LogEvidence, ReportEvidence
from sitegen.project import Project, read_project
from sitegen.web.content import read_content
from sitegen.web.markdown import find_panics

ROOT = Path(__file__).parents[2]

LOG = """\
[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] RIP: 0010:{crash}+0x1b/0x30 [lamp]
[    1.0] Call Trace:
[    1.0]  lamp_write+0x6b/0xb0 [lamp]
[    1.0]  vfs_write+0xc7/0x3f0
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "sitegen.toml").write_text('title = "Notes"\n')
    cases = tmp_path / "content/cases"
    cases.mkdir(parents=True)
    (tmp_path / "content/about.md").write_text("# About\n")
    log = LOG.format(crash="lamp_set")
    (cases / "lamp.md").write_text(f"---\nstatus: fixed\n---\n\n```panic\n{log}```\n")
    (cases / "draft.md").write_text(f"---\ndraft: true\n---\n\n```panic\n{log}```\n")
    (cases / "fan").mkdir()
    (cases / "fan/panic.log").write_text(LOG.format(crash="fan_spin"))
    (cases / "fan/index.md").write_text("# The fan\n\n```{panic}\n:file: panic.log\n```\n")
    found = read_project(tmp_path, Sink())
    assert found is not None
    return found


def by_slug(cases: tuple[KnownCase, ...]) -> dict[str, KnownCase]:
    return {case.slug: case for case in cases}


def test_cases_have_a_title_a_status_and_what_each_log_is_compared_by(project: Project) -> None:
    cases = known_cases(project, None)
    assert [case.slug for case in cases] == ["fan", "lamp"]
    fan, lamp = cases
    assert (fan.url, fan.title, fan.status) == ("cases/fan/", "The fan", "open")
    assert lamp.title == "BUG: unable to handle kernel NULL pointer dereference in lamp_set"
    assert lamp.status == "fixed"
    assert [one.frames for one in lamp.prints] == [("lamp_set", "lamp_write", "vfs_write")]
    assert [one.function for one in fan.prints] == ["fan_spin"]


def test_a_fresh_lock_is_used_and_a_stale_one_is_not(project: Project) -> None:
    report = ReportEvidence(title="told by the lock", crash=True)
    fresh = LogEvidence("panic-1", sha256_of(LOG.format(crash="lamp_set")), reports=(report,))
    stale = LogEvidence("panic-1", "0" * 64, reports=(report,))
    lock = project.content / "cases/lamp.lock.json"
    lock.write_bytes(lockfile.encode(Evidence(lockfile.SCHEMA, (fresh,))))
    assert by_slug(known_cases(project, None))["lamp"].prints[0].title == "told by the lock"
    lock.write_bytes(lockfile.encode(Evidence(lockfile.SCHEMA, (stale,))))
    assert by_slug(known_cases(project, None))["lamp"].prints[0].title.startswith("BUG: ")


def sha256_of(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def test_what_was_read_is_remembered_until_a_file_changes(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = known_cases(project, cache)
    with monkeypatch.context() as patch:
        patch.setattr(known, "_read", lambda _: pytest.fail("read again"))
        assert known_cases(project, cache) == first
    (project.content / "cases/fan/panic.log").write_text(LOG.format(crash="fan_stop"))
    assert by_slug(known_cases(project, cache))["fan"].prints[0].function == "fan_stop"
    (project.content / "cases/lamp.md").unlink()
    assert [case.slug for case in known_cases(project, cache)] == ["fan"]


def test_a_project_without_content_knows_no_case(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text("")
    project = read_project(tmp_path, Sink())
    assert project is not None
    assert known_cases(project, tmp_path / "cache") == ()


def test_every_log_of_the_example_wiki_finds_its_own_decoded_case_by_each_frame() -> None:
    project = read_project(ROOT, Sink())
    assert project is not None
    cases = known_cases(project, None)
    ranking = Known((case.slug, case.prints) for case in cases)
    for document in read_content(project.content, ROOT, Sink(), find_panics=find_panics):
        for log in document.logs if document.kind == "case" else ():
            asked = fingerprint(parse(log.text))
            if asked.frames:
                best, *others = ranking.rank(asked)
                # Two cases may be of one crash.
                (own,) = (one for one in (best, *others) if one.key == document.slug)
                assert (own.score, own.shared) == (best.score, asked.frames)


def test_a_log_that_was_not_there_is_found_when_it_comes(project: Project, tmp_path: Path) -> None:
    log = tmp_path / "content/cases/fan/panic.log"
    text = log.read_text()
    log.unlink()
    cache = tmp_path / "cache"
    assert by_slug(known_cases(project, cache))["fan"].prints == ()
    log.write_text(text)
    assert by_slug(known_cases(project, cache))["fan"].prints[0].function == "fan_spin"
