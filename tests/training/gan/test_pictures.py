"""Sets of pictures keep what they are given, on disk as well."""

from pathlib import Path

import numpy as np
import pytest

from training.gan.pictures import BrokenPictureSet, Label, PictureSet, Source

LABELS = (
    Label("volcano", "volcano", "火山", "geography", ("erupting volcano",), ("火山爆发",)),
    Label("fox", "fox", "狐狸", "animals"),
    Label("sun", "sun", "太阳", "weather"),
)
SOURCE = Source("Icons", "icons 1.0.0", "MIT", "Icons by Ada, MIT", "https://example.org")


def a_set(size: int = 4) -> PictureSet:
    """Five pictures of three concepts in two styles; picture i is i * 50 all over."""
    images = np.stack([np.full((size, size, 3), place * 50, np.uint8) for place in range(5)])
    return PictureSet(
        images,
        np.array([0, 0, 1, 2, 2], np.int16),
        np.array([0, 1, 0, 0, 1], np.int8),
        LABELS,
        ("noto", "flat"),
        (SOURCE,),
    )


def test_a_saved_set_is_read_back_whole(tmp_path: Path) -> None:
    saved = a_set()
    saved.save(tmp_path / "new" / "set")
    read = PictureSet.load(tmp_path / "new" / "set")

    assert np.array_equal(read.images, saved.images)
    assert read.concepts.tolist() == [0, 0, 1, 2, 2]
    assert read.concepts.dtype == np.int16
    assert read.styles.tolist() == [0, 1, 0, 0, 1]
    assert (read.labels, read.style_names, read.sources) == (LABELS, ("noto", "flat"), (SOURCE,))


def test_pictures_stay_on_disk_until_they_are_looked_at(tmp_path: Path) -> None:
    a_set().save(tmp_path)

    assert isinstance(PictureSet.load(tmp_path).images, np.memmap)


def test_a_set_replaces_the_one_before_it(tmp_path: Path) -> None:
    a_set().save(tmp_path)
    a_set().of_concepts(["fox"]).save(tmp_path)

    assert [label.id for label in PictureSet.load(tmp_path).labels] == ["fox"]


def test_chosen_concepts_are_numbered_in_the_order_asked_for() -> None:
    chosen = a_set().of_concepts(["sun", "volcano"])

    assert [label.id for label in chosen.labels] == ["sun", "volcano"]
    assert chosen.concepts.tolist() == [1, 1, 0, 0]
    assert chosen.styles.tolist() == [0, 1, 0, 1]
    assert chosen.images[:, 0, 0, 0].tolist() == [0, 50, 150, 200]


def test_smaller_pictures_average_areas() -> None:
    striped = np.zeros((1, 4, 4, 3), np.uint8)
    striped[:, :, 1::2] = 200
    one = PictureSet(
        striped, np.zeros(1, np.int16), np.zeros(1, np.int8), LABELS, ("noto",), (SOURCE,)
    )
    small = one.resized(2)

    assert small.size == 2
    assert (small.images == 100).all()
    assert one.size == 4


def test_the_same_size_is_the_same_set() -> None:
    pictures = a_set()

    assert pictures.resized(4) is pictures


def test_an_empty_folder_is_no_set(tmp_path: Path) -> None:
    with pytest.raises(BrokenPictureSet, match="build it again"):
        PictureSet.load(tmp_path)


def test_half_a_set_is_no_set(tmp_path: Path) -> None:
    a_set().save(tmp_path)
    np.save(tmp_path / "images.npy", np.zeros((2, 4, 4, 3), np.uint8))

    with pytest.raises(BrokenPictureSet, match="lost"):
        PictureSet.load(tmp_path)


def test_pickled_objects_are_not_read(tmp_path: Path) -> None:
    a_set().save(tmp_path)
    np.save(tmp_path / "images.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)

    with pytest.raises(BrokenPictureSet):
        PictureSet.load(tmp_path)
