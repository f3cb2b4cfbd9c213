"""Promotion and roll-back: only what passed, one step each, and nothing twice."""

from dataclasses import replace
from typing import Any

import pytest

from storage import datasets, outbox, tuning_runs
from storage.artifacts import retire_artifact
from storage.assignments import assignment_at, assignment_history, resolve
from storage.audit import entries
from storage.blobs import Blob
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.turns import turn
from tests.tutor.adapters.conftest import HERE, Register
from tutor.adapters.fitness import KIND
from tutor.adapters.promoting import Promoted, RolledBack, promote, roll_back, use_base
from tutor.adapters.refusals import AdapterUnknown, NothingToRollBack, NotPromotable
from tutor.language import Language
from tutor.tuning.card import card_key
from tutor.tuning.origin import origin_of
from tutor.tuning.stage import Stage

SCOPE = "course:C1"


class Desk:
    """Promotes and rolls back a minute apart, each in a transaction of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    async def promote(self, artifact_id: str, scope: str = SCOPE, **more: object) -> Promoted:
        self.clock.advance(minutes=1)
        arguments = {"capabilities": HERE, "by": None, **more}
        async with self.database.write() as session:
            return await promote(
                session, artifact_id=artifact_id, scope=scope, now=self.clock(), **arguments
            )  # type: ignore[arg-type]

    async def roll_back(self, seconds: float = 60, **more: Any) -> RolledBack:
        self.clock.advance(seconds=seconds)
        arguments = {"scope": SCOPE, "capabilities": HERE, **more}
        async with self.database.write() as session:
            return await roll_back(session, by=None, now=self.clock(), **arguments)

    async def used(self) -> str | None:
        async with self.database.read() as session:
            found = await resolve(session, KIND, (SCOPE, "global"))
        return found.artifact.id if found and found.artifact else None

    async def actions(self) -> list[str]:
        async with self.database.read() as session:
            return [entry.action for entry in await entries(session)]


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)


async def test_a_passed_adapter_is_promoted_once(desk: Desk, register: Register) -> None:
    made = await register()
    assert (await desk.promote(made.id)).changed
    assert not (await desk.promote(made.id)).changed
    assert await desk.used() == made.id
    assert await desk.actions() == ["adapter.promote"]


async def test_the_run_that_made_it_counts_as_promoted(
    desk: Desk, database: Database, register: Register
) -> None:
    made = await register(passed=False)
    async with database.write() as session:
        dataset = await datasets.dataset_named(session, SCOPE, "hints", by=None, now=desk.clock())
        version = await datasets.add_version(
            session,
            dataset.id,
            Blob("d" * 64, 7),
            content_hash="c1",
            manifest={},
            contributions={},
            name="hints",
            by=None,
            now=desk.clock(),
        )
        run = await tuning_runs.add_run(
            session,
            scope=SCOPE,
            name="hints",
            version_id=version.id,
            stage=Stage.EVALUATING,
            recipe={},
            language=Language.ENGLISH,
            place=origin_of(turn()).to_json(),
            now=desk.clock(),
        )
        await tuning_runs.set_stage(
            session,
            run.id,
            come_from=[Stage.EVALUATING],
            to=Stage.REJECTED,
            artifact_id=made.id,
            now=desk.clock(),
        )
    with pytest.raises(NotPromotable):
        await desk.promote(made.id)
    assert await stage_and_card(database, run.id) == (Stage.REJECTED, None)
    await desk.promote(made.id, override_reason="I read its answers")
    stage, card = await stage_and_card(database, run.id)
    assert stage == Stage.PROMOTED
    assert card is not None


async def stage_and_card(database: Database, run_id: str) -> tuple[str, Any]:
    async with database.read() as session:
        run = await tuning_runs.run_by_id(session, run_id)
        card = await outbox.card_body(session, card_key(run_id))
    assert run is not None
    return run.stage, card


@pytest.mark.parametrize(("passed", "says"), [(False, "did not pass"), (None, "not been eval")])
async def test_without_a_pass_it_takes_a_reason_that_is_audited(
    desk: Desk, register: Register, passed: bool | None, says: str
) -> None:
    made = await register(passed=passed)
    with pytest.raises(NotPromotable, match=says):
        await desk.promote(made.id)
    with pytest.raises(NotPromotable):
        await desk.promote(made.id, override_reason="  ")
    assert (await desk.promote(made.id, override_reason="I read its answers")).overridden
    async with desk.database.read() as session:
        [entry] = await entries(session)
    assert entry.details["override"] == "I read its answers"


@pytest.mark.parametrize("name", ["template_hash", "precision", "base_revision"])
async def test_a_changed_engine_reopens_the_gate(desk: Desk, register: Register, name: str) -> None:
    made = await register()
    with pytest.raises(NotPromotable, match="evaluated again"):
        await desk.promote(made.id, capabilities=replace(HERE, **{name: "other"}))


async def test_another_model_is_refused_whatever_the_reason(desk: Desk, register: Register) -> None:
    made = await register(base="c" * 64)
    with pytest.raises(NotPromotable, match="another model"):
        await desk.promote(made.id, override_reason="please")
    with pytest.raises(AdapterUnknown):
        await desk.promote("nothing")


async def test_rolling_back_goes_one_further_each_time_and_ends_at_the_wider_scope(
    desk: Desk, register: Register
) -> None:
    everywhere, first, second = [await register() for _ in range(3)]
    await desk.promote(everywhere.id, scope="global")
    await desk.promote(first.id)
    await desk.promote(second.id)
    back = await desk.roll_back()
    assert back.artifact is not None and back.artifact.id == first.id and not back.inherits
    back = await desk.roll_back()
    assert back.inherits and back.changed
    assert await desk.used() == everywhere.id
    with pytest.raises(NothingToRollBack):
        await desk.roll_back()
    async with desk.database.read() as session:
        assert await assignment_at(session, SCOPE, KIND) is None


async def test_a_second_press_takes_nothing_more_back(desk: Desk, register: Register) -> None:
    first, second = await register(), await register()
    await desk.promote(first.id)
    await desk.promote(second.id)
    assert (await desk.roll_back()).changed
    again = await desk.roll_back(seconds=2)
    assert not again.changed and again.artifact is not None and again.artifact.id == first.id
    late = await desk.roll_back(seen=second.id)
    assert not late.changed
    assert await desk.used() == first.id


async def test_after_a_roll_back_a_new_promotion_is_what_the_next_one_takes_back(
    desk: Desk, register: Register
) -> None:
    first, second, third = [await register() for _ in range(3)]
    await desk.promote(first.id)
    await desk.promote(second.id)
    await desk.roll_back()
    await desk.promote(third.id)
    await desk.roll_back()
    assert await desk.used() == first.id


async def test_a_retired_adapter_does_not_come_back_and_a_sentence_says_so(
    desk: Desk, register: Register
) -> None:
    first, second, third = [await register(name) for name in ("one", "two", "three")]
    for made in (first, second, third):
        await desk.promote(made.id)
    async with desk.database.write() as session:
        await retire_artifact(session, second.id, desk.clock())
    back = await desk.roll_back()
    assert back.artifact is not None and back.artifact.id == first.id
    assert [reason.fields["name"] for reason in back.skipped] == ["two"]


async def test_what_was_made_for_another_model_or_template_is_skipped_with_the_reason(
    desk: Desk, register: Register
) -> None:
    first = await register("one", template_hash="t")
    other_template = await register("two", template_hash="u")
    for made in (first, other_template):
        await desk.promote(made.id, capabilities=None)
    for base in ("c" * 64, "b" * 64):
        await desk.promote((await register("three", base=base)).id, capabilities=None)
    back = await desk.roll_back()
    assert back.artifact is not None and back.artifact.id == first.id
    assert [reason.said(Language.ENGLISH) for reason in back.skipped] == [
        "three was made for another model and is skipped.",
        "two was made with another chat template and is skipped.",
    ]


async def test_where_no_earlier_adapter_fits_any_more_the_model_itself_answers(
    desk: Desk, register: Register
) -> None:
    shipped, own = await register("shipped", base="c" * 64), await register("own")
    for made in (shipped, own):
        await desk.promote(made.id, "global", capabilities=None)
    back = await desk.roll_back(scope="global")
    assert back.changed and back.inherits and back.artifact is None
    assert [reason.fields["name"] for reason in back.skipped] == ["shipped"]
    assert await desk.used() is None


async def test_a_roll_back_never_ends_where_it_began(desk: Desk, register: Register) -> None:
    own, parked = await register("own"), await register("parked", base="c" * 64)
    for made in (own, parked, own):
        await desk.promote(made.id, capabilities=None)
    back = await desk.roll_back()
    assert back.inherits and [reason.fields["name"] for reason in back.skipped] == ["parked"]


async def test_without_an_engine_to_ask_nothing_is_skipped(desk: Desk, register: Register) -> None:
    parked, own = await register(base="c" * 64), await register()
    for made in (parked, own):
        await desk.promote(made.id, capabilities=None)
    back = await desk.roll_back(capabilities=None)
    assert back.artifact is not None and back.artifact.id == parked.id


async def test_the_model_as_it_is_can_be_chosen_against_a_wider_scope(
    desk: Desk, register: Register
) -> None:
    everywhere = await register()
    await desk.promote(everywhere.id, scope="global")
    async with desk.database.write() as session:
        assert (await use_base(session, scope=SCOPE, by=None, now=desk.clock())).changed
    assert await desk.used() is None
    assert (await desk.roll_back()).inherits
    assert await desk.used() == everywhere.id
    async with desk.database.read() as session:
        history = await assignment_history(session, scope=SCOPE, kind=KIND)
    assert [change.reason for change in history] == ["roll_back", "use_base"]
