"""`python -m training.datasets.building.tutoring_set`: what the shipped adapter learns from.

Dialogues out of OATutor's archive, GSM8K and this project's own generators and starter items. Whole
lessons are held out, and no hint of theirs is trained on. The same files and seed make the same
set. Only English: the adapter is for a model that knows no other language.
"""

import argparse
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from training.datasets.building.dialogues import dialogues, distinct
from training.datasets.example import Example, Split, to_line
from tutor.bank.generators import GENERATORS, generate
from tutor.bank.importing import gsm8k, oatutor
from tutor.bank.importing.report import Options
from tutor.bank.item import Course, Item
from tutor.bank.starter import starter_course
from tutor.language import Language

SEED = 135
HELD_OUT_SHARE = 0.2
OATUTOR_ITEMS, GSM8K_ITEMS = 1200, 150
EACH_GENERATOR = 3
EACH_ITEM = 2  # many items teach more than many turns about one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oatutor", type=Path, required=True, help="OATutor's archive or folder")
    parser.add_argument("--gsm8k", type=Path, required=True, help="GSM8K's training file")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the two files")
    parser.add_argument("--limit", type=int, help="at most so many items of each source")
    options = parser.parse_args()
    train, held_out = tutoring_set(options.oatutor, options.gsm8k, options.limit)
    options.out.mkdir(parents=True, exist_ok=True)
    for of, chosen in ((Split.TRAIN, train), (Split.HELD_OUT, held_out)):
        lines = "".join(f"{to_line(one, of)}\n" for one in chosen)
        (options.out / f"{of.value}.jsonl").write_text(lines, encoding="utf-8")
        print(f"{of.value}: {len(chosen)} examples")


def tutoring_set(
    oatutor_path: Path, gsm8k_path: Path, limit: int | None = None
) -> tuple[list[Example], list[Example]]:
    """Training and held-out examples, shuffled; at most `limit` items of each source."""
    examples = list(distinct(_examples(oatutor_path, gsm8k_path, limit)))
    Random(SEED).shuffle(examples)  # noqa: S311 - chooses examples, no secrets
    return split(examples)


def split(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Training and held-out examples: OATutor's lessons by their hash, all else to train."""
    train: list[Example] = []
    held_out: list[Example] = []
    for example in examples:
        (held_out if _is_held_out(example) else train).append(example)
    trained = {_hint(example) for example in train} - {""}
    return train, [example for example in held_out if _hint(example) not in trained]


def _is_held_out(example: Example) -> bool:
    digest = hashlib.sha256(example.group.encode()).digest()
    return example.source == "oatutor" and digest[0] < 256 * HELD_OUT_SHARE


def _hint(example: Example) -> str:
    facts = (example.brief or {}).get("facts") or ("",)
    return str(facts[-1])


def _examples(oatutor_path: Path, gsm8k_path: Path, limit: int | None) -> Iterator[Example]:
    sources = (
        ("oatutor", _items(oatutor.read(oatutor_path, Options()).courses)),
        ("gsm8k", _items(gsm8k.read(gsm8k_path, Options(licence="MIT")).courses)),
        ("daoshi", _ours()),
    )
    for source, items in sources:
        rng = Random(SEED)  # noqa: S311 - chooses examples, no secrets
        rng.shuffle(items)
        most = OATUTOR_ITEMS if source == "oatutor" else GSM8K_ITEMS if source == "gsm8k" else None
        for item in items[: limit or most]:
            of_item = dialogues(item, rng, source=source, by_lesson=source == "oatutor")
            yield from of_item[:EACH_ITEM]


def _items(courses: Iterable[Course]) -> list[Item]:
    items = [item for course in courses for item in course.items]
    return [item for item in items if item.language == Language.ENGLISH]


def _ours() -> list[Item]:
    """The starter course, and some problems of every generator."""
    drawn = (
        generate(name, seed, Language.ENGLISH)
        for name in sorted(GENERATORS)
        for seed in range(EACH_GENERATOR)
    )
    return [*_items([starter_course()]), *drawn]


if __name__ == "__main__":
    main()
