"""The remote engine against a loopback server, as vLLM and as a plain one, healthy and faulty."""

import asyncio
import logging

import pytest

from tests.doubles.openai_server import OpenAIServer
from tests.tutor.engine.conformance import EngineConformance, ask, collect, text_of
from tutor.engine.contract import (
    EngineBusy,
    EngineUnavailable,
    FinishReason,
    Grammar,
    Message,
    ModelUnusable,
    RequestRefused,
    Sampling,
)
from tutor.engine.remote import RemoteEngine


class RemoteConformance(EngineConformance):
    vllm = True

    @pytest.fixture
    async def server(self):
        async with OpenAIServer(vllm=self.vllm, token_seconds=0.001) as server:
            if not self.vllm:
                server.adapters = {"kind.v1": "", "fleeting-1": ""}
            yield server

    @pytest.fixture
    async def engine(self, server):
        engine = RemoteEngine(server.url, "", server.model, pause_seconds=0.01)
        yield engine
        await engine.close()

    @pytest.fixture
    def adapter_folder(self, tmp_path):
        return str(tmp_path)

    @pytest.fixture
    def is_idle(self, server):
        async def idle() -> bool:
            return server.open_streams == 0

        return idle


class TestVllm(RemoteConformance):
    pass


class TestPlainServer(RemoteConformance):
    vllm = False

    async def test_retired_adapter_is_refused_and_may_come_back(self, engine, adapter_folder):
        """What a server offers by itself is not ours to take away; others cannot be added."""
        await engine.ensure_adapter("fleeting-1", adapter_folder)
        await engine.retire_adapter("fleeting-1")
        assert await text_of(engine, ask(adapter="fleeting-1"))
        with pytest.raises(RequestRefused, match="--enable-lora"):
            await engine.ensure_adapter("new", adapter_folder)


@pytest.fixture
async def server():
    async with OpenAIServer() as server:
        yield server


@pytest.fixture
async def engine(server):
    engine = RemoteEngine(server.url, "sk-secret-9", pause_seconds=0.01)
    yield engine
    await engine.close()


@pytest.mark.parametrize("fault", [429, 500, 503, "disconnect"])
async def test_failure_before_the_first_token_is_tried_again(server, engine, fault):
    expected = await text_of(engine, ask())
    server.faults = [fault, fault]
    assert await text_of(engine, ask()) == expected


@pytest.mark.parametrize(("fault", "error"), [(429, EngineBusy), (503, EngineUnavailable)])
async def test_lasting_failure_is_reported_by_its_kind(server, engine, fault, error):
    server.faults = [fault] * 20
    with pytest.raises(error):
        await collect(engine, ask())


async def test_answer_that_breaks_off_is_not_passed_for_a_whole_one(server, engine):
    server.faults = ["cut"]
    with pytest.raises(EngineUnavailable):
        await collect(engine, ask())
    assert len(server.requests) == 1, "an answer that began is never asked for twice"


async def test_refused_request_is_not_repeated(server, engine):
    server.faults = [400, 400]
    with pytest.raises(RequestRefused):
        await collect(engine, ask())
    assert len(server.requests) == 1


async def test_deadline_in_mid_answer_keeps_the_text_so_far_and_hangs_up(server, engine):
    await engine.capabilities()
    server.token_seconds = 0.05
    deltas = await collect(engine, ask(deadline_seconds=0.4))
    assert deltas[-1].finish is FinishReason.DEADLINE
    assert "".join(delta.text for delta in deltas)
    while server.open_streams:
        await asyncio.sleep(0.01)


