"""From what learners write to things that can be drawn, a refusal, or nothing."""

import json
from pathlib import Path

import pytest

from tutor.images.concepts import Concept, Concepts
from tutor.images.request import (
    MOST_EACH,
    PictureRequest,
    Reading,
    Reason,
    Refusal,
    Style,
    Unclear,
    Wanted,
)
from tutor.images.understanding.understand import understand
from tutor.safety.concern import Concern

SHIPPED = Concepts.load()
NAMES = {
    "volcano": ("volcano", "火山"),
    "cat": ("cat", "猫"),
    "dog": ("dog", "狗"),
    "elephant": ("elephant", "大象"),
    "star": ("star", "星星"),
    "giraffe": ("giraffe", "长颈鹿"),
    "glasses": ("glasses", "眼镜"),
    "soccer-ball": ("soccer ball", "足球"),
    "fork-and-knife": ("fork and knife", "刀叉"),
    "red-heart": ("red heart", "红心"),
    "key": ("key", "钥匙"),
    "banana": ("banana", "香蕉"),
}
DIGITS = tuple(Concept(f"digit-{one}", f"handwritten {one}", f"手写的{one}") for one in range(10))
OFFERED = (*(Concept(one, *names, "things") for one, names in NAMES.items()), *DIGITS)
KNOWN = (Concept("camel", "camel", "骆驼", "things"),)
CONCEPTS = Concepts(OFFERED, KNOWN)
CAT = PictureRequest((Wanted(OFFERED[1]),), Style.FLAT)


def read(text: str, previous: PictureRequest | None = None) -> Reading:
    return understand(text, CONCEPTS, previous=previous)


def drawn(text: str, previous: PictureRequest | None = None) -> list[tuple[str, int]]:
    found = read(text, previous)
    assert isinstance(found, PictureRequest), (text, found)
    return [(one.concept.id, one.count) for one in found.wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Draw a volcano.",
        "show me what a volcano looks like",
        "can u draw me a valcano plz",
        "hey daoshi, volcano picture pls",
        "画一座火山",
        "我想看火山",
        "火山长什么样呀",
        "畫一座火山",
        "画个火散",
        "show me 火山",
        "draw 🌋",
    ],
)
def test_one_thing_is_understood_however_it_is_asked_for(text: str) -> None:
    assert drawn(text) == [("volcano", 1)]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("a picture of three cats and a dog please", [("cat", 3), ("dog", 1)]),
        ("画两只猫和一只狗", [("cat", 2), ("dog", 1)]),
        ("画 3 个 star", [("star", 3)]),
        ("draw 100 cats", [("cat", MOST_EACH)]),
        ("draw a pair of glasses", [("glasses", 1)]),
        ("draw a fork and knife and a key", [("fork-and-knife", 1), ("key", 1)]),
        ("draw a five-pointed star", [("star", 1)]),
        ("画大象火山", [("elephant", 1), ("volcano", 1)]),
    ],
)
def test_several_things_are_counted_one_by_one(text: str, things: list[tuple[str, int]]) -> None:
    assert drawn(text) == things


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("draw a handwritten 7", "7"),
        ("handwriten 42 plz", "42"),
        ("draw forty two", "42"),
        ("画一个手写的7", "7"),
        ("手写数字 308", "308"),
        ("draw the digits 3, 1 and 4", "314"),
    ],
)
def test_number_is_one_picture_a_digit(text: str, digits: str) -> None:
    assert [one for one, _ in drawn(text)] == [f"digit-{digit}" for digit in digits]


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("draw a cat in the style of old blobs", Style.BLOB),
        ("draw a cat but flat", Style.FLAT),
        ("画一只猫，要扁平风格", Style.FLAT),
        ("黑白线条的猫", Style.INK),
        ("draw a cat in 3d", Style.FLUENT),
        ("draw a cat", None),
    ],
)
def test_style_is_heard_and_is_no_thing(text: str, style: Style | None) -> None:
    found = read(text)
    assert isinstance(found, PictureRequest)
    assert (found.style, found.left_out) == (style, ())


