"""Addresses outside of the wiki, asked of a server on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sitegen.check.fetch import Answer, ask_all

LOCAL = frozenset({"127.0.0.1"})


class Handler(BaseHTTPRequestHandler):
    """Answers by the path; notes what was asked."""

    def do_HEAD(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        status, location = {
            "/good": (200, ""),
            "/moved": (301, "/good"),
            "/for-now": (302, "/good"),
            "/moved-then-for-now": (308, "/for-now"),
            "/circle": (302, "/circle"),
            "/inside": (302, "http://localhost:9/"),
            "/script": (302, "javascript:alert(1)"),
            "/private": (403, ""),
            "/no-head": (405 if self.command == "HEAD" else 200, ""),
            "/broken": (500, ""),
        }.get(self.path, (404, ""))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815  reason: the server looks for this name

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def base(server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def ask(address: str, allowed: frozenset[str] = LOCAL) -> Answer:
    ((asked, answer),) = ask_all([address], allowed=allowed, timeout=5)
    assert asked == address
    return answer


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/good", Answer()),
        ("/gone", Answer("answers 404 Not Found")),
        ("/broken", Answer("answers 500 Internal Server Error")),
        ("/no-head", Answer()),
        ("/private", Answer()),
        ("/for-now", Answer()),
        ("/circle", Answer("leads on more than 5 times")),
        ("/script", Answer("leads to what is no http or https address")),
    ],
)
def test_an_address_is_judged_by_its_answer(base, path, expected) -> None:
    assert ask(base + path) == expected


def test_an_address_that_moved_for_good_says_where_to(base) -> None:
    assert ask(f"{base}/moved") == Answer(moved=f"{base}/good")
    assert ask(f"{base}/moved-then-for-now") == Answer(moved=f"{base}/for-now")


def test_hosts_of_this_machine_are_not_asked(server, base) -> None:
    answer = ask(f"{base}/good", allowed=frozenset())

    assert answer.problem == "is a host of this machine or its networks, which is not asked"
    assert server.asked == []


def test_a_redirect_leads_to_no_host_of_this_machine_either(base) -> None:
    assert ask(f"{base}/inside").problem in {
        "is a host of this machine or its networks, which is not asked",
        "refuses the connection",
    }


def test_what_cannot_be_reached_is_told(server, base) -> None:
    server.shutdown()
    server.server_close()

    assert ask(f"{base}/good").problem in {"refuses the connection", "does not answer in time"}


@pytest.mark.parametrize(
    "address",
    ["http://", "http://[::1", "http://a b/", "http://\N{SNOWMAN}.invalid/", "http://x:99999/"],
)
def test_what_is_no_address_is_told_and_nothing_is_raised(address) -> None:
    assert ask(address).problem


def test_get_is_sent_only_where_head_is_not_liked(server, base) -> None:
    list(ask_all([f"{base}/good", f"{base}/no-head"], allowed=LOCAL, timeout=5))

    assert server.asked == ["HEAD /good", "HEAD /no-head", "GET /no-head"]


def test_links_are_asked_once_and_told_at_each_place(
    tmp_path, monkeypatch, server, base, look
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    wiki = tmp_path / "wiki"
    (wiki / "content" / "cases").mkdir(parents=True)
    (wiki / "sitegen.toml").write_text('title = "Wiki"\n')
    (wiki / "content" / "one.md").write_text(
        f"# One\n\nSee [it]({base}/gone#part), <{base}/gone> and {base}/moved.\n\n`{base}/in-code`\n"
    )
    (wiki / "content" / "two.md").write_text(
        f"---\nfixes:\n  links: [{base}/good, {base}/missing]\n---\n\n# Two\n"
    )
    assert look(wiki) == ()
    assert server.asked == []

    found = look(wiki, external=True, allowed=LOCAL)

    assert [(one.code.id, one.at.path, one.at.line) for one in found] == [
        ("X007", "content/one.md", 3),
        ("X007", "content/one.md", 3),
        ("X008", "content/one.md", 3),
        ("X007", "content/two.md", 3),
    ]
    assert server.asked.count("HEAD /gone") == 1
    assert not any("in-code" in line for line in server.asked)
