"""Setting a community up: three questions, each answer stored at once."""

from bot.commands.community import answers_here
from storage import audit, communities
from storage.communities import Community
from tests.doubles import questions
from tests.doubles.desk import ADMIN, Answer, Desk, shared
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Choice


async def community(desk: Desk) -> Community:
    async with desk.services.database.write() as session:
        return await communities.community_for(
            session, platform="discord", external_id="guild-1", now=desk.clock[0]
        )


async def pressed(desk: Desk, choice: Choice) -> Answer:
    return await desk.press(choice, roles=ADMIN, **shared())


async def here(desk: Desk, channel: str) -> bool:
    stored = await community(desk)
    async with desk.services.database.read() as session:
        settings = await communities.channel_settings(session, stored.id, channel)
    return answers_here(stored, settings)


async def set_up(desk: Desk, *answers: str) -> Answer:
    answer = await desk.give("setup", roles=ADMIN, **shared())
    for label in answers:
        answer = await pressed(desk, answer.button(label))
    return answer


async def test_three_questions_one_tap_each_set_a_community_up(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("setup", roles=ADMIN, **shared())
    assert answer.private
    for label in ("A class", "简体中文", "Only in this one"):
        known = label if label == "简体中文" else say(language, label)
        answer = await pressed(desk, answer.button(known))
    assert say(language, "**How I'm set up here**") in answer.text
    stored = await community(desk)
    assert (stored.kind, stored.policy, stored.language) == ("class", "guided", "zh-CN")
    assert await here(desk, "general")
    assert not await here(desk, "random")


async def test_each_answer_is_stored_at_once(desk: Desk) -> None:
    await set_up(desk, "Colleagues at work")
    stored = await community(desk)
    assert (stored.kind, stored.policy) == ("work", "open")
    again = await desk.give("setup", roles=ADMIN, **shared())
    assert "Colleagues at work" in again.text


async def test_running_it_again_changes_one_thing_in_two_taps(desk: Desk) -> None:
    await set_up(desk, "A class", "English", "In all of them")
    answer = await desk.give("setup", roles=ADMIN, **shared())
    answer = await pressed(desk, answer.button("Kind"))
    answer = await pressed(desk, answer.button("Colleagues at work"))
    assert "Straight answers" in answer.text
    stored = await community(desk)
    assert (stored.kind, stored.language) == ("work", "en")


async def test_policy_is_changed_in_one_tap_and_retention_in_two(desk: Desk) -> None:
    answer = await set_up(desk, "A class", "English", "In all of them")
    answer = await pressed(desk, answer.button("Straight answers"))
    answer = await pressed(desk, answer.button("How long to keep"))
    answer = await pressed(desk, answer.button("30 days"))
    assert "30 days" in answer.text
    stored = await community(desk)
    assert (stored.kind, stored.policy, stored.retention_days) == ("class", "open", 30)


async def test_channels_are_switched_one_by_one(desk: Desk) -> None:
    answer = await set_up(desk, "A class", "English", "In all of them")
    assert await here(desk, "general")
    answer = await pressed(desk, answer.button("Off in this channel"))
    assert not await here(desk, "general")
    assert await here(desk, "random")
    await pressed(desk, answer.button("On in this channel"))
    assert await here(desk, "general")


async def test_direct_messages_are_answered_whatever_the_channels(desk: Desk) -> None:
    turn = await desk.turn(questions.question())
    assert answers_here(turn.community, turn.channel)


async def test_every_change_is_in_the_audit_log(desk: Desk) -> None:
    answer = await set_up(desk, "A class")
    async with desk.services.database.read() as session:
        (entry,) = await audit.entries(session, community_id=(await community(desk)).id)
    assert (entry.action, entry.actor_id) == ("community.configured", answer.turn.learner.id)


async def test_setup_buttons_do_nothing_for_somebody_who_is_no_admin_any_more(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("setup", roles=ADMIN, **shared())
    await desk.press(answer.choices[0], **shared())
    assert (await community(desk)).kind is None


async def test_admin_of_one_community_cannot_set_up_another(desk: Desk) -> None:
    answer = await desk.give("setup", roles=ADMIN, **shared())
    await desk.press(answer.choices[0], roles=ADMIN, community="guild-2", channel="general")
    assert (await community(desk)).kind is None


async def test_setup_in_a_direct_message_says_where_to_run_it(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("setup", roles=ADMIN)
    assert answer.text
    assert not answer.choices


async def test_installer_answers_the_three_questions_in_a_direct_message(
    desk: Desk, language: Language
) -> None:
    """Where a platform tells nothing about roles."""
    answer = await desk.give("setup", roles=ADMIN, **shared())
    for label in ("A community", "That of each person", "Only where I'm switched on"):
        answer = await desk.press(answer.button(say(language, label)))
    stored = await community(desk)
    assert (stored.kind, stored.policy, stored.language) == ("community", "guided", None)
    assert not await here(desk, "general")


async def test_setup_buttons_expire_after_a_day(desk: Desk) -> None:
    answer = await desk.give("setup", roles=ADMIN, **shared())
    desk.wait(days=1)
    assert await desk.outcome(answer.choices[0], answer.turn.question.author) == "expired"
