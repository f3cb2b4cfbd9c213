"""What a picture says of itself can be read back, and only from a picture that says it."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tutor.images.marking import GIF, PNG, Mark, NoPicture, look_at, marked_png, software
from tutor.images.morphing import animated

MARK = Mark("icons-1", "abc", ("red-apple",), "noto 80% + flat 20%", 7)


def picture(colour: str = "red") -> Image.Image:
    return Image.new("RGB", (16, 16), colour)


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def test_png_says_who_drew_what_with_which_seed() -> None:
    looked = look_at(marked_png(picture(), MARK))
    assert (looked.media_type, looked.width, looked.height) == (PNG, 16, 16)
    assert looked.mark is not None
    assert looked.mark.software == software()
    assert looked.mark.lines() == MARK.lines()


def test_text_beyond_ascii_is_kept() -> None:
    looked = look_at(marked_png(picture(), Mark("图标", "1", ("火山",), "墨", 1)))
    assert looked.mark is not None
    assert (looked.mark.model, looked.mark.concepts) == ("图标", ("火山",))


def test_morph_says_it_in_its_comment() -> None:
    mark = Mark("icons-1", "abc", ("dog", "cat"), "noto", 3, "morph")
    looked = look_at(animated([picture(), picture("blue"), picture("green")], mark))
    assert (looked.media_type, looked.frames) == (GIF, 4)
    assert looked.mark is not None
    assert (looked.mark.concepts, looked.mark.kind) == (("dog", "cat"), "morph")


def test_same_mark_and_picture_make_the_same_file() -> None:
    assert marked_png(picture(), MARK) == marked_png(picture(), MARK)


def test_picture_of_somebody_else_has_no_mark() -> None:
    assert look_at(saved(picture(), "PNG")).mark is None
    other = PngInfo()
    other.add_text("Software", "Another program")
    assert look_at(saved(picture(), "PNG", pnginfo=other)).mark is None
    assert look_at(saved(picture(), "JPEG")).mark is None


@pytest.mark.parametrize(
    "data", [b"", b"no picture", marked_png(picture(), MARK)[:60], saved(picture(), "JPEG")[:200]]
)
def test_broken_file_is_no_picture(data: bytes) -> None:
    with pytest.raises(NoPicture):
        look_at(data)


def test_bomb_is_not_unpacked() -> None:
    with pytest.raises(NoPicture):
        look_at(saved(Image.new("1", (20_000, 20_000)), "PNG"))
