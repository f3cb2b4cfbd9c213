"""The report card survives storage, is bound to its engine, and reads in both languages."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from wcwidth import wcswidth

from tests.doubles.report_cards import measure, report, whole_card
from tutor.engine.contract import Capabilities
from tutor.language import Language
from tutor.tuning.report import MeasureName, Report, is_valid_for
from tutor.tuning.report_picture import report_picture
from tutor.tuning.report_text import report_text, table
from tutor.tuning.report_words import TITLES, value_text

ENGINE = Capabilities(
    "m",
    "revision",
    2048,
    adapters=True,
    score=True,
    base_hash="base",
    template_hash="template",
    precision="float32",
)


def test_report_comes_back_from_its_json_as_it_was() -> None:
    card = replace(whole_card(), phrases=("hint",))
    assert Report.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_report_with_a_present_adapter_comes_back_too() -> None:
    card = report(measure(current=1.8))
    assert Report.from_json(json.loads(json.dumps(card.to_json()))) == card


@pytest.mark.parametrize("changed", ["base_hash", "template_hash", "precision", "base_revision"])
def test_report_for_another_engine_is_no_longer_valid(changed: str) -> None:
    assert is_valid_for(report(), ENGINE)
    assert not is_valid_for(report(), replace(ENGINE, **{changed: "other"}))


@pytest.mark.parametrize("language", list(Language))
def test_table_fits_a_chat_and_stands_in_columns(language: Language) -> None:
    card = report(*(replace(measure(current=1.8), name=name) for name in MeasureName))
    lines = table(language, card).splitlines()[1:-1]
    assert max(map(wcswidth, lines)) <= 64
    assert len(lines) == len(MeasureName) + 1
    assert len(report_text(language, card)) < 1900


def test_conclusion_says_why_it_did_not_pass() -> None:
    text = report_text(Language.ENGLISH, whole_card())
    assert text.startswith("The adapter did not pass")
    assert "▼ worse" in text and "▲ better" in text and "= equal" in text


def test_every_measure_has_a_name() -> None:
    assert set(TITLES) == set(MeasureName)


def test_small_shares_are_not_rounded_away() -> None:
    leaks = whole_card().measure(MeasureName.LEAKS)
    assert leaks is not None
    assert value_text(leaks, 0.014) == "1.4%"
    assert value_text(leaks, 0) == "0%"


@pytest.mark.parametrize("language", list(Language))
def test_picture_shows_every_measure_and_tells_it_in_words(language: Language) -> None:
    picture = report_picture(language, whole_card())
    with Image.open(BytesIO(picture.data)) as image:
        assert image.width > 1200
    assert len(picture.alt.splitlines()) == 1 + len(whole_card().measures)
