"""One thing that turns into another, as an animated GIF, which every platform shows."""

import io
from collections.abc import Sequence

from PIL import Image

from tutor.images.marking import Mark, comment_of

FRAME_MILLISECONDS, REST_MILLISECONDS = 60, 700
COLOURS = 128


def animated(frames: Sequence[Image.Image], mark: Mark) -> bytes:
    """The frames there and back for ever, with a rest at both ends."""
    there_and_back = [*frames, *frames[-2:0:-1]]
    durations = [FRAME_MILLISECONDS] * len(there_and_back)
    durations[0] = durations[len(frames) - 1] = REST_MILLISECONDS
    first, *others = [frame.quantize(COLOURS, dither=Image.Dither.NONE) for frame in there_and_back]
    file = io.BytesIO()
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=durations,
        loop=0,
        optimize=False,
        comment=comment_of(mark),
    )
    return file.getvalue()
