"""Every button that Daoshi shows in Discord: pressed, pressed twice, late, and by a stranger."""

from typing import Any

import pytest

from bot.commands.actions import ACTIONS
from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import ORDINARY, Offered, growing_answer
from tests.bot.discord_app.simulated.reaching_courses import TEACHING
from tests.bot.discord_app.simulated.reaching_lessons import LEARNING
from tests.bot.discord_app.simulated.reaching_pictures import PICTURES
from tests.bot.discord_app.simulated.reaching_tuning import TUNING

pytestmark = pytest.mark.simcord(shard_count=1)

REACH = {**ORDINARY, **LEARNING, **TEACHING, **TUNING, **PICTURES}
FOR_ALL = {"rate_up", "rate_down", "report", "answer"}
"""Under a reply in the open these are for everybody who reads it."""
ONCE = {
    "rate_reason",
    "regenerate",
    "continue",
    "ocr_confirm",
    "ocr_correct",
    "report_send",
    "report_settle",
    "report_pause",
    "link_confirm",
    "link_accept",
    "link_reject",
    "data_delete_confirm",
    "data_delete_keep",
    "lesson_choose",
    "lesson_skip",
    "lesson_next",
    "lesson_stop",
    "lesson_start",
    "contest",
    "write_keep_quiz",
    "goal_set",
    "course_import",
    "material_put",
    "material_remove",
    "material_again",
    "item_decide",
    "homework_cancel",
    "dispute_accept",
    "dispute_correct",
    "dispute_reject",
    "onboard_retire",
    "tune_begin",
    "tune_reject",
    "tune_stop",
    "trial_stop",
}
"""These do something once, so being late is tried on fresh ones."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker reads files here, so nobody waits for one."""
    monkeypatch.setattr("bot.commands.courses.importing.WAITING_SECONDS", 0.0)
    monkeypatch.setattr("bot.commands.tuning.waiting.WAITING_SECONDS", 0.0)


def test_every_action_is_tried() -> None:
    assert set(REACH) == set(ACTIONS)


@pytest.mark.parametrize("action", sorted(set(REACH) - {"stop"}))
async def test_button_by_a_stranger_by_its_owner_twice_and_late(
    school: School, action: str
) -> None:
    theirs = await school.ask("Something of my own?", school.bob)
    offered = await REACH[action](school)
    custom_id = await school.find(offered.message, action)
    forge(school, theirs, custom_id)
    if action not in FOR_ALL:
        assert "somebody else" in await refused(school, school.bob, theirs, custom_id)
    await counts(school, offered, custom_id)  # so the stranger's press used nothing up
    if action in ONCE:
        again = await refused(school, offered.who, offered.message, custom_id, offered.fields)
        assert "already" in again or is_late(again)
        return
    await counts(school, offered, custom_id)
    school.wait(days=500)
    assert is_late(await refused(school, offered.who, offered.message, custom_id, offered.fields))


@pytest.mark.parametrize("action", sorted(ONCE))
async def test_button_that_counts_once_expires_unused(school: School, action: str) -> None:
    offered = await REACH[action](school)
    custom_id = await school.find(offered.message, action)
    school.wait(days=500)
    assert is_late(await refused(school, offered.who, offered.message, custom_id, offered.fields))


@pytest.mark.parametrize("action", sorted(FOR_ALL))
async def test_button_under_a_shared_reply_is_for_every_reader(school: School, action: str) -> None:
    offered = await REACH[action](school)
    custom_id = await school.find(offered.message, action)
    await counts(school, Offered(school.bob, offered.message, offered.fields), custom_id)


async def test_stop_ends_the_reply_of_its_owner_alone(school: School) -> None:
    theirs = await school.ask("Something of my own?", school.bob)
    offered = await growing_answer(school)
    custom_id = await school.find(offered.message, "stop")
    forge(school, theirs, custom_id)
    assert "somebody else" in await refused(school, school.bob, theirs, custom_id)
    assert still_there(school, offered, custom_id)
    before = writings(school)
    await school.click(school.ann, offered.message, custom_id)
    assert not still_there(school, offered, custom_id)
    assert "Stopped" in stored(school, offered.message).content
    assert writings(school) == before


async def test_stop_is_gone_when_the_reply_is_complete(school: School) -> None:
    offered = await growing_answer(school)
    custom_id = await school.find(offered.message, "stop")
    assert school.engine.gate is not None
    school.engine.gate.set()
    await school.done()
    assert not still_there(school, offered, custom_id)
    theirs = await school.ask("Something else?")
    forge(school, theirs, custom_id)
    assert "nothing to stop" in await refused(school, school.ann, theirs, custom_id)


async def press(school: School, who: Any, message: Any, custom_id: str, fields: Any) -> str:
    """Presses a button and fills in its form; returns what only the presser was told."""
    result = await school.click(who, message, custom_id)
    if result.modal:
        result = await school.submit(who, result, fields)
    assert result.acknowledged
    told = [followup for followup in result.followups if followup.ephemeral]
    return "\n".join(message.content for message in told)


async def counts(school: School, offered: Offered, custom_id: str) -> None:
    """A press that does something, and says so to somebody."""
    before = writings(school)
    told = await press(school, offered.who, offered.message, custom_id, offered.fields)
    assert writings(school) > before
    assert not is_late(told)
    for excuse in ("somebody else", "went wrong", "already"):
        assert excuse not in told


async def refused(
    school: School, who: Any, message: Any, custom_id: str, fields: Any = None
) -> str:
    """A press that does nothing but tell its presser alone (in a direct message: there) why."""
    before = writings(school)
    told = await press(school, who, message, custom_id, fields or {})
    assert writings(school) == before + 1
    return told or newest(school)


def is_late(told: str) -> bool:
    return "expired" in told or "no longer" in told


def stored(school: School, message: Any) -> Any:
    channel = getattr(message, "channel_id", None) or message.channel.id
    return school.env.backend.get_message(channel, message.id)


def still_there(school: School, offered: Offered, custom_id: str) -> bool:
    rows = stored(school, offered.message).components
    return any(b["custom_id"] == custom_id for row in rows for b in row["components"])


def forge(school: School, message: Any, custom_id: str) -> None:
    """A stranger cannot see an ephemeral message, so the button is forged on one they can see."""
    stored(school, message).components[0]["components"][0]["custom_id"] = custom_id


def written(school: School) -> list[Any]:
    """Everything that Daoshi has written anywhere, oldest first."""
    me = school.env.bot.user.id
    messages = [m for c in school.env.backend.messages.values() for m in c.values()]
    return sorted((m for m in messages if m.author_id == me), key=lambda m: m.id)


def writings(school: School) -> int:
    return len(written(school))


def newest(school: School) -> str:
    return str(written(school)[-1].content)
