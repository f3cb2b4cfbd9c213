"""What people read where a picture can't be drawn as they asked."""

import pytest

from tutor.images.concepts import Concept
from tutor.images.request import PictureRequest, Reason, Refusal, Unclear, Wanted
from tutor.language import Language
from tutor.safety.careful import careful_answer
from tutor.safety.concern import Concern

CAT = Concept("cat", "cat", "猫")
CAMEL = Concept("camel", "camel", "骆驼")


def test_unclear_says_why_and_names_what_there_is() -> None:
    known = Unclear("", CAMEL, (CAT,)).sentence(Language.ENGLISH)
    assert "camel" in known and "cat" in known
    assert "flurbs" in Unclear("flurbs", None, (CAT,)).sentence(Language.ENGLISH)
    assert "骆驼" in Unclear("", CAMEL, (CAT,)).sentence(Language.CHINESE)


def test_open_wish_reads_what_is_drawn_at_all() -> None:
    said = Unclear(nearest=(CAT,)).sentence(Language.ENGLISH)
    assert "everyday things" in said and said.endswith("cat")


def test_what_a_picture_does_not_show_is_said_only_where_something_is_missing() -> None:
    whole = PictureRequest((Wanted(CAT),))
    assert whole.remark(Language.ENGLISH) == ""
    part = PictureRequest((Wanted(CAT),), left_out=("in a hat",))
    assert "in a hat" in part.remark(Language.ENGLISH)


@pytest.mark.parametrize("reason", [Reason.PERSON, Reason.UNSAFE, Reason.CHARACTER])
def test_refusal_says_what_can_be_asked_for_instead(reason: Reason) -> None:
    assert "animal" in Refusal(reason).sentence(Language.ENGLISH)


def test_need_is_answered_with_care_and_not_with_pictures() -> None:
    said = Refusal(Reason.NEED, Concern.SELF_HARM).sentence(Language.ENGLISH, "GB")
    assert said == careful_answer(Concern.SELF_HARM, Language.ENGLISH, "GB")
