"""What a site is written to."""

import json

import pytest

from sitegen.diagnostics import Sink
from sitegen.model import Evidence, LogEvidence, ReportEvidence
from sitegen.web.content import EmbeddedLog
from sitegen.web.index import CaseData, CaseSummary, Index, Output, Page, Site
from sitegen.web.outputs import collect

SUMMARY = CaseSummary(url="cases/a/", slug="a", title="<script>alert(1)</script>")


def log(name: str, text: str = "[ 1] x\r\n") -> EmbeddedLog:
    return EmbeddedLog(id=name, text=text, sha256="00", path="content/cases/a.md", block=1)


def files(site: Site, sink: Sink | None = None) -> dict[str, bytes]:
    return {output.path: output.data for output in collect(site, sink or Sink())}


def test_pages_are_written_where_their_urls_lead() -> None:
    pages = tuple(
        Page(url=url, title="t", html=f"<p>{url} ü") for url in ("", "cases/a/", "404.html")
    )
    found = files(Site(index=Index(), pages=pages))
    assert found.keys() == {"index.html", "cases/a/index.html", "404.html", "cases.json"}
    assert found["cases/a/index.html"] == "<p>cases/a/ ü".encode()


def test_a_case_is_published_as_json_and_text() -> None:
    evidence = Evidence(
        schema=1,
        logs=(LogEvidence(id="panic-1", sha256="00", reports=(ReportEvidence(title="t"),)),),
    )
    case = CaseData(
        summary=SUMMARY, logs=(log("panic-1"),), evidence=evidence, decoded=("decoded\n",)
    )
    found = files(Site(index=Index(cases=(SUMMARY,)), cases=(case,)))
    assert found["cases/a/a.log"] == b"[ 1] x\r\n"
    assert found["cases/a/a.txt"] == b"decoded\n"
    assert json.loads(found["cases/a/a.json"]) == {
        "case": {"url": "cases/a/", "slug": "a", "title": "<script>alert(1)</script>"},
        "logs": [
            {"id": "panic-1", "sha256": "00", "raw": "cases/a/a.log", "decoded": "cases/a/a.txt"}
        ],
        "evidence": {
            "schema": 1,
            "logs": [{"id": "panic-1", "sha256": "00", "reports": [{"title": "t"}]}],
        },
    }
    assert json.loads(found["cases.json"])["cases"][0]["slug"] == "a"


def test_each_log_of_a_case_has_its_files_and_only_decoded_ones_a_text() -> None:
    case = CaseData(summary=SUMMARY, logs=(log("panic-1"), log("b")), decoded=("", "decoded"))
    found = files(Site(index=Index(), cases=(case,)))
    assert set(found) == {
        "cases.json",
        "cases/a/a.json",
        "cases/a/a.panic-1.log",
        "cases/a/a.b.log",
        "cases/a/a.b.txt",
    }


def test_text_that_cannot_be_encoded_does_not_stop_the_site() -> None:
    case = CaseData(summary=SUMMARY, logs=(log("x", "a\ud800b"),))
    assert files(Site(index=Index(), cases=(case,)))["cases/a/a.log"] == b"a?b"


def test_of_two_files_with_one_path_the_page_stands_and_the_other_is_complained_about() -> None:
    site = Site(
        index=Index(),
        pages=(Page(url="cases/a/", title="t", html="page"),),
        static=(("static/a.css", b"theme"),),
        assets=(("cases/a/index.html", b"asset"), ("cases/a/pic.png", b"pic")),
    )
    sink = Sink()
    found = files(site, sink)
    assert found["cases/a/index.html"] == b"page"
    assert found["cases/a/pic.png"] == b"pic"
    assert [f"{one.at} {one.code.id}" for one in sink] == ["cases/a/index.html M009"]


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "", "a//b", "a/./b", "a\nb", "a\\b", "..", "a/"]
)
def test_an_output_cannot_leave_the_site(path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside the site"):
        Output(path, b"")
