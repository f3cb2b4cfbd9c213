"""A draft grows with every part."""

from bot.adapter import Ending
from bot.dispatch.drafting import Drafting
from tutor.messages import Choice, Choices, File, Picture, Provenance, Status, Text


def test_text_only_grows() -> None:
    drafting = Drafting()
    seen = []
    for piece in ("The ", "sky ", "is blue."):
        drafting.add(Text(piece))
        seen.append(drafting.draft().text)
    assert seen == ["The ", "The sky ", "The sky is blue."]


def test_a_status_is_shown_until_there_is_something_else() -> None:
    drafting = Drafting()
    drafting.add(Status("Reading…"))
    assert drafting.draft().status == "Reading…"
    drafting.add(Text("Done."))
    assert drafting.draft().status == ""


def test_controls_stand_under_an_unfinished_reply_only() -> None:
    drafting = Drafting()
    drafting.add(Text("Hello"))
    stop = Choices((Choice("s", "Stop"),))
    assert drafting.draft(controls=stop).choices == stop.options
    drafting.add(Choices((Choice("up", "👍"),)))
    assert [choice.id for choice in drafting.draft(Ending.DONE).choices] == ["up"]


def test_everything_that_was_given_is_in_the_final_draft() -> None:
    drafting = Drafting()
    picture, file = Picture(b"p", "p.png", "a volcano"), File(b"f", "f.txt", "text/plain")
    for part in (picture, file, Provenance("answer", "style-3", "T1")):
        drafting.add(part)
    draft = drafting.draft(Ending.DONE)
    assert (draft.pictures, draft.files) == ((picture,), (file,))
    assert (draft.move, draft.adapter, draft.ending) == ("answer", "style-3", Ending.DONE)
