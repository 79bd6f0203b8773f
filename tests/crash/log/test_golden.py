"""Each file of tests/logs is a log with what it is parsed to above it."""

from pathlib import Path

import pytest

from tests.crash.log.golden import FOLDER, describe_text, paths, read_golden, write_golden


@pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_golden_log_is_parsed_to_its_headers(path: Path, update: bool) -> None:
    golden = read_golden(path)
    found = describe_text(golden.text)
    if update:
        write_golden(golden, found)
    else:
        assert found == list(golden.headers)
