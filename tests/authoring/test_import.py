"""Bugs of syzbot's and mails -> cases."""

import base64
import json
import quopri
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.authoring.grouping import read_found
from sitegen.authoring.imported import Imported
from sitegen.authoring.importing import finish_import, plan_import, read_import
from sitegen.authoring.mail import is_mail, messages, read_mails, read_thread
from sitegen.authoring.new import Wanted, make
from sitegen.authoring.sources import Found, Refused
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.model import to_plain

BUG = {
    "version": 1,
    "title": "BUG: unable to handle kernel NULL pointer dereference in desk_lamp_status",
    "display-title": "BUG: unable to handle kernel NULL pointer dereference in desk_lamp_status",
    "id": "0123456789abcdef0123456789abcdef01234567",
    "status": "fixed on 2026/11/23 10:00",
    "first-crash": "2026-10-01T08:00:00Z",
    "last-crash": "2026-11-20T08:00:00Z",
    "fix-time": "2026-11-23T10:00:00Z",
    "close-time": None,
    "fix-commits": [
        {
            "title": "lamp: look for a *bulb*",
            "link": "https://git.example/commit/?id=89abcdef",
            "hash": "89abcdef0123456789abcdef0123456789abcdef",
        }
    ],
    "cause-commit": {"title": "lamp: sockets", "hash": "76543210fedc"},
    "discussions": [
        "https://lore.kernel.org/all/000000000000a@example/T/",
        "https://syzkaller.appspot.com/bug?extid=0123456789abcdef0123",
        "javascript:alert(1)",
        7,
    ],
    "crashes": [
        {
            "title": "BUG: unable to handle",
            "syz-reproducer": "/text?tag=ReproSyz&x=1",
            "c-reproducer": "/text?tag=ReproC&x=2",
            "kernel-config": "/text?tag=KernelConfig&x=3",
            "kernel-source-git": "https://git.example/linux/log/?id=0123",
            "kernel-source-commit": "0123456789abcdef",
            "compiler-description": "gcc | clang",
            "architecture": "amd64",
            "crash-report-link": "/text?tag=CrashReport&x=4",
        },
        "no crash",
        {"kernel-source-git": "//evil.example/", "crash-report-link": "https://a b"},
    ],
}


def told_of(data: bytes, name: str = "file") -> tuple[Imported | None, list[str]]:
    sink = Sink()
    return read_import(Found(name, name, data), sink), [as_text(one) for one in sink]


def case(project, told: Imported, **wanted) -> str:
    """The case that is made, which builds without an error."""
    sink = Sink()
    plan = plan_import(project, told, Wanted(**wanted), sink)
    assert plan is not None
    ((_, made),) = make(project, [plan], sink, cache=False, finish=finish_import(told))
    build(project, Options(jobs=1), sink)
    allowed = {"M008"} if told.log is None else set()
    assert [
        as_text(one) for one in sink if one.severity != "note" and one.code.id not in allowed
    ] == []
    return (project.root / made.file).read_text()


# --- syzbot ------------------------------------------------------------------------------------


def test_a_bug_of_syzbots_becomes_a_case(project):
    told, said = told_of(json.dumps(BUG).encode())
    assert said == []
    assert told is not None
    text = case(project, told)
    assert text.startswith(
        "---\n"
        "title: NULL pointer dereference in desk_lamp_status\n"
        "date: 2026-10-01\n"
        "status: fixed\n"
        "repro: C\n"
        "fixes:\n"
        '  introduced: "76543210fedc"\n'
        '  fixed: "89abcdef0123456789abcdef0123456789abcdef"\n'
        '  syzbot: "0123456789abcdef0123"\n'
        "  reported-by:\n"
        "    - syzbot\n"
        "  links:\n"
        '    - "https://syzkaller.appspot.com/bug?id=0123456789abcdef0123456789abcdef01234567"\n'
        '    - "https://lore.kernel.org/all/000000000000a@example/T/"\n'
        '    - "https://syzkaller.appspot.com/bug?extid=0123456789abcdef0123"\n'
        "occurrences:\n"
        "  - {date: 2026-10-01}\n"
        "  - {date: 2026-11-20}\n"
    )
    assert "TODO: the log is not part of the export." in text
    assert "<https://syzkaller.appspot.com/text?tag=CrashReport&x=4>" in text
    assert r"Fixed by [lamp: look for a \*bulb\*](https://git.example/commit/?id=89abcdef)." in text
    assert r"gcc \| clang amd64" in text
    assert "evil.example" not in text
    assert "| 2026-11-23 | closed |" in text


