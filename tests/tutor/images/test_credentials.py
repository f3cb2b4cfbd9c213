"""Content credentials: made offline, checked offline, broken by any change."""

import stat
from pathlib import Path

import pytest
from PIL import Image

from tutor.images.credentials import (
    FILE,
    FOLDER,
    Seal,
    ensure_identity,
    identity_in,
    seal_of,
    signed,
)
from tutor.images.marking import GIF, PNG, Mark, look_at, marked_png
from tutor.images.morphing import animated

pytest.importorskip("c2pa", reason="no content credentials on this machine")

MARK = Mark("icons-1", "abc", ("volcano",), "noto", 7)
PICTURE = Image.effect_noise((32, 32), 60).convert("RGB")
DATA = marked_png(PICTURE, MARK)


def test_own_signature_is_known_again(tmp_path: Path) -> None:
    identity = ensure_identity(tmp_path)
    data = signed(DATA, PNG, MARK, identity)
    assert seal_of(data, PNG, identity_in(tmp_path)) is Seal.OURS
    assert look_at(data).mark == look_at(DATA).mark


def test_gif_is_signed_too_and_keeps_its_mark(tmp_path: Path) -> None:
    identity = ensure_identity(tmp_path)
    gif = animated([PICTURE, PICTURE.rotate(90)], MARK)
    data = signed(gif, GIF, MARK, identity)
    assert seal_of(data, GIF, identity) is Seal.OURS
    assert look_at(data).mark == look_at(gif).mark


def test_signature_of_another_installation_is_foreign(tmp_path: Path) -> None:
    data = signed(DATA, PNG, MARK, ensure_identity(tmp_path / "theirs"))
    assert seal_of(data, PNG, ensure_identity(tmp_path / "ours")) is Seal.FOREIGN
    assert seal_of(data, PNG, None) is Seal.FOREIGN


def test_changed_picture_breaks_the_seal(tmp_path: Path) -> None:
    identity = ensure_identity(tmp_path)
    data = bytearray(signed(DATA, PNG, MARK, identity))
    data[-100] ^= 1
    assert seal_of(bytes(data), PNG, identity) is Seal.BROKEN


def test_picture_without_credentials_has_none() -> None:
    assert seal_of(DATA, PNG, None) is Seal.NONE
    assert seal_of(b"x", "image/bmp", None) is Seal.NONE


def test_identity_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert identity_in(tmp_path) is None
    assert ensure_identity(tmp_path) == ensure_identity(tmp_path) == identity_in(tmp_path)
    mode = (tmp_path / FOLDER / FILE).stat().st_mode
    assert not mode & (stat.S_IRWXG | stat.S_IRWXO)
