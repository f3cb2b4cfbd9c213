"""`python -m training.gan.gallery [SHIPPED] [DOCS]`: shows everything that ships, as it is drawn.

For each category sheets with the names of things in the margin and their styles in columns; an
empty place is a style that a thing was not learnt in. Drawn by the shipped generators, every time
with the first seed; nothing is chosen or touched up. The pages of DOCS get the list of sheets
between two marks, with every name as alternative text.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.gan.measuring import draw_all
from training.gan.pictures import Pixels
from tutor.bank.pictures import CATEGORIES
from tutor.bank.problem import Text
from tutor.fonts import chinese_sans
from tutor.images.atlas import CONCEPTS, OWN, SHIPPED, Atlas, atlas_from
from tutor.images.card import GeneratorCard
from tutor.images.concepts import Concept, Concepts
from tutor.images.weights import load_generator
from tutor.language import Language

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = "pictures/generator"
PAGES = {Language.ENGLISH: "generators.md", Language.CHINESE: "generators.zh-CN.md"}
BEGIN, END = "<!-- drawings: python -m training.gan.gallery -->", "<!-- end of drawings -->"
DIGITS, _DIGITS = "digits", Text("handwritten digits", "手写数字")
MOST_ROWS = 24
ACROSS = 2  # things beside each other
OF_A_DIGIT = 7  # drawings with noise of their own
MOST_BYTES = 400 * 1024
_GAP, _MARGIN, _HEAD = 2, 150, 20
_INK, _PAPER, _EMPTY = (30, 30, 30), (255, 255, 255), (240, 240, 240)
_QUALITIES = (88, 78, 68, 55)


@dataclass(frozen=True, slots=True)
class Row:
    """A thing, and its picture in each column; None where there is none."""

    concept: Concept
    pictures: tuple[Image.Image | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file with some things of a category."""

    name: str
    category: str
    concepts: tuple[Concept, ...]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.gan.gallery", description=__doc__)
    parser.add_argument("shipped", type=Path, nargs="?", default=SHIPPED)
    parser.add_argument("docs", type=Path, nargs="?", default=DOCS)
    options = parser.parse_args()
    concepts = options.shipped / CONCEPTS
    folders = [options.shipped / name for name in OWN]
    atlas = atlas_from(Concepts.load(concepts), folders) if concepts.is_file() else None
    if atlas is None:
        print(f"{options.shipped} holds no generator: publish one first.", file=sys.stderr)
        return 1
    sheets = write_sheets(atlas, options.docs / FOLDER)
    for language, page in PAGES.items():
        if (options.docs / page).is_file():
            _renew(options.docs / page, listed(sheets, language))
    print(f"{sum(len(one.concepts) for one in sheets)} things on {len(sheets)} sheets")
    return 0


def write_sheets(atlas: Atlas, folder: Path) -> tuple[Sheet, ...]:
    """Writes a WebP for each sheet; those of before are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    sheets = []
    for card in atlas.generators:
        own = [one for one in atlas.concepts.offered if atlas.generator_of(one.id) is card]
        rows = {row.concept: row for row in _rows(card, own)}
        columns = card.styles if len(card.styles) > 1 else ("",) * OF_A_DIGIT
        for sheet in _sheets(own):
            data = _drawn([rows[one] for one in sheet.concepts], columns)
            (folder / sheet.name).write_bytes(data)
            sheets.append(sheet)
    return tuple(sheets)


def listed(sheets: Sequence[Sheet], language: Language) -> str:
    """The sheets as Markdown, under the names of their categories."""
    blocks = []
    for sheet in sheets:
        names = (", " if language is Language.ENGLISH else "、").join(
            one.named(language) for one in sheet.concepts
        )
        heading = _category(sheet.category).said_in(language)
        blocks.append(f"**{heading}**\n\n![{names}]({FOLDER}/{sheet.name})")
    return "\n\n".join(blocks)


def _category(category: str) -> Text:
    if category == DIGITS:
        return _DIGITS
    return CATEGORIES.get(category, Text(category, category))


def _renew(page: Path, listing: str) -> None:
    text = page.read_text("utf-8")
    assert BEGIN in text and END in text, f"{page.name} has lost the place of its drawings"
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n{listing}\n\n{END}{after}", "utf-8")


def _sheets(concepts: Sequence[Concept]) -> Iterator[Sheet]:
    """Categories in the order in which they first occur, in parts of about the same length."""
    for category in dict.fromkeys(one.category for one in concepts):
        own = [one for one in concepts if one.category == category]
        parts = -(-len(own) // (ACROSS * MOST_ROWS))
        for number, part in enumerate(np.array_split(np.arange(len(own)), parts)):
            name = f"{category}-{number + 1}.webp" if parts > 1 else f"{category}.webp"
            yield Sheet(name, category, tuple(own[place] for place in part))


def _rows(card: GeneratorCard, concepts: Sequence[Concept]) -> Iterator[Row]:
    """What a generator draws of its things."""
    generator = load_generator(card.folder).generator
    several = len(card.styles) > 1
    for concept in concepts:
        styles = card.styles_of(concept.id) if several else card.styles * OF_A_DIGIT
        numbers = np.array([card.styles.index(style) for style in styles])
        number = np.full(len(numbers), card.concepts.index(concept.id))
        drawn = _images(draw_all(generator, number, numbers))
        by_style = dict(zip(styles, drawn, strict=True)) if several else {}
        yield Row(concept, tuple(map(by_style.get, card.styles)) if several else tuple(drawn))


def _images(pictures: Pixels) -> list[Image.Image]:
    return [Image.fromarray(one) for one in pictures]


def _drawn(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """The file: as good as fits into the size that a page can bear."""
    size = next(one.width for row in rows for one in row.pictures if one)
    step, across = size + _GAP, min(ACROSS, len(rows))
    width, height = _MARGIN + len(columns) * step, -(-len(rows) // across)
    canvas = Image.new("RGB", (across * width, _HEAD + height * step), _PAPER)
    pen = ImageDraw.Draw(canvas)
    for block in range(across):
        for place, style in enumerate(columns):
            middle = block * width + _MARGIN + place * step + size // 2
            _write(pen, (middle, _HEAD // 2), style, size, 12)
    for number, row in enumerate(rows):
        left, top = number // height * width, _HEAD + number % height * step
        for line, name in enumerate((row.concept.en, row.concept.zh)):
            centre = (left + _MARGIN // 2, top + size * (3 + 4 * line) // 10)
            _write(pen, centre, name, _MARGIN - 6, 15)
        for place, picture in enumerate(row.pictures):
            corner = (left + _MARGIN + place * step, top)
            if picture is None:
                pen.rectangle((*corner, corner[0] + size - 1, top + size - 1), _EMPTY)
            else:
                canvas.paste(picture, corner)
    return _packed(canvas)


def _write(
    pen: ImageDraw.ImageDraw, centre: tuple[int, int], text: str, width: int, size: int
) -> None:
    """Words around a point, smaller where they would not fit."""
    font = _font(size)
    while font.getlength(text) > width and font.size > 6:
        font = _font(int(font.size) - 1)
    pen.text(centre, text, _INK, font, anchor="mm")


def _font(size: int) -> ImageFont.FreeTypeFont:
    path = chinese_sans()
    assert path is not None, "a font with Chinese characters is missing"
    return ImageFont.truetype(str(path), size)


def _packed(canvas: Image.Image) -> bytes:
    data = b""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        canvas.save(buffer, "WEBP", quality=quality, method=6)
        data = buffer.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data


if __name__ == "__main__":
    sys.exit(main())
