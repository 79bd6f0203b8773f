"""The import contracts of pyproject.toml hold."""

from pathlib import Path

from importlinter import api  # noqa: F401  reason: fails here, with a clear name, when it is missing
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent


def test_import_contracts_hold(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    code = lint_imports(no_cache=True)

    assert code == 0, capsys.readouterr().out
