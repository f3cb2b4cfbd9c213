"""Songs: found, checked and engraved."""

import io

import pytest
from PIL import Image

from tutor.writing.music import NoMusic, song_in
from tutor.writing.singing import engraved

ENGLISH = """Here is your song:
```abc
X:1
T:Little Star
M:4/4
L:1/4
K:C
C C G G | A A G2 | F F E E | D D C2 |
w: Twin-kle twin-kle lit-tle star, how I won-der what you are
```
"""
CHINESE = """X:1
T:小星星
M:4/4
L:1/4
K:C
C C G G | A A G2 | F F E E | D D C2 |
w: 一 闪 一 闪 亮 晶 晶 满 天 都 是 小 星 星
"""


@pytest.mark.parametrize(("text", "title"), [(ENGLISH, "Little Star"), (CHINESE, "小星星")])
async def test_song_becomes_a_sheet(text: str, title: str) -> None:
    sung = await engraved(text)
    assert sung is not None
    assert sung.song.title == title
    picture = Image.open(io.BytesIO(sung.png)).convert("L")
    ink = sum(picture.histogram()[:128])
    assert picture.width == 1200
    assert ink > 2000  # staves, notes and words, no empty page


async def test_chinese_words_are_drawn_and_not_left_out() -> None:
    with_words = await engraved(CHINESE)
    without = await engraved("\n".join(CHINESE.splitlines()[:-1]))
    assert with_words is not None
    assert without is not None
    assert len(with_words.png) > len(without.png) + 2000


@pytest.mark.parametrize(
    "text",
    ["La la la, a song about stars.", "X:1\nT:No key\nC D E", "X:1\nK:C\nw: words alone\n"],
)
async def test_text_that_cannot_be_sung_has_no_sheet(text: str) -> None:
    with pytest.raises(NoMusic):
        song_in(text)
    assert await engraved(text) is None
