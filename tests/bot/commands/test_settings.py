"""A learner's own settings, by button, by option and by form."""

from storage.learners import Learner
from tests.doubles.desk import Desk
from tutor.i18n import say
from tutor.language import Language


async def stored(desk: Desk) -> Learner:
    return (await desk.give("settings")).turn.learner


async def test_settings_show_what_holds_and_every_change_in_one_tap(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("settings")
    assert answer.private
    assert "Ann" in answer.text
    assert say(language, "Automatic") in answer.text
    assert {"English", "简体中文", say(language, "Change name")} <= set(answer.labels)


async def test_language_changes_in_one_tap_and_holds_at_once(desk: Desk) -> None:
    answer = await desk.give("settings")
    changed = await desk.press(answer.button("简体中文"))
    assert say(Language.CHINESE, "**Your settings**") in changed.text
    assert (await stored(desk)).language == "zh-CN"
    assert (await desk.turn(changed.turn.question)).language is Language.CHINESE
    back = await desk.press(changed.button(say(Language.CHINESE, "Automatic")))
    assert back.parts
    assert (await stored(desk)).language is None


async def test_options_are_stored_together(desk: Desk, language: Language) -> None:
    arguments = {"language": "en", "level": "simple", "pictures": "no", "name": "  Ann   Lee "}
    answer = await desk.give("settings", arguments)
    assert say(Language.ENGLISH, "Saved.") in answer.text
    learner = await stored(desk)
    assert (learner.language, learner.display_name) == ("en", "Ann Lee")
    assert learner.settings == {"level": "simple", "pictures": False}


async def test_level_and_pictures_change_in_one_tap(desk: Desk, language: Language) -> None:
    answer = await desk.give("settings")
    answer = await desk.press(answer.button(say(language, "In detail")))
    answer = await desk.press(answer.button(say(language, "Pictures off")))
    assert (await stored(desk)).settings == {"level": "detailed", "pictures": False}
    assert say(language, "Pictures on") in answer.labels


async def test_name_is_changed_by_a_form(desk: Desk, language: Language) -> None:
    answer = await desk.give("settings")
    button = answer.button(say(language, "Change name"))
    form = await desk.form(button)
    assert form is not None
    assert form == button.form
    await desk.press(button, {"name": "Captain"})
    assert (await stored(desk)).display_name == "Captain"


async def test_name_button_without_a_form_says_how_to_type_it(desk: Desk) -> None:
    answer = await desk.give("settings")
    pressed = await desk.press(answer.button("Change name"))
    assert "`/settings name=…`" in pressed.text


async def test_empty_name_changes_nothing(desk: Desk) -> None:
    answer = await desk.give("settings")
    await desk.press(answer.button("Change name"), {"name": "  "})
    assert (await stored(desk)).display_name == "Ann"