def test_its_log_is_put_into_the_case(project, logs):
    told, _ = told_of(json.dumps(BUG).encode())
    assert told is not None
    text = case(project, told._replace(log=Found("r.txt", "r.txt", logs["null"].encode())))
    assert ":::{frame} desk_lamp_status" in text
    assert "the log is not part of" not in text
    assert "date: 2026-10-01" in text


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("upstream: reported C repro on 2026/11/01", "open"),
        ("auto-obsoleted due to no activity", "open"),
        ("invalid on 2026/11/01", "invalid"),
        ("upstream: invalid", "invalid"),
        ("dup of another", "duplicate"),
        ("fixed on 2026/11/01", "fixed"),
        (7, "open"),
    ],
)
def test_its_status_is_one_of_ours(status, found):
    told, _ = told_of(json.dumps({"title": "x", "status": status}).encode())
    assert told is not None
    assert told.status == found


def test_what_is_missing_or_new_is_told():
    told, said = told_of(json.dumps({"title": "WARNING in lamp", "mood": "bad"}).encode())
    assert told is not None
    assert "note[G019]: 'file': keys that are not understood are left out: 'mood'" in said[0]
    assert "warning[G017]: 'file': the export has no 'id'" in said[1]


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"{}",
        b'{"version": 1, "Bugs": []}',
        b"[" * 100_000,
        b"{" + b'"a":[' * 100_000,
        b'{"title": 5}',
    ],
)
def test_what_is_no_bug_is_refused(data):
    told, said = told_of(data)
    assert told is None
    assert "error[G018]" in said[0]
    assert "hint: " in said[0]


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=30),
        st.sampled_from(["2026-11-23T1", "https://x.example/`|"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*BUG, *BUG["crashes"][0], "hash", "link"]), inner, max_size=4
        ),
    ),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(list(BUG)), JSON))
def test_no_json_makes_it_fail(bug):
    told, _ = told_of(json.dumps({"title": "x"} | bug).encode())
    assert told is None or isinstance(told, Imported)


def test_a_bug_that_the_wiki_has_is_told(project, wiki, logs):
    told, _ = told_of(json.dumps(BUG).encode())
    assert told is not None
    case(project, told)
    file = "content/cases/null-pointer-dereference-in-desk-lamp-status/index.md"
    log = Found("r.txt", "r.txt", logs["null"].encode())
    sink = Sink()
    assert plan_import(project, told, Wanted(), sink) is None
    assert plan_import(project, told._replace(log=log), Wanted(), sink) is None
    plain, with_log = map(as_text, sink)
    assert plain == (
        f"{file}: error[G015]: the wiki has this bug of syzbot's already\n"
        "  hint: give --slug to make another case of it"
    )
    assert "copy 'r.txt' beside it as 'r.txt'" in with_log
    assert plan_import(project, told, Wanted(slug="again"), sink) is not None


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({"id": "f" * 40}, True),
        ({"discussions": []}, True),
        ({"id": "f" * 40, "discussions": []}, False),
    ],
)
def test_a_bug_is_known_by_either_of_its_numbers(project, change, known):
    told, _ = told_of(json.dumps(BUG).encode())
    assert told is not None
    case(project, told)
    again, _ = told_of(json.dumps(BUG | change | {"title": "x", "display-title": "x"}).encode())
    assert again is not None
    assert (plan_import(project, again, Wanted(), Sink()) is None) == known


# --- mails -------------------------------------------------------------------------------------


