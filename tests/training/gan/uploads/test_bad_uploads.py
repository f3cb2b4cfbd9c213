"""Broken, huge and hostile uploads: a sentence for each, and what is right is kept."""

import resource
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.doubles.picture_files import (
    animated_gif,
    announced_png,
    archive,
    drawing,
    file_of,
    png,
    things,
)
from tests.training.gan.uploads.conftest import Read
from training.gan.pictures import PictureSet
from training.gan.uploads import refusal
from training.gan.uploads.decoding import decoded
from training.gan.uploads.limits import MAX_FILES
from training.gan.uploads.refusal import Unfit, UploadRefused


def why(manifest: dict[str, Any], place: str) -> str:
    return next(row["message"] for row in manifest["rejected"]["rows"] if row["place"] == place)


BAD = {
    "broken": (png(900)[:200], refusal.BROKEN),
    "bomb by its header": (announced_png(60_000, 60_000), refusal.TOO_MANY_PIXELS),
    "too many pixels": (announced_png(9_000, 9_000), refusal.TOO_MANY_PIXELS),
    "one pixel": (file_of(Image.new("RGB", (1, 1))), refusal.TOO_SMALL),
    "a thread": (file_of(Image.new("RGB", (3, 900))), refusal.TOO_SMALL),
    "one colour": (file_of(Image.new("RGB", (40, 40), "red")), refusal.ONE_COLOUR),
    "a text": (b"Dear Sir or Madam", refusal.NO_PICTURE),
    "a program": (b"\x7fELF" + bytes(400), refusal.NO_PICTURE),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", refusal.NO_PICTURE),
    "nothing": (b"", refusal.EMPTY),
    "an archive": (b"PK\x03\x04" + bytes(400), refusal.AN_ARCHIVE),
    "unfolding": (bytes(3 << 20), refusal.UNFOLDS),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_gets_a_reason_and_the_others_are_kept(read: Read, name: str) -> None:
    data, reason = BAD[name]
    manifest = read({**things(), "thing a/bad.png": data})
    assert why(manifest, "thing a/bad.png") == reason
    assert manifest["pictures"] == 12


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../etc/evil.png", refusal.OUTSIDE),
        ("/thing a/evil.png", refusal.OUTSIDE),
        ("C:\\thing a\\evil.png", refusal.OUTSIDE),
        ("thing a/../../evil.png", refusal.OUTSIDE),
        ("\\\\server\\thing a\\evil.png", refusal.OUTSIDE),
    ],
)
def test_name_that_leads_out_is_never_followed(
    read: Read, tmp_path: Path, name: str, reason: str
) -> None:
    before = set(tmp_path.parent.rglob("evil*"))
    manifest = read({**things(), name: png(901)})
    assert [row["message"] for row in manifest["rejected"]["rows"]] == [reason]
    assert set(tmp_path.parent.rglob("evil*")) == before


def test_link_in_an_archive_is_not_followed(read: Read, tmp_path: Path) -> None:
    path = archive(tmp_path / "links.zip", things())
    with zipfile.ZipFile(path, "a") as target:
        link = zipfile.ZipInfo("thing a/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    assert why(read(path), "thing a/link.png") == refusal.A_LINK


def test_name_with_a_null_sign_is_not_used(read: Read, tmp_path: Path) -> None:
    path = archive(tmp_path / "null.zip", {**things(), "thing a/nullX.png": png(902)})
    path.write_bytes(path.read_bytes().replace(b"nullX.png", b"null\x00.png"))
    assert refusal.BAD_NAME in {row["message"] for row in read(path)["rejected"]["rows"]}


def test_odd_names_move_nothing_and_are_shown_safely(read: Read) -> None:
    odd = {"thing a/\u202egnp.evil.png": png(903), "thing b/con.png": png(904), "a b/😀.png": b""}
    manifest = read({**things(), **odd})
    assert manifest["pictures"] == 14
    assert not any("\u202e" in row["place"] for row in manifest["rejected"]["rows"])


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_becomes_the_same_picture(mode: str) -> None:
    grey = drawing(7).convert("L")
    match mode:
        case "CMYK":
            data = file_of(grey.convert("CMYK"), "TIFF")
        case "I;16" | "I" | "F":
            values = np.asarray(grey, np.float64) / 255
            kinds: dict[str, Callable[[], Image.Image]] = {
                "I;16": lambda: Image.fromarray((values * 65535).astype(np.uint16)),
                "I": lambda: Image.fromarray((values * 65535).astype(np.int32)),
                "F": lambda: Image.fromarray(values.astype(np.float32)),
            }
            data = file_of(kinds[mode](), "TIFF")
        case "1":
            data = file_of(grey.point(lambda value: 255 * (value > 127)).convert("1"))
        case _:
            data = file_of(grey.convert(mode))
    found = decoded(data).pixels.astype(int)
    wanted = decoded(file_of(grey)).pixels.astype(int)
    assert np.abs(found - wanted).mean() < (40 if mode == "1" else 4)


def test_transparent_becomes_white() -> None:
    picture = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (10, 10, 30, 30))
    pixels = decoded(file_of(picture)).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[32, 32].tolist() == [0, 0, 255]


