"""Buttons under a reply: thumbs, reasons, another try, going on."""

from sqlalchemy import select

from bot.commands.offers import offer, reply_controls, stop_control
from storage import audit
from storage.models import RatingRow
from tests.doubles.desk import BOB, Answer, Desk, shared
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Button, Provenance


async def replied(desk: Desk, text: str = "What is gravity?", **more: object) -> Answer:
    """A reply with the buttons that stand under it."""
    answer = await desk.say(text, **more)
    made = answer.parts[-1]
    if not isinstance(made, Provenance):
        made = next(part for part in answer.parts if isinstance(part, Provenance))
    assert made.turn_id is not None
    controls = await reply_controls(desk.services, answer.turn, made)
    return Answer(answer.turn, [*answer.parts, controls])


async def ratings(desk: Desk) -> list[int]:
    async with desk.services.database.read() as session:
        return list((await session.execute(select(RatingRow.rating))).scalars())


async def test_every_reply_can_be_rated_regenerated_and_reported(
    desk: Desk, language: Language
) -> None:
    answer = await replied(desk)
    wanted = ["Helpful", "Not helpful", "Report", "Try again"]
    assert answer.labels == [say(language, label) for label in wanted]


async def test_thumb_counts_once_for_each_person_and_the_last_one_holds(
    desk: Desk, language: Language
) -> None:
    answer = await replied(desk)
    thanks = await desk.press(answer.button(say(language, "Helpful")))
    assert thanks.private
    await desk.press(answer.button(say(language, "Helpful")))
    assert await ratings(desk) == [1]
    await desk.press(answer.button(say(language, "Not helpful")))
    assert await ratings(desk) == [-1]


async def test_thumb_down_asks_why_and_acts_on_it(desk: Desk, language: Language) -> None:
    answer = await replied(desk)
    why = await desk.press(answer.button(say(language, "Not helpful")))
    assert why.private
    said = await desk.press(why.button(say(language, "Too hard")))
    assert "`/settings`" in said.text
    assert (await desk.give("settings")).turn.learner.settings["level"] == "simple"
    assert await desk.outcome(why.button(say(language, "Wrong")), answer.turn.question.author) == (
        "already"
    )
    async with desk.services.database.read() as session:
        (entry,) = await audit.entries(session, community_id=answer.turn.community.id)
    assert entry.details["reason"] == "too_hard"


async def test_regenerate_gives_another_answer_once(desk: Desk) -> None:
    answer = await replied(desk)
    button = answer.button("Try again")
    again = await desk.press(button)
    assert "gravity" in again.text
    assert len(desk.engine.requests) == 2
    assert await desk.outcome(button, answer.turn.question.author) == "already"


async def test_only_a_reply_that_was_cut_can_be_continued(desk: Desk) -> None:
    desk.engine.answers.append("word " * 2000)
    cut = await replied(desk)
    assert "Continue" in cut.labels
    desk.engine.answers.append("and the rest")
    rest = await desk.press(cut.button("Continue"))
    assert "and the rest" in rest.text


async def test_in_a_shared_place_anybody_may_rate_but_only_the_author_regenerates(
    desk: Desk,
) -> None:
    answer = await replied(desk, **shared(thread="t1"))
    assert await desk.outcome(answer.button("Helpful"), BOB) == "ok"
    assert await desk.outcome(answer.button("Try again"), BOB) == "foreign"


async def test_in_a_server_without_message_content_every_reply_has_an_answer_button(
    desk: Desk, language: Language
) -> None:
    answer = await replied(desk, **shared(thread="t1"))
    button = answer.choices[0]
    assert button.label == say(language, "Answer")
    assert button.form is not None
    reply = await desk.press(button, {"text": "Because of mass?"}, **shared(thread="t1"))
    assert not reply.private
    assert "Because of mass?" in reply.text


async def test_press_about_a_reply_that_is_gone_is_answered_kindly(
    desk: Desk, language: Language
) -> None:
    answer = await desk.say("What is gravity?")
    for action in ("rate_up", "rate_down", "regenerate", "continue"):
        button = Button(action, action, {"turn_id": "0" * 32, "question_id": "0" * 32})
        (choice,) = (await offer(desk.services, answer.turn, [button])).options
        pressed = await desk.press(choice)
        assert pressed.text == say(
            language, "That reply is no longer stored, so nothing can be done with it."
        )


async def test_stop_button_names_the_claim_of_its_reply(desk: Desk, language: Language) -> None:
    answer = await desk.say("Tell me all")
    async with desk.services.database.write() as session:
        (button,) = (await stop_control(session, desk.services, answer.turn)).options
    pressed = await desk.press(button)
    assert pressed.text == say(language, "There is nothing to stop.")