def test_what_is_not_shown_is_told() -> None:
    found = read("draw a striped cat in a hat in the style of van gogh")
    assert isinstance(found, PictureRequest)
    assert found.left_out == ("striped", "in a hat", "van gogh")


@pytest.mark.parametrize(
    "text",
    [
        "how do volcanoes erupt?",
        "show me how to solve this",
        "show me the answer",
        "show me the key",
        "draw a conclusion",
        "what can i draw from this",
        "i drew a cat yesterday",
        "how do i draw a cat",
        "Draw a circle with radius 5 cm.",
        "the match ended in a draw",
        "画蛇添足是什么意思",
        "这道题怎么画",
        "我画了一只猫",
        "给我看看答案",
        "画出函数的图像",
        "“画龙点睛”怎么用",
        "猫为什么怕水",
        "another one",
        "7",
        "cat",
        "",
    ],
)
def test_mentioning_a_thing_asks_for_no_picture(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("draw my teacher", Reason.PERSON),
        ("draw me", Reason.PERSON),
        ("画我妈妈", Reason.PERSON),
        ("draw a gun", Reason.UNSAFE),
        ("画一支香烟", Reason.UNSAFE),
        ("draw a cat with a gun", Reason.UNSAFE),
        ("draw pikachu", Reason.CHARACTER),
        ("draw a picachu", Reason.CHARACTER),
        ("画小猪佩奇", Reason.CHARACTER),
    ],
)
def test_people_harm_and_characters_are_refused(text: str, reason: Reason) -> None:
    assert read(text) == Refusal(reason)


@pytest.mark.parametrize("text", ["draw me hanging myself", "画我上吊的样子"])
def test_words_of_need_lead_to_care(text: str) -> None:
    found = read(text)
    assert isinstance(found, Refusal)
    assert (found.reason, found.concern) == (Reason.NEED, Concern.SELF_HARM)


def test_known_thing_that_is_not_drawn_is_named_with_the_nearest() -> None:
    found = read("draw a camel")
    assert isinstance(found, Unclear)
    assert found.known == KNOWN[0]
    assert found.nearest and all(map(CONCEPTS.is_offered, found.nearest))


def test_unknown_thing_is_not_guessed() -> None:
    found = read("draw a hovercraft made of cheese")
    assert isinstance(found, Unclear)
    assert (found.words, found.known) == ("hovercraft", None)


@pytest.mark.parametrize("text", ["draw the letter A", "draw a capital b", "draw a xylophone"])
def test_letters_and_things_off_the_list_are_not_drawn(text: str) -> None:
    assert isinstance(read(text), Unclear)


@pytest.mark.parametrize(
    "text", ["draw something", "画点什么吧", "what can u draw", "draw an animal"]
)
def test_open_wish_is_answered_with_examples(text: str) -> None:
    found = read(text)
    assert isinstance(found, Unclear)
    assert found.words == "" and found.nearest


@pytest.mark.parametrize("text", ["draw a blue heart", "画一颗蓝色的心"])
def test_thing_of_one_colour_is_not_drawn_for_another(text: str) -> None:
    found = read(text)
    assert isinstance(found, Unclear)
    assert found.nearest[0].id == "red-heart"


@pytest.mark.parametrize("text", ["another one", "再来一张", "again!!", "cool, one more pls"])
def test_another_one_repeats_the_picture_before(text: str) -> None:
    found = read(text, CAT)
    assert isinstance(found, PictureRequest)
    assert found.again and found.wanted == CAT.wanted and found.style is Style.FLAT


