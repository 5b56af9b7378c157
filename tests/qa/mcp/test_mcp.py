"""The MCP server, driven by the SDK's own client in a process of its own; and its tools by themselves."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from tests.conftest import Build

import pullquote
from pullquote.index.encoders.protocol import Encoder
from pullquote.qa.mcp.tools import BUDGET, TOOLS, Asked, call

LONG = "Sentence number {} tells of the red crane at the quay. "
ARTICLES = [
    pullquote.Article(
        id="quay", title="The quay", source="Post", published="2024-03-05", text="The crane is red. It fell on Friday."
    ),
    pullquote.Article(id="long", source="Voice", text="".join(LONG.format(n) for n in range(900))),
]


@pytest.fixture
def asked(build: Build) -> Callable[[], Asked]:
    index = build(ARTICLES)
    return lambda: Asked(index, is_warm=True)


def test_every_tool_is_strict() -> None:
    for name, tool in TOOLS.items():
        assert tool.schema["additionalProperties"] is False
        assert set(tool.schema["required"]) <= set(tool.properties), name


def test_a_long_text_is_read_part_by_part(asked: Callable[[], Asked]) -> None:
    text, at = "", 0
    while at is not None:
        part = call("read", {"article_id": "long", "start": at}, asked)
        assert len(part["text"]) <= BUDGET
        assert part["start"] == at
        text, at = text + part["text"], part["next"]
    assert text == ARTICLES[1].text
    assert call("read", {"article_id": "quay", "start": 4, "end": 9}, asked)["text"] == "crane"


def test_a_long_list_is_gone_on_with(build: Build) -> None:
    articles = [pullquote.Article(id=f"a{n}", text=f"The crane {n} is red. " + f"Word{n} " * 150) for n in range(60)]
    index = build(articles)
    found, at = [], 0
    while at is not None:
        part = call("search", {"query": "red crane", "k": 50, **({"cursor": at} if at else {})}, lambda: Asked(index, is_warm=True))
        assert len(json.dumps(part, ensure_ascii=False)) <= BUDGET + 200
        found += [hit["passage_id"] for hit in part["hits"]]
        at = part["next"]
    assert found == [hit.passage_id for hit in index.search("red crane", 50)]
    assert len(found) == 50


def test_what_is_found_by_words_alone_says_so(build: Build) -> None:
    index = build(ARTICLES)
    cold = call("search", {"query": "crane"}, lambda: Asked(index, is_warm=False))
    assert "by words alone" in cold["note"]
    assert "note" not in call("search", {"query": "crane"}, lambda: Asked(index, is_warm=True))
    assert call("ask", {"question": "What colour is the crane?"}, lambda: Asked(index, is_warm=False))["note"]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("delete", {}, "no tool 'delete'; there are ask, search, read, verify, status"),
    ("ask", {}, "ask: arguments: 'question' is a required property"),
    ("ask", {"question": "?"}, "a question without a word"),
    ("ask", {"question": "Who?", "n": 99}, "ask: n: 99 is greater than the maximum of 10"),
    ("ask", {"question": "Who?", "more": 1}, "ask: arguments: Additional properties are not allowed"),
    ("ask", {"question": "x" * 3000}, "ask: question:"),
    ("ask", {"question": "Who?", "since": "yesterday"}, "where.since: 'yesterday' is not a date"),
    ("search", {"query": 7}, "search: query: 7 is not of type 'string'"),
    ("search", {"query": "crane", "cursor": 70}, "cursor 70: there are"),
    ("read", {"article_id": "nowhere"}, "no article 'nowhere' in the index"),
    ("read", {"article_id": "quay", "start": 90, "end": 95}, "start 90 is not before the end"),
    ("verify", {"quote": "..."}, "a quote without a word or number in it"),
]


@pytest.mark.parametrize(("name", "given", "message"), REFUSED)
def test_refusals_are_one_line(asked: Callable[[], Asked], name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(pullquote.PullquoteError) as raised:
        call(name, given, asked)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


async def _talk(folder: Path, talk: Callable[[ClientSession], Awaitable[None]]) -> None:
    parameters = StdioServerParameters(command=sys.executable, args=["-m", "pullquote", "mcp", "--index", str(folder)])
    with anyio.fail_after(90):
        async with stdio_client(parameters) as (incoming, outgoing), ClientSession(incoming, outgoing) as session:
            await session.initialize()
            await talk(session)


def test_a_conversation_with_the_real_models(real_encoder: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "index.pq"
    pullquote.add(folder, ARTICLES, real_encoder)

    async def talk(session: ClientSession) -> None:
        async def result(name: str, **given: Any) -> dict[str, Any]:
            found = await session.call_tool(name, given)
            assert not found.is_error, found
            return json.loads(found.content[0].text)  # type: ignore[union-attr, no-any-return]

        listed = await session.list_tools()
        assert {tool.name for tool in listed.tools} == set(TOOLS)
        assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in listed.tools)
        first = await result("search", query="red crane")  # words alone, or both where the models are there already
        assert first["hits"]
        assert (await result("status"))["outlets"] == ["Post", "Voice"]
        for _ in range(200):
            answer = await result("ask", question="What colour is the crane at the quay?", source=["post"])
            if "note" not in answer:
                break
            await anyio.sleep(0.2)
        assert "note" not in answer
        assert answer["quotes"][0]["text"] == "The crane is red."
        assert (await result("verify", quote="The crane is red."))["status"] == "exact"
        assert (await result("read", article_id="quay"))["text"] == ARTICLES[0].text
        for name, given, message in REFUSED:
            refused = await session.call_tool(name, given)
            assert refused.is_error
            assert message in refused.content[0].text  # type: ignore[union-attr]
        text, at = "", 0
        while at is not None:  # an article that is longer than a result may be
            part = await result("read", article_id="long", start=at)
            assert len(part["text"]) <= BUDGET
            text, at = text + part["text"], part["next"]
        assert text == ARTICLES[1].text
        pullquote.add(folder, [pullquote.Article(id="new", text="The ferry is blue.")], real_encoder)
        assert (await result("read", article_id="new"))["text"] == "The ferry is blue."  # without a restart

    anyio.run(_talk, folder, talk)


def test_no_index_is_said_in_the_conversation(tmp_path: Path) -> None:
    async def talk(session: ClientSession) -> None:
        found = await session.call_tool("status", {})
        assert found.is_error
        assert "no index" in found.content[0].text  # type: ignore[union-attr]

    anyio.run(_talk, tmp_path / "nowhere.pq", talk)


def test_a_first_question_is_not_said_to_have_no_answer_before_the_models_are_there(real_encoder: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "index.pq"
    text = "Harbour Bridge will stay shut until 9 June, three weeks longer than planned, because a bearing has to be replaced."
    pullquote.add(folder, [pullquote.Article(id="bridge", text=text), *ARTICLES], real_encoder)

    async def talk(session: ClientSession) -> None:
        found = await session.call_tool("ask", {"question": "When will the bridge reopen?"})
        answer = json.loads(found.content[0].text)  # type: ignore[union-attr]
        assert answer["status"] == "answered" or "note" not in answer
        assert [quote["text"] for quote in answer["quotes"]][:1] == [text]

    anyio.run(_talk, folder, talk)
