from pathlib import Path

import pytest

from sitegen.build import publish as publish_module
from sitegen.build.manifest import MANIFEST
from sitegen.build.publish import Publication, PublishError, open_publication
from sitegen.diagnostics import Sink, as_text
from sitegen.project import Project


def project(root: Path, output: str = "site") -> Project:
    (root / "content").mkdir(exist_ok=True)
    return Project(
        root=root,
        config="sitegen.toml",
        title="Wiki",
        content=root / "content",
        output=root / output,
    )


def opened(root: Path) -> Publication:
    publication = open_publication(project(root), Sink())
    assert publication is not None
    return publication


def publish(root: Path, **files: str):
    publication = opened(root)
    try:
        for path, text in files.items():
            publication.stage(path.replace("__", "/"), text.encode())
        return publication.publish()
    finally:
        publication.close()


def files(root: Path) -> dict[str, str]:
    site = root / "site"
    return {
        path.relative_to(site).as_posix(): path.read_text()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def test_what_is_staged_is_published(tmp_path):
    outcome = publish(tmp_path, a="1", b__c="2")

    assert outcome.written == ("a", "b/c")
    assert files(tmp_path) == {"a": "1", "b/c": "2"}


def test_a_second_build_writes_nothing(tmp_path):
    publish(tmp_path, a="1", b__c="2")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}

    outcome = publish(tmp_path, a="1", b__c="2")

    assert outcome == ((), (), 2)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")} == before


def test_a_file_changed_by_hand_is_written_again(tmp_path):
    publish(tmp_path, a="1")
    (tmp_path / "site/a").write_text("x")

    assert publish(tmp_path, a="1").written == ("a",)
    assert files(tmp_path) == {"a": "1"}


def test_what_is_no_longer_made_is_removed_with_its_folder(tmp_path):
    publish(tmp_path, a="1", b__c__d="2")

    outcome = publish(tmp_path, a="1")

    assert outcome.removed == ("b/c/d",)
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [MANIFEST, "a"]


def test_files_of_others_are_left_alone(tmp_path):
    publish(tmp_path, a="1")
    (tmp_path / "site/CNAME").write_text("crash.example")

    publish(tmp_path, b="1")

    assert files(tmp_path) == {"CNAME": "crash.example", "b": "1"}


def test_a_file_may_become_a_folder_and_a_folder_a_file(tmp_path):
    publish(tmp_path, a="1", b__c="2")

    publish(tmp_path, a__b="1", b="2")

    assert files(tmp_path) == {"a/b": "1", "b": "2"}


def test_nothing_is_seen_before_it_is_published(tmp_path):
    publish(tmp_path, a="1")
    publication = opened(tmp_path)

    publication.stage("a", b"2")
    publication.stage("b", b"3")

    assert files(tmp_path).items() >= {"a": "1"}.items()
    assert not (tmp_path / "site/b").exists()
    publication.close()
    assert files(tmp_path) == {"a": "1"}


def test_what_a_killed_build_staged_is_cleared(tmp_path):
    publish(tmp_path)
    (tmp_path / "site/.staging").mkdir()
    (tmp_path / "site/.staging/0").write_text("half")

    publish(tmp_path, b="1")

    assert files(tmp_path) == {"b": "1"}
    assert not (tmp_path / "site/.staging").exists()


def test_a_page_that_failed_keeps_its_last_version(tmp_path):
    publish(tmp_path, a="1", b="1")
    publication = opened(tmp_path)
    publication.stage("a", b"2")
    publication.keep(["b", "never-there"])

    publication.publish()
    publication.close()

    assert files(tmp_path) == {"a": "2", "b": "1"}
    assert publish(tmp_path, a="2").removed == ("b",)


def test_a_manifest_cannot_reach_outside_the_site(tmp_path):
    (tmp_path / "precious").write_text("x")
    publish(tmp_path, a="1")
    manifest = tmp_path / "site" / MANIFEST
    manifest.write_text('{"files": {"../precious": "00", "/etc/hostname": "00", "link/x": "00"}}')
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x").write_text("x")
    (tmp_path / "site/link").symlink_to(tmp_path / "elsewhere")

    publish(tmp_path, a="1")

    assert (tmp_path / "precious").exists()
    assert (tmp_path / "elsewhere/x").exists()


def test_a_link_inside_the_site_is_not_written_through(tmp_path):
    publish(tmp_path, a="1")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site/b").symlink_to(tmp_path / "elsewhere")

    publish(tmp_path, a="1", b__c="2")

    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert files(tmp_path) == {"a": "1", "b/c": "2"}


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (".", "would hold the project itself"),
        ("..", "would hold the project itself"),
        ("content", "would hold the project itself"),
        ("content/site", "lies inside the content"),
        ("taken", "holds files that sitegen did not write"),
        ("file", "is a file"),
    ],
)
def test_a_folder_that_is_not_ours_is_refused(tmp_path, output, reason):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/thesis.tex").write_text("x")
    (tmp_path / "file").write_text("x")
    sink = Sink()

    assert open_publication(project(tmp_path, output), sink) is None
    (text,) = map(as_text, sink)
    assert "error[G007]" in text
    assert reason in text


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "site").mkdir()

    publish(tmp_path, a="1")

    assert files(tmp_path) == {"a": "1"}


def test_a_folder_that_cannot_be_written_is_refused_with_its_reason(tmp_path):
    sink = Sink()

    assert open_publication(project(tmp_path, "/proc/nowhere"), sink) is None
    assert "error[G006]" in as_text(next(iter(sink)))


def test_a_name_that_no_file_system_takes_is_refused_with_its_reason(tmp_path):
    sink = Sink()
    assert open_publication(project(tmp_path, "x" * 300), sink) is None
    (problem,) = sink
    assert problem.message.endswith("file name too long")


def test_a_second_build_at_the_same_time_is_refused(tmp_path):
    first = opened(tmp_path)
    sink = Sink()

    assert open_publication(project(tmp_path), sink) is None
    assert "another build is at work there" in as_text(next(iter(sink)))
    first.close()
    opened(tmp_path).close()


def test_a_link_in_place_of_the_staging_folder_is_not_written_through(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/0").write_text("precious")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/.staging").symlink_to(tmp_path / "elsewhere")

    publish(tmp_path, a="1")

    assert (tmp_path / "elsewhere/0").read_text() == "precious"


def test_a_file_that_somebody_else_changed_is_not_removed(tmp_path):
    publish(tmp_path, a="1", CNAME="2")
    (tmp_path / "site/CNAME").write_text("mine now")

    publish(tmp_path, a="1")

    assert files(tmp_path) == {"CNAME": "mine now", "a": "1"}


def test_a_publication_that_was_cut_short_leaves_a_folder_that_is_still_ours(tmp_path, monkeypatch):
    publication = opened(tmp_path)
    publication.stage("a", b"1")
    publication.stage("b", b"1")
    monkeypatch.setattr(publish_module, "_make_folder", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publication.publish()
    publication.close()
    monkeypatch.undo()

    publish(tmp_path, a="2")

    assert files(tmp_path) == {"a": "2"}


def test_a_folder_in_the_way_of_a_file_is_an_error_with_its_reason(tmp_path):
    publish(tmp_path, a="1")
    (tmp_path / "site/b").mkdir()
    (tmp_path / "site/b/note").write_text("not ours")

    with pytest.raises(PublishError, match="a folder stands in the way of 'b'"):
        publish(tmp_path, a="2", b="1")
    assert files(tmp_path) == {"a": "1", "b/note": "not ours"}