def test_changes_to_the_picture_before_are_heard() -> None:
    bigger, restyled = read("bigger plz", CAT), read("换个风格", CAT)
    assert isinstance(bigger, PictureRequest) and bigger.bigger and not bigger.again
    assert isinstance(restyled, PictureRequest) and restyled.other_style
    ink = read("same but in ink", CAT)
    assert isinstance(ink, PictureRequest) and ink.again and ink.style is Style.INK
    two = read("two more", CAT)
    assert isinstance(two, PictureRequest) and two.wanted[0].count == 2


@pytest.mark.parametrize("text", ["now a dog", "what about a dog?", "那狗呢", "and a doggo pls"])
def test_short_words_after_a_picture_may_name_the_next(text: str) -> None:
    found = read(text, CAT)
    assert isinstance(found, PictureRequest)
    assert not found.again and found.wanted[0].concept.id == "dog"


@pytest.mark.parametrize(
    "text", ["thanks", "why is it orange?", "再来一题", "下一题", "what about 7 x 8"]
)
def test_talk_after_a_picture_is_no_wish(text: str) -> None:
    assert read(text, CAT) is None


def test_all_that_follows_a_command_is_a_wish() -> None:
    assert read("volcano") is None
    found = understand("volcano", CONCEPTS, commanded=True)
    assert isinstance(found, PictureRequest) and found.wanted[0].concept.id == "volcano"
    assert isinstance(understand("flurbs", CONCEPTS, commanded=True), Unclear)
    assert understand("my teacher", CONCEPTS, commanded=True) == Refusal(Reason.PERSON)


def test_meaning_is_asked_only_where_words_are_unknown() -> None:
    asked: list[str] = []

    def similar(words: str) -> list[tuple[str, float]]:
        asked.append(words)
        return [("elephant", 0.91), ("cat", 0.3)]

    found = understand("draw a pachyderm", CONCEPTS, similar=similar)
    assert isinstance(found, PictureRequest) and found.wanted[0].concept.id == "elephant"
    assert isinstance(understand("draw a cat", CONCEPTS, similar=similar), PictureRequest)
    assert asked == ["pachyderm"]


def test_uncertain_meaning_becomes_buttons() -> None:
    near = [("elephant", 0.5), ("cat", 0.48)]
    found = understand("draw a pachyderm", CONCEPTS, similar=lambda words: near)
    assert isinstance(found, Unclear)
    assert [one.id for one in found.nearest[:2]] == ["elephant", "cat"]


def test_face_stands_for_an_animal_that_is_not_drawn_whole() -> None:
    faces = Concepts((Concept("wolf-face", "wolf face", "狼头"),), (Concept("wolf", "wolf", "狼"),))
    found = understand("draw a wolf", faces)
    assert isinstance(found, PictureRequest) and found.wanted[0].concept.id == "wolf-face"


def test_words_of_a_teachers_own_list_are_understood(tmp_path: Path) -> None:
    own = {
        "offered": [{"id": "quokka", "en": "quokka", "zh": "短尾矮袋鼠", "tags_en": ["happy roo"]}]
    }
    file = tmp_path / "concepts.json"
    file.write_text(json.dumps(own), "utf-8")
    concepts = Concepts.load(file)
    for text in ("draw 2 quokkas", "draw a happy roo", "画一只短尾矮袋鼠"):
        assert isinstance(understand(text, concepts), PictureRequest), text


@pytest.mark.parametrize("concept", SHIPPED.offered[::7], ids=lambda one: one.id)
def test_shipped_thing_is_drawn_by_its_names(concept: Concept) -> None:
    for text in (f"a picture of a {concept.en}", f"我要一张{concept.zh}的图片"):
        found = understand(text, SHIPPED)
        assert isinstance(found, PictureRequest), text
        assert found.wanted[0].concept == concept, text


@pytest.mark.parametrize(
    "character", ["a ", "画", "draw ", "的", "and ", "please ", "一", "?", "🌋"]
)
def test_long_nonsense_is_read_to_its_end(character: str) -> None:
    for text in (character * 390, "draw a " + character * 100, "画" + character * 100):
        understand(text[:400], CONCEPTS)