def test_camera_that_was_turned_is_turned_back() -> None:
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste((0, 0, 0), (0, 0, 60, 12))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    pixels = decoded(file_of(picture, "JPEG", exif=exif)).pixels
    assert pixels[32, 50].max() < 60 and pixels[32, 15].min() > 200


def test_animated_picture_gives_its_first_one(read: Read) -> None:
    manifest = read({**things(), "thing a/moving.gif": animated_gif(800)})
    assert (manifest["animated"], manifest["pictures"]) == (1, 13)


def test_wrong_ending_is_told_by_content(read: Read) -> None:
    jpeg = file_of(drawing(801), "JPEG")
    manifest = read({**things(), "thing a/photo.png": jpeg, "thing a/no ending": png(802)})
    assert (manifest["pictures"], manifest["rejected"]["total"]) == (14, 0)


def test_huge_picture_is_scaled(read: Read, tmp_path: Path) -> None:
    manifest = read({**things(), "thing a/huge.jpg": file_of(drawing(803, 5000), "JPEG")})
    assert manifest["sides"]["most"] == 5000
    assert PictureSet.load(tmp_path / "out" / "set").size == 64


def test_thing_with_one_picture_is_left_out_with_what_to_do(read: Read) -> None:
    manifest = read({**things(), "lonely/0.png": png(804)})
    [row] = manifest["rejected"]["rows"]
    assert (row["place"], row["fields"]["count"]) == ("lonely", 1)
    assert "Add some" in row["message"]
    assert len(manifest["things"]) == 2


def test_only_lonely_things_are_refused(read: Read) -> None:
    with pytest.raises(UploadRefused, match="at least 5"):
        read({f"{n}/0.png": png(n) for n in range(4)})


def test_fifty_thousand_files_are_refused_before_any_is_read(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as target:
        for number in range(50_000):
            target.writestr(f"thing/{number}.png", b"")
    with pytest.raises(UploadRefused, match=str(MAX_FILES)):
        read(path)


def test_archive_with_a_list_that_fills_the_memory_is_refused(tmp_path: Path, read: Read) -> None:
    path = archive(tmp_path / "lying.zip", things())
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(UploadRefused, match=str(MAX_FILES)):
        read(path)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 half of one", png(1)])
def test_what_is_no_zip_is_refused(tmp_path: Path, read: Read, data: bytes) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(data)
    with pytest.raises(UploadRefused, match="no zip file"):
        read(path)


def test_locked_archive_is_refused(tmp_path: Path, read: Read) -> None:
    path = archive(tmp_path / "locked.zip", things())
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(UploadRefused, match="password"):
        read(path)


def test_loose_pictures_without_captions_are_refused(read: Read) -> None:
    with pytest.raises(UploadRefused, match="lie in no folders"):
        read({f"{n}.png": png(n) for n in range(6)})


def test_broken_pictures_alone_are_refused_with_the_reason(read: Read) -> None:
    with pytest.raises(UploadRefused, match="broken or cut off"):
        read({f"thing/{n}.png": png(n)[:100] for n in range(6)})


def test_memory_stays_small_whatever_comes(read: Read) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read(
        {**things(), **{f"thing a/big{n}.jpg": file_of(drawing(n, 4000), "JPEG") for n in range(4)}}
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10  # KiB


def test_file_that_can_t_be_decoded_says_so() -> None:
    with pytest.raises(Unfit) as error:
        decoded(b"GIF89a" + bytes(3))
    assert error.value.reason.message in (refusal.BROKEN, refusal.NO_PICTURE)
