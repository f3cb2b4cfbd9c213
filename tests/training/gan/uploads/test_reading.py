"""What becomes of an upload: counted, cleaned, told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.doubles.picture_files import drawing, file_of, png, things
from tests.training.gan.uploads.conftest import Read
from training.gan.parting import held_out_rows
from training.gan.pictures import PictureSet
from training.gan.uploads.assembling import assemble
from training.gan.uploads.labels import cleaned, label_of
from training.gan.uploads.packing import pack, unpack
from training.gan.uploads.refusal import UNSUITABLE, UploadRefused
from training.gan.uploads.unsuitable import is_unsuitable


def reasons(manifest: dict[str, Any]) -> dict[str, str]:
    return {row["place"]: row["message"] for row in manifest["rejected"]["rows"]}


def test_folders_become_things(read: Read, tmp_path: Path) -> None:
    manifest = read(things(count=3))
    assert [(one["id"], one["pictures"]) for one in manifest["things"]] == [
        ("thing-a", 6),
        ("thing-b", 6),
        ("thing-c", 6),
    ]
    pictures = PictureSet.load(tmp_path / "out" / "set")
    assert pictures.images.shape == (18, 64, 64, 3)
    assert pictures.sources[0].licence == "CC0"
    assert (tmp_path / "out" / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_folder_around_everything_is_no_label(read: Read) -> None:
    manifest = read({f"my pictures/all/{name}": data for name, data in things().items()})
    assert [one["en"] for one in manifest["things"]] == ["thing a", "thing b"]


def test_labels_are_kept_in_both_languages(read: Read) -> None:
    files = {f"volcano 火山/{n}.png": png(n) for n in range(5)}
    files |= {f"大象/{n}.png": png(100 + n) for n in range(5)}
    found = {one["id"]: (one["en"], one["zh"]) for one in read(files)["things"]}
    assert found == {"volcano": ("volcano", "火山"), "da-xiang": ("大象", "大象")}


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("012.Blue_jay", "Blue jay"),
        ("7", "7"),
        ("  red\u200b apple. ", "red apple"),
        ("T恤", "T恤"),
    ],
)
def test_class_names_are_cleaned(given: str, label: str) -> None:
    assert cleaned(given) == label
    assert label_of(cleaned(given)).en == label


def test_captions_name_pictures_and_styles(read: Read) -> None:
    rows = ["file,label,style,zh"]
    files = {}
    for n in range(12):
        files[f"img/{n}.png"] = png(n)
        rows.append(f"img/{n}.png,{'cat' if n < 6 else 'dog'},{'ink' if n % 2 else 'flat'},")
    manifest = read({**files, "captions.csv": "\n".join(rows).encode()})
    assert [one["en"] for one in manifest["things"]] == ["cat", "dog"]
    assert manifest["styles"] == ["flat", "ink"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("metadata.jsonl", '{"file_name": "%d.png", "text": "cat"}'),
        ("captions.txt", "%d.png\tcat"),
        ("labels.txt", "%d.png, cat"),
    ],
)
def test_captions_are_read_in_other_forms(read: Read, name: str, line: str) -> None:
    files = {f"{n}.png": png(n) for n in range(6)}
    manifest = read({**files, name: "\n".join(line % n for n in range(6)).encode()})
    assert [(one["en"], one["pictures"]) for one in manifest["things"]] == [("cat", 6)]


def test_names_in_gbk_are_read(read: Read, tmp_path: Path) -> None:
    files = {f"{'火山'.encode('gbk').decode('cp437')}/{n}.png": png(n) for n in range(5)}
    path = tmp_path / "gbk.zip"
    import zipfile

    with zipfile.ZipFile(path, "w") as target:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            target.writestr(entry, data)
    data = bytearray(path.read_bytes())
    for name in files:  # written as UTF-8 with its flag; put back to what GBK programs write
        data[:] = data.replace(name.encode(), name.encode("cp437").ljust(len(name.encode()), b"g"))
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] &= ~0x08
            at = data.find(signature, at + 4)
    path.write_bytes(bytes(data))
    [thing] = read(path)["things"]
    assert thing["zh"].startswith("火山")


def test_duplicates_are_left_out_and_reported_across_things(read: Read) -> None:
    files = things()
    files["thing a/again.png"] = files["thing a/0.png"]
    files["thing a/near.jpg"] = file_of(drawing(1), "JPEG", quality=95)
    files["thing b/near.jpg"] = file_of(drawing(2), "JPEG", quality=95)
    files["thing b/other.png"] = files["thing a/3.png"]
    manifest = read(files)
    assert (manifest["duplicates"]["same"], manifest["duplicates"]["near"]) == (1, 1)
    assert manifest["duplicates"]["across"] == [["thing b/near.jpg", "thing a/2.png"]]
    assert "shows “{other}” already" in reasons(manifest)["thing b/other.png"]


def test_what_systems_add_is_passed_over(read: Read) -> None:
    junk = {"__MACOSX/thing a/._0.png": b"x", "thing a/.DS_Store": b"x", "thing a/Thumbs.db": b"x"}
    manifest = read({**things(), **junk})
    assert (manifest["ignored"], manifest["rejected"]["total"]) == (3, 0)


def test_unsuitable_pictures_are_left_out(tmp_path: Path) -> None:
    from tests.doubles.picture_files import archive

    source = archive(tmp_path / "u.zip", things(count=1, each=7))
    seen: list[object] = []

    def judge(picture: object) -> bool:
        seen.append(picture)
        return len(seen) == 2

    manifest = assemble(source, tmp_path / "o", name="u.zip", licence="CC0", judge=judge)
    assert manifest["unsuitable"]["left_out"] == 1
    assert list(reasons(manifest).values()) == [UNSUITABLE]


def test_drawings_are_not_taken_for_unsuitable() -> None:
    assert not any(is_unsuitable(drawing(seed, 256)) for seed in range(3))


def test_every_tenth_picture_of_a_thing_is_held_out(read: Read, tmp_path: Path) -> None:
    manifest = read(things(count=2, each=20))
    assert [one["held_out"] for one in manifest["things"]] == [2, 2]
    pictures = PictureSet.load(tmp_path / "out" / "set")
    assert held_out_rows(pictures).sum() == manifest["held_out"] == 4


def test_same_upload_makes_the_same_bytes(read: Read, tmp_path: Path) -> None:
    packed = []
    for number in range(2):
        read(things())
        pack(tmp_path / "out" / "set", tmp_path / f"{number}.zip")
        packed.append((tmp_path / f"{number}.zip").read_bytes())
    assert packed[0] == packed[1]
    unpack(tmp_path / "0.zip", tmp_path / "back")
    found, back = (PictureSet.load(tmp_path / name) for name in ("out/set", "back"))
    assert np.array_equal(found.images, back.images) and found.labels == back.labels


def test_licence_is_asked_for(read: Read) -> None:
    with pytest.raises(UploadRefused, match="under which licence"):
        read(things(), licence=" ")
