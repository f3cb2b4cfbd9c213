"""What a remote engine gets to see of people: nothing that was planted, and replies are whole."""

import json
from typing import Any

import pytest

from tests.doubles.fake_engine import FakeEngine
from tests.doubles.openai_server import OpenAIServer
from tests.tutor.engine.conformance import EngineConformance, ask, collect, text_of
from tutor.engine.contract import Message, TextRequest
from tutor.engine.remote import RemoteEngine
from tutor.safety.personal_data import Placeholders, find
from tutor.safety.redacting import RedactingEngine

PLANTED = {
    "Jane Doe": "Hi, my name is Jane Doe.",
    "jane@example.com": "Write to jane@example.com please",
    "+1 415 555 2671": "You can call +1 415 555 2671 after four",
    "12 High Street, Leeds LS1 4AB": "I live at 12 High Street, Leeds LS1 4AB",
    "王小明": "我叫王小明，今年上初二",
    "13812345678": "我的电话13812345678，有事打给我",
    "11010519491231002X": "身份证号是11010519491231002X",
    "中关村大街27号": "我住在北京市海淀区中关村大街27号",
    "010-62345678": "家里电话010-62345678",
    "4111 1111 1111 1111": "my card is 4111 1111 1111 1111",
    "Ms. Alice Palmer": "Ms. Alice Palmer gave us this",
}
LEFT_ALONE = (
    "Solve 3x + 5 = 20 for x. Then 12.5 * 7 = 87.5.",
    "Compute 123456789 * 987654321",
    "What did Isaac Newton discover in 1687?",
    "Tom has 12 apples and Mary has 7 more.",
    "李白是唐朝的诗人。3.14159265358979",
    "The numbers are 2, 3, 5, 7, 11, 13 and 1000000.",
)


class TestRedactedVllm(EngineConformance):
    @pytest.fixture
    async def server(self) -> Any:
        async with OpenAIServer(vllm=True, token_seconds=0.001) as server:
            yield server

    @pytest.fixture
    async def engine(self, server: Any) -> Any:
        engine = RedactingEngine(RemoteEngine(server.url, "", server.model, pause_seconds=0.01))
        yield engine
        await engine.close()

    @pytest.fixture
    def adapter_folder(self, tmp_path: Any) -> str:
        return str(tmp_path)

    @pytest.fixture
    def is_idle(self, server: Any) -> Any:
        async def idle() -> bool:
            return bool(server.open_streams == 0)

        return idle


async def test_the_wire_never_holds_what_was_planted() -> None:
    async with OpenAIServer() as server:
        engine = RedactingEngine(RemoteEngine(server.url, "", server.model, pause_seconds=0.01))
        for sentence in PLANTED.values():
            await collect(engine, ask(sentence, max_tokens=4))
        await engine.encode(list(PLANTED.values()))
        wire = json.dumps(server.requests, ensure_ascii=False)
        await engine.close()
    assert [value for value in PLANTED if value in wire] == []


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
async def test_the_reply_shows_the_originals_however_it_is_cut(pieces: int) -> None:
    def repeat(request: TextRequest) -> str:
        return f"Dear {request.messages[-1].content} [sic] [A"

    engine = RedactingEngine(_Cut(pieces, FakeEngine(repeat)))
    said = "My name is Jane Doe, jane@example.com, 我的电话13812345678"
    assert await text_of(engine, ask(said)) == f"Dear {said} [sic] [A"


async def test_a_name_is_hidden_wherever_it_stands_once_it_is_known() -> None:
    fake = FakeEngine("Fine")
    messages = (
        Message("system", "The learner's name is Mei."),
        Message("user", "Is Mei right, or am I?"),
    )
    await collect(RedactingEngine(fake), TextRequest(messages=messages))
    assert "Mei" not in str(fake.requests[0].messages)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_problems_and_famous_people_are_left_alone(text: str) -> None:
    assert find(text) == []


def test_what_looks_like_a_placeholder_stays_what_it_is() -> None:
    placeholders = Placeholders()
    hidden = placeholders.hide(["[NAME_1] and my name is Jane Doe."])[0]
    assert hidden == "[NAME_1] and my name is [NAME_2]."
    assert placeholders.show(hidden) == "[NAME_1] and my name is Jane Doe."


class _Cut:
    """Cuts an engine's text into pieces of some characters."""

    def __init__(self, size: int, engine: FakeEngine) -> None:
        self._size = size
        self._engine = engine

    async def stream(self, request: TextRequest) -> Any:
        from dataclasses import replace

        async for delta in self._engine.stream(request):
            text = delta.text
            while len(text) > self._size:
                yield replace(delta, text=text[: self._size], finish=None)
                text = text[self._size :]
            yield replace(delta, text=text)
