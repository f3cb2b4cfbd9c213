"""`python -m training.gan.publish GENERATOR SET [OUT]`: makes a generator of ours one that ships.

Judges everything that GENERATOR draws beside the SET that it learnt, writes weights and card into
OUT, and the list of what is offered (concepts.json). Run it for the icons and for the digits.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from training.gan.appraisal import Appraisal, appraise
from training.gan.concepts import read_concepts
from training.gan.digits import digit_labels
from training.gan.offering import LEAST_TOGETHER, OFFERED, Outcome, Thing, choose
from training.gan.offering import __doc__ as gate
from training.gan.pictures import BrokenPictureSet, Label, PictureSet, label_from
from tutor.images.atlas import CONCEPTS, OWN, SHIPPED
from tutor.images.card import CARD
from tutor.images.legible import legible
from tutor.images.weights import WEIGHTS, GeneratorDamaged, load_generator, save_generator

MOST_BYTES = 20 * 1024**2
READABLE = 0o644
_DATA = Path(__file__).parents[1] / "data"
NAMES = _DATA / "picture_names.json"
EXCLUSIONS = _DATA / "picture_exclusions.json"


class NotPublished(Exception):
    """Nothing was written; its text tells why."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was found, and what became of each thing."""

    appraisal: Appraisal
    outcomes: Mapping[str, Outcome]
    labels: tuple[Label, ...]
    size_bytes: int

    def things(self, *outcomes: Outcome) -> list[Thing]:
        """Those with one of these outcomes."""
        return [one for one in self.appraisal.things if self.outcomes[one.id] in outcomes]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.gan.publish", description=__doc__)
    parser.add_argument("generator", type=Path, help="a folder with weights and card")
    parser.add_argument("set", type=Path, help="the set that it was trained on")
    parser.add_argument("out", type=Path, nargs="?", default=SHIPPED)
    options = parser.parse_args()
    try:
        excluded = json.loads(EXCLUSIONS.read_text("utf-8"))
        pictures = PictureSet.load(options.set)
        published = publish(options.generator, pictures, options.out, excluded)
    except (NotPublished, BrokenPictureSet, GeneratorDamaged) as error:
        print(error, file=sys.stderr)
        return 1
    print(summary(published))
    return 0


def publish(
    generator: Path, pictures: PictureSet, out: Path, excluded: Mapping[str, str]
) -> Published:
    """Judges the weights as they will ship, in 16 bits. Raises NotPublished."""
    out.mkdir(parents=True, exist_ok=True)
    trained = load_generator(generator)
    _check(trained.card, pictures, excluded)
    name: str = trained.card["name"]
    with TemporaryDirectory(dir=out, prefix=".") as building:
        place = Path(building) / name
        save_generator(place, trained.generator, {}, half=True)
        size = (place / WEIGHTS).stat().st_size
        if size > MOST_BYTES:
            raise NotPublished(f"{name} has {size:,} bytes, {MOST_BYTES:,} at most may ship.")
        drawn = load_generator(place)
        appraisal = appraise(drawn.generator, pictures, trained.card["seed"])
        outcomes = choose(appraisal.things, appraisal.alike, excluded)
        found = Published(appraisal, outcomes, _worded(pictures.labels), size)
        save_generator(place, drawn.generator, completed(trained.card, pictures, found), half=True)
        (place / WEIGHTS).chmod(READABLE)  # safetensors writes for the owner alone
        shutil.rmtree(out / name, ignore_errors=True)
        place.rename(out / name)
    (out / CONCEPTS).write_text(legible(listed(out)), encoding="utf-8")
    return found


def completed(card: Mapping[str, Any], pictures: PictureSet, found: Published) -> dict[str, Any]:
    """The card of the training with what it was made of, what it offers and how good that is."""
    kept = {key: value for key, value in card.items() if key not in ("config", "weights_sha256")}
    whole, alike = found.appraisal.whole, found.appraisal.alike
    groups = {one.value: _together(found.things(one)) for one in OFFERED}
    offered = found.things(*OFFERED)
    return {
        **kept,
        "labels": [asdict(one) for one in found.labels],
        "data": _data(pictures),
        "command": [
            *([kept["command"]] if isinstance(kept.get("command"), str) else ()),
            "python -m training.gan.publish FOLDER/best SET",
        ],
        "training_metrics": card.get("metrics", {}),
        "metrics": {
            **_together(offered),
            **{f"{name}_trained": round(value, 4) for name, value in whole.items()},
            "size_bytes": found.size_bytes,
        },
        "gate": {
            "rule": " ".join((gate or "").split()),
            "least_likeness": None if alike is None else round(alike, 4),
            **groups,
            **{one.value: _ids(found.things(one)) for one in Outcome if one not in OFFERED},
        },
        "offered": _ids(offered),
        "figures": {one.id: _figures(one, found.outcomes[one.id]) for one in offered},
        "cells": {thing: list(styles) for thing, styles in found.appraisal.cells.items()},
    }


