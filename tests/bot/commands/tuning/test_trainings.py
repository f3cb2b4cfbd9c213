"""From a data set to an adapter in use, by commands and presses; the worker's part is played."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.run import run_command
from bot.commands.tuning.starting import estimate_lines
from storage import audit, jobs, outbox
from storage.assignments import assignment_at
from storage.jobs import Job
from storage.tuning_runs import set_progress, set_stage
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN, Desk, shared
from tests.doubles.tuning_stock import a_trained_adapter, a_version
from tutor.adapters.fitness import KIND
from tutor.language import Language
from tutor.messages import Attachment, Role, Visibility
from tutor.tuning import card
from tutor.tuning.report import binding_of
from tutor.tuning.runs import run_by_id, runs_of
from tutor.tuning.stage import ACTIVE, Stage
from tutor.turn import Turn, Upload

OPERATOR = frozenset({Role.LEARNER, Role.OPERATOR})
NEED = {"seconds": 240.0, "peak_bytes": 2 << 30, "disk_bytes": 1 << 30, "steps": 30, "tokens": 9000}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here."""
    monkeypatch.setattr("bot.commands.tuning.waiting.WAITING_SECONDS", 0.0)


def here(**more: Any) -> dict[str, Any]:
    return shared(author=ANN, roles=ADMIN, **more)


async def scope_here(desk: Desk) -> str:
    given = await desk.give("help", **here())
    return f"community:{given.turn.community.id}"


async def stored_version(desk: Desk) -> str:
    scope = await scope_here(desk)
    async with desk.services.database.write() as session:
        return (await a_version(session, desk.services.blobs, scope, desk.clock[0])).id


async def newest_job(desk: Desk, kind: str) -> Job:
    async with desk.services.database.read() as session:
        return (await jobs.list_jobs(session, kind=kind))[0]


async def begun(desk: Desk) -> str:
    """A training that was asked for and started; its id."""
    await stored_version(desk)
    given = await desk.give("tune start", {"effort": "quick"}, **here())
    await desk.press(given.button("Start"), **here())
    async with desk.services.database.read() as session:
        [run] = await runs_of(session, community_scope(given.turn))
    return run.id


def community_scope(turn: Turn) -> str:
    return f"community:{turn.community.id}"


async def the_card(desk: Desk, run_id: str) -> Any:
    async with desk.services.database.read() as session:
        return await outbox.card_body(session, card.card_key(run_id))


async def trained(desk: Desk, run_id: str, *, passed: bool) -> Any:
    capabilities = await desk.services.engine.capabilities()
    async with desk.services.database.write() as session:
        run = await run_by_id(session, run_id)
        made = await a_trained_adapter(
            session,
            desk.services.blobs,
            run,
            desk.clock[0],
            passed=passed,
            binding=binding_of(capabilities),
        )
        await card.refresh(session, made.run, now=desk.clock[0])
    return made


@pytest.mark.parametrize("name", ["tune status", "tune data list", "adapter list"])
async def test_learner_may_not_look(desk: Desk, name: str) -> None:
    given = await desk.give(name, **shared(author=ANN))
    assert "for the people who look after this community" in given.text


async def test_uploaded_file_becomes_a_job_for_its_community(desk: Desk) -> None:
    asked = questions.command("tune data upload", arguments={"licence": "MIT"}, **here())
    file = Attachment("maths.jsonl", "application/json", 9, "x")
    asked = replace(asked, attachments=(file,), visibility=Visibility.PRIVATE)
    turn = await desk.turn(asked)
    turn = replace(turn, uploads=(Upload("maths.jsonl", "application/json", b"{}"),))
    parts = [part async for part in run_command(desk.services, turn)]
    assert parts
    payload = (await newest_job(desk, "dataset_build")).payload
    assert (payload["scope"], payload["name"]) == (community_scope(turn), "maths")
    upload = payload["source"]["upload"]
    assert (upload["file_name"], upload["licence"]) == ("maths.jsonl", "MIT")
    assert await desk.services.blobs.get(upload["blob"]) == b"{}"


