"""A brief survives being stored as text."""

import json

from tutor.bank.item import AnswerKey, AnswerType
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief, brief_from_json, brief_to_json

WHOLE = Brief(
    Move.HINT,
    Language.ENGLISH,
    "💡 Hint: Subtract 5.",
    "Solve 3x + 5 = 20.",
    "x = 8",
    ("Subtract 5.", "Divide by 3."),
    AnswerKey(AnswerType.NUMBER, ("5", "x = 5"), unit="cm", tolerance=0.01),
    ("x = 8",),
    "plain",
)


def test_stored_brief_comes_back_whole() -> None:
    assert brief_from_json(json.loads(json.dumps(brief_to_json(WHOLE)))) == WHOLE


def test_what_is_empty_is_not_stored() -> None:
    bare = Brief(Move.DIAGNOSE, Language.CHINESE, "", "三加四等于几？")
    assert brief_to_json(bare).keys() == {"move", "language", "problem"}
    assert brief_from_json(brief_to_json(bare)) == bare
