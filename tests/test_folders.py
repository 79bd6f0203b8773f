"""One folder for all caches."""

import pytest

from sitegen.crash.symbols.cache import Cache, Identity
from sitegen.folders import cache_folder
from sitegen.store import default_folder


def test_the_cache_lies_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert cache_folder() == str(tmp_path / "sitegen")
    assert default_folder() == tmp_path / "sitegen"
    assert Cache().place(Identity("ab", "", ""), "index").startswith(f"{tmp_path}/sitegen/images/")


@pytest.mark.parametrize("value", ["", "relative/cache"])
def test_without_an_absolute_folder_it_lies_in_the_home(value, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert cache_folder() == str(tmp_path / ".cache" / "sitegen")


def test_without_a_home_nothing_is_kept(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)

    assert cache_folder() == ""
    assert default_folder() is None
    assert Cache().place(Identity("ab", "", ""), "index") == ""
