"""An upload becomes a set of pictures with its check: the manifest of a data set's version.

Written to a folder: set/ (see `PictureSet.save`), manifest.json and sheet.png.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from training.gan.grid import sheet
from training.gan.parting import held_out_rows
from training.gan.pictures import Label, PictureSet, Pixels, Source
from training.gan.uploads.captions import OWN_STYLE
from training.gan.uploads.collecting import Collected, Collector, Judge, Kept
from training.gan.uploads.files import Files
from training.gan.uploads.labels import label_of, unique
from training.gan.uploads.limits import (
    LEAST_PICTURES,
    MAX_STYLES,
    MAX_THINGS,
    PICTURE_BYTES,
    SIZE,
)
from training.gan.uploads.refusal import (
    FEW_OF_THEM,
    NO_LABELS,
    NO_LICENCE,
    NO_PICTURES,
    NOTHING_FOUND,
    TOO_FEW,
    TOO_MANY_THINGS,
    UNLABELLED,
    UploadRefused,
)
from training.gan.uploads.unsuitable import MODEL, is_unsuitable
from tutor.bank.reason import Reason

FORMAT, KIND = 1, "pictures"
SET, MANIFEST, SHEET = "set", "manifest.json", "sheet.png"
SHEET_COLUMNS, SHEET_ROWS = 12, 12


def assemble(
    source: Path,
    folder: Path,
    *,
    name: str,
    licence: str,
    judge: Judge = is_unsuitable,
    done: Callable[[int], None] = lambda kept: None,
) -> dict[str, Any]:
    """Reads `source` into `folder`; returns the manifest. Raises UploadRefused, and OSError where
    the disk is full."""
    if not licence.strip():
        raise UploadRefused(NO_LICENCE)
    folder.mkdir(parents=True, exist_ok=True)
    raw = folder / "pixels.raw"
    files = Files(source)
    try:
        with raw.open("wb") as pixels:
            found = Collector(files, pixels, judge, done).run()
        things = _things(found)
        rows = [row for row, one in enumerate(found.kept) if one.thing in things]
        pictures = _picture_set(raw, folder, found.kept, rows, things, name, licence)
    finally:
        files.close()
        raw.unlink(missing_ok=True)
    manifest = _manifest(found, pictures, [found.kept[row] for row in rows], name, licence)
    (folder / SHEET).write_bytes(_sheet(pictures))
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def _things(found: Collected) -> dict[str, Label]:
    """The things with enough pictures; the others are told. Raises UploadRefused."""
    if not found.counts["read"]:
        raise UploadRefused(NOTHING_FOUND)
    if not found.kept:
        reason = Counter(reason.message for _, reason in found.rejected).most_common(1)[0][0]
        if reason == UNLABELLED:
            raise UploadRefused(NO_LABELS)
        said = next(one for _, one in found.rejected if one.message == reason)
        raise UploadRefused(NO_PICTURES, reason=said)
    counted = Counter(one.thing for one in found.kept)
    first = {one.thing: one.caption for one in reversed(found.kept)}
    for thing, count in sorted(counted.items()):
        if count < LEAST_PICTURES:
            fields = {"thing": first[thing].thing, "count": count, "least": LEAST_PICTURES}
            found.reject(first[thing].thing, Reason(TOO_FEW, fields))
    enough = sorted(thing for thing, count in counted.items() if count >= LEAST_PICTURES)
    if not enough:
        raise UploadRefused(FEW_OF_THEM, least=LEAST_PICTURES)
    if len(enough) > MAX_THINGS:
        raise UploadRefused(TOO_MANY_THINGS, count=len(enough), most=MAX_THINGS)
    labels = [label_of(first[one].thing, first[one].english, first[one].chinese) for one in enough]
    return dict(zip(enough, unique(labels), strict=True))


def _picture_set(
    raw: Path,
    folder: Path,
    kept: Sequence[Kept],
    rows: Sequence[int],
    things: dict[str, Label],
    name: str,
    licence: str,
) -> PictureSet:
    """Saved piece by piece; what is returned looks at the file."""
    numbers = {thing: number for number, thing in enumerate(things)}
    styles = sorted({kept[row].caption.style for row in rows})
    if len(styles) > MAX_STYLES:  # words on each picture, and no styles
        styles = [OWN_STYLE]
    named = {style: number for number, style in enumerate(styles)}
    images = np.memmap(raw, np.uint8, "r", shape=(len(kept), SIZE, SIZE, 3))
    pictures = PictureSet(
        images=images[:0],
        concepts=np.zeros(0, np.int16),
        styles=np.zeros(0, np.int8),
        labels=tuple(things.values()),
        style_names=tuple(styles),
        sources=(Source(name, "", licence.strip(), "", ""),),
    )
    whole = replace(
        pictures,
        images=_chosen(images, rows, folder),
        concepts=np.array([numbers[kept[row].thing] for row in rows], np.int16),
        styles=np.array([named.get(kept[row].caption.style, 0) for row in rows], np.int8),
    )
    whole.save(folder / SET)
    (folder / "chosen.npy").unlink()
    return PictureSet.load(folder / SET)


def _chosen(images: Pixels, rows: Sequence[int], folder: Path) -> Pixels:
    """The pictures of these rows as a file that is looked at, not held."""
    chosen = np.lib.format.open_memmap(
        folder / "chosen.npy", mode="w+", dtype=np.uint8, shape=(len(rows), *images.shape[1:])
    )
    for place, row in enumerate(rows):
        chosen[place] = images[row]
    return chosen


def _manifest(
    found: Collected, pictures: PictureSet, kept: Sequence[Kept], name: str, licence: str
) -> dict[str, Any]:
    held_out = held_out_rows(pictures)
    in_all = np.bincount(pictures.concepts, minlength=len(pictures.labels))
    apart = np.bincount(pictures.concepts[held_out], minlength=len(pictures.labels))
    sides = sorted(one.side for one in kept)
    return {
        "format": FORMAT,
        "kind": KIND,
        "file": name,
        "licence": licence.strip(),
        "attribution": [],
        "read": found.counts["read"],
        "ignored": found.counts["ignored"],
        "pictures": len(pictures),
        "held_out": int(held_out.sum()),
        "size": pictures.size,
        "things": [
            {"id": one.id, "en": one.en, "zh": one.zh, "pictures": int(all_), "held_out": int(out)}
            for one, all_, out in zip(pictures.labels, in_all, apart, strict=True)
        ],
        "styles": list(pictures.style_names),
        "sides": {"least": sides[0], "median": sides[len(sides) // 2], "most": sides[-1]},
        "animated": found.counts["animated"],
        "enlarged": found.counts["enlarged"],
        "duplicates": {
            "same": found.counts["duplicates_same"],
            "near": found.counts["duplicates_near"],
            "across": [list(pair) for pair in found.across],
        },
        "unsuitable": {"model": MODEL, "left_out": found.counts["unsuitable"]},
        "rejected": {
            "total": found.counts["rejected"],
            "rows": [{"place": place, **reason.to_json()} for place, reason in found.rejected],
        },
    }


def _sheet(pictures: PictureSet) -> bytes:
    """A row for each of the first things: some of its pictures."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, concept in enumerate(pictures.concepts.tolist()):
        if len(rows[concept]) < SHEET_COLUMNS:
            rows[concept].append(row)
    columns = max(map(len, rows.values()))
    white = np.full((SIZE, SIZE, 3), 255, np.uint8)
    shown = [
        pictures.images[row[place]] if place < len(row) else white
        for _, row in sorted(rows.items())[:SHEET_ROWS]
        for place in range(columns)
    ]
    return sheet(np.stack(shown), columns)


def room_needed(count: int) -> int:
    """Bytes on the disk while so many pictures are read: as they come, chosen, saved, packed."""
    return 4 * count * PICTURE_BYTES