def mail(log: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    given_headers = {
        "From": "Ada Example <ada@example.org>",
        "To": "linux-kernel@vger.kernel.org",
        "Subject": "lamp: oops when read without a bulb",
        "Date": "Mon, 23 Nov 2026 10:42:11 +0100",
        "Message-ID": "<20261123.lamp+1@example.org>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given_headers.items():
        message[name] = value
    message.set_content(
        f"Hi,\n\nmy lamp crashes:\n\n{log}\nAny idea?\n\nReported-by: Bob Example <bob@example.org>\n"
    )
    return message


def thread(data: bytes) -> Imported:
    found = read_thread(read_mails(data), "mail")
    assert isinstance(found, Imported)
    return found


def test_a_mail_becomes_a_case(project, logs):
    data = mail(logs["null"]).as_bytes()
    assert is_mail(data)
    text = case(project, thread(data))
    assert text.startswith(
        "---\n"
        "title: NULL pointer dereference in desk_lamp_status\n"
        "date: 2026-11-23\n"
        "status: open\n"
        "kernel: 6.1.0-sitegen\n"
        "reported: 2026-11-23\n"
        "tags: [lamp-driver]\n"
        "fixes:\n"
        "  reported-by:\n"
        "    - Bob Example\n"
        "  links:\n"
        '    - "https://lore.kernel.org/r/20261123.lamp+1@example.org"\n'
    )
    assert "my lamp crashes" not in text
    assert "bob@example.org" not in text.split("lore.kernel.org", 1)[0]
    row = "| 2026-11-23 | Ada Example: [lamp: oops when read without a bulb](https://lore.kernel.org/r/20261123.lamp+1@example.org) |"
    assert row in text
    assert "Any idea" not in text


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_body_is_decoded(logs, encoding):
    log = "BUG: é\n" + logs["null"]
    head = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    body = {
        "quoted-printable": quopri.encodestring(log.encode()),
        "base64": base64.encodebytes(log.encode()),
        "8bit": log.encode(),
    }[encoding]
    told = thread(head.encode() + body)
    assert told.log is not None
    assert b"RIP: 0010:desk_lamp_status+0x12/0x20" in told.log.data
    assert b" =\n" not in told.log.data


def test_a_flowed_body_is_put_together(logs):
    lines = [line.rstrip() for line in logs["null"].splitlines()]
    flowed = "\n".join(
        line
        if len(line) < 70
        else f"{line[:60].rpartition(' ')[0]} \n{line[:60].rpartition(' ')[2]}{line[60:]}"
        for line in lines
    )
    head = "From: a@b.example\nSubject: x\nContent-Type: text/plain; format=flowed\n\n"
    told = thread(f"{head}{flowed}\n".encode())
    assert told.log is not None
    assert (
        told.log.data.decode().splitlines()
        == lines[lines.index(told.log.data.decode().split("\n")[0]) :]
    )


def test_an_attachment_with_more_of_the_log_is_taken(logs):
    message = mail("BUG: kernel NULL pointer dereference, address: 0000000000000028\n")
    message.add_attachment(
        logs["null"].encode(), maintype="application", subtype="octet-stream", filename="dmesg.txt"
    )
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    told = thread(message.as_bytes())
    assert told.log is not None
    assert (told.log.file, told.log.data.decode()) == ("dmesg.txt", logs["null"])


def mbox(*mails: EmailMessage) -> bytes:
    return b"".join(
        b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + one.as_bytes() + b"\n" for one in mails
    )


def test_a_thread_is_one_case(project, logs):
    reply = mail(
        "> quoted\n>From here\n",
        From="Carl <carl@example.org>",
        Message_ID="<2@example.org>",
        Date="Tue, 24 Nov 2026 08:00:00 +0000",
    )
    reply.set_content(
        'It is the bulb.\n\nFixes: 0123456789ab ("lamp: sockets")\nCloses: https://bugs.example/1\n#syz fix: lamp: look first\n'
    )
    told = thread(mbox(reply, mail(logs["null"])))
    assert told.fixes.introduced == "0123456789ab"
    assert told.fixes.links == (
        "https://lore.kernel.org/r/20261123.lamp+1@example.org",
        "https://bugs.example/1",
    )
    assert [row.day for row in told.timeline] == ["2026-11-23", "2026-11-24"]
    assert "lamp: look first" in told.fix
    case(project, told)


def test_a_line_that_begins_with_from_is_no_new_mail(logs):
    one = mail(logs["null"])
    data = mbox(one).replace(b"Any idea?", b"\n>From the desk\n\nFrom what I see\n")
    (read,) = read_mails(data)
    assert "\nFrom the desk\n" in read.text
    assert "\nFrom what I see\n" in read.text


def test_a_report_of_syzbots_is_known_by_its_address(logs):
    text = (
        "syzbot found this.\n\ndashboard link: https://syzkaller.appspot.com/bug?extid=0123456789abcdef0123\n"
        "C reproducer:   https://syzkaller.appspot.com/x/repro.c?x=1\n\n"
        "Reported-by: syzbot+0123456789abcdef0123@syzkaller.appspotmail.com\n\n" + logs["null"]
    )
    message = mail("x", From="syzbot <syzbot+0123456789abcdef0123@syzkaller.appspotmail.com>")
    message.set_content(text)
    told = thread(message.as_bytes())
    assert told.fixes.syzbot == "0123456789abcdef0123"
    assert told.fixes.reported_by == ("syzbot",)
    assert told.repro == "C"
    assert "[C program](https://syzkaller.appspot.com/x/repro.c?x=1)" in told.reproduce


DECODED = """\
[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000028
[    1.000000] CPU: 0 PID: 63 Comm: cat Not tainted 6.1.0-other #1
[    1.000000] RIP: 0010:desk_lamp_status+0x12/0x20 drivers/misc/lamp.c:62
[    1.000000] Call Trace:
[    1.000000]  lamp_read+0x2a/0x90 drivers/misc/lamp.c:124
[    1.000000]  vfs_read+0x4e/0x90 fs/read_write.c:468
[    1.000000]  ksys_read+0x34/0x70 fs/read_write.c:613
"""


def test_a_log_that_came_decoded_stays_so(project):
    told = thread(mail(DECODED).as_bytes())
    sink = Sink()
    plan = plan_import(project, told, Wanted(), sink)
    assert plan is not None
    ((_, made),) = make(project, [plan], sink, cache=False, finish=finish_import(told))
    assert made.evidence.logs[0].provenance.decoded_by == "log"
    assert to_plain(made.evidence.logs[0])["reports"]


def test_a_private_mail_has_no_address():
    told = thread(mail(DECODED, To="carl@example.org").as_bytes())
    assert told.fixes.links == ()
    assert "](" not in told.timeline[0].text


def test_it_is_said_when_mails_were_left_out():
    box = b"".join(
        b"From a@b Mon\nFrom: a@b\nSubject: x\n\nnothing\n\n" for _ in range(messages.MOST + 1)
    )
    found = read_thread(read_mails(box), "box")
    assert isinstance(found, Refused)
    assert found.message == f"no crash report in the first {messages.MOST} mails"


def test_a_mail_without_a_crash_is_refused():
    found = read_thread(read_mails(mail("nothing").as_bytes()), "mail")
    assert isinstance(found, Refused)
    assert "no crash report in the mail" in found.message


def nested(depth: int) -> bytes:
    parts = ["From: a@b.example\nSubject: x\n"]
    parts += [
        f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
        for level in range(depth)
    ]
    return "".join([*parts, "\n", DECODED]).encode()


@pytest.mark.parametrize(
    "data",
    [
        nested(20),
        nested(5000),
        b"From: =?utf-8?q?=ff=fe?= <x>\nSubject: =?bogus?b?!!!?=\nDate: never\nMessage-ID: <<>>\n\n"
        + DECODED.encode(),
        b'From: a\nSubject: x\nContent-Type: text/plain; charset="no-such"\n\n' + DECODED.encode(),
        b'From: a\nSubject: x\nContent-Type: text/plain; charset="utf\0-8"\n\n' + DECODED.encode(),
        b"From: a\nSubject: x\nContent-Transfer-Encoding: base64\n\n" + DECODED.encode(),
        b"From: a\r\nSubject: evil\r\n\tfolded \x1b[31m\r\n\r\n"
        + DECODED.replace("\n", "\r\n").encode(),
        b"From: "
        + b"x" * 100_000
        + b"\nSubject: "
        + b"=?utf-8?q?a?= " * 10_000
        + b"\n\n"
        + DECODED.encode(),
        b"From: " + b"(" * 100_000 + b"\nSubject: x\n\n" + DECODED.encode(),
        b"From: a@b\nSubject: x\nDate: Mon, 99 Nov 99999 99:99:99 +9999\n\n" + DECODED.encode(),
    ],
)
def test_no_mail_makes_it_fail(data, project):
    (read,) = read_mails(data)
    for text in (read.subject, read.sender, read.archived, read.day):
        assert text.isprintable() or not text
    found = read_thread((read,), "mail")
    if isinstance(found, Imported):
        case(project, found)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(data):
    for one in read_mails(b"From: a@b.example\nSubject: x\n" + data):
        assert isinstance(one.text, str)


def test_very_many_mails_are_read_in_part(monkeypatch):
    monkeypatch.setattr(messages, "MOST", 3)
    assert len(read_mails(mbox(*[mail(DECODED)] * 5))) == 3


def test_the_log_of_a_mail_is_read_as_the_mail_was(logs):
    told = thread(mail(logs["null"]).as_bytes())
    assert told.log is not None
    seen = read_found(told.log)
    assert seen is not None
    assert seen.print.function == "desk_lamp_status"


def test_a_mail_that_is_too_large_is_read_in_part(monkeypatch):
    monkeypatch.setattr(messages, "LARGEST", 2000)
    told, said = told_of(mail(DECODED + "x\n" * 2000).as_bytes(), "a.eml")
    assert told is not None
    assert "'a.eml': the end of a mail larger than" in said[0]


def test_a_mail_in_two_archives_is_linked_once(logs):
    tags = (
        "Link: https://lore.kernel.org/all/m1@example/\n"
        "Closes: https://lore.kernel.org/linux-lamp/m2@example/\n"
    )
    data = (
        "From: Ada <ada@example.org>\nSubject: lamp\nMessage-ID: <m1@example>\n"
        f"To: linux-kernel@vger.kernel.org\n\n{logs['null']}\n{tags}"
    )
    told = read_thread(read_mails(data.encode()), "m")
    assert isinstance(told, Imported)
    assert told.fixes.links == (
        "https://lore.kernel.org/r/m1@example",
        "https://lore.kernel.org/linux-lamp/m2@example/",
    )