def listed(out: Path) -> dict[str, Any]:
    """What the generators in a folder offer together, and everything else that has a name."""
    offered: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    for name in OWN:
        for label, is_offered in _of_generator(out / name):
            (offered if is_offered else known).append(label)
    told = {one["id"] for one in (*offered, *known)}
    names = [label_from(one) for one in json.loads(NAMES.read_text("utf-8"))["labels"]]
    words = (*(one.label for one in read_concepts().listed), *digit_labels(), *names)
    known += [asdict(one) for one in words if one.id not in told]
    return {"offered": offered, "known": known}


def summary(found: Published) -> str:
    """What is offered and how good it is, the ids of each category, and what is left out."""
    every = found.appraisal.things
    lines = [f"{len(every)} trained: {_told(_together(every))}"]
    for outcome in OFFERED:
        lines.append(f"offered as {outcome}: {_told(_together(found.things(outcome)))}")
    lines.append(f"offered: {_told(_together(found.things(*OFFERED)))}")
    lines.append(f"named {_share(found):.3f} as often as real ones ({LEAST_TOGETHER} is asked for)")
    lines += [f"{one}: {len(found.things(one))}" for one in Outcome if one not in OFFERED]
    ids = set(_ids(found.things(*OFFERED)))
    count = Counter(one.category for one in found.labels)
    for category, whole in sorted(count.items()):
        own = [one.id for one in found.labels if one.category == category and one.id in ids]
        lines.append(f"\n{category}: {len(own)} of {whole}\n  {', '.join(own)}")
    return "\n".join(lines)


def _check(card: Mapping[str, Any], pictures: PictureSet, excluded: Mapping[str, str]) -> None:
    name = card.get("name")
    if name not in OWN:
        raise NotPublished(f"{name} is none of ours: {', '.join(OWN)} can ship.")
    ids = [one.id for one in pictures.labels]
    if [one["id"] for one in card["labels"]] != ids or card["styles"] != list(pictures.style_names):
        raise NotPublished(f"{name} learnt another set: give the one that it was trained on.")
    everything = {one.label.id for one in read_concepts().listed} | set(ids)
    unknown = excluded.keys() - everything
    if unknown:
        raise NotPublished(f"{EXCLUSIONS.name} names unknown things: {', '.join(sorted(unknown))}.")


def _worded(labels: Sequence[Label]) -> tuple[Label, ...]:
    """As the list words them today, which may be better than when the set was built."""
    newest = {one.label.id: one.label for one in read_concepts().listed}
    return tuple(newest.get(one.id, one) for one in labels)


def _of_generator(folder: Path) -> list[tuple[dict[str, Any], bool]]:
    """The labels of a generator's card and whether each is offered; nothing where there is none."""
    if not (folder / CARD).is_file():
        return []
    card = json.loads((folder / CARD).read_text("utf-8"))
    offered = set(card["offered"])
    return [(label, label["id"] in offered) for label in card["labels"]]


def _data(pictures: PictureSet) -> dict[str, Any]:
    counts = Counter(pictures.style_names[one] for one in pictures.styles)
    return {
        "sets": [f"{one.name}: {one.version}" for one in pictures.sources],
        "pictures": len(pictures),
        "things": len(pictures.labels),
        "size_pixels": pictures.size,
        "pictures_of_style": {one: counts[one] for one in pictures.style_names},
    }


def _together(things: Sequence[Thing]) -> dict[str, float]:
    pictures = sum(one.pictures for one in things)
    figures: dict[str, float] = {"concepts": len(things), "pictures": pictures}
    if pictures:
        figures["concept_accuracy"] = sum(one.named for one in things) / pictures
        figures["concept_accuracy_real"] = sum(one.named_real for one in things) / pictures
        likeness = [one.likeness * one.pictures for one in things if one.likeness is not None]
        if likeness:
            figures["target_likeness"] = sum(likeness) / pictures
    return {name: round(value, 4) for name, value in figures.items()}


def _figures(thing: Thing, outcome: Outcome) -> dict[str, Any]:
    figures = {**asdict(thing), "as": outcome.value}
    del figures["id"]
    if thing.likeness is not None:
        figures["likeness"] = round(thing.likeness, 3)
    return figures


def _share(found: Published) -> float:
    things = found.things(*OFFERED)
    return sum(one.named for one in things) / max(1, sum(one.named_real for one in things))


def _told(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in figures.items())


def _ids(things: Sequence[Thing]) -> list[str]:
    return [one.id for one in things]


if __name__ == "__main__":
    sys.exit(main())
