"""Recognises an answer in a message, also where it is wrapped in prose, by the kind of key.

Says only that something was answered; whether it is right is `tutor.grading`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from rapidfuzz import fuzz

from tutor.bank.item import AnswerKey, AnswerType, Step
from tutor.pedagogy.dialogue import DialogueState
from tutor.pedagogy.normal_text import normal


class Attempt(Enum):
    """How surely a message is an answer."""

    NONE = auto()
    POSSIBLE = auto()  # something of the right kind stands in it, and nothing else explains it
    MARKED = auto()  # "i think its 12 because …"
    BARE = auto()  # nothing but the answer and words around it


@dataclass(frozen=True, slots=True)
class Found:
    """An attempt and the part of the message that is to be graded."""

    attempt: Attempt
    answer: str


_LEAD = re.compile(
    r"^(?:(?:um+|uh+|hm+|er|ok|so|well|oh|ah|wait|no|nah|yes|yeah|then|and|but|or|maybe|perhaps|probably|possibly|like|about|around|"
    r"i (?:also |just |now )?(?:think|guess|believe|got|get|say|put|mean|have|would say|would go with|choose|pick|chose|picked|did get|calculated|found|wrote|keep getting)|"
    r"id (?:say|go with|guess)|ill (?:say|go with|guess|take|try|pick)|im (?:guessing|going with|pretty sure|thinking|sure)|dont know|not sure|no idea|"
    r"my (?:new |final |next )?(?:answer|guess|try|result)|(?:the |correct |right |final )*(?:answer|solution|result|ans)|"
    r"(?:is|was|would|could|might|does|must|should) (?:it|that|this|the (?:right |correct |final )?answer|x)(?: be| equal| is)?|"
    r"it|its|thats|that|this|equals?|is|be|was|should be|could be|would be|must be|might be|has to be|let me try|let me guess|try|trying|"
    r"how about|what about|what if (?:its|it is|i say)?|going with|option|choice|letter|gotta be|have to be|def(?:initely)?|actually|sorry|now|please|haha|thanks|"
    r"我(?:觉得|认为|想|猜|感觉|算出来?|算的|算得|得到|选择?|填|写|的答案|算了|做出来|重新算)?(?:应该|可能|大概)?(?:是|了)?|(?:正确|最终|最后|这题)?(?:的)?(?:答案|结果|得数|解)?(?:应该|可能|大概|会不会|难道)?(?:就)?(?:是|为|等于|得|选)(?:不是)?|"
    r"应该|可能|大概|也许|难道|会不会|那就?|所以|因此|是不是|不是|不知道|不会|不确定|嗯|哦|好的?|啊|呃|试试|猜|蒙一?个|选|填|得|求得|等于|就|还|答|解)"
    r"(?=$|[^a-z]|\d)[\s,.:;=~!?、,。:…-]*)"
)
_TAIL = re.compile(
    r"(?:[\s?!.,~…。、;:]+|(?<![a-z])(?:right|correct|yes|no|i think|i guess|maybe|or something|probably|haha|please|obviously|tho|though|then|thanks|not sure|dont know|"
    r"(?:is|was) (?:that|it|this) (?:right|correct|ok|true|it)?|am i right|is it|for sure|final answer|isnt it|innit|wasnt it|arent they|or not|i hope|hopefully|i believe|in total|altogether|ok|if im not wrong|is my answer|is the answer)|"
    r"(?:对|是|行|可以)?(?:吗|嘛|么|吧|呢|啊|呀|哦|了|哈|呗|的|不对|对不对|是不是|对吗|对吧|对不|可以吗)|对|不|谢谢|我猜|我觉得|应该|大概|左右|没错|是这个)$"
)
_NUMBER = r"[-+±]?\s?[$£€¥￥]?\s?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s?/\s?-?\d+|\s\d+/\d+)?(?:\s?[e^]\s?[-+]?\d+)?"
_UNIT = r"(?:\s?(?:%|percent|°|degrees?|℃|[a-zμω]{1,12}(?:[\^/²³]\s?[a-z\d²³]*)*|[\u4e00-\u9fff]{1,5}|[²³^2]))*"
_NUMBER_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|half|halves|thirds?|quarters?|fourths?|fifths?|"
    r"sixths?|sevenths?|eighths?|ninths?|tenths?)"
)
_WORD_NUMBERS = (
    rf"\b(?:minus |negative |a )?{_NUMBER_WORD}\b(?:[\s-]*(?:{_NUMBER_WORD}|point|and|a|over)\b)*"
)
_CHINESE_NUMBER = (
    r"[负正]?[零〇一二两三四五六七八九十百千万亿半][零〇一二两三四五六七八九十百千万亿半点分之又]*"
)
_BARE_NUMBER = re.compile(
    rf"^(?:[a-z]\s?(?:=|is|等于|是)\s?)?(?:{_NUMBER}|{_WORD_NUMBERS}|{_CHINESE_NUMBER}|百分之{_CHINESE_NUMBER}){_UNIT}$"
)
_SEVERAL = re.compile(r"\s*(?:,|;|、|\bor\b|\band\b|&|或者?|和|还是|,)\s*")
_FUNCTIONS = re.compile(
    r"\\(?:begin|end|text|mathrm|operatorname)\s?\{[a-z ]*\}|\\[a-z]+|\\?(?:sqrt|frac|sin|cos|tan|cot|sec|csc|log|ln|exp|pi|theta|alpha|beta|infty|infinity|inf|abs|cdot|times|left|right|leq|geq|le|ge|pm|int|dx|dy|plus|minus|over|squared|cubed|根号|平方|立方|加|减|乘以?|除以|等于|无穷)"
)
_FORMULA_SIGNS = re.compile(r"^[\d\s+\-*/^().,=<>≤≥≠±{}\[\]|\\$√π∞×÷²³°%∪∩!':;&_]*$")
_PROSE = re.compile(r"[a-z]{2,}")
_COUNTED = re.compile(
    r"\b(?:question|problem|hint|step|part|number|no|exercise|chapter|page|level|grade|year|lesson|class|unit|option) ?#?\s?\d+\b"
    r"|\b\d+(?:st|nd|rd|th)\b|\b\d+ ?(?:more )?(?:hints?|questions?|problems?|mins?|minutes?|hours?|hrs?|times|tries|days?|more|seconds?|secs?|years? old|yo|people|exercises?|steps?|pm|am)\b"
    r"|第\s?[\d一二三四五六七八九十]+\s?[题步个问道次条课章节]|\d+\s?(?:个?提示|分钟|小时|年级|岁|遍|次|道题?|题|点钟|秒|步)"
    r"|[一二两三四五六七八九十几]+(?:个?提示|分钟|小时|年级|岁|遍|次|道题?|题|点钟|秒|步|下|点|个|会儿|些|样|种|起|直|定|切|般|边)"
)
_MARKER = re.compile(
    r"(?:=|\b(?:think|guess|guessing|got|get|its|is|equals?|answer|say|maybe|probably|must be|should be|be|x|about|around|put|choose|pick|then|so|gives?|result|comes? (?:out )?to|said|have|with|try)|"
    r"答案|等于|得到?|算出来?|觉得|选|是|应该|可能|大概|猜|结果|填|出来|为|所以|蒙)\W*(?:that |it is |its |is |it |like |about |around |to be |be |the |[a-z] ?= ?|是|了|的|应该|等于)*\s*$"
)
_REASON = re.compile(
    r"\s*(?:[,.!?;:。](?!\d)|\b(?:because|since|as|so|but|and|if|by|when|right|there)\b|因为|所以|但)\s*"
)
_ABOUT_LESSON = re.compile(
    r"\b(?:question|problem|hint|step|part|number|exercise|chapter|page|level|grade)s? ?#?\s?\d+$"
    r"|\d+ ?(?:more |extra )?(?:hints?|questions?|problems?|tries|exercises?)\b"
    r"|\b(?:minutes?|mins?|hours?) (?:left|until|till|to go)\b|\byears? old\b"
    r"|^第.+[题步问]|\d+\s?个?(?:提示|道题|问题)"
)
_FOUND = re.compile(rf"{_NUMBER}")
_ANSWERS = re.compile(
    r"^(?:\W|\b(?:dont know|not sure|um+|ok|so|oh|well)\b)*(?:i think|i guess|maybe|probably|its|it is|is it|the answer|my answer|could it be)\b"
    r"|^(?:不知道|不确定|嗯|那)?[,。 ]*(?:我?(?:觉得|猜)|答案|应该是|可能是|是不是|会不会)"
)
_QUESTION = re.compile(
    r"^(?:so |and |but |ok |hey |please )*(?:what|who|whos|when|where|why|how|which|can|could|do|does|did|will|would you|are|should|tell|explain|give)\b"
    r"|^(?:什么|谁|为什么|怎么|如何|哪|能不能|可以|你|请|为啥|给|帮)"
)
_CHOICE_LETTER = re.compile(
    r"^\(?(?:option |choice |answer |letter |选项?|第)?\s?([a-z]|\d{1,2}|[一二三四五六])\s?(?:\s|个|选项|项|\)|\.|:)*$"
)
_LETTER_IN_PROSE = re.compile(
    r"(?:\b(?:option|choice|answer|letter|its|is|pick|choose|think|say|guess|with|be|going|for|maybe|probably|got|then|put)|选|是|答案|觉得|应该|猜|填)\s*\(?([a-h])\)?\s*(?=$|[.,;:!?)。,]|\b(?:because|since|but|as|so|cos|right|i|it)\b|[\u4e00-\u9fff])"
)
_ORDINALS = re.compile(
    r"^(?:the )?(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|top|bottom|middle)(?: one| option| choice| answer)?$|^(?:第[一二三四五六]|最后一|最后|倒数第?[一二]|中间|上面|下面)(?:个|项|那个|一个)?$"
)
_PLACES = (
    (r"倒数第?二", -2),
    (r"first|1st|top|第一|上面", 0),
    (r"second|2nd|第二", 1),
    (r"third|3rd|第三", 2),
    (r"fourth|4th|第四", 3),
    (r"fifth|第五", 4),
    (r"last|bottom|最后|倒数第?一|下面", -1),
)
_LETTERS = re.compile(r"^(?:[a-h](?:[\s,、和&+/]|\band\b|\bor\b)*)+$")


def answer_in(text: str, step: Step, state: DialogueState) -> str:
    """The part of an attempt that is to be graded; the whole text where nothing else stands in it."""
    return attempt_in(text, step, state).answer


def attempt_in(text: str, step: Step, state: DialogueState) -> Found:
    """How surely `text` answers the step's question, and with what."""
    key = step.answer
    said = normal(text)
    forms = tuple(_unwrapped(said))
    if _is_key(said, key):
        return Found(Attempt.BARE, text)
    if (chosen := next((form for form in forms if _is_choice(form, key)), None)) is not None:
        return Found(Attempt.BARE, _in_order(chosen, key) or _as_written(chosen, text))
    if key.type is AnswerType.OPEN:
        return Found(Attempt.POSSIBLE, text)
    if (value := next((form for form in forms if _is_value(form, key, step)), None)) is not None:
        return Found(Attempt.BARE, _as_written(value, text))
    if key.type is AnswerType.TEXT:
        phrase = _phrase_attempt(said, forms[-1])
        marked = phrase is Attempt.MARKED
        return Found(phrase, _as_written(forms[-1], text) if marked else text)
    first = _REASON.split(said, maxsplit=1)[0]
    if first != said and _is_value(answer_part(first), key, step):
        return Found(Attempt.MARKED, answer_part(first))
    return _in_prose(text, said, step, state)


