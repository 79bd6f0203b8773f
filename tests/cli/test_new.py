"""`sitegen new`: what a terminal says."""

import io
from pathlib import Path

import pytest

from sitegen.authoring.sources import machine
from sitegen.cli.new import main

ROOT = Path(__file__).parent.parent.parent
LOG = ROOT / "content/_kernel/logs/null.log"
CASE = "content/cases/null-pointer-dereference-in-desk-lamp-status"


@pytest.fixture(autouse=True)
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wiki without kernels; the current folder."""
    folder = tmp_path / "wiki"
    (folder / "content").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Wiki"\n')
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(folder)
    return folder


def test_it_says_what_was_made_and_what_comes_next(capsys):
    assert main([str(LOG)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out == (
        f"{CASE}.md: NULL pointer dereference in desk_lamp_status\n"
        "  not decoded: no kernel 6.1.0-sitegen is configured\n"
        "  to decode it, add to the configuration:\n"
        "    [[kernels]]\n"
        '    release = "6.1.0-sitegen"\n'
        '    vmlinux = "path/to/vmlinux"\n'
        f"next: write what TODO: asks for in {CASE}.md; sitegen serve shows it meanwhile\n"
    )


def test_standard_input_is_read(monkeypatch, capsys, wiki):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LOG.read_bytes())))
    assert main(["-", "--slug", "lamp", "--title", "The lamp: dark", "--date", "2026-11-23"]) == 0
    text = (wiki / "content/cases/lamp.md").read_text()
    assert text.startswith('---\ntitle: "The lamp: dark"\ndate: 2026-11-23\n')


def test_a_dry_run_tells_and_makes_nothing(capsys, wiki):
    assert main([str(LOG), str(LOG.parent / "warn.log"), "--dry-run"]) == 0
    assert capsys.readouterr().out == (
        f"{CASE}: NULL pointer dereference in desk_lamp_status\n"
        f"  {LOG}\n"
        "content/cases/warning-refcount-bug-in-lamp-ioctl: WARNING: refcount bug in lamp_ioctl\n"
        f"  {LOG.parent / 'warn.log'}\n"
    )
    assert list((wiki / "content").iterdir()) == []


def test_a_folder_that_was_read_before_is_read_again(capsys, wiki, tmp_path):
    crash = tmp_path / "crash"
    crash.mkdir()
    (crash / "a.log").write_bytes(LOG.read_bytes())
    (crash / "w.log").write_bytes((LOG.parent / "warn.log").read_bytes())
    assert main([str(crash)]) == 0
    (crash / "b.log").write_text(LOG.read_text().replace("[    0.0000", "[    7.0000"))
    capsys.readouterr()
    assert main([str(crash)]) == 0
    out, err = capsys.readouterr()
    assert err == f"note[G019]: 2 logs known already: '{crash}/a.log', '{crash}/w.log'\n"
    assert out == (
        f"{CASE}.md: has no '{crash}/b.log', a log of the same crash\n"
        f"  copy it to {CASE}-b.log, and put below the other logs:\n"
        "    ```{panic}\n"
        f"    :file: {Path(CASE).name}-b.log\n"
        "    ```\n"
        "  --add does this; --slug makes another case of one\n"
    )
    assert main([str(crash), "--add"]) == 0
    assert capsys.readouterr().out == (
        f"{CASE}.md: '{crash}/b.log' added as {Path(CASE).name}-b.log\n"
        "next: sitegen build decodes what was added\n"
    )
    assert main([str(crash)]) == 0
    assert "3 logs known already" in capsys.readouterr().err


def test_the_wiki_may_be_elsewhere(monkeypatch, tmp_path, wiki):
    monkeypatch.chdir(tmp_path)
    assert main([str(LOG), "--wiki", "wiki", "--quiet"]) == 0
    assert (wiki / f"{CASE}.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no log given"),
        (["x.log", "--slug", "a/b"], "'a/b' is no name for a case"),
        (["x.log", "--date", "today"], "'today' is no date"),
    ],
)
def test_wrong_usage_is_told(capsys, arguments, message):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.log"], "'gone.log': no such file or directory"),
        (["sitegen.toml"], "'sitegen.toml': no crash report in it"),
        (["content"], "'content': no log in this folder"),
    ],
)
def test_what_is_no_log_is_refused(capsys, arguments, message):
    assert main(arguments) == 1
    assert f"error[G016]: {message}" in capsys.readouterr().err


def test_this_machines_log_is_cut_to_its_crash(monkeypatch, capsys, wiki):
    text = LOG.read_text().splitlines()
    quiet = [f"[    0.000001] tick {number}" for number in range(500)]
    records = [f"6,1,{n},-;{line[15:]}\n".encode() for n, line in enumerate(quiet + text)]
    monkeypatch.setattr(machine, "_records", lambda: records)
    assert main(["--from-dmesg"]) == 0
    assert "lines far from any report left out" in capsys.readouterr().out
    (log,) = wiki.glob("content/cases/*/dmesg.log")
    assert len(log.read_text().splitlines()) < 300


def test_a_machine_that_keeps_its_log_to_itself_gives_a_hint(monkeypatch, capsys):
    def deny():
        raise PermissionError(13, "denied")

    monkeypatch.setattr(machine, "_records", deny)
    assert main(["--from-dmesg"]) == 1
    assert "sudo dmesg | sitegen new -" in capsys.readouterr().err


def test_without_a_wiki_it_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wiki/sitegen.toml").unlink()
    assert main([str(LOG)]) == 2
    assert "no sitegen.toml here" in capsys.readouterr().err
