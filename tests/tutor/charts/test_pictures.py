"""Pictures of progress: on a card of their own, bounded, and with the same facts in words."""

import subprocess
import sys
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from tutor.charts.activity import activity_picture
from tutor.charts.card import GROUND, columns, short
from tutor.charts.class_map import MapRow, class_picture
from tutor.charts.forgetting import Fading, forgetting_picture
from tutor.charts.mastery import SkillBar, mastery_picture
from tutor.language import Language
from tutor.messages import Picture

TODAY = date(2026, 11, 23)
BARS = [SkillBar("Slopes", 99, mastered=True), SkillBar("分数加法", 40, mastered=False)]
FADING = [Fading("Slopes", tuple(0.99**day for day in range(29)))]
ROWS = [MapRow("Blue Heron", (0.5, None)), MapRow("蓝鹭", (1.0, None))]


def drawn(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.data)).convert("RGBA")


def every_picture(language: Language) -> list[Picture]:
    return [
        mastery_picture(BARS, 98, language),
        activity_picture({TODAY: 3, TODAY - timedelta(days=2): 1}, TODAY, language),
        forgetting_picture(FADING, 0.9, language),
        class_picture(ROWS, ["Slopes", "分数加法"], language),
    ]


@pytest.mark.parametrize("language", Language)
@pytest.mark.filterwarnings("error:Glyph")
def test_every_picture_is_a_card_of_its_own_in_both_languages(language: Language) -> None:
    ground = tuple(bytes.fromhex(GROUND[1:]))
    for picture in every_picture(language):
        image = drawn(picture)
        assert image.getchannel("A").getpixel((0, 0)) == 0, "round corners let the chat through"
        assert image.getpixel((30, image.height // 2)) == (*ground, 255)
        assert max(image.size) <= 2000


def test_the_words_hold_the_facts_of_the_picture() -> None:
    mastery, activity, forgetting, overview = every_picture(Language.ENGLISH)
    assert "Slopes 99 % (mastered), 分数加法 40 %" in mastery.alt
    assert "4 answers on 2 days in 16 weeks" in activity.alt
    assert "Slopes 100 % today and 75 % in 28 days" in forgetting.alt
    assert "2 learners in 2 skills. Means: Slopes 75 % (2 learners)" in overview.alt


def test_many_are_cut_and_counted() -> None:
    bars = [SkillBar(f"Skill {n}", 50, mastered=False) for n in range(31)]
    picture = mastery_picture(bars, 98, Language.ENGLISH)
    assert "Skill 24" in picture.alt
    assert "Skill 25" not in picture.alt
    assert "and 6 more" in picture.alt
    rows = [MapRow(f"L{n}", (0.5,) * 30) for n in range(40)]
    overview = drawn(class_picture(rows, [f"Skill {n}" for n in range(30)], Language.ENGLISH))
    assert max(overview.size) <= 2500


def test_nothing_to_show_is_drawn_all_the_same() -> None:
    assert drawn(mastery_picture([], 98, Language.ENGLISH)).height > 100
    assert drawn(activity_picture({}, TODAY, Language.ENGLISH)).height > 100
    assert drawn(forgetting_picture([], 0.9, Language.ENGLISH)).height > 100
    assert drawn(class_picture([], [], Language.ENGLISH)).height > 100


def test_long_names_are_shortened_by_their_width() -> None:
    assert short("Slopes") == "Slopes"
    assert columns(short("解二元一次方程组与应用题综合练习")) <= 26
    assert short("a" * 40) == "a" * 25 + "…"
    assert short("pay $5") == r"pay \$5"


def test_the_drawing_library_waits_for_the_first_picture() -> None:
    code = (
        "import sys, tutor.learner.progress, tutor.charts.class_map\n"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
