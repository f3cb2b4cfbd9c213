"""What every engine promises, as claims that each engine's own test module runs.

Knows the contract alone. A subclass gives the fixtures `engine`, `adapter_folder` and `is_idle`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

import pytest

from tutor.engine.contract import (
    Engine,
    FinishReason,
    Grammar,
    Message,
    Priority,
    RequestRefused,
    Sampling,
    TextDelta,
    TextRequest,
)


def ask(text: str = "Why is the sky blue?", **changes: object) -> TextRequest:
    request = TextRequest(messages=(Message("user", text),), max_tokens=24)
    return replace(request, **changes)


async def collect(engine: Engine, request: TextRequest) -> list[TextDelta]:
    async with aclosing(engine.stream(request)) as deltas:
        return [delta async for delta in deltas]


async def text_of(engine: Engine, request: TextRequest) -> str:
    return "".join(delta.text for delta in await collect(engine, request))


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():
        await asyncio.sleep(0.02)


class EngineConformance:
    """Claims about any engine; a subclass is a pytest class."""

    async def test_answer_streams_in_pieces_and_ends_with_reason_and_counts(self, engine):
        deltas = await collect(engine, ask())
        assert sum(bool(delta.text) for delta in deltas) > 1
        assert [delta.finish for delta in deltas[:-1]] == [None] * (len(deltas) - 1)
        last = deltas[-1]
        assert last.finish in (FinishReason.STOP, FinishReason.LENGTH)
        assert last.prompt_tokens > 0 and 0 < last.completion_tokens <= 24

    async def test_token_limit_ends_an_answer(self, engine):
        last = (await collect(engine, ask(max_tokens=3)))[-1]
        assert (last.finish, last.completion_tokens) == (FinishReason.LENGTH, 3)

    async def test_greedy_answer_repeats(self, engine):
        assert await text_of(engine, ask()) == await text_of(engine, ask())

    async def test_other_question_gets_another_answer(self, engine):
        assert await text_of(engine, ask("One?")) != await text_of(engine, ask("Two, please."))

    async def test_seeded_sample_repeats(self, engine):
        request = ask(sampling=Sampling(temperature=1.0, top_p=0.95, seed=7))
        assert await text_of(engine, request) == await text_of(engine, request)

    async def test_text_ends_before_a_stop_string_wherever_it_is_cut(self, engine):
        whole = await text_of(engine, ask())
        for start in range(2, len(whole) - 3, 5):
            stop = whole[start : start + 3]
            deltas = await collect(engine, ask(stop=("never in it", stop)))
            assert "".join(d.text for d in deltas) == whole[: whole.index(stop)]
            assert deltas[-1].finish is FinishReason.STOP

    async def test_half_a_stop_string_is_not_lost(self, engine):
        whole = await text_of(engine, ask())
        assert await text_of(engine, ask(stop=(whole[-2:] + "not there",))) == whole

    async def test_token_ids_are_answered(self, engine):
        ids = (await engine.encode(["Why is it?"]))[0]
        if min(ids) >= 0:
            last = (await collect(engine, TextRequest(token_ids=tuple(ids), max_tokens=4)))[-1]
            assert last.finish is not None and last.prompt_tokens == len(ids)

    async def test_many_at_once_get_what_each_gets_alone(self, engine):
        requests = [ask(f"Question {number}?", fairness_key=f"l{number}") for number in range(12)]
        alone = [await text_of(engine, request) for request in requests]
        assert await asyncio.gather(*(text_of(engine, r) for r in requests)) == alone

    async def test_background_request_is_answered(self, engine):
        assert await text_of(engine, ask(priority=Priority.BACKGROUND))

    async def test_closed_stream_is_cancelled_and_the_next_is_answered(self, engine, is_idle):
        async with aclosing(engine.stream(ask(max_tokens=100))) as deltas:
            async for delta in deltas:
                if delta.text:
                    break
        await eventually(is_idle)
        assert await text_of(engine, ask())

    async def test_cancelled_task_frees_the_engine(self, engine, is_idle):
        tasks = [asyncio.create_task(text_of(engine, ask(max_tokens=100))) for _ in range(3)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await eventually(is_idle)

    async def test_deadline_that_has_passed_ends_without_text(self, engine):
        deltas = await collect(engine, ask(deadline_seconds=0.0))
        assert "".join(delta.text for delta in deltas) == ""
        assert deltas[-1].finish is FinishReason.DEADLINE

    async def test_adapter_is_used_for_its_requests_only(self, engine, adapter_folder):
        base = await text_of(engine, ask())
        await engine.ensure_adapter("kind.v1", adapter_folder)
        await engine.ensure_adapter("kind.v1", adapter_folder)
        both = await asyncio.gather(text_of(engine, ask(adapter="kind.v1")), text_of(engine, ask()))
        assert both[0] != base and both[1] == base

    async def test_retired_adapter_is_refused_and_may_come_back(self, engine, adapter_folder):
        await engine.ensure_adapter("fleeting-1", adapter_folder)
        first = await text_of(engine, ask(adapter="fleeting-1"))
        await engine.retire_adapter("fleeting-1")
        with pytest.raises(RequestRefused):
            await collect(engine, ask(adapter="fleeting-1"))
        await engine.retire_adapter("fleeting-1")
        await engine.ensure_adapter("fleeting-1", adapter_folder)
        assert await text_of(engine, ask(adapter="fleeting-1")) == first

    async def test_unknown_adapter_is_refused(self, engine):
        with pytest.raises(RequestRefused):
            await collect(engine, ask(adapter="nobody-knows-it"))

    async def test_request_without_or_with_two_prompts_is_refused(self, engine):
        for request in (ask(messages=()), ask(token_ids=(1, 2))):
            with pytest.raises(RequestRefused):
                await collect(engine, request)

    async def test_prompt_beyond_the_context_is_refused(self, engine):
        context = (await engine.capabilities()).context_tokens
        with pytest.raises(RequestRefused):
            await collect(engine, ask("word " * (context + 1)))

    async def test_unsupported_grammar_is_refused(self, engine):
        offered = (await engine.capabilities()).grammars
        if "regex" not in offered:
            with pytest.raises(RequestRefused):
                await collect(engine, ask(grammar=Grammar("regex", "[0-9]+")))

    async def test_score_gives_a_log_probability_for_each_token_but_the_first(self, engine):
        ids = (await engine.encode(["The sky is blue today."]))[0]
        if not (await engine.capabilities()).score:
            with pytest.raises(RequestRefused):
                await engine.score(ids)
            return
        scores = await engine.score(ids)
        assert len(scores) == len(ids) - 1 and max(scores) <= 0.0
        assert await engine.score(ids[:1]) == []

    async def test_encode_gives_ids_for_each_text(self, engine):
        empty, short, longer = await engine.encode(["", "One.", "One. 二。 Three and four."])
        assert empty == [] and 0 < len(short) < len(longer)

    async def test_capabilities_name_model_revision_and_context(self, engine):
        capabilities = await engine.capabilities()
        assert capabilities.model and capabilities.base_revision
        assert capabilities.context_tokens > 100
        assert await engine.capabilities() == capabilities

    async def test_health_of_a_working_engine_is_ready(self, engine):
        assert (await engine.health()).ready