def answer_part(said: str) -> str:
    """A normal text without the words that only stand around an answer."""
    return tuple(_unwrapped(said))[-1]


def _unwrapped(said: str) -> Iterator[str]:
    """The text, and what is left after each word that may stand around an answer."""
    yield said
    yield said.strip(" ?!.,~…。")
    for wrapping in (_LEAD, _TAIL):
        while (bare := wrapping.sub("", said, count=1).strip()) != said:
            said = bare
            yield said


def _is_key(said: str, key: AnswerKey) -> bool:
    """A vocabulary answer may look like a command ("next"): it still is the answer."""
    return any(normal(answer) == said.strip(" .!?。") for answer in key.answers)


def _is_choice(core: str, key: AnswerKey) -> bool:
    if not key.choices or not core:
        return False
    texts = [_plain_choice(normal(choice)) for choice in key.choices]
    core = _plain_choice(core)
    if core in texts or _ORDINALS.match(core):
        return True
    if key.type is AnswerType.CHOICES and _LETTERS.match(core):
        return True
    if letter := _CHOICE_LETTER.match(core):
        return _numbers_a_choice(letter[1], len(texts))
    if re.match(r"^[a-h]\)?\.? ", core) and any(core[2:].strip(" ).:") == text for text in texts):
        return True
    return len(core) >= 5 and any(fuzz.ratio(core, text) >= 85 for text in texts if len(text) >= 5)