async def test_wrong_key_is_explained_and_never_shown(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.api_key = "another"
    engine = RemoteEngine(server.url, "sk-secret-9")
    with pytest.raises(ModelUnusable, match="DAOSHI_ENGINE_API_KEY") as caught:
        await collect(engine, ask())
    assert not (await engine.health()).ready
    await engine.close()
    assert "sk-secret-9" not in caplog.text + str(caught.value) + repr(engine)


@pytest.mark.parametrize("url", ["ftp://server/v1", "file:///etc/passwd", "server:8000", "http://"])
def test_only_web_addresses_are_taken(url):
    with pytest.raises(ModelUnusable, match="DAOSHI_ENGINE_URL"):
        RemoteEngine(url)


async def test_model_that_is_not_offered_is_explained_with_those_that_are(server):
    engine = RemoteEngine(server.url, "", "missing/model")
    with pytest.raises(ModelUnusable, match="made-up/model-1"):
        await engine.capabilities()
    await engine.close()


async def test_unreachable_server_is_not_ready(server):
    engine = RemoteEngine("http://127.0.0.1:9", pause_seconds=0.001)
    assert not (await engine.health()).ready
    with pytest.raises(EngineUnavailable):
        await collect(engine, ask())
    await engine.close()


async def test_sampling_goes_to_vllm_with_its_additions(server, engine):
    sampling = Sampling(0.7, 0.9, 40, 0.05, 1.1, 3)
    await collect(engine, ask(sampling=sampling, stop=("a1", "a2", "a3", "a4", "a5")))
    body = server.requests[-1]
    assert (body["temperature"], body["top_p"], body["seed"]) == (0.7, 0.9, 3)
    assert (body["top_k"], body["min_p"], body["repetition_penalty"]) == (40, 0.05, 1.1)
    assert len(body["stop"]) == 5


async def test_plain_server_gets_only_what_it_knows():
    async with OpenAIServer(vllm=False) as server:
        engine = RemoteEngine(server.url)
        message = Message("user", "Hi", cache_scope="learner:7")
        request = ask(messages=(message,), sampling=Sampling(0.7, top_k=40), stop=tuple("abcdef"))
        await collect(engine, request)
        await engine.close()
        body = server.requests[-1]
        assert not {"top_k", "min_p", "repetition_penalty", "cache_salt"} & body.keys()
        assert len(body["stop"]) == 4


async def test_stop_string_that_the_server_ignores_still_ends_the_answer(server, engine):
    whole = await text_of(engine, ask())
    server.knows_stop = False
    stop = whole[len(whole) // 2 :][:4]
    deltas = await collect(engine, ask(stop=(stop,)))
    assert "".join(d.text for d in deltas) == whole[: whole.index(stop)]
    assert deltas[-1].finish is FinishReason.STOP


async def test_caches_are_separate_where_scopes_differ_and_shared_where_all_may(server, engine):
    def scoped(scope: str):
        shared = Message("system", "Be kind.", cache_scope="community:1")
        return ask(messages=(shared, Message("user", "Hi", cache_scope=scope)))

    for scope in ("learner:1", "learner:2", "learner:1"):
        await collect(engine, scoped(scope))
    await collect(engine, ask())
    salts = [body.get("cache_salt") for body in server.requests[-4:]]
    assert salts[0] == salts[2] != salts[1] and salts[3] is None
    assert "learner" not in "".join(filter(None, salts))


@pytest.mark.parametrize(
    ("grammar", "sent"),
    [
        (Grammar("regex", "[0-9]+"), {"regex": "[0-9]+"}),
        (Grammar("choice", '["a", "b"]'), {"choice": ["a", "b"]}),
        (Grammar("json_schema", '{"type": "object"}'), {"json": {"type": "object"}}),
    ],
)
async def test_grammar_goes_to_vllm(server, engine, grammar, sent):
    await collect(engine, ask(grammar=grammar))
    assert server.requests[-1]["structured_outputs"] == sent


async def test_missing_usage_leaves_the_counts_open(server, engine):
    server.usage = False
    last = (await collect(engine, ask()))[-1]
    assert last.finish is not None and last.completion_tokens is None


async def test_reasoning_of_a_reasoning_model_stays_hidden():
    thought = "<think>\nThe answer is 42, do not say it.\n</think>\n\n"
    async with OpenAIServer(model="Qwen/Qwen3-8B", prefix=thought) as server:
        engine = RemoteEngine(server.url)
        text = await text_of(engine, ask(max_tokens=60))
        await engine.close()
    assert "42" not in text and "think" not in text
    assert text and not text[0].isspace()


async def test_server_without_runtime_adapters_says_how_to_start_it(tmp_path):
    async with OpenAIServer(loads_adapters=False) as server:
        engine = RemoteEngine(server.url)
        with pytest.raises(RequestRefused, match="VLLM_ALLOW_RUNTIME_LORA_UPDATING"):
            await engine.ensure_adapter("v1", str(tmp_path))
        await engine.close()


async def test_plain_server_without_echo_has_no_score():
    async with OpenAIServer(vllm=False, loads_adapters=False) as server:
        engine = RemoteEngine(server.url)
        assert not (await engine.capabilities()).score
        with pytest.raises(RequestRefused):
            await engine.score([1, 2, 3])
        await engine.close()
