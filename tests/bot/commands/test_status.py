"""What answers here, which adapters and jobs there are, and the licences."""

import re

from bot.commands.about import model_name
from bot.settings import Settings
from storage import artifacts, assignments, jobs
from tests.doubles.desk import ADMIN, Desk, shared
from tutor.engine.contract import Capabilities, EngineUnavailable
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Role

STAFF = {"roles": ADMIN, **shared()}
OPERATOR = {"roles": frozenset({Role.OPERATOR}), **shared()}


async def assign_adapter(desk: Desk, scope: str) -> None:
    blob = await desk.services.blobs.put(b"weights")
    async with desk.services.database.write() as session:
        made = await artifacts.add_artifact(
            session,
            blob,
            kind="text_adapter",
            name="patient-tutor",
            base_hash="b",
            card={},
            media_type="application/zip",
            now=desk.clock[0],
        )
        await assignments.assign(
            session,
            scope=scope,
            kind="text_adapter",
            artifact_id=made.id,
            by=None,
            reason="test",
            now=desk.clock[0],
        )


async def test_status_names_model_load_and_what_is_assigned(desk: Desk, language: Language) -> None:
    first = await desk.give("status", **STAFF)
    assert "SmolLM2-135M-Instruct" in first.text
    assert "2048" in first.text
    assert say(language, "as delivered") in first.text
    await assign_adapter(desk, f"community:{first.turn.community.id}")
    assert "patient-tutor" in (await desk.give("status", **STAFF)).text
    elsewhere = await desk.give("status", roles=ADMIN, community="guild-2")
    assert "patient-tutor" not in elsewhere.text


async def test_status_says_when_the_model_is_away(
    desk: Desk, language: Language, monkeypatch: object
) -> None:
    async def away() -> Capabilities:
        raise EngineUnavailable("starting")

    monkeypatch.setattr(desk.engine, "capabilities", away)  # type: ignore[attr-defined]
    answer = await desk.give("status", **STAFF)
    assert say(language, "- The language model is not answering just now.") in answer.text
    assert "starting" not in answer.text


async def test_jobs_are_those_of_the_community_and_all_for_an_operator(
    desk: Desk, language: Language
) -> None:
    none = await desk.give("jobs", **STAFF)
    assert none.text == say(language, "There are no jobs yet.")
    scope = f"community:{none.turn.community.id}"
    async with desk.services.database.write() as session:
        await jobs.enqueue(session, kind="ours", payload={}, now=desk.clock[0], scope=scope)
        await jobs.enqueue(session, kind="theirs", payload={}, now=desk.clock[0], scope="x")
    seen = (await desk.give("jobs", **STAFF)).text
    assert "ours" in seen
    assert "theirs" not in seen
    assert "theirs" in (await desk.give("jobs", **OPERATOR)).text


async def test_list_of_jobs_is_bounded(desk: Desk) -> None:
    async with desk.services.database.write() as session:
        for number in range(30):
            kind = f"kind-{number}"
            await jobs.enqueue(session, kind=kind, payload={}, now=desk.clock[0])
    lines = (await desk.give("jobs", **OPERATOR)).text.splitlines()
    assert len(lines) == 11
    assert "kind-29" in lines[1]


async def test_about_names_version_model_and_licences(desk: Desk, language: Language) -> None:
    answer = await desk.give("about")
    assert "Apache-2.0" in answer.text
    assert "SmolLM2-135M-Instruct (Apache-2.0)" in answer.text
    assert re.search(r"\bMIT: [^;]*\bdiscord\.py\b", answer.text)
    assert "CC-CEDICT" in answer.text
    assert len(answer.text) < 2000


def test_another_model_is_named_as_it_is_configured() -> None:
    assert model_name(Settings(model="Qwen/Qwen3-8B")) == "Qwen/Qwen3-8B"