def _plain_choice(text: str) -> str:
    """Without the signs around formulas and sentences."""
    return text.replace("$", "").strip(" .。\"'“”")


def _numbers_a_choice(mark: str, count: int) -> bool:
    if mark.isascii() and mark.isalpha():
        return ord(mark) - ord("a") < count
    return mark in "一二三四五六" or 1 <= int(mark) <= count


def _is_value(core: str, key: AnswerKey, step: Step) -> bool:
    """A number, several numbers, or a formula, with nothing else beside it."""
    if not core or _ABOUT_LESSON.search(core):
        return False
    parts = [part for part in _SEVERAL.split(core) if part]
    if parts and all(_BARE_NUMBER.match(part) for part in parts):
        return True
    return _is_formula(core, key, step)


def _is_formula(core: str, key: AnswerKey, step: Step) -> bool:
    rest = _FUNCTIONS.sub(" ", core)
    if _PROSE.search(re.sub(r"\b[a-z]{1,3}(?=\b|\d)|(?<=\d)[a-z]{1,3}\b", " ", rest)):
        return False
    letters = set(re.findall(r"[a-z]", rest))
    bare = re.sub(r"[a-z]", " ", rest)
    if not _FORMULA_SIGNS.match(bare):
        return False
    has_digit, has_sign = bool(re.search(r"\d", core)), bool(re.search(r"[-+*/^=<>√π∞(]", core))
    if key.type is AnswerType.EXPRESSION:
        known = set(
            re.findall(
                r"(?<![a-z])[a-z](?![a-z])", normal(f"{step.prompt} {' '.join(key.answers)}")
            )
        )
        return (
            has_digit
            or rest != core
            or (has_sign and bool(letters))
            or (len(core) <= 2 and letters <= known and bool(letters))
        )
    return has_digit and len(letters) <= 3


