"""The last look at what is published."""

import random

import pytest

from sitegen.redact.classes import CLASSES
from sitegen.redact.names import Names
from sitegen.redact.redactor import Redactor
from sitegen.redact.rules import Rule, Rules
from sitegen.redact.scan import Scanner, written

NAMES = Names(
    {
        "values": {
            "db01": "host-1",
            "db01-east": "host-2",
            "joe@example.com": "email-1",
            "aa:bb:cc:00:11:22": "mac-1",
            "2001:db8::5": "ip-1",
            "10.0.0.5": "ip-2",
            "r&d/caf\u00e9 1": "path-1",
            "gone": "old-1",
            "two words": "path-2",
            r"dom\nick": "path-3",
        },
        "placed": {
            "web7": "host-7",
            "build": "host-8",
            "q7": "tag-1",
            "div": "tag-2",
            "64": "tag-3",
        },
        "homes": {"alice": "user-1"},
    }
)
RULES = Rules(
    classes=("ipv4", "ipv6", "mac", "email", "home", "host"),
    rules=(
        Rule("host", pattern=r"db01(?:-east)?", number=1),
        Rule("path", literal="r&d/caf\u00e9 1", number=2),
        Rule("host", literal="never-met", number=3),
        Rule("path", literal="two words", number=5),
        Rule("path", literal=r"dom\nick", number=6),
        Rule("tag", pattern=r"tag: (\w+)", number=4),
    ),
)


@pytest.fixture(scope="module")
def scanner():
    return Scanner(Redactor(RULES, NAMES))


@pytest.mark.parametrize(
    ("text", "pseudonym"),
    [
        ("on db01.", "host-1"),
        ("DB01", "host-1"),
        ("db01-eastern", "host-1"),
        ("db01-east", "host-2"),
        (r'"text":"a\ndb01"', "host-1"),
        ("a%2Fdb01", "host-1"),
        ("&lt;db01&gt;", "host-1"),
        ('"names":["adb01_write"]', "host-1"),
        ("d<em>b0</em>1", "host-1"),
        ("db\u00ad01 db&shy;01", "host-1"),
        ("mailto:joe%40example.com", "email-1"),
        ("joe&#64;example.com", "email-1"),
        (r"joe\u0040example.com", "email-1"),
        ("AA-BB-CC-00-11-22", "mac-1"),
        ("enp0: aabbcc001122", "mac-1"),
        ("2001:0db8:0000:0000:0000:0000:0000:0005", "ip-1"),
        ("x10.0.0.5 (10.0.0.5)", "ip-2"),
        ("R&amp;D/Caf\u00e9 1", "path-1"),
        ("R&D/Caf&eacute; 1", "path-1"),
        ("r%26d%2Fcaf%C3%A9%201", "path-1"),
        (r"r\u0026d\/caf\u00e9 1", "path-1"),
        ("/home/alice/x", "user-1"),
        (r"C:\\Users\\Alice", "user-1"),
        ("\x1b[31mdb01\x1b[0m", "host-1"),
        (r'"\u001b[31mdb01"', "host-1"),
        ("<p>of two\nwords</p>", "path-2"),
        (r'"of two\nwords"', "path-2"),
        (r"DOM\nick", "path-3"),
        ("never-met", ""),
        ("web7", "host-7"),
        ("tag q7", "tag-1"),
    ],
)
def test_a_value_is_found_however_it_is_encoded(scanner, text, pseudonym):
    assert [leak.pseudonym for leak in scanner.leaks(text.encode())] == [pseudonym]


@pytest.mark.parametrize(
    "text",
    [
        "db012 xdb01 10.0.0.50 110.0.0.5",
        "alice",
        "gone",
        "build",
        "<div width=64>",
        "host-1 ip-2",
        "aa:bb:cc:00:11:223",
        "",
    ],
)
def test_what_is_no_value_any_more_or_part_of_a_word_is_none(scanner, text):
    assert scanner.leaks(text.encode()) == []


def test_a_leak_names_its_line_and_rule_and_never_the_value(scanner):
    (leak,) = scanner.leaks(b"one\ntwo\n db01\n db01\n")

    assert leak == ("host-1", "rule 1", 3, False)


def test_pictures_are_searched_for_what_is_long_enough_to_be_no_accident(scanner):
    png = b"\x89PNG\0\xff"

    assert [leak.pseudonym for leak in scanner.leaks(png + b"joe@example.com")] == ["email-1"]
    wide = "joe@example.com".encode("utf-16-le")
    assert [leak.pseudonym for leak in scanner.leaks(png + wide)] == ["email-1"]
    assert scanner.leaks(png + b" db01 ") == []


def test_a_shorter_value_is_found_where_a_longer_one_only_begins():
    names = Names({"values": {"db": "host-1", "db-east": "host-2"}})
    rules = Rules(rules=(Rule("host", pattern="db(?:-east)?", number=1),))

    found = Scanner(Redactor(rules, names)).leaks(b"db-easter")

    assert [leak.pseudonym for leak in found] == ["host-1"]


def test_many_values_are_one_pattern():
    found = {f"10.1.{a}.{b}": f"ip-{a * 200 + b + 1}" for a in range(20) for b in range(200)}
    names = Names({"values": found})
    scanner = Scanner(Redactor(Rules(classes=("ipv4",)), names))

    assert [leak.pseudonym for leak in scanner.leaks(b"x 10.1.19.199 10.1.20.1")] == ["ip-4000"]


def test_what_is_compressed_holds_no_values_by_chance():
    data = random.Random(1).randbytes(4_000_000)
    everything = Redactor(Rules(classes=tuple(CLASSES)), Names())
    assert list(everything.matches(written(data))) == []


def test_texts_of_a_picture_are_found_in_utf_8_and_utf_16():
    data = b"\xff\x00" + "by Jörg at home".encode() + b"\x00" + "Camera of db01".encode("utf-16")
    assert written(data).splitlines() == ["by Jörg at home", "Camera of db01"]
