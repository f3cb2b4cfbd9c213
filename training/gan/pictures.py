"""A set of labelled pictures: what a generator learns from, and what it is measured against.

Small square RGB pictures on white, each of one concept in one style. Knows nothing of where they
come from, or of networks.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]  # (N, S, S, 3)

_PICTURES = "images.npy"
_DESCRIPTION = "set.json"


class BrokenPictureSet(ValueError):
    """A folder that holds no whole set; its text tells what to do."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a concept is called. `id` is a slug ("red-apple"), `en` and `zh` are read by learners,
    the tags are other words for the same thing."""

    id: str
    en: str
    zh: str
    category: str
    tags_en: tuple[str, ...] = ()
    tags_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures or labels come from, and under which terms."""

    name: str
    version: str
    licence: str
    attribution: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class PictureSet:
    """`concepts[i]` and `styles[i]` are places in `labels` and `style_names`."""

    images: Pixels
    concepts: npt.NDArray[np.int16]
    styles: npt.NDArray[np.int8]
    labels: tuple[Label, ...]
    style_names: tuple[str, ...]
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        count, height, width, channels = self.images.shape
        assert self.images.dtype == np.uint8, self.images.dtype
        assert height == width and channels == 3, self.images.shape
        assert self.concepts.shape == self.styles.shape == (count,)
        assert count == 0 or 0 <= self.concepts.min() <= self.concepts.max() < len(self.labels)
        assert count == 0 or 0 <= self.styles.min() <= self.styles.max() < len(self.style_names)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def size(self) -> int:
        """Width and height in pixels."""
        return int(self.images.shape[1])

    def resized(self, size: int) -> "PictureSet":
        """The same pictures `size` pixels wide: areas are averaged."""
        if size == self.size:
            return self
        assert size < self.size, f"{self.size} pixels can't become {size}"
        small = np.empty((len(self), size, size, 3), np.uint8)
        for place, image in enumerate(self.images):
            picture = Image.fromarray(np.asarray(image))
            small[place] = np.asarray(picture.resize((size, size), Image.Resampling.BOX))
        return replace(self, images=small)

    def of_concepts(self, ids: Sequence[str]) -> "PictureSet":
        """The pictures of these concepts alone; the concepts are numbered in the order of `ids`."""
        known = {label.id: place for place, label in enumerate(self.labels)}
        missing = [one for one in ids if one not in known]
        assert not missing, f"not in the set: {missing}"
        numbers = np.full(len(self.labels), -1, np.int16)
        numbers[[known[one] for one in ids]] = np.arange(len(ids))
        kept = numbers[self.concepts] >= 0
        return replace(
            self,
            images=self.images[kept],
            concepts=numbers[self.concepts[kept]],
            styles=self.styles[kept],
            labels=tuple(self.labels[known[one]] for one in ids),
        )

    def save(self, folder: Path) -> None:
        """Writes the set; a set that was there before is replaced."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _DESCRIPTION).unlink(missing_ok=True)  # half a set is to be no set
        np.save(folder / _PICTURES, self.images, allow_pickle=False)
        text = json.dumps(self._description(), ensure_ascii=False, indent=1)
        (folder / _DESCRIPTION).write_text(text + "\n", "utf-8")

    def _description(self) -> dict[str, Any]:
        return {
            "labels": [asdict(label) for label in self.labels],
            "style_names": self.style_names,
            "sources": [asdict(source) for source in self.sources],
            "concepts": self.concepts.tolist(),
            "styles": self.styles.tolist(),
        }

    @classmethod
    def load(cls, folder: Path) -> "PictureSet":
        """Reads what `save` wrote; the pictures stay on disk until they are looked at."""
        try:
            record = json.loads((folder / _DESCRIPTION).read_text("utf-8"))
            images = np.load(folder / _PICTURES, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise BrokenPictureSet(
                f"{folder} holds no whole set of pictures: build it again."
            ) from error
        if len(images) != len(record["concepts"]):
            raise BrokenPictureSet(f"{folder} has lost pictures or labels: build it again.")
        return cls(
            images,
            np.array(record["concepts"], np.int16),
            np.array(record["styles"], np.int8),
            tuple(label_from(one) for one in record["labels"]),
            tuple(record["style_names"]),
            tuple(Source(**one) for one in record["sources"]),
        )


def label_from(record: dict[str, Any]) -> Label:
    """A label as JSON holds it: lists where the label has tuples."""
    tags = {key: tuple(record.get(key, ())) for key in ("tags_en", "tags_zh")}
    return Label(**{**record, **tags})
