"""Where a run is trained stays out of what is given away."""

from training.runs.where import recipe_alone, where

ASKED = {"effort": "quick", "on": "ray://10.0.0.5:10001", "devices": 2}


def test_card_does_not_name_our_machines() -> None:
    assert recipe_alone(ASKED) == {"effort": "quick"}


def test_trainer_is_told_where_to_train() -> None:
    assert where(ASKED) == {"on": "ray://10.0.0.5:10001", "devices": 2}
    assert where({"effort": "quick", "on": None}) == {}
