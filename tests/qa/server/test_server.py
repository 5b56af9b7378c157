"""The server, driven by a client in the same process."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.conftest import ARTICLES, Build, HashEncoder
from tests.qa.server.conftest import Client

import pullquote
from pullquote.index.served import Served
from pullquote.qa.server.settings import Limits, Settings
from pullquote.qa.server.turns import Turns


def test_the_verbs_give_what_the_library_gives(client: Client, build: Build, encoder: HashEncoder, tmp_path: Path) -> None:
    asked = client()
    with pullquote.Index.open(tmp_path / "index.pq", encoder) as index:
        answer = json.loads(json.dumps(pullquote.ask(index, "Who cut the ribbon?").to_dict()))
        assert asked.get("/ask", params={"question": "Who cut the ribbon?"}).json() == answer
        assert asked.post("/ask", json={"question": "Who cut the ribbon?"}).json() == answer
        hits = [json.loads(json.dumps(asdict(hit))) for hit in index.search("old ferry", 2)]
        found = asked.post("/search", json={"query": "old ferry", "k": 2}).json()
        assert found == {"schema": "pullquote.hits/1", "query": "old ferry", "hits": hits}
    [verdict] = asked.get("/verify", params={"quote": "It cost 40 million crowns."}).json()["verdicts"]
    assert (verdict["status"], verdict["places"][0]["article_id"]) == ("exact", "bridge.md")
    article = asked.get("/articles/bridge.md").json()
    assert article["text"] == ARTICLES[0].text
    assert [mark["kind"] for mark in article["marks"]] == ["link"]
    status = asked.get("/status").json()
    assert (status["articles"], status["folder"]) == (3, "index.pq")


def test_a_filter_is_a_filter(client: Client) -> None:
    asked = client()
    found = asked.get("/search", params={"query": "bridge ferry herring", "source": ["Island Voice", "nobody"]}).json()
    assert {hit["source"] for hit in found["hits"]} == {"Island Voice"}
    found = asked.post("/search", json={"query": "bridge ferry herring", "until": "2021-05-01"}).json()
    assert {hit["article_id"] for hit in found["hits"]} == {"bridge.md", "ferry.txt"}


REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/ask", {}, 422, "question: Field required"),
    ("GET", "/ask?question=%20", {}, 422, "an empty question"),
    ("GET", "/ask?question=Who&n=0", {}, 422, "n: Input should be greater than or equal to 1"),
    ("GET", "/ask?question=Who&more=1", {}, 422, "more: Extra inputs are not permitted"),
    ("GET", "/ask?question=" + "x" * 2001, {}, 422, "question: String should have at most 2000 characters"),
    ("GET", "/ask?question=Who&since=yesterday", {}, 422, "since: 'yesterday' is not a date"),
    ("GET", "/search?query=a&k=101", {}, 422, "k: Input should be less than or equal to 100"),
    ("POST", "/ask", {"content": b"{", "headers": {"content-type": "application/json"}}, 422, "the body is not JSON: "),
    ("POST", "/ask", {"content": b"{}"}, 422, "sent with Content-Type: application/json"),
    ("POST", "/ask", {"content": b"\xff\xfe", "headers": {"content-type": "application/json"}}, 422, "the body is not JSON"),
    ("POST", "/ask", {"content": b"[" * 50_000, "headers": {"content-type": "application/json"}}, 422, "the body is not JSON"),
    ("POST", "/ask", {"json": {"question": 7}}, 422, "question: Input should be a valid string"),
    ("POST", "/ask", {"content": b'{"question": "' + b"x" * 70_000 + b'"}'}, 413, "the body is larger than 65,536 bytes"),
    ("POST", "/verify", {"json": {"quote": "..."}}, 422, "a quote without a word or number in it"),
    ("GET", "/articles/nowhere", {}, 404, "no article 'nowhere' in the index"),
    ("GET", "/nowhere", {}, 404, "Not Found"),
    ("DELETE", "/ask", {}, 405, "Method Not Allowed"),
    ("GET", "/status", {"headers": {"host": "evil.example"}}, 400, "this server is not called 'evil.example'"),
    ("GET", "/status", {"headers": {"host": ""}}, 400, "this server is not called"),
    ("GET", "/status", {"headers": {"origin": "http://evil.example"}}, 403, "a page of another site"),
    ("GET", "/status", {"headers": {"origin": "null"}}, 403, "a page of another site"),
    ("GET", "/status", {"headers": {"origin": "http://["}}, 403, "a page of another site"),
    ("GET", "/status", {"headers": {"host": "[::1].evil.example"}}, 400, "this server is not called"),
    ("GET", "/status", {"headers": {"host": "[::1]@evil.example"}}, 400, "this server is not called"),
    ("GET", "/status", {"headers": {"host": "localhost@evil.example"}}, 400, "this server is not called"),
]


@pytest.mark.parametrize(("method", "path", "given", "status", "detail"), REFUSED)
def test_what_is_refused_is_refused_in_one_line(
    client: Client, method: str, path: str, given: dict[str, Any], status: int, detail: str
) -> None:
    asked = client()
    response = asked.request(method, path, **given)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    said = response.json()
    assert set(said) == {"title", "status", "detail"}
    assert detail in said["detail"]
    assert "\n" not in said["detail"]
    assert asked.get("/healthz").status_code == 200


def test_what_a_path_takes_is_said(client: Client) -> None:
    asked = client()
    assert asked.delete("/ask").headers["allow"] == "GET, POST"
    assert asked.post("/status").headers["allow"] == "GET"
    assert asked.delete("/static/page.css").headers["allow"]
    assert (asked.head("/").status_code, asked.head("/healthz").status_code) == (200, 200)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "[::1]:8000"])
def test_it_answers_to_its_own_names(client: Client, host: str) -> None:
    response = client().get("/healthz", headers={"host": host, "origin": f"http://{host}"})
    assert response.status_code == 200


def test_every_response_says_what_a_browser_may_do(client: Client) -> None:
    asked = client()
    for path in ("/", "/?q=ferry", "/ask?question=ferry", "/nowhere", "/static/page.css", "/openapi.json"):
        headers = asked.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_token_is_asked_for(client: Client) -> None:
    asked = client(Settings(token="a-secret"))
    refused = asked.get("/status")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert asked.get("/status", headers={"authorization": "Bearer a-secre"}).status_code == 401
    assert asked.get("/status", headers={b"authorization": "Bearer ä".encode()}).status_code == 401
    assert asked.get("/status", headers={"authorization": "bearer a-secret"}).status_code == 200
    assert asked.get("/healthz").status_code == 200
    page = asked.get("/", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2F")
    deep = asked.get("/read?id=fish.txt&q=x", headers={"accept": "text/html"}).headers["location"]
    assert 'name="next" value="/read?id=fish.txt&amp;q=x"' in asked.get(deep).text
    assert asked.post("/sign-in", content="token=wrong").status_code == 401
    assert asked.post("/sign-in", content="").status_code == 401
    signed = asked.post("/sign-in", content="token=a-secret")
    assert (signed.status_code, signed.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict"} <= set(signed.headers["set-cookie"].split("; "))
    assert asked.get("/").status_code == 200  # by the cookie
    asked.cookies.clear()
    for others in ('prefs={"a":1}', "flag", "a b=c", 'q="unclosed', "path=/"):  # of other programs on this machine
        assert asked.get("/status", headers={"cookie": f"{others}; pullquote=a-secret"}).status_code == 200


@pytest.mark.parametrize(
    ("there", "goes"),
    [
        ("/read?id=a", "/read?id=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\r\nX: y", "/"),
    ],
)
def test_who_has_signed_in_goes_where_it_was(client: Client, there: str, goes: str) -> None:
    signed = client(Settings(token="a-secret")).post("/sign-in", content=urlencode({"token": "a-secret", "next": there}))
    assert (signed.status_code, signed.headers["location"]) == (303, goes)


def test_no_trace_of_a_mistake_of_ours_leaves(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = client()

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("/secret/path")

    monkeypatch.setattr(pullquote.Index, "search", broken)
    response = asked.get("/search?query=ferry")
    assert (response.status_code, response.json()["detail"]) == (500, "something went wrong: see the server's log")


def test_an_encoder_that_is_gone_is_no_mistake_of_who_asks(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = client()

    def gone(*_: object, **__: object) -> None:
        raise pullquote.EncoderError("no encoder in /secret/path")

    monkeypatch.setattr(pullquote.Index, "search", gone)
    response = asked.get("/search?query=ferry")
    assert (response.status_code, "secret" in response.text) == (503, False)


def test_a_new_generation_is_picked_up(client: Client, tmp_path: Path, encoder: HashEncoder) -> None:
    asked = client()
    assert asked.get("/articles/new").status_code == 404
    pullquote.add(tmp_path / "index.pq", [pullquote.Article(id="new", text="A crane stands at the quay.")], encoder)
    assert asked.get("/articles/new").json()["text"] == "A crane stands at the quay."


def test_who_has_borrowed_keeps_its_generation(build: Build, encoder: HashEncoder, tmp_path: Path) -> None:
    build()
    served = Served(tmp_path / "index.pq", encoder)
    with served.borrowed() as old:
        pullquote.add(tmp_path / "index.pq", [pullquote.Article(id="new", text="A crane stands at the quay.")], encoder)
        with served.borrowed() as new:
            assert len(new) == 4
        assert len(old) == 3
        assert old.article("bridge.md").text == ARTICLES[0].text  # it is open still
        with served.borrowed() as again:
            assert again is new
    with pytest.raises(Exception, match="closed"):
        old.article("fish.txt")
    served.close()


def test_an_index_that_is_gone_is_said_and_found_again(client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked = client()
    assert asked.get("/healthz").status_code == 200
    (tmp_path / "index.pq").rename(tmp_path / "away")
    gone = asked.get("/healthz")
    assert (gone.status_code, gone.json()["detail"]) == (503, "the index cannot be used just now: see the server's log")
    assert "no index in" in caplog.text  # where it should be is told to the log alone
    page = asked.get("/?q=ferry", headers={"accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    (tmp_path / "away").rename(tmp_path / "index.pq")
    assert asked.get("/healthz").status_code == 200


def test_no_more_wait_than_may(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = client(Settings(limits=Limits(at_once=1, waiting=1)))
    assert asked.get("/status").status_code == 200  # it is warm
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        begun.release()
        assert go_on.wait(20)
        return []

    monkeypatch.setattr(pullquote.Index, "search", slow)
    said: list[tuple[int, str | None]] = []
    done = threading.Semaphore(0)

    def ask() -> None:
        response = asked.get("/search?query=x")
        said.append((response.status_code, response.headers.get("retry-after")))
        done.release()

    threads = [threading.Thread(target=ask) for _ in range(3)]  # one is worked on, one waits, one is refused
    for thread in threads:
        thread.start()
    assert begun.acquire(timeout=20)
    assert done.acquire(timeout=20)
    assert said == [(429, "1")]
    assert asked.get("/healthz").status_code == 200  # which needs no turn
    go_on.set()
    for thread in threads:
        thread.join()
    assert said[1:] == [(200, None), (200, None)]
    assert asked.get("/search?query=x").status_code == 200


def test_what_takes_too_long_is_not_waited_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = client(Settings(limits=Limits(seconds=0.2)))
    asked.get("/healthz")
    go_on = threading.Event()
    monkeypatch.setattr(pullquote.Index, "search", lambda *_, **__: go_on.wait(20) and [])
    late = asked.get("/search?query=x")
    assert (late.status_code, "not answered within 0.2 seconds" in late.json()["detail"]) == (429, True)
    go_on.set()


def test_turns_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    turns = Turns(Limits(at_once=2, waiting=0))

    async def several() -> list[int]:
        found = [await turns.run(lambda number=number: number * number) for number in range(20)]  # type: ignore[misc]
        assert await turns.close(1.0)
        return found

    assert asyncio.run(several()) == [number * number for number in range(20)]


def test_metrics_count_and_tell_nothing(client: Client) -> None:
    asked = client()
    asked.get("/ask", params={"question": "Who cut the ribbon?"})
    asked.get("/secret-question")
    text = asked.get("/metrics").text
    assert 'pullquote_requests_total{route="/ask",status="200"} 1.0' in text
    assert "pullquote_articles 3.0" in text
    assert re.search(r'pullquote_answers_total\{status="(answered|no_answer)"\} 1.0', text)
    assert "ribbon" not in text
    assert "secret" not in text


def test_the_log_has_no_question_unless_asked(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pullquote.access")
    client().get("/ask", params={"question": "ribbon"})
    client(Settings(log_questions=True)).get("/ask", params={"question": "ribbon"})
    quiet, loud = (json.loads(message) for message in caplog.messages)
    assert (quiet["path"], quiet["status"], "query" in quiet) == ("/ask", 200, False)
    assert loud["query"] == "question=ribbon"
