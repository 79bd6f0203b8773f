"""What a site is written to."""

import json

import pytest
from msgspec import structs

from sitegen.model import Evidence, LogEvidence, ReportEvidence
from sitegen.web.content import EmbeddedLog
from sitegen.web.index import CaseData, CaseSummary, Index, Output, Page
from sitegen.web.outputs import case_outputs, page_output, site_outputs

SUMMARY = CaseSummary(url="cases/a/", slug="a", title="<script>alert(1)</script>")


def log(name: str, text: str = "[ 1] x\r\n") -> EmbeddedLog:
    return EmbeddedLog(id=name, text=text, sha256="00", path="content/cases/a.md", block=1)


def files(case: CaseData) -> dict[str, bytes]:
    return {output.path: output.data for output in case_outputs(case)}


@pytest.mark.parametrize(
    ("url", "path"),
    [("", "index.html"), ("cases/a/", "cases/a/index.html"), ("404.html", "404.html")],
)
def test_pages_are_written_where_their_urls_lead(url: str, path: str) -> None:
    assert page_output(Page(url=url, title="t", html="<p>ü")) == Output(path, "<p>ü".encode())


def test_the_list_of_cases_and_the_schema_are_published_once() -> None:
    found = {
        output.path: json.loads(output.data)
        for output in site_outputs(Index(cases=(SUMMARY,)))
        if output.path.endswith(".json")
    }

    assert found["cases.json"]["cases"][0]["slug"] == "a"
    assert "ChainStep" in found["case.schema.json"]["$defs"]


def test_a_case_is_published_as_json_and_text() -> None:
    evidence = Evidence(
        schema=1,
        logs=(LogEvidence(id="panic-1", sha256="00", reports=(ReportEvidence(title="t"),)),),
    )
    case = CaseData(
        summary=SUMMARY, logs=(log("panic-1"),), evidence=evidence, decoded=("decoded\n",)
    )
    found = files(case)
    assert found["cases/a/a.log"] == b"[ 1] x\r\n"
    assert found["cases/a/a.decoded.txt"] == b"decoded\n"
    assert json.loads(found["cases/a/a.json"]) == {
        "case": {"url": "cases/a/", "slug": "a", "title": "<script>alert(1)</script>"},
        "logs": [
            {
                "id": "panic-1",
                "sha256": "00",
                "raw": "cases/a/a.log",
                "decoded": "cases/a/a.decoded.txt",
            }
        ],
        "evidence": {
            "schema": 1,
            "logs": [{"id": "panic-1", "sha256": "00", "reports": [{"title": "t"}]}],
        },
    }


def test_each_log_of_a_case_has_its_files_and_only_decoded_ones_a_text() -> None:
    case = CaseData(summary=SUMMARY, logs=(log("panic-1"), log("b")), decoded=("", "decoded"))
    found = files(case)
    assert set(found) == {
        "cases/a/a.json",
        "cases/a/a.panic-1.log",
        "cases/a/a.b.log",
        "cases/a/a.b.decoded.txt",
        "cases/a/a.txt",
    }


def test_the_text_for_mail_has_title_facts_chain_and_log_within_its_columns() -> None:
    summary = structs.replace(
        SUMMARY,
        title="A title that is much longer than any line of a mail may be, and goes on\x1b[31m",
        crash="BUG: x in f",
        label="BUG()",
        function="f",
        file="a.c",
        line=3,
        kernels=("6.1", "6.2"),
        first="2026-01-01",
        last="2026-01-02",
        fixed="e972b08b91ef",
    )
    case = CaseData(
        summary=summary,
        logs=(log("panic-1"),),
        decoded=(f"{'x' * 90}  \r\nsecond\n",),
        chains=("    f  a.c:3\n",),
    )
    text = files(case)["cases/a/a.txt"].decode()
    assert text == (
        "A title that is much longer than any line of a mail may be, and goes\n"
        "    on[31m\n"
        "BUG: x in f\n"
        "BUG() in f, a.c:3\n"
        "Kernel: 6.1, 6.2\n"
        "Seen: 2026-01-01 to 2026-01-02\n"
        "Fixed by: e972b08b91ef\n"
        "\n"
        "    f  a.c:3\n"
        "\n"
        f"{'x' * 90}\n"
        "second\n"
    )


def test_a_long_log_is_no_mail() -> None:
    case = CaseData(summary=SUMMARY, logs=(log("panic-1"),), decoded=("x\n" * 500,))
    assert b"x\nx" not in files(case)["cases/a/a.txt"]


def test_text_that_cannot_be_encoded_does_not_stop_the_site() -> None:
    case = CaseData(summary=SUMMARY, logs=(log("x", "a\ud800b"),))
    assert files(case)["cases/a/a.log"] == b"a?b"


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "", "a//b", "a/./b", "a\nb", "a\\b", "..", "a/"]
)
def test_an_output_cannot_leave_the_site(path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside the site"):
        Output(path, b"")
