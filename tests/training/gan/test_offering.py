"""Which things are offered follows from counts alone."""

import json

from training.gan.concepts import read_concepts
from training.gan.offering import LEAST_TOGETHER, Outcome, Thing, choose
from training.gan.publish import EXCLUSIONS

ALIKE = 0.75


def outcome(thing: Thing, alike: float | None = ALIKE) -> Outcome:
    return choose([thing], alike, {})[thing.id]


def test_thing_is_offered_if_half_of_its_styles_are_named() -> None:
    assert outcome(Thing("cup", 6, named=3, named_real=3, found=3)) is Outcome.NAMED
    assert outcome(Thing("cup", 6, named=2, named_real=3, found=6)) is Outcome.UNRECOGNISED


def test_thing_may_be_one_style_behind_its_real_pictures_and_no_more() -> None:
    # The sure thing beside it keeps the whole above its limit.
    sure = Thing("sun", 60, named=60, named_real=59, found=60)
    one_less = Thing("cup", 7, named=5, named_real=6, found=7)
    two_less = Thing("cup", 7, named=5, named_real=7, found=7)
    assert choose([sure, one_less], ALIKE, {})["cup"] is Outcome.NAMED
    assert choose([sure, two_less], ALIKE, {})["cup"] is Outcome.UNRECOGNISED


def test_of_a_hundred_drawings_of_a_digit_one_in_seven_may_be_missing() -> None:
    for named, expected in ((86, Outcome.NAMED), (85, Outcome.UNRECOGNISED)):
        assert outcome(Thing("digit-7", 100, named, 100, named), None) is expected


def test_what_the_classifier_does_not_know_is_offered_if_it_is_like_its_targets() -> None:
    assert outcome(Thing("arrow", 7, 1, named_real=1, found=6, likeness=0.8)) is Outcome.ALIKE
    assert outcome(Thing("arrow", 7, 1, named_real=1, found=5, likeness=0.8)) is (
        Outcome.UNRECOGNISED
    )
    assert outcome(Thing("arrow", 7, 1, named_real=1, found=6, likeness=0.7)) is (
        Outcome.UNRECOGNISED
    )
    assert outcome(Thing("arrow", 7, 1, named_real=3, found=7, likeness=0.9)) is (
        Outcome.UNRECOGNISED
    )


def test_likeness_is_no_way_in_for_what_the_classifier_knows() -> None:
    assert outcome(Thing("cup", 7, 3, named_real=4, found=7, likeness=1.0)) is Outcome.UNRECOGNISED


def test_without_targets_likeness_is_no_way_in() -> None:
    assert outcome(Thing("digit-1", 100, 30, named_real=30, found=100), None) is (
        Outcome.UNRECOGNISED
    )


def test_thing_without_a_picture_is_not_offered() -> None:
    assert outcome(Thing("cup", 0, 0, 0, 0)) is Outcome.UNRECOGNISED


def test_what_nobody_recognised_is_left_out_after_the_gate() -> None:
    things = [Thing("cup", 6, 6, 6, 6), Thing("jug", 6, 0, 6, 0)]
    found = choose(things, ALIKE, {"cup": "looks like a hat", "jug": "a smear"})
    assert found == {"cup": Outcome.EXCLUDED, "jug": Outcome.UNRECOGNISED}


def test_those_furthest_behind_go_until_the_rest_are_named_as_real_ones_are() -> None:
    things = [
        Thing("cup", 6, 6, 6, 6),
        Thing("jug", 6, 5, 6, 6),
        Thing("sun", 7, 6, 7, 7),
        Thing("key", 6, 5, 5, 6),
    ]
    found = choose(things, ALIKE, {})
    assert [one for one in found if found[one] is Outcome.BEHIND] == ["jug", "sun"]
    kept = [one for one in things if found[one.id] is Outcome.NAMED]
    assert sum(one.named for one in kept) >= LEAST_TOGETHER * sum(one.named_real for one in kept)


def test_every_exclusion_names_a_thing_and_a_reason() -> None:
    excluded = json.loads(EXCLUSIONS.read_text("utf-8"))
    known = {one.label.id for one in read_concepts().listed}
    assert excluded.keys() <= known
    assert all(isinstance(reason, str) and reason.strip() for reason in excluded.values())
