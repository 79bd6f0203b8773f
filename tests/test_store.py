import pytest

from sitegen.store import Store, code_version, digest, write_atomically


def test_a_value_is_remembered(tmp_path):
    key = digest("stage", b"input")

    Store(tmp_path).put(key, "value")

    assert Store(tmp_path).find(str, key) == "value"


def test_a_store_without_a_folder_remembers_nothing():
    store = Store(None)
    store.put("ab" * 20, "value")

    assert store.find(str, "ab" * 20) is None


def test_borders_between_parts_count():
    assert digest("ab", "c") != digest("a", "bc")


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:21] + b"x"]
)
def test_a_damaged_entry_is_forgotten(tmp_path, damage):
    key = digest("x")
    Store(tmp_path).put(key, "value")
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    entry.write_bytes(damage(entry.read_bytes()))

    assert Store(tmp_path).find(str, key) is None


def test_an_entry_of_another_type_is_forgotten(tmp_path):
    key = digest("x")
    Store(tmp_path).put(key, "value")

    assert Store(tmp_path).find(int, key) is None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "memo").write_text("a file where the folder should be")

    store = Store(tmp_path)
    store.put(digest("x"), "value")

    assert store.find(str, digest("x")) is None


def test_an_atomic_write_leaves_no_other_file(tmp_path):
    write_atomically(tmp_path / "a", b"1")
    write_atomically(tmp_path / "a", b"2")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"2")]


def test_the_code_version_is_stable():
    assert code_version() == code_version()
