"""Buttons: double, late, foreign and forged presses do nothing."""

import asyncio

import pytest

from storage import choices, communities, conversations
from storage.choices import ChoiceOption, PressOutcome, PressResult
from storage.database import Database
from tests.doubles.storage_tour import MINUTE, NOW, meet

RATE = ChoiceOption("rate", "👍", {"rating": 1})
REGENERATE = ChoiceOption("regenerate", once=True)
ANSWER = ChoiceOption("answer", payload={"pick": "b"}, closes=True)


class Offered:
    """Three options for Mei, and somebody else."""

    def __init__(self, database: Database, mei: str, li: str, ids: list[str]) -> None:
        self.database, self.mei, self.li, self.ids = database, mei, li, ids

    async def press(self, index: int, who: str | None = None, after: int = 0) -> PressResult:
        return await self.press_id(self.ids[index], who, after)

    async def press_id(self, choice_id: str, who: str | None = None, after: int = 0) -> PressResult:
        async with self.database.write() as session:
            return await choices.press_choice(
                session, choice_id, who or self.mei, NOW + after * MINUTE
            )


async def offer(database: Database, *, to_all: bool = False) -> Offered:
    async with database.write() as session:
        mei, li = await meet(session, "1", "Mei"), await meet(session, "2", "Li")
        community = await communities.community_for(
            session, platform="discord", external_id="G1", now=NOW
        )
        conversation = await conversations.open_conversation(
            session,
            platform="discord",
            community_id=community.id,
            channel="C1",
            thread=None,
            learner_id=None,
            now=NOW,
        )
        ids = await choices.create_choices(
            session,
            learner_id=None if to_all else mei.id,
            conversation_id=conversation.id,
            turn_id=None,
            options=[RATE, REGENERATE, ANSWER],
            expires_at=NOW + 10 * MINUTE,
            now=NOW,
        )
    return Offered(database, mei.id, li.id, ids)


async def test_ids_are_short_and_can_not_be_guessed(database: Database) -> None:
    first, second = (await offer(database)).ids, (await offer(database)).ids
    assert all(len(choice_id) < 60 for choice_id in first)
    assert len(set(first + second)) == 6
    assert first[0].split(".")[0] != second[0].split(".")[0]


async def test_a_press_says_what_it_means(database: Database) -> None:
    offered = await offer(database)
    result = await offered.press(0)
    assert result.outcome is PressOutcome.OK
    assert result.option is not None
    assert (result.option.action, result.option.payload) == ("rate", {"rating": 1})
    assert result.option.learner_id == offered.mei


async def test_an_option_that_counts_once_is_refused_the_second_time(database: Database) -> None:
    offered = await offer(database)
    outcomes = [(await offered.press(index)).outcome for index in (0, 0, 1, 1, 0)]
    ok, already = PressOutcome.OK, PressOutcome.ALREADY
    assert outcomes == [ok, ok, ok, already, ok]


async def test_an_option_that_closes_ends_its_whole_set(database: Database) -> None:
    offered = await offer(database)
    outcomes = [(await offered.press(index)).outcome for index in (2, 0, 1, 2)]
    assert outcomes == [PressOutcome.OK, *[PressOutcome.ALREADY] * 3]


@pytest.mark.parametrize("index", [1, 2])
async def test_press_of_the_same_claim_counts_again_and_no_other_does(
    database: Database, index: int
) -> None:
    offered = await offer(database)

    async def press(claim: str | None, pressed: int = index, after: int = 0) -> PressOutcome:
        async with database.write() as session:
            result = await choices.press_choice(
                session, offered.ids[pressed], offered.mei, NOW + after * MINUTE, claim=claim
            )
        return result.outcome

    assert [await press("one"), await press("one", after=11)] == [PressOutcome.OK] * 2
    assert [await press("two"), await press(None)] == [PressOutcome.ALREADY] * 2
    if index == 1:
        assert [await press("three", 2), await press("three", 2)] == [PressOutcome.OK] * 2
        assert await press("one") is PressOutcome.OK


@pytest.mark.parametrize("index", [1, 2])
async def test_of_presses_at_the_same_time_one_counts(database: Database, index: int) -> None:
    offered = await offer(database)
    results = await asyncio.gather(*(offered.press(index) for _ in range(8)))
    assert sorted(result.outcome for result in results) == ["already"] * 7 + ["ok"]


async def test_somebody_else_s_button_is_foreign_and_stays_unused(database: Database) -> None:
    offered = await offer(database)
    assert (await offered.press(2, offered.li)).outcome is PressOutcome.FOREIGN
    assert (await offered.press(2)).outcome is PressOutcome.OK


async def test_a_button_for_everybody_may_be_pressed_by_anybody(database: Database) -> None:
    offered = await offer(database, to_all=True)
    assert (await offered.press(0, offered.li)).outcome is PressOutcome.OK


async def test_a_late_press_is_expired(database: Database) -> None:
    offered = await offer(database)
    assert (await offered.press(0, after=10)).outcome is PressOutcome.EXPIRED


async def test_a_forged_press_is_unknown(database: Database) -> None:
    offered = await offer(database)
    token = offered.ids[0].split(".")[0]
    for forged in ("", ".", "x", f"{token}.3", f"{token}.-1", f"{token}.", f"{token}.٣", "y.0"):
        assert await offered.press_id(forged) == PressResult(PressOutcome.UNKNOWN)


async def test_looking_at_a_choice_presses_nothing(database: Database) -> None:
    offered = await offer(database)
    async with database.read() as session:
        option = await choices.peek_choice(session, offered.ids[2])
    assert option is not None
    assert (option.action, option.closes, option.used) == ("answer", True, False)
    assert (await offered.press(2)).outcome is PressOutcome.OK


async def test_expired_choices_are_purged(database: Database) -> None:
    offered = await offer(database)
    async with database.write() as session:
        assert await choices.purge_choices(session, NOW) == 0
        assert await choices.purge_choices(session, NOW + 11 * MINUTE) == 1
    assert (await offered.press(0)).outcome is PressOutcome.UNKNOWN
