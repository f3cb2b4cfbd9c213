"""Readings of requests are judged by what is offered, changes by the picture before."""

from benchmarks.picture_requests import Message, Part, is_right, read
from tests.doubles.picture_atlas import OFFERED
from tutor.images.concepts import Concepts

ALL = Concepts(OFFERED)
WITHOUT_DOG = Concepts(
    tuple(one for one in OFFERED if one.id != "dog"),
    tuple(one for one in OFFERED if one.id == "dog"),
)


def right(text: str, expected: str, concepts: Concepts, previous: str = "") -> bool:
    message = Message(text, "en", False, expected, Part.FIRST, previous)
    return is_right(message, read(message, concepts), concepts)


def test_thing_that_is_not_offered_has_to_be_declined() -> None:
    assert right("draw a dog", "dog", ALL)
    assert right("draw a dog", "dog", WITHOUT_DOG)
    assert not right("draw a cat", "dog", ALL)
    assert not right("draw a dog", "?", ALL)


def test_change_of_a_picture_counts_also_where_its_thing_is_not_offered_any_more() -> None:
    for concepts in (ALL, WITHOUT_DOG):
        assert right("another one", "dog again", concepts, "dog")
        assert right("make it bigger", "dog bigger", concepts, "dog")
        assert not right("another one", "cat again", concepts, "dog")
        assert not right("make it bigger", "dog again", concepts, "dog")
