"""What the figures of a gate allow."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.doubles.gan_gate import FOUND
from tests.doubles.gan_trainer import LABELS
from training.gan.running import verdict
from training.gan.running.verdict import report_from
from tutor.language import Language
from tutor.tuning.generators.report import FigureName, GeneratorReport
from tutor.tuning.generators.report_text import generator_report_text


def report(**found: Any) -> GeneratorReport:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return report_from({**FOUND, **found}, LABELS, version_id="v", grid=None, now=now)


def test_good_figures_pass() -> None:
    made = report()
    assert made.passed
    assert [one.message for one in made.reasons] == [verdict.WELL, verdict.COPIES]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"named": [0.7, 0.7]}, verdict.UNRECOGNISED),
        ({"distance": 91.0}, verdict.FAR),
        ({"variety": 0.4}, verdict.THE_SAME),
        ({"named": [0.0, 0.0], "named_real": [0.0, 0.0]}, verdict.UNRECOGNISED),
    ],
)
def test_each_limit_fails_by_itself(found: dict[str, Any], reason: str) -> None:
    made = report(**found)
    assert not made.passed
    assert made.reasons[0].message == reason


def test_thing_that_is_not_recognised_is_not_offered() -> None:
    made = report(named=[1.0, 0.4])
    assert [one.offered for one in made.things] == [True, False]


def test_real_pictures_that_can_t_be_told_apart_are_mentioned() -> None:
    assert verdict.INDISTINCT not in [one.message for one in report().reasons]
    many = [{"id": str(n), "en": str(n), "zh": str(n)} for n in range(10)]
    chance = {**FOUND, "named": [0.1] * 10, "named_real": [0.1] * 10}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = report_from(chance, many, version_id="v", grid=None, now=now)
    assert made.reasons[-1].message == verdict.INDISTINCT


def test_report_survives_its_row_and_is_said_in_words() -> None:
    made = report(named=[1.0, 0.4])
    assert GeneratorReport.from_json(made.to_json()) == made
    assert made.figure(FigureName.COPIES).limit is None
    text = generator_report_text(Language.ENGLISH, made)
    assert "Not recognisable, so they are not drawn: dog" in text
    assert "100% of its pictures are near copies" in text
