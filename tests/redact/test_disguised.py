"""Values in other characters than a reader sees."""

import pytest

from sitegen.redact.disguised import find_disguised
from sitegen.redact.names import Names
from sitegen.redact.redactor import Redactor
from sitegen.redact.rules import Rule, Rules

RULES = Rules(
    classes=("ipv4", "ipv6", "mac", "email", "home", "host", "serial"),
    rules=(
        Rule("host", pattern=r"db-[a-z]+", number=1),
        Rule("tag", pattern=r"tag: (\w+)", number=2),
    ),
    keep=("192.0.2.*",),
)


def found(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.rule) for one in find_disguised(text, Redactor(RULES, Names()))]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("on 10&#46;0.0.5", "class 'ipv4'"),
        ("on 10&period;0&#x2e;0.5", "class 'ipv4'"),
        (r"on 10\.0.0.5", "class 'ipv4'"),
        ("on 10.**0**.0.5", "class 'ipv4'"),
        ("on _10_.0.0.5", "class 'ipv4'"),
        ("on 10.<!-- nothing -->0.0.5", "class 'ipv4'"),
        ("on 10<span class='a'>.</span>0.0.5", "class 'ipv4'"),
        ("on [10](https://a.example).0.0.5", "class 'ipv4'"),
        ("on 10\u200b.0.\u00ad0.5", "class 'ipv4'"),
        ("on 10.0&shy;.0.5", "class 'ipv4'"),
        ("\uff11\uff10.0.0.5", "class 'ipv4'"),
        ("[a](https://a.example/?q=10%2E0.0.5)", "class 'ipv4'"),
        ('{"a": "10\\u002e0.0.5"}', "class 'ipv4'"),
        ("joe&#64;a.example", "class 'email'"),
        ("joe**@**a.example", "class 'email'"),
        ("https://a.example/?m=joe%40a.example", "class 'email'"),
        ("/h*om*e/alice", "class 'home'"),
        ("d*b*-east", "rule 1"),
        ("&#100;b-east", "rule 1"),
        ("tag: **A1**", "rule 2"),
    ],
)
def test_what_a_reader_sees_is_found(text, rule):
    assert found(f"first\n{text}") == [(2, rule)]


@pytest.mark.parametrize(
    "text",
    [
        "on 10.0.0.5 & 10.0.0.6, **db-east**",
        "_joe@a.example_ and `joe_@a.example`",
        "10.0.0.5\u00b2 is seen",
        "<joe@a.example>, *10.0.0.5*, [10.0.0.6](https://10.0.0.6/)",
        "192&#46;0.2.1 is kept",
        r"C:\\Users\\joe & /home/_apt",
        "lamp_write+0x12/0x40 [lamp] *** of 100%",
        "kernel `6.1.0.56` & others",
        "char *a = b->c[1] & 0x10; // %02x:%02x",
    ],
)
def test_what_is_replaced_where_it_stands_or_is_no_value_is_not(text):
    assert found(text) == []


@pytest.mark.parametrize("piece", ["<!--", "[", "[a](", "&", "<b ", "**", "\\u00", "%2"])
def test_a_text_of_signs_is_read_in_one_go(piece):
    assert found(piece * 100_000) == []
