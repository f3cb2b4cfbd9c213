"""Whose work Daoshi learnt from is said for what is installed here."""

from tests.doubles.desk import Desk
from tests.doubles.picture_atlas import SOURCE
from tutor.language import Language


async def test_credits_name_every_set_with_author_and_licence(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("credits")
    assert answer.private
    for part in ("icons-1", "digits-1", *SOURCE.values()):
        assert part in answer.text
    assert "CC-CEDICT" in answer.text
    assert "OATutor" in answer.text
    assert len(answer.text) < 4000


async def test_credits_without_a_generator_say_so(desk: Desk) -> None:
    desk.services.picturing.atlases.shipped = None
    assert "no picture generator" in (await desk.give("credits")).text