def _as_written(part: str, text: str) -> str:
    """The part of a normal text as the learner wrote it, since case can matter (mW, MW)."""
    at = text.casefold().find(part)
    return text[at : at + len(part)] if at >= 0 else part


def _in_prose(text: str, said: str, step: Step, state: DialogueState) -> Found:
    if step.answer.choices and (chosen := _choice_in_prose(said, step.answer)):
        return Found(Attempt.MARKED, chosen)
    asks = bool(_QUESTION.match(said))
    named = [
        choice for choice in step.answer.choices if len(choice) >= 3 and normal(choice) in said
    ]
    if named and not asks:
        return Found(Attempt.MARKED, named[0]) if len(named) == 1 else Found(Attempt.POSSIBLE, text)
    return Found(Attempt.NONE, text) if asks else _number_in_prose(text, said, step, state)


def _choice_in_prose(said: str, key: AnswerKey) -> str:
    found = _LETTER_IN_PROSE.search(said)
    return found[1] if found and _numbers_a_choice(found[1], len(key.choices)) else ""


def _number_in_prose(text: str, said: str, step: Step, state: DialogueState) -> Found:
    """A number that is put as a result, else one that is not in the question and is new."""
    searched = _COUNTED.sub(lambda found: " " * len(found[0]), said)
    prompt, last = normal(step.prompt), normal(state.last_answer)
    possible = False
    for found in _values(searched):
        number = found[0].strip()
        if f" {number} " in f" {last} ":
            continue
        if _MARKER.search(searched[: found.start()]):
            return Found(Attempt.MARKED, number)
        possible |= not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", prompt)
    return Found(Attempt.POSSIBLE if possible else Attempt.NONE, text)


def _in_order(chosen: str, key: AnswerKey) -> str:
    """The letter of "the second one" or "b选项"; "" where it was named otherwise."""
    if (letter := _CHOICE_LETTER.match(chosen)) and letter[1].isascii() and letter[1].isalpha():
        return letter[1].upper()
    place = next((at for words, at in _PLACES if re.search(words, chosen)), None)
    if place is None or not _ORDINALS.match(chosen):
        return ""
    index = place if place >= 0 else len(key.choices) + place
    return chr(ord("A") + index) if 0 <= index < len(key.choices) else ""


def _values(searched: str) -> list[re.Match[str]]:
    """Numbers in digits, else in words; a lone "one" or 一 is seldom meant as a number."""
    digits = list(_FOUND.finditer(searched))
    words = re.finditer(f"{_CHINESE_NUMBER}|{_WORD_NUMBERS}", searched)
    return digits or [
        found for found in words if found[0].strip() not in ("one", "一", "点", "a one")
    ]


def _phrase_attempt(said: str, core: str) -> Attempt:
    """A short phrase that asks nothing."""
    if not core or _QUESTION.match(said):
        return Attempt.NONE
    if core != said and _ANSWERS.match(said):
        return Attempt.MARKED
    words = len(re.findall(r"[a-z0-9]+", core)) + len(re.findall(r"[\u4e00-\u9fff]", core)) / 2.5
    return Attempt.POSSIBLE if words <= 8 else Attempt.NONE
