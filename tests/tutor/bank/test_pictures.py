"""Picture naming as items: sound, in both languages, graded as their keys say."""

import pytest

from tests.doubles.picture_atlas import KNOWN, OFFERED, an_atlas
from tutor.bank.generators.soundness import gives_away
from tutor.bank.item import HintKind, Item
from tutor.bank.pictures import (
    concept_of,
    in_other_words,
    item_keys,
    pictures_digest,
    with_pictures,
)
from tutor.bank.prerequisites import check_prerequisites
from tutor.bank.rules import complaints
from tutor.bank.saving import check_keys
from tutor.bank.starter import starter_course
from tutor.grading.equivalence import says_key
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.images.concepts import Concept, Concepts
from tutor.language import Language

CONCEPTS = an_atlas().concepts
COURSE = with_pictures(starter_course(), CONCEPTS)
ITEMS = {item.key: item for item in COURSE.items if concept_of(item)}


def outcome(item: Item, answer: str) -> Outcome:
    found = grade_quickly(item.steps[0].answer, answer, Language(item.language))
    assert found is not None
    return found.outcome


def test_course_stays_whole() -> None:
    check_keys(COURSE)
    check_prerequisites(COURSE.skills)
    assert len(COURSE.items) == len(starter_course().items) + 4 * len(OFFERED)


def test_digits_and_what_can_not_be_drawn_are_not_asked_for() -> None:
    assert {concept_of(item) for item in ITEMS.values()} == {one.id for one in OFFERED}


def test_items_of_a_thing_are_found_by_the_language_of_their_reader() -> None:
    for reader in Language:
        keys = item_keys("dog", reader)
        assert [ITEMS[key].language for key in keys] == [reader.value] * 2
        own, other = (ITEMS[key].steps[0].answer.answers[0] for key in keys)
        assert (own, other) == (("dog", "狗") if reader is Language.ENGLISH else ("狗", "dog"))


@pytest.mark.parametrize("key", ITEMS)
def test_item_is_sound_and_graded_as_its_key_says(key: str) -> None:
    item = ITEMS[key]
    [step] = item.steps
    assert complaints(item) == ()
    assert 2 <= len(step.hints) <= 4
    assert {outcome(item, answer) for answer in step.answer.answers} == {Outcome.RIGHT}
    *early, last = step.hints
    assert last.kind is HintKind.BOTTOM_OUT
    assert gives_away(step.answer, last.text)
    for hint in early:
        assert not gives_away(step.answer, hint.text), hint.text
        assert not says_key(step.answer, hint.text), hint.text


def test_words_of_several_things_name_none_of_them() -> None:
    dog = ITEMS[item_keys("dog", Language.ENGLISH)[0]]
    assert outcome(dog, "puppy") is Outcome.RIGHT
    assert outcome(dog, "pet") is Outcome.WRONG
    assert outcome(dog, "cat") is Outcome.WRONG


def test_small_categories_share_a_skill() -> None:
    many = tuple(Concept(f"animal-{n}", f"beast {n}", f"兽{n}", "animals") for n in range(4))
    course = with_pictures(starter_course(), Concepts((*many, OFFERED[0])))
    keys = {skill.key for skill in course.skills}
    assert {"pictures-animals", "pictures-things", "pictures-abroad-animals"} <= keys
    assert "pictures-geography" not in keys


def test_thing_is_named_in_the_other_language_where_there_is_no_picture() -> None:
    own, other = (ITEMS[key] for key in item_keys("volcano", Language.ENGLISH))
    assert "火山" in in_other_words(own, OFFERED[0])
    assert "volcano" in in_other_words(other, OFFERED[0])


def test_nothing_offered_leaves_the_course_alone() -> None:
    assert with_pictures(starter_course(), Concepts((), KNOWN)) == starter_course()


def test_digest_changes_with_what_is_offered() -> None:
    assert pictures_digest(CONCEPTS) == pictures_digest(an_atlas().concepts)
    assert pictures_digest(CONCEPTS) != pictures_digest(Concepts(OFFERED[:3]))
