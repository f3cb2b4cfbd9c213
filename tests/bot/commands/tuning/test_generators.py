"""From pictures to a generator in use, by commands and presses; the worker's part is played."""

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.run import run_command
from bot.commands.tuning.starting import estimate_lines
from storage import jobs, outbox, tuning_runs
from storage.artifacts import add_artifact
from storage.assignments import assignment_at
from storage.blobs import keep_blob
from storage.datasets import add_version, dataset_named, version_owner
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN, Answer, Desk, shared
from tests.doubles.tuning_stock import a_version
from tutor.bank.reason import Reason
from tutor.language import Language
from tutor.messages import Attachment, Picture, Visibility
from tutor.tuning import card
from tutor.tuning.generators.report import Figure, FigureName, GeneratorReport, ThingDrawn
from tutor.tuning.product import Product
from tutor.tuning.runs import run_by_id, runs_of
from tutor.tuning.stage import ACTIVE, Stage
from tutor.turn import Upload

NEED = {"seconds": 240.0, "peak_bytes": 2 << 30, "disk_bytes": 1 << 30, "steps": 30, "tokens": 9000}
GRID = b"a sheet of pairs"
MANIFEST: dict[str, Any] = {
    "format": 1,
    "kind": "pictures",
    "file": "animals.zip",
    "licence": "CC0",
    "attribution": [],
    "read": 14,
    "ignored": 1,
    "pictures": 12,
    "held_out": 0,
    "size": 64,
    "things": [
        {"id": "cat", "en": "cat", "zh": "猫", "pictures": 6, "held_out": 0},
        {"id": "dog", "en": "dog", "zh": "狗", "pictures": 6, "held_out": 0},
    ],
    "styles": ["own"],
    "sides": {"least": 40, "median": 200, "most": 900},
    "animated": 1,
    "enlarged": 2,
    "duplicates": {"same": 1, "near": 0, "across": [["cat/1.png", "dog/2.png"]]},
    "unsuitable": {"model": "open_nsfw", "left_out": 0},
    "rejected": {
        "total": 1,
        "rows": [{"place": "cat/9.png", "message": "The file is empty.", "fields": {}}],
    },
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here."""
    monkeypatch.setattr("bot.commands.tuning.waiting.WAITING_SECONDS", 0.0)


def here(**more: Any) -> dict[str, Any]:
    return shared(author=ANN, roles=ADMIN, **more)


async def stored_pictures(desk: Desk) -> str:
    """The scope that they are stored in."""
    given = await desk.give("help", **here())
    scope, now = f"community:{given.turn.community.id}", desk.clock[0]
    blob, sheet = [await desk.services.blobs.put(one) for one in (b"a set", b"a sheet")]
    async with desk.services.database.write() as session:
        made = await dataset_named(session, scope, "animals", by=None, now=now)
        version = await add_version(
            session,
            made.id,
            blob,
            content_hash="c",
            manifest=MANIFEST,
            contributions={},
            name="set.zip",
            by=None,
            now=now,
        )
        owner = version_owner(version.id)
        await keep_blob(
            session, sheet, owner=owner, name="sheet.png", media_type="image/png", now=now
        )
    return scope


async def uploaded(desk: Desk, arguments: dict[str, str]) -> Answer:
    asked = questions.command("gan upload", arguments=arguments, **here())
    file = Attachment("animals.zip", "application/zip", 9, "x")
    turn = await desk.turn(replace(asked, attachments=(file,), visibility=Visibility.PRIVATE))
    turn = replace(turn, uploads=(Upload("animals.zip", "application/zip", b"zip"),))
    return Answer(turn, [part async for part in run_command(desk.services, turn)])


async def begun(desk: Desk) -> str:
    """A training of a generator; its id."""
    scope = await stored_pictures(desk)
    given = await desk.give("gan train", {"effort": "quick", "start": "shipped"}, **here())
    await desk.press(given.button("Start"), **here())
    async with desk.services.database.read() as session:
        [run] = await runs_of(session, scope)
    return run.id


async def trained(desk: Desk, run_id: str, *, passed: bool = True) -> str:
    """What the worker leaves at the end; the artifact's id."""
    blobs, now = desk.services.blobs, desk.clock[0]
    grid, file = await blobs.put(GRID), await blobs.put(b"a generator")
    report = GeneratorReport(
        figures=(
            Figure(FigureName.RECOGNISED, 0.8 if passed else 0.2, 0.9, 0.72, passed),
            Figure(FigureName.DISTANCE, 40.0, None, 200.0, holds=True),
            Figure(FigureName.COPIES, 1.0),
        ),
        things=(ThingDrawn("cat", "cat", "猫", 0.9, 0.9, offered=True),),
        passed=passed,
        reasons=(Reason("The file is empty."),),
        nearest=0.7,
        drawn=24,
        dataset_version_id="v",
        made_at=now,
        grid={"hash": grid.hash, "size_bytes": grid.size_bytes},
    ).to_json()
    async with desk.services.database.write() as session:
        artifact = await add_artifact(
            session,
            file,
            kind=Product.GENERATOR,
            name="animals",
            base_hash="",
            card={"report": report, "dataset": {}},
            media_type="application/zip",
            now=now,
        )
        owner = f"artifact:{artifact.id}"
        await keep_blob(session, grid, owner=owner, name="g", media_type="image/png", now=now)
        await tuning_runs.set_stage(
            session,
            run_id,
            come_from=ACTIVE,
            to=Stage.AWAITING_APPROVAL if passed else Stage.REJECTED,
            now=now,
            artifact_id=artifact.id,
            report=report,
        )
        await card.refresh(session, await run_by_id(session, run_id), now=now)
    return artifact.id


async def assigned(desk: Desk, run_id: str) -> str | None:
    async with desk.services.database.read() as session:
        run = await run_by_id(session, run_id)
        found = await assignment_at(session, run.scope, Product.GENERATOR)
    return found.artifact.id if found and found.artifact else None


@pytest.mark.parametrize("name", ["gan status", "gan check", "gan use", "gan rollback"])
async def test_learner_may_not_touch_generators(desk: Desk, name: str) -> None:
    given = await desk.give(name, {"generator": "animals"}, **shared(author=ANN))
    assert "for the people who look after this community" in given.text


async def test_upload_without_a_licence_asks_for_it(desk: Desk) -> None:
    given = await uploaded(desk, {})
    assert given.text.startswith("Under which licence may the pictures be used?")
    async with desk.services.database.read() as session:
        assert await jobs.list_jobs(session, kind="dataset_build") == []


async def test_upload_becomes_a_job_for_its_community(desk: Desk) -> None:
    await uploaded(desk, {"licence": "CC0"})
    async with desk.services.database.read() as session:
        [job] = await jobs.list_jobs(session, kind="dataset_build")
    upload = job.payload["source"]["pictures"]
    assert (upload["file_name"], upload["licence"]) == ("animals.zip", "CC0")
    assert job.payload["name"] == "animals"


async def test_check_shows_counts_a_sheet_and_leads_to_training(desk: Desk) -> None:
    await stored_pictures(desk)
    given = await desk.give("gan check", **here())
    assert "12 pictures of 2 things" in given.text and "cat 6, dog 6" in given.text
    assert "cat/9.png: The file is empty." in given.text
    assert "cat/1.png ≈ dog/2.png" in given.text
    [sheet] = [part for part in given.parts if isinstance(part, Picture)]
    assert sheet.data == b"a sheet" and sheet.alt
    prepared = await desk.press(given.button("Train on it"), **here())
    assert "Start" in prepared.labels
    async with desk.services.database.read() as session:
        [job] = await jobs.list_jobs(session, kind="tune_estimate")
    assert job.payload["recipe"] == {"effort": "normal", "method": "gan"}


async def test_pictures_and_texts_don_t_show_in_each_other_s_lists(desk: Desk) -> None:
    scope = await stored_pictures(desk)
    assert "no data sets yet" in (await desk.give("tune data list", **here())).text
    assert "I know no such data set" in (await desk.give("tune start", **here())).text
    async with desk.services.database.write() as session:
        await a_version(session, desk.services.blobs, scope, desk.clock[0])
    given = await desk.give("gan train", {"data": "maths"}, **here())
    assert given.text.startswith("I know no such pictures here.")


async def test_training_begins_with_a_press_and_its_card_counts_pictures(desk: Desk) -> None:
    run_id = await begun(desk)
    now = desk.clock[0]
    progress = {"step": 15, "steps": 30, "pictures_per_second": 93.4, "losses": [[1, 3.0]]}
    async with desk.services.database.write() as session:
        run = await run_by_id(session, run_id)
        assert run.recipe == {"effort": "quick", "start": "shipped", "method": "gan"}
        await tuning_runs.set_stage(
            session, run_id, come_from=ACTIVE, to=Stage.TRAINING, now=now, progress=progress
        )
        await card.refresh(session, await run_by_id(session, run_id), now=now)
        body = await outbox.card_body(session, card.card_key(run_id))
    assert body is not None and "93 pictures a second" in body["text"]
    assert "Nothing has been trained" in (await desk.give("tune status", **here())).text
    stopped = await desk.give("gan stop", **here())
    assert "“animals” is stopped." in stopped.text


async def test_report_comes_with_its_grid_and_is_promoted_and_rolled_back(desk: Desk) -> None:
    run_id = await begun(desk)
    made = await trained(desk, run_id)
    async with desk.services.database.read() as session:
        told = await outbox.card_body(session, f"tune_report:{run_id}")
    assert told is not None and told["pictures"][0]["name"] == "grid.png"
    assert [one["label"] for one in told["choices"]] == ["Promote", "Reject"]
    given = await desk.give("gan report", **here())
    assert "Recognised" in given.text
    assert [one.data for one in given.parts if isinstance(one, Picture)] == [GRID]
    pressed = await desk.press(given.button("Promote"), **here())
    assert "“animals” draws in this community from now on." in pressed.text
    assert await assigned(desk, run_id) == made
    desk.wait(minutes=1)
    back = await desk.press(pressed.button("Roll back"), **here())
    assert back.text.startswith("Rolled back")
    assert await assigned(desk, run_id) is None


async def test_generator_without_a_pass_takes_a_reason(desk: Desk) -> None:
    run_id = await begun(desk)
    made = await trained(desk, run_id, passed=False)
    given = await desk.give("gan use", {"generator": "animals"}, **here())
    assert "It did not pass its evaluation." in given.text
    override = given.button("Promote all the same…")
    pressed = await desk.press(override, {"reason": "Only to show it"}, **here())
    assert "draws in this community from now on, in spite of its report" in pressed.text
    assert await assigned(desk, run_id) == made


async def test_what_ships_is_chosen_by_its_name_and_taken_back(desk: Desk) -> None:
    run_id = await begun(desk)
    made = await trained(desk, run_id)
    await desk.give("gan use", {"generator": "animals"}, **here())
    given = await desk.give("gan use", {"generator": "base"}, **here())
    assert given.text == "The generator that comes with Daoshi draws in this community now."
    desk.wait(minutes=1)
    back = await desk.give("gan rollback", **here())
    assert back.text == "Rolled back: “animals” draws in this community."
    assert await assigned(desk, run_id) == made


async def test_adapters_and_generators_are_not_mistaken(desk: Desk) -> None:
    await trained(desk, await begun(desk))
    given = await desk.give("adapter use", {"adapter": "animals"}, **here())
    assert given.text == "I know no such adapter."
    assert "no adapters yet" in (await desk.give("adapter list", **here())).text
    missing = await desk.give("gan use", {"generator": "maths"}, **here())
    assert missing.text == "I know no such generator of pictures."


def test_estimate_of_a_generator_counts_pictures() -> None:
    lines = estimate_lines(Language.ENGLISH, NEED, Product.GENERATOR)
    assert lines[-1] == "- 30 steps over 9,000 pictures, each of them many times"
