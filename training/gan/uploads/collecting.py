"""Goes through an upload picture by picture, and keeps what can be used on the disk as it comes.

Memory is that of one picture, and some hundred bytes for each that was kept.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from PIL import Image

from training.gan.pictures import Pixels
from training.gan.uploads.captions import Caption, Captions
from training.gan.uploads.decoding import Decoded, decoded
from training.gan.uploads.duplicates import Likeness, Seen
from training.gan.uploads.files import Entry, Files
from training.gan.uploads.labels import key_of
from training.gan.uploads.limits import SIZE
from training.gan.uploads.refusal import SAME_ELSEWHERE, UNSUITABLE, Unfit, UploadRefused
from tutor.bank.reason import Reason

KEPT_ROWS = 500  # of rejected ones; their number is always whole
Judge = Callable[[Image.Image], bool]


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was kept; its pixels are the next in the file of pixels."""

    place: str
    caption: Caption
    side: int

    @property
    def thing(self) -> str:
        return key_of(self.caption.thing)


@dataclass
class Collected:
    """What was found. `across` are near duplicates in two things: a person knows which is right."""

    kept: list[Kept] = field(default_factory=list)
    rejected: list[tuple[str, Reason]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    across: list[tuple[str, str]] = field(default_factory=list)

    def reject(self, place: str, reason: Reason) -> None:
        self.counts["rejected"] += 1
        if len(self.rejected) < KEPT_ROWS:
            self.rejected.append((place, reason))


class Collector:
    """`pixels` takes (64, 64, 3) bytes a picture; `is_unsuitable` judges each before it is kept."""

    def __init__(
        self, files: Files, pixels: BinaryIO, is_unsuitable: Judge, done: Callable[[int], None]
    ) -> None:
        self._files, self._pixels = files, pixels
        self._is_unsuitable, self._done = is_unsuitable, done
        self._seen = Seen()
        self.found = Collected()
        self.found.counts["ignored"] = files.ignored

    def run(self) -> Collected:
        """Raises UploadRefused where the captions can't be read."""
        try:
            captions = Captions(self._files)
        except Unfit as error:
            raise UploadRefused(error.reason.message, **error.reason.fields) from error
        for entry in self._files.entries:
            if entry.path not in captions.tables:
                self._take(entry, captions)
        return self.found

    def _take(self, entry: Entry, captions: Captions) -> None:
        self.found.counts["read"] += 1
        place = shown(entry.path)
        try:
            caption, picture = self._looked_at(entry, captions)
            new = self._is_new(place, caption, picture.pixels)
        except Unfit as error:
            self.found.reject(place, error.reason)
            return
        if not new:
            return
        if self._is_unsuitable(picture.large):
            self.found.counts["unsuitable"] += 1
            self.found.reject(place, Reason(UNSUITABLE))
            return
        self.found.counts["animated"] += picture.animated
        self.found.counts["enlarged"] += picture.side < SIZE
        self._seen.keep(picture.pixels)
        self._pixels.write(picture.pixels.tobytes())
        self.found.kept.append(Kept(place, caption, picture.side))
        self._done(len(self.found.kept))

    def _looked_at(self, entry: Entry, captions: Captions) -> tuple[Caption, Decoded]:
        if entry.fault is not None:
            raise entry.fault
        return captions.of(entry.path), decoded(self._files.read(entry))

    def _is_new(self, place: str, caption: Caption, pixels: Pixels) -> bool:
        """A near one of another thing is kept, and told."""
        earlier = self._seen.find(pixels)
        if earlier is None:
            return True
        other = self.found.kept[earlier.place]
        same_thing = (other.thing, other.caption.style) == (key_of(caption.thing), caption.style)
        if earlier.likeness is Likeness.NEAR and not same_thing:
            if len(self.found.across) < KEPT_ROWS:
                self.found.across.append((place, other.place))
            return True
        if not same_thing and other.thing != key_of(caption.thing):
            raise Unfit(SAME_ELSEWHERE, other=other.caption.thing)
        self.found.counts[f"duplicates_{earlier.likeness.value}"] += 1
        return False


def shown(path: PurePosixPath) -> str:
    """A path as people may read it: short, and without signs that move others."""
    text = "".join(one if one.isprintable() else "?" for one in str(path))
    return text if len(text) <= 120 else f"…{text[-119:]}"