async def test_chats_are_not_taken_without_the_operators_switch(desk: Desk) -> None:
    given = await desk.give("tune data build", {"source": "chats"}, **here())
    assert "DAOSHI_TRAIN_ON_CHATS" in given.text
    async with desk.services.database.read() as session:
        assert await jobs.list_jobs(session, kind="dataset_build") == []


async def test_check_shows_what_was_left_out_and_leads_to_training(desk: Desk) -> None:
    await stored_version(desk)
    given = await desk.give("tune data check", **here())
    assert "9 examples to train on" in given.text
    assert "line 3: The answer is missing." in given.text
    prepared = await desk.press(given.button("Train on it"), **here())
    assert "Start" in prepared.labels


async def test_start_shows_the_estimate_and_begins_with_a_press(desk: Desk) -> None:
    await stored_version(desk)
    given = await desk.give("tune start", {"effort": "quick"}, **here())
    assert "**Train on “maths”, version 1** (quick)" in given.text
    async with desk.services.database.read() as session:
        assert await jobs.list_jobs(session, kind="tune") == []
    pressed = await desk.press(given.button("Start"), **here())
    assert "is on its way" in pressed.text
    job = await newest_job(desk, "tune")
    body = await the_card(desk, job.payload["run_id"])
    assert "🧪 **Training “maths”**" in body["text"]
    assert [choice["label"] for choice in body["choices"]] == ["Stop the training"]


async def test_estimate_that_takes_long_is_shown_when_asked_for_again(desk: Desk) -> None:
    await stored_version(desk)
    given = await desk.give("tune start", {"effort": "quick"}, **here())
    assert "not ready yet" in given.text
    job = await newest_job(desk, "tune_estimate")
    async with desk.services.database.write() as session:
        now = desk.clock[0]
        await jobs.take_job(
            session,
            owner="w",
            kinds=["tune_estimate"],
            lease_until=now + timedelta(minutes=1),
            now=now,
        )
        await jobs.finish_job(session, job.id, "w", NEED, desk.clock[0])
    shown = await desk.press(given.button("Show the estimate"), **here())
    assert "about 4 minutes" in shown.text
    assert shown.labels == ["Start"]
    begun = await desk.press(shown.button("Start"), **here())
    assert "is on its way" in begun.text


async def test_estimate_is_shown_in_words(desk: Desk) -> None:
    lines = estimate_lines(Language.ENGLISH, NEED)
    assert lines[0] == "- Time: about 4 minutes"
    assert "2.0 GB at most; disk: 1.0 GB" in lines[1]


async def test_card_follows_the_training(desk: Desk) -> None:
    run_id = await begun(desk)
    progress = {
        "step": 15,
        "steps": 30,
        "tokens_per_second": 1234.0,
        "seconds_left": 120,
        "losses": [[1, 3.0], [15, 2.0]],
        "held_out_losses": [[10, 2.2]],
    }
    now = desk.clock[0]
    async with desk.services.database.write() as session:
        await set_stage(session, run_id, come_from=ACTIVE, to=Stage.TRAINING, now=now)
        await set_progress(session, run_id, progress, now)
        await card.refresh(session, await run_by_id(session, run_id), now=now)
    body = await the_card(desk, run_id)
    for words in ("step 15 of 30 · 50%", "1,234 tokens a second", "about 2 minutes left"):
        assert words in body["text"]
    assert "Loss 3.00 → 2.00, on held-out data 2.20" in body["text"]
    [chart] = body["charts"]
    assert chart["data"]["losses"] == [[1, 3.0], [15, 2.0]]


async def test_picture_of_a_card_is_drawn_anew_at_most_twice_a_minute(desk: Desk) -> None:
    run_id = await begun(desk)
    drawn = []
    for step in range(2, 9):
        now = desk.clock[0]
        losses = [[n, 1.0 / n] for n in range(1, step)]
        async with desk.services.database.write() as session:
            await set_stage(session, run_id, come_from=ACTIVE, to=Stage.TRAINING, now=now)
            await set_progress(session, run_id, {"losses": losses}, now)
            await card.refresh(session, await run_by_id(session, run_id), now=now)
        body = await the_card(desk, run_id)
        drawn += [len(chart["data"]["losses"]) for chart in body.get("charts", ())]
        desk.wait(seconds=10)
    assert drawn == [2, 2, 2, 5, 5, 5]


