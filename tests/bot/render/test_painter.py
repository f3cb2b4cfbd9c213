"""Formulas become pictures in another process, and a bad one harms nobody."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.render import painter as painting
from bot.render.formula_picture import FormulaNotDrawable, draw_formulas
from bot.render.latex_text import formula_text
from bot.render.painter import FormulaPainter
from bot.render.rendered import Formula


def formula(latex: str) -> Formula:
    return Formula(latex, formula_text(latex).text)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGBA")


@pytest.fixture
async def painter() -> AsyncIterator[FormulaPainter]:
    painter = FormulaPainter()
    yield painter
    await painter.close()


def test_picture_is_readable_on_dark_and_light_grounds() -> None:
    picture = opened(draw_formulas([r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}"]))
    width, height = picture.size
    assert width > 300
    assert height > 100
    assert picture.getpixel((0, 0))[3] == 0, "rounded corners let the ground through"
    assert picture.getpixel((width // 2, 8)) == (255, 255, 255, 255), "paper under the ink"
    darkest = min(sum(picture.getpixel((x, y))[:3]) for x in range(width) for y in range(height)
                  if picture.getpixel((x, y))[3] == 255)  # fmt: skip
    assert darkest < 150


def test_chinese_in_a_formula_is_drawn_and_not_replaced_by_boxes() -> None:
    drawn = [
        opened(draw_formulas([rf"\text{{{text}}} = 1"])).tobytes() for text in ("面积", "体重")
    ]
    assert drawn[0] != drawn[1]


def test_formulas_stand_one_under_the_other() -> None:
    one = opened(draw_formulas(["a^2"])).height
    assert opened(draw_formulas(["a^2", "b^2", "c^2"])).height > 2.5 * (one - 40)


@pytest.mark.parametrize(
    "latex",
    [r"\frac{1", "}", r"\foo{x}", r"\begin{matrix}1&2", "x" * 3000, "{" * 500 + "}" * 500, "🎉", "",
     r"\frac{1}{" * 40 + "x" + "}" * 40, r"\sqrt{" * 30 + "x" + "}" * 30],
    ids=lambda latex: latex[:12] or "nothing",
)  # fmt: skip
def test_bad_latex_is_refused_with_a_reason(latex: str) -> None:
    with pytest.raises(FormulaNotDrawable, match=r"[A-Z].*\."):
        draw_formulas([latex])


async def test_bad_formula_does_not_take_the_good_ones_with_it(painter: FormulaPainter) -> None:
    picture = await painter.draw([formula(r"\frac{1"), formula("a^2 + b^2 = c^2")])
    assert picture is not None
    assert "a² + b² = c²" in picture.alt
    assert await painter.draw([formula(r"\frac{1")]) is None
    assert await painter.draw([]) is None


async def test_same_formula_is_drawn_once(
    painter: FormulaPainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await painter.draw([formula("x^2")])

    async def refuse() -> None:
        raise AssertionError("drew again")

    monkeypatch.setattr(painter, "_ask", refuse)
    assert await painter.draw([formula("x^2")]) == first


async def test_folder_keeps_pictures_over_a_restart(tmp_path: Path) -> None:
    first = FormulaPainter(tmp_path)
    picture = await first.draw([formula("x^2")])
    await first.close()
    second = FormulaPainter(tmp_path, timeout_seconds=0.0)  # could draw nothing by itself
    assert await second.draw([formula("x^2")]) == picture
    await second.close()


async def test_formula_that_takes_too_long_is_given_up_and_the_next_is_drawn() -> None:
    painter = FormulaPainter(timeout_seconds=0.0)
    assert await painter.draw([formula("x^3")]) is None
    painter._timeout_seconds = 20.0
    assert await painter.draw([formula("x^4")]) is not None
    assert await painter.draw([formula("x^3")]) is not None, "a slow moment is no verdict"
    await painter.close()


async def test_killed_drawing_process_is_replaced(painter: FormulaPainter) -> None:
    await painter.draw([formula("x^2")])
    assert painter._process is not None
    painter._process.kill()
    await painter._process.wait()
    assert await painter.draw([formula("x^5")]) is not None


async def test_cancelled_drawing_leaves_the_painter_usable(painter: FormulaPainter) -> None:
    task = asyncio.create_task(painter.draw([formula("x^6")]))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    picture = await painter.draw([formula(r"\frac{a}{b}")])
    assert picture is not None
    assert picture.data == draw_formulas([r"\frac{a}{b}"])


async def test_drawing_process_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    start = asyncio.create_subprocess_exec

    async def watched(*arguments: str, **options: object) -> object:
        started.append(options["env"])
        return await start(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setenv("SLACK_BOT_TOKEN", "planted-secret")
    monkeypatch.setattr(painting.asyncio, "create_subprocess_exec", watched)
    painter = FormulaPainter()
    assert await painter.draw([formula("x")]) is not None
    await painter.close()
    assert len(started) == 1
    assert "planted-secret" not in str(started)
