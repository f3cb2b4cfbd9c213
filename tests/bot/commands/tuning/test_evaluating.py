"""`/adapter evaluate` in every form, for whom it is, and where a refusal names it."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.commands.listing import COMMANDS
from bot.commands.parse import _fill
from storage import jobs
from storage.artifacts import artifact_by_id, set_card
from storage.models import TuningRunRow
from tests.bot.commands.tuning.test_trainings import begun, here, the_card, trained
from tests.doubles.desk import Desk
from tests.doubles.tuning_stock import a_version
from tutor.tuning.runs import runs_of
from tutor.tuning.stage import Stage


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here."""
    monkeypatch.setattr("bot.commands.tuning.waiting.WAITING_SECONDS", 0.0)


async def compared_before(desk: Desk) -> tuple[str, str]:
    """An adapter whose report speaks of an engine that there is no more; its id and scope."""
    made = await trained(desk, await begun(desk), passed=True)
    async with desk.services.database.write() as session:
        artifact = await artifact_by_id(session, made.artifact_id)
        assert artifact is not None
        report = artifact.card["report"]
        other = {**report, "binding": {**report["binding"], "precision": "nf4"}}
        await set_card(session, artifact.id, {**artifact.card, "report": other})
    return made.artifact_id, made.run.scope


async def newest_run(desk: Desk, scope: str) -> Any:
    async with desk.services.database.read() as session:
        return (await runs_of(session, scope))[0]


async def test_refusal_for_a_changed_engine_names_the_command_that_helps(desk: Desk) -> None:
    await compared_before(desk)
    given = await desk.give("adapter use", {"adapter": "maths"}, **here())
    assert "an engine that has changed since" in given.text
    assert "`/adapter evaluate` does that." in given.text


async def test_comparison_starts_on_the_adapters_own_data_with_a_card_that_can_be_stopped(
    desk: Desk,
) -> None:
    artifact_id, scope = await compared_before(desk)
    given = await desk.give("adapter evaluate", {"adapter": "maths", "effort": "quick"}, **here())
    assert "what was held out of “maths”, version 1" in given.text
    run = await newest_run(desk, scope)
    assert (run.evaluates_id, run.stage) == (artifact_id, Stage.QUEUED)
    assert run.recipe == {"effort": "quick"}
    body = await the_card(desk, run.id)
    assert "🔎 **Comparison of “maths”**" in body["text"]
    assert [choice["label"] for choice in body["choices"]] == ["Stop the comparison"]
    again = await desk.give("adapter evaluate", {"adapter": "maths"}, **here())
    assert "is being compared already" in again.text


def test_mention_names_the_adapter_last_and_the_data_by_name() -> None:
    command = next(one for one in COMMANDS if one.name == "adapter evaluate")
    assert _fill(command, "quick data=other maths 2") == {
        "effort": "quick",
        "data": "other",
        "adapter": "maths 2",
    }
    assert _fill(command, "maths") == {"adapter": "maths"}


async def test_named_data_are_taken_instead_and_unknown_ones_are_refused(desk: Desk) -> None:
    _, scope = await compared_before(desk)
    async with desk.services.database.write() as session:
        other = await a_version(session, desk.services.blobs, scope, desk.clock[0], name="other")
    unknown = await desk.give("adapter evaluate", {"adapter": "maths", "data": "x"}, **here())
    assert "I know no such data set" in unknown.text
    await desk.give("adapter evaluate", {"adapter": "maths", "data": "other"}, **here())
    assert (await newest_run(desk, scope)).version_id == other.id


async def test_adapter_of_everybody_is_compared_by_operators_alone(desk: Desk) -> None:
    artifact_id, _ = await compared_before(desk)
    async with desk.services.database.write() as session:
        await session.execute(update(TuningRunRow).values(scope="global"))
    given = await desk.give("adapter evaluate", {"adapter": artifact_id}, **here())
    assert "Only the operators of Daoshi may do that." in given.text
    async with desk.services.database.read() as session:
        assert len(await jobs.list_jobs(session, kind="tune")) == 1


async def test_build_that_takes_long_says_so_and_has_its_end_told_once(desk: Desk) -> None:
    given = await desk.give("tune data build", {"name": "lessons"}, **here())
    assert "I tell you here when it is done." in given.text
    await desk.press(given.button("Show the result"), **here())
    async with desk.services.database.read() as session:
        [word] = await jobs.list_jobs(session, kind="dataset_word")
        [build] = await jobs.list_jobs(session, kind="dataset_build")
    assert word.payload == {"job_id": build.id}
