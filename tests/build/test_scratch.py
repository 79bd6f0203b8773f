"""Folders for sites that nobody publishes."""

import pytest

from sitegen.build.scratch import scratch_folder


def test_a_folder_is_nobody_elses_meanwhile_and_kept_for_the_next_time(tmp_path) -> None:
    with scratch_folder(tmp_path, "serve", "wiki") as first:
        with scratch_folder(tmp_path, "serve", "wiki") as second:
            assert second != first
            assert not second.is_relative_to(tmp_path)
        with scratch_folder(tmp_path, "serve", "other") as third:
            assert third.is_relative_to(tmp_path)
        with scratch_folder(tmp_path, "check", "wiki") as fourth:
            assert fourth.is_relative_to(tmp_path)
        assert len({first, third, fourth}) == 3
    with scratch_folder(tmp_path, "serve", "wiki") as again:
        assert again == first


def test_without_a_cache_it_goes_again() -> None:
    with scratch_folder(None, "check") as folder:
        folder.mkdir()
        (folder / "index.html").write_text("")
    assert not folder.parent.exists()


def test_what_goes_wrong_inside_is_not_taken_for_a_busy_folder(tmp_path) -> None:
    with pytest.raises(BlockingIOError), scratch_folder(tmp_path, "serve", "wiki"):
        raise BlockingIOError
