"""`sitegen import`: what a terminal says."""

import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from sitegen.cli.importing import main
from sitegen.cli.new import main as new_main

ROOT = Path(__file__).parent.parent.parent
LOG = ROOT / "content/_kernel/logs/null.log"
MAIL = """\
From: Ada <ada@example.org>
Subject: lamp
Date: Mon, 23 Nov 2026 10:42:11 +0100

"""


@pytest.fixture(autouse=True)
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wiki without kernels; the current folder."""
    (tmp_path / "content").mkdir()
    (tmp_path / "sitegen.toml").write_text('title = "Wiki"\n')
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_mail_is_made_a_case(capsys, wiki):
    Path("lamp.eml").write_text(MAIL + LOG.read_text())
    assert main(["lamp.eml", "--slug", "lamp"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("content/cases/lamp.md: NULL pointer dereference in desk_lamp_status\n")
    assert (wiki / "content/cases/lamp.md").is_file()


def test_a_mail_makes_the_same_case_whatever_reads_it(wiki):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ada <ada@example.org>", "lamp"
    mail.set_content(LOG.read_text(), cte="base64")
    Path("mail.eml").write_bytes(mail.as_bytes())
    titles = []
    for verb in (main, new_main):
        assert verb(["mail.eml"]) == 0
        (case,) = (wiki / "content/cases").glob("*.md")
        titles.append(re.search("^title: .*", case.read_text(), re.MULTILINE)[0])
        for path in (wiki / "content/cases").iterdir():
            path.unlink()
    assert titles[0] == titles[1]


def test_an_export_is_made_a_case_with_the_log_beside_it(capsys, wiki):
    Path("bug.json").write_text(
        json.dumps({"title": "WARNING in lamp", "id": "0" * 40, "crashes": [{}]})
    )
    assert main(["bug.json", "--log", str(LOG)]) == 0
    assert "content/cases/warning-in-lamp.md: WARNING in lamp\n" in capsys.readouterr().out
    assert "```panic\n" in (wiki / "content/cases/warning-in-lamp.md").read_text()


def test_an_export_without_its_log_says_where_to_get_it(capsys, wiki):
    Path("bug.json").write_text(
        json.dumps(
            {
                "title": "WARNING in lamp",
                "id": "0" * 40,
                "crashes": [{"crash-report-link": "/text?tag=CrashReport&x=1"}],
            }
        )
    )
    assert main(["bug.json"]) == 0
    assert (
        "the log is not in the export; it is at https://syzkaller.appspot.com/text?tag=CrashReport&x=1"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.log", LOG.read_text(), "a plain log is for sitegen new"),
        ("a.json", "{}", "not a bug of a syzbot dashboard"),
        ("a.eml", MAIL + "hello\n", "no crash report in the mail"),
        ("a.eml", "", "empty"),
    ],
)
def test_what_is_not_understood_is_refused(capsys, name, text, message, wiki):
    Path(name).write_text(text)
    assert main([name]) == 1
    assert message in capsys.readouterr().err
    assert list((wiki / "content").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["."], "'.' is a folder"),
        (["a.eml", "--date", "x"], "'x' is no date"),
        ([], "missing argument"),
    ],
)
def test_wrong_usage_is_told(capsys, arguments, message):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
