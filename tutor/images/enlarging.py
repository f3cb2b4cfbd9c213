"""Makes a picture of a generator as wide as it is shown."""

from PIL import Image


def enlarged(picture: Image.Image, size: int) -> Image.Image:
    """The picture `size` pixels high, its proportions kept; smooth edges, no new detail."""
    width, height = picture.size
    if height == size:
        return picture
    return picture.resize((round(width * size / height), size), Image.Resampling.LANCZOS)
