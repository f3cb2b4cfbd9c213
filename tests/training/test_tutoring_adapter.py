"""The adapter that ships: whole lessons are held out, and its card says where it comes from."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from training import tutoring_adapter
from training.datasets.building.tutoring_set import split
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.folder import write_run
from training.tutoring_adapter import RECIPE, content_hash, ship, write_card
from tutor.engine.contract import Capabilities
from tutor.tuning.report import Report, binding_of

ENGINE = Capabilities(
    "tiny", "r1", 128, True, True, base_hash="b", template_hash="t", precision="float32"
)


def example(lesson: int, hint: str, source: str = "oatutor") -> Example:
    messages = (ChatMessage("user", hint), ChatMessage("assistant", "What do you get?"))
    return Example(
        ExampleKind.DIALOGUE, f"lesson-{lesson}", source, "MIT", messages, brief={"facts": [hint]}
    )


def test_no_lesson_and_no_hint_is_on_both_sides() -> None:
    examples = [example(n // 3, f"Add {n}.") for n in range(300)]
    examples += [example(n, "Add the two numbers.") for n in range(100)]
    train, held_out = split(examples)
    assert len(held_out) > 20 and len(train) > len(held_out)
    assert not {one.group for one in train} & {one.group for one in held_out}
    hints = [{str((one.brief or {})["facts"][-1]) for one in side} for side in (train, held_out)]
    assert not hints[0] & hints[1]


def test_what_others_than_oatutor_gave_is_trained_on() -> None:
    train, held_out = split([example(n, f"Add {n}.", "gsm8k") for n in range(50)])
    assert len(train) == 50 and not held_out


def test_card_says_what_it_was_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = [example(1, "Add 2.")]
    write_run(tmp_path, model="", data_dir=tmp_path, recipe=RECIPE, train=trained)
    (tmp_path / "adapter").mkdir()
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (tmp_path / "adapter" / name).write_text("weights")
    (tmp_path / "progress.jsonl").write_text('{"step": 1, "loss": 0.5}\n')
    now = datetime(2026, 11, 23, tzinfo=UTC)
    report = Report((), True, (), binding_of(ENGINE), "v", ("hint",), 1.0, now, "tutoring-1")
    card = write_card(tmp_path, report, ENGINE, "make it")
    assert card["dataset"]["content_hash"] == content_hash(trained)
    assert card["base_hash"] == "b" and card["phrases"] == ["hint"]
    assert card["prompt"] == "tutoring-1" and card["seed"] == RECIPE.seed
    assert any("OATutor" in who and "OpenStax" in who for who in card["attribution"])
    monkeypatch.setattr(tutoring_adapter, "SHIPPED", tmp_path / "shipped")
    ship(tmp_path / "adapter")
    shipped = tmp_path / "shipped" / "tutoring-1"
    assert json.loads((shipped / "card.json").read_text()) == json.loads(json.dumps(card))
    assert len(list(shipped.iterdir())) == 3
