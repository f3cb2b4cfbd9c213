"""What a question can take up of a hint, and that a result in it is left out."""

import pytest

from training.datasets.building.hint_shapes import Kind, Shape, shape_of

READ = (
    ("Subtract 5 from both sides.", Kind.ACTION, "subtract 5 from both sides"),
    ("First, we need to add $$x$$ to $$3$$.", Kind.ACTION, "add $$x$$ to $$3$$"),
    ("To find y, substitute $$x$$ into the line.", Kind.ACTION, "substitute $$x$$ into the line"),
    ("Put $$x=2$$ into f, so that we get a number.", Kind.ACTION, "put $$x=2$$ into f"),
    ("What is the slope of the line?", Kind.TERM, "the slope of the line"),
    ("How many sides has it?", Kind.QUESTION, "how many sides has it?"),
    ("Anna sold 48/2 = 24 clips in May.", Kind.CALCULATION, "48/2"),
    ("$$2\\times3=6$$", Kind.CALCULATION, "$$2\\times3$$"),
    ("The mean of a list is its sum over its length.", Kind.IDEA, "the mean of a list"),
    ("If the signs are different, subtract.", Kind.CONDITION, "the signs are different"),
    ("Since $$n$$ is even, it can be halved.", Kind.REASON, "$$n$$ is even"),
    ("Here $$a^2+b^2=c^2$$ helps.", Kind.FORMULA, "$$a^2+b^2=c^2$$"),
    ("What is the answer?", Kind.ANY, ""),
)


@pytest.mark.parametrize(("hint", "kind", "phrase"), READ)
def test_hint_offers_its_first_usable_part(hint: str, kind: Kind, phrase: str) -> None:
    shape = shape_of(hint)
    assert (shape.kind, shape.phrase) == (kind, phrase)


def test_action_can_be_named_as_doing() -> None:
    shape = shape_of("Set $$x=1$$ and solve for y.")
    assert shape == Shape(
        Kind.ACTION, "set $$x=1$$ and solve for y", "setting $$x=1$$ and solving for y"
    )


def test_masked_and_overlong_parts_are_left_alone() -> None:
    assert shape_of("Divide both sides by ▢.").kind is Kind.ANY
    assert shape_of(f"Add {'one and ' * 40}two.").kind is Kind.ANY
