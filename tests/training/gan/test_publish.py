"""What ships: the weights as they were judged, a whole card, and the list of what is offered."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.doubles.shipped_folder import LABELS, STYLES, a_set, by_heart, save_trained
from training.gan import appraisal, publish
from training.gan.concepts import read_concepts
from training.gan.digits import SOURCE as DIGITS_SOURCE
from training.gan.digits import digit_labels
from training.gan.offering import Outcome
from training.gan.pictures import PictureSet, Pixels
from training.gan.publish import NotPublished, Published, summary
from tutor.images.atlas import OWN, atlas_from
from tutor.images.card import read_card
from tutor.images.concepts import Concepts
from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import load_generator

FOX_SMEARED = (1,)


def published(folder: Path, monkeypatch: pytest.MonkeyPatch, **excluded: str) -> Published:
    """The fox is smeared, the rest is drawn as it should be."""
    pictures = a_set()
    monkeypatch.setattr(appraisal, "draw_all", by_heart(pictures, FOX_SMEARED))
    trained = save_trained(folder / "best", pictures)
    return publish.publish(trained, pictures, folder / "shipped", excluded)


def card_of(folder: Path) -> dict[str, Any]:
    card = json.loads((folder / "shipped/icons-1/card.json").read_text("utf-8"))
    assert isinstance(card, dict)
    return card


def test_what_is_recognised_is_offered_and_the_rest_is_known_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = published(tmp_path, monkeypatch)
    assert found.outcomes["fox"] is Outcome.UNRECOGNISED
    concepts = Concepts.load(tmp_path / "shipped/concepts.json")
    assert [one.id for one in concepts.offered] == ["volcano", "sun", "invented"]
    known = {one.id for one in concepts.known}
    assert {"fox", "digit-7", "orangutan"} <= known
    assert not known & {one.id for one in concepts.offered}
    assert len(known) == len(concepts.known)


def test_everything_that_has_a_name_stays_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch)
    concepts = Concepts.load(tmp_path / "shipped/concepts.json")
    everything = {one.label.id for one in read_concepts().listed}
    assert all(concepts.get(one) for one in everything)


def test_words_are_those_of_the_list_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, monkeypatch)
    volcano = Concepts.load(tmp_path / "shipped/concepts.json").get("volcano")
    listed = next(one.label for one in read_concepts().listed if one.label.id == "volcano")
    assert volcano is not None
    assert (volcano.tags_en, volcano.tags_zh) == (listed.tags_en, listed.tags_zh)
    assert LABELS[0].tags_en != listed.tags_en


def test_shipped_folder_is_what_chat_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, monkeypatch)
    folder = tmp_path / "shipped"
    atlas = atlas_from(Concepts.load(folder / "concepts.json"), [folder / one for one in OWN])
    assert atlas is not None
    card = atlas.generator_of("volcano")
    assert card is not None and atlas.generator_of("fox") is None
    assert set(card.styles_of("volcano")) == set(STYLES)
    assert set(card.styles_of("fox")) == {"noto", "flat"}
    assert card.concepts.index("sun") == 2  # as the network numbers them
    assert (folder / "icons-1/generator.safetensors").stat().st_mode & 0o444 == 0o444
    assert sorted(one.name for one in folder.iterdir()) == ["concepts.json", "icons-1"]


def test_styles_in_which_a_thing_is_drawn_well_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = a_set()
    draw = by_heart(pictures)

    def smeared_in_noto(*asked: Any) -> Pixels:
        drawn = draw(*asked).copy()
        drawn[asked[2] == STYLES.index("noto")] = 128
        return drawn

    monkeypatch.setattr(appraisal, "draw_all", smeared_in_noto)
    found = appraisal.appraise(Generator(GeneratorConfig(4, 3, 4, (8, 8, 8))), pictures)
    assert found.cells["fox"] == ("flat", "noto")
    assert [styles[-1] for styles in found.cells.values()].count("noto") >= 3
    assert set(found.cells["sun"]) == set(STYLES)


def test_weights_are_halved_and_otherwise_those_that_were_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = published(tmp_path, monkeypatch)
    file = tmp_path / "shipped/icons-1/generator.safetensors"
    assert found.size_bytes == file.stat().st_size < publish.MOST_BYTES
    trained = load_generator(tmp_path / "best/icons-1").generator.state_dict()
    shipped = load_generator(tmp_path / "shipped/icons-1").generator.state_dict()
    assert all((shipped[name] == one.half().float()).all() for name, one in trained.items())


def test_card_says_what_it_is_made_of_how_good_it_is_and_by_which_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch)
    card = card_of(tmp_path)
    assert card["data"]["pictures"] == 11
    assert card["data"]["pictures_of_style"] == {"noto": 4, "flat": 4, "ink": 3}
    assert card["data"]["sets"] == ["Icons: icons 1.0.0"]
    assert card["licence"] == "Apache-2.0" and card["attribution"][0]["licence"] == "MIT"
    assert card["seed"] == 42 and "training.gan.publish" in card["command"][-1]
    assert card["offered"] == ["volcano", "sun", "invented"] == list(card["figures"])
    assert card["metrics"]["concepts"] == 3 and card["metrics"]["pictures"] == 9
    assert card["metrics"]["concept_accuracy"] == card["metrics"]["concept_accuracy_real"] == 1
    assert card["metrics"]["concept_accuracy_trained"] == pytest.approx(9 / 11, abs=1e-4)
    assert card["training_metrics"] == {"concept_accuracy": 0.5}
    assert card["gate"]["unrecognised"] == ["fox"]
    assert 0 < card["gate"]["least_likeness"] <= 1
    assert card["gate"]["named"]["concepts"] + card["gate"]["alike"]["concepts"] == 3
    assert "at least half of its pictures are named" in card["gate"]["rule"]
    assert card["figures"]["sun"]["named"] == card["figures"]["sun"]["pictures"] == 3


def test_what_the_eye_left_out_is_told_and_known_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = published(tmp_path, monkeypatch, sun="a smear")
    assert card_of(tmp_path)["gate"]["excluded"] == ["sun"]
    assert "sun" not in card_of(tmp_path)["offered"]
    told = summary(found)
    assert "geography: 1 of 1\n  volcano" in told and "weather: 0 of 1" in told


def test_later_generator_replaces_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch)
    pictures = a_set()
    monkeypatch.setattr(appraisal, "draw_all", by_heart(pictures))
    publish.publish(tmp_path / "best/icons-1", pictures, tmp_path / "shipped", {})
    concepts = Concepts.load(tmp_path / "shipped/concepts.json")
    assert [one.id for one in concepts.offered] == ["volcano", "fox", "sun", "invented"]
    assert "fox" not in {one.id for one in concepts.known}


def test_digits_are_offered_once_their_generator_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch)
    digits = a_set_of_digits()
    monkeypatch.setattr(appraisal, "draw_all", by_heart(digits))
    monkeypatch.setattr(appraisal, "DRAWN", 2)
    trained = save_trained(tmp_path / "best", digits, "digits-1")
    publish.publish(trained, digits, tmp_path / "shipped", {})
    concepts = Concepts.load(tmp_path / "shipped/concepts.json")
    offered = [one.id for one in concepts.offered]
    assert offered[:3] == ["volcano", "sun", "invented"]
    assert offered[3:] == [f"digit-{number}" for number in range(10)]
    card = read_card(tmp_path / "shipped/digits-1")
    assert card is not None and card.styles_of("digit-3") == ("handwritten",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "birds"}, "none of ours"),
        ({"styles": ["noto"]}, "another set"),
        ({"labels": []}, "another set"),
    ],
)
def test_what_does_not_belong_together_is_not_published(
    change: dict[str, object], said: str, tmp_path: Path
) -> None:
    trained = save_trained(tmp_path / "best", a_set(), **{"name": "icons-1", **change})
    with pytest.raises(NotPublished, match=said):
        publish.publish(trained, a_set(), tmp_path / "shipped", {})
    assert not (tmp_path / "shipped/concepts.json").exists()


def test_exclusion_of_an_unknown_thing_is_a_mistake(tmp_path: Path) -> None:
    trained = save_trained(tmp_path / "best", a_set())
    with pytest.raises(NotPublished, match="dragonfruit-pie"):
        publish.publish(trained, a_set(), tmp_path / "shipped", {"dragonfruit-pie": "smear"})


def a_set_of_digits() -> PictureSet:
    """Three handwritings of each digit that differ by a shade."""
    rng = np.random.default_rng(2)
    digits = rng.integers(0, 2, (10, 4, 4, 1), np.uint8).repeat(3, 3) * 200
    images = [
        np.kron(digit, np.ones((8, 8, 1), np.uint8)) + n for digit in digits for n in (0, 4, 9)
    ]
    return PictureSet(
        np.stack(images).astype(np.uint8),
        np.repeat(np.arange(10, dtype=np.int16), 3),
        np.zeros(30, np.int8),
        digit_labels(),
        ("handwritten",),
        (DIGITS_SOURCE,),
    )
