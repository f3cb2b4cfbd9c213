"""The drawing process: started when needed, again after its end, and never in anybody's way."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.tiny_generator import save_tiny
from tutor.images.artist import Artist, CannotDraw
from tutor.images.credentials import Seal, identity_in, seal_of
from tutor.images.marking import GIF, PNG, look_at
from tutor.images.sketch import Sketch
from tutor.language import Language

DOG, CAT = Sketch(("dog",), "noto", 5), Sketch(("cat",), "noto", 5)


@pytest.fixture
async def artist(tmp_path: Path) -> AsyncIterator[Artist]:
    artist = Artist(tmp_path)
    yield artist
    await artist.close()


async def test_pictures_come_from_another_process_marked_and_signed(
    artist: Artist, tmp_path: Path
) -> None:
    folder = save_tiny(tmp_path)
    dog, cat = await artist.draw(folder, [DOG, CAT])
    assert dog != cat
    identity = identity_in(tmp_path)
    assert seal_of(dog, PNG, identity) is Seal.OURS
    gif = await artist.morph(folder, DOG, CAT)
    assert look_at(gif).frames > 10
    assert seal_of(gif, GIF, identity) is Seal.OURS


async def test_killed_process_is_started_again(artist: Artist, tmp_path: Path) -> None:
    folder = save_tiny(tmp_path)
    await artist.draw(folder, [DOG])
    process = await artist._worker._process()
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert await artist.draw(folder, [DOG])


async def test_process_leaves_when_nothing_is_drawn_and_comes_back_when_needed(
    tmp_path: Path,
) -> None:
    artist, folder = Artist(tmp_path, idle_seconds=2.0), save_tiny(tmp_path)
    try:
        assert await artist.draw(folder, [DOG])
        process = await artist._worker._process()
        assert await process.wait() == 0
        assert await artist.draw(folder, [DOG])
    finally:
        await artist.close()


async def test_missing_weights_end_in_a_sentence_and_the_process_goes_on(
    artist: Artist, tmp_path: Path
) -> None:
    with pytest.raises(CannotDraw) as caught:
        await artist.draw(tmp_path / "nothing", [DOG])
    assert "damaged" in caught.value.say(Language.ENGLISH)
    with pytest.raises(CannotDraw) as caught:
        await artist.draw(save_tiny(tmp_path), [Sketch(("dragon",), "noto", 1)])
    assert "replaced" in caught.value.say(Language.ENGLISH)
    assert await artist.draw(save_tiny(tmp_path), [DOG])