async def test_stop_ends_a_waiting_training_and_its_card_says_so(desk: Desk) -> None:
    run_id = await begun(desk)
    given = await desk.give("tune status", **here())
    assert "Waiting for its turn" in given.text
    pressed = await desk.press(given.button("Stop “maths”"), **here())
    assert "“maths” is stopped." in pressed.text
    body = await the_card(desk, run_id)
    assert "Stopped" in body["text"] and not body["choices"]


async def test_failure_arrives_as_a_sentence(desk: Desk) -> None:
    run_id = await begun(desk)
    now, error = desk.clock[0], {"message": "The disk is full.", "fields": {}}
    async with desk.services.database.write() as session:
        await set_stage(
            session, run_id, come_from=ACTIVE, to=Stage.FAILED, now=now, finished=True, error=error
        )
        for _ in range(2):
            await card.refresh(session, await run_by_id(session, run_id), now=now)
        told = await outbox.card_body(session, f"tune_failed:{run_id}")
    assert told is not None
    assert told["text"] == "The training “maths” failed. The disk is full."


async def test_report_arrives_once_and_is_promoted_and_rolled_back(desk: Desk) -> None:
    run_id = await begun(desk)
    made = await trained(desk, run_id, passed=True)
    async with desk.services.database.read() as session:
        body = await outbox.card_body(session, f"tune_report:{run_id}")
    assert body is not None
    assert [one["label"] for one in body["choices"]] == ["Promote", "Compare answers", "Reject"]
    given = await desk.give("tune report", **here())
    pressed = await desk.press(given.button("Promote"), **here())
    assert "“maths” answers in this community from now on." in pressed.text
    scope = community_scope(given.turn)
    async with desk.services.database.read() as session:
        assigned = await assignment_at(session, scope, KIND)
        assert (await run_by_id(session, run_id)).stage == Stage.PROMOTED
    assert assigned is not None and assigned.artifact is not None
    assert assigned.artifact.id == made.artifact_id
    desk.wait(minutes=1)
    back = await desk.press(pressed.button("Roll back"), **here())
    assert "Rolled back" in back.text
    async with desk.services.database.read() as session:
        assert await assignment_at(session, scope, KIND) is None


async def test_what_did_not_pass_needs_a_reason_that_is_kept(desk: Desk) -> None:
    await trained(desk, await begun(desk), passed=False)
    given = await desk.give("adapter use", {"adapter": "maths"}, **here())
    assert "It did not pass its evaluation." in given.text
    override = given.button("Promote all the same…")
    assert await desk.form(override) is not None
    pressed = await desk.press(override, {"reason": "Only for a demonstration"}, **here())
    assert "in spite of its report" in pressed.text
    async with desk.services.database.read() as session:
        entries = await audit.entries(session, limit=5)
    reasons = [entry.details.get("override") for entry in entries]
    assert "Only for a demonstration" in reasons


async def test_everywhere_is_for_operators(desk: Desk) -> None:
    await trained(desk, await begun(desk), passed=True)
    arguments = {"adapter": "maths", "where": "everywhere"}
    given = await desk.give("adapter use", arguments, **here())
    assert given.text == "Only the operators of Daoshi may do that."
    allowed = await desk.give("adapter use", arguments, **shared(author=ANN, roles=OPERATOR))
    assert "“maths” answers everywhere from now on." in allowed.text


async def test_rejected_adapter_is_used_nowhere(desk: Desk) -> None:
    run_id = await begun(desk)
    await trained(desk, run_id, passed=True)
    given = await desk.give("tune report", **here())
    await desk.press(given.button("Reject"), **here())
    async with desk.services.database.read() as session:
        assert (await run_by_id(session, run_id)).stage == Stage.REJECTED


async def test_other_community_sees_nothing(desk: Desk) -> None:
    await trained(desk, await begun(desk), passed=True)
    elsewhere = {"community": "guild-2", "channel": "c", "author": ANN, "roles": ADMIN}
    assert "no adapters yet" in (await desk.give("adapter list", **elsewhere)).text
    assert "Nothing has been trained" in (await desk.give("tune status", **elsewhere)).text
    given = await desk.give("adapter use", {"adapter": "maths"}, **elsewhere)
    assert given.text == "I know no such adapter."
