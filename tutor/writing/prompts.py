"""What the model reads to write a text, to plan a long one, and to write one part of it. Pure."""

import re
from collections.abc import Sequence

from tutor.language import Language
from tutor.writing.kinds import FORMS
from tutor.writing.request import WriteRequest

MOST_PARTS = 8
WORDS_A_PART = 220
_ITEM = re.compile(r"^\s*(?:\d+[.)、]|[-*•])\s*(.+?)\s*$", re.MULTILINE)
_ROLE = {
    Language.ENGLISH: "You are a careful writer. Write in English. Give the text only.",
    Language.CHINESE: "你是一位认真的写作者。请用简体中文写作，只给出正文。",
}


def system_prompt(request: WriteRequest, about_person: str) -> str:
    """The role, and what is known of the person where it is asked for."""
    role = _ROLE[request.language]
    return f"{role} {about_person}" if about_person else role


def whole_prompt(request: WriteRequest) -> str:
    """For a text that is written in one go."""
    return f"{_brief(request)} {_length(request.language, request.words)}\n\n{_topic(request)}"


def plan_prompt(request: WriteRequest) -> str:
    """Asks for the headings of a long text, one a line."""
    count = parts_for(request)
    if request.language is Language.CHINESE:
        ask = f"先列出{count}个小节的标题，每行一个，以数字开头，不要写正文。"
    else:
        ask = f"First list the headings of {count} parts, one a line, numbered. No text yet."
    return f"{_brief(request)} {ask}\n\n{_topic(request)}"


def part_prompt(request: WriteRequest, plan: Sequence[str], number: int) -> str:
    """Asks for one part, knowing the plan; its heading is written by us."""
    words = max(request.words // len(plan), 60)
    listed = "\n".join(f"{n}. {heading}" for n, heading in enumerate(plan, 1))
    length = _length(request.language, words)
    if request.language is Language.CHINESE:
        ask = (
            f"提纲：\n{listed}\n\n只写第{number}节“{plan[number - 1]}”的正文，不要写标题。{length}"
        )
    else:
        ask = (
            f"The plan:\n{listed}\n\nWrite the text of part {number}, “{plan[number - 1]}”, only, "
            f"without its heading. {length}"
        )
    return f"{_brief(request)}\n\n{_topic(request)}\n\n{ask}"


def headings_of(answer: str, request: WriteRequest) -> list[str]:
    """The headings of a plan as the model wrote it; empty where it wrote none."""
    found = [heading.strip("*# ：:") for heading in _ITEM.findall(answer)]
    return [heading for heading in found if heading][: parts_for(request)]


def parts_for(request: WriteRequest) -> int:
    return min(max(request.words // WORDS_A_PART, 3), MOST_PARTS)


def _brief(request: WriteRequest) -> str:
    return FORMS[request.kind].brief[request.language.value]


def _topic(request: WriteRequest) -> str:
    label = "要求：" if request.language is Language.CHINESE else "What is wanted: "
    return f"{label}{request.brief}"


def _length(language: Language, words: int) -> str:
    if language is Language.CHINESE:
        return f"大约{round(words * 1.6, -1):.0f}字。"
    return f"About {words} words."
