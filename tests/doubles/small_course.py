"""A small course with one item of every kind that lessons are made of."""

from datetime import datetime

from storage.database import Database
from tutor.bank.item import (
    AnswerKey,
    AnswerType,
    Course,
    Hint,
    HintKind,
    Item,
    ItemState,
    Lesson,
    Skill,
    Step,
)
from tutor.bank.store import save_course

SUMS, COLOURS, SLOPES = "sums", "colours", "slopes"


def number(key: str, prompt: str, answer: str, skill: str = SUMS, *hints: Hint) -> Item:
    """A question with a number for an answer and two hints, unless others are given."""
    hints = hints or (
        Hint(HintKind.HINT, "Split one of the numbers."),
        Hint(HintKind.HINT, "Add the tens first."),
    )
    step = Step("1", prompt, AnswerKey(AnswerType.NUMBER, (answer,)), hints, (skill,))
    return Item(key, "", (step,), "en", lesson="first")


def choice(key: str, prompt: str, choices: tuple[str, ...], answer: str, **more: str) -> Item:
    key_ = AnswerKey(AnswerType.CHOICE, (answer,), choices)
    step = Step("1", prompt, key_, (Hint(HintKind.HINT, "Think of the sky."),), (COLOURS,))
    return Item(key, "", (step,), more.get("language", "en"), lesson="first")


SLOPE = Item(
    "slope",
    "A line goes through (0, 1) and (2, 9).",
    (
        Step("a", "How far does it rise?", AnswerKey(AnswerType.NUMBER, ("8",)), (), (SLOPES,)),
        Step("b", "What is its slope?", AnswerKey(AnswerType.NUMBER, ("4",)), (), (SLOPES,)),
    ),
    "en",
    lesson="second",
)
ITEMS = (
    number("sum-1", "What is 17 + 25?", "42"),
    number("sum-2", "What is 38 + 45?", "83"),
    number("sum-3", "What is 29 + 64?", "93"),
    number("sum-4", "What is 56 + 15?", "71"),
    choice("sky", "Which colour has the sky by day?", ("Green", "Blue", "Red"), "Blue"),
    choice("grass", "Which colour has grass?", ("Green", "Blue", "Red"), "Green"),
    SLOPE,
)


def small_course(*more: Item, key: str = "small", visibility: str = "everyone") -> Course:
    return Course(
        key,
        {"en": "Small course", "zh-CN": "小课程"},
        "en",
        (
            Lesson("first", {"en": "First steps", "zh-CN": "第一步"}, (SUMS, COLOURS)),
            Lesson("second", {"en": "Lines", "zh-CN": "直线"}, (SLOPES,)),
        ),
        (
            Skill(SUMS, {"en": "Adding numbers", "zh-CN": "加法"}),
            Skill(COLOURS, {"en": "Colours", "zh-CN": "颜色"}),
            Skill(SLOPES, {"en": "Slopes", "zh-CN": "斜率"}, requires=(SUMS,)),
        ),
        (*ITEMS, *more),
        visibility=visibility,
    )


async def bring_in(database: Database, now: datetime, course: Course | None = None) -> str:
    """Saves a course, the small one unless told otherwise; returns its id."""
    async with database.write() as session:
        saved = await save_course(
            session, course or small_course(), owner_id=None, community_id=None, now=now
        )
    return saved.course_id


def hidden(item: Item) -> Item:
    """The same item before anybody has verified its key."""
    from dataclasses import replace

    return replace(item, state=ItemState.UNVERIFIED)
