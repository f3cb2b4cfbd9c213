"""Imports Moodle XML question banks. Categories become lessons; matching becomes several steps."""

from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tutor.bank.importing.answers import choice_key, key_of
from tutor.bank.importing.draft import Draft, one_step, read_bytes
from tutor.bank.importing.html_text import plain
from tutor.bank.importing.quiz import matching, number_key, true_false, with_hints
from tutor.bank.importing.report import ImportRefused, Notes, Options, Reading
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Step
from tutor.i18n import mark


class _NotTaken(Exception):
    """A question that can't be taken; the message is a marked sentence."""


def read(path: Path, options: Options) -> Reading:
    """One course of all questions that can be taken. Raises ImportRefused."""
    notes = Notes()
    draft = Draft(options, path, notes)
    lesson = ""
    for number, question in enumerate(_root(path, options).iter("question"), start=1):
        kind = question.get("type", "")
        if kind == "category":
            lesson = _last_part(_text(question, "category"))
            continue
        name = _text(question, "name")
        place = f"{number} ({name})" if name else str(number)
        try:
            _take(question, kind, place, lesson, draft, notes, options.language)
        except _NotTaken as error:
            notes.skip(place, str(error), kind=kind)
    return notes.reading([draft.course()])


def _root(path: Path, options: Options) -> Element:
    name = options.file_name or path.name
    try:
        root: Element = fromstring(read_bytes(path, options), forbid_dtd=True)
    except DefusedXmlException as error:
        message = mark("{name} declares entities, which Moodle never does, so it is refused.")
        raise ImportRefused(message, name=name) from error
    except (ParseError, ValueError, LookupError) as error:
        message = mark("{name} is no complete XML. Export it from Moodle again.")
        raise ImportRefused(message, name=name) from error
    if root.tag != "quiz":
        raise ImportRefused(mark("{name} is XML, but none of Moodle's question banks."), name=name)
    return root


def _take(
    question: Element,
    kind: str,
    place: str,
    lesson: str,
    draft: Draft,
    notes: Notes,
    language: str,
) -> None:
    if kind not in STEPS:
        raise _NotTaken(mark("Questions of the kind {kind} are not taken."))
    asked = _text(question, "questiontext")
    steps = STEPS[kind](question, asked, language)
    media = sum(1 for _ in question.iter("file")) + plain(_raw(question, "questiontext")).media
    if media:
        notes.remark(place, mark("Its pictures or sounds are left out."))
    if kind == "shortanswer" and _partial(question):
        notes.remark(place, mark("Answers that give part of the marks do not count as right."))
    steps = with_hints(steps, _hints(question))
    stem = asked if kind == "matching" else ""
    key = _text(question, "idnumber")
    draft.add(place, steps, stem=stem, key=key, title=_text(question, "name"), lesson=lesson)


def _multichoice(question: Element, asked: str, language: str) -> tuple[Step, ...]:
    choices = tuple(_text(answer) for answer in question.findall("answer"))
    right = tuple(_text(answer) for answer in question.findall("answer") if _share(answer) > 0)
    if len(set(filter(None, choices))) < 2 or not right or not all(right):
        raise _NotTaken(mark("There is no right answer among two choices or more."))
    if _raw(question, "single").strip().lower() in ("false", "0"):
        key = choice_key(choices, right)
        key = AnswerKey(AnswerType.CHOICES, key.answers, key.choices)
    else:
        best = max(map(_share, question.findall("answer")))
        full = tuple(_text(a) for a in question.findall("answer") if _share(a) == best)
        key = choice_key(choices, full, all_wanted=False)
    return one_step(asked, key)


def _true_false(question: Element, asked: str, language: str) -> tuple[Step, ...]:
    right = [_text(a).lower() for a in question.findall("answer") if _share(a) > 0]
    if right not in (["true"], ["false"]):
        raise _NotTaken(mark("It does not say whether the statement is true."))
    return one_step(asked, true_false(asked, right=right == ["true"], language=language))


def _short_answer(question: Element, asked: str, language: str) -> tuple[Step, ...]:
    full = [_text(a) for a in question.findall("answer") if _share(a) >= 100]
    answers = tuple(dict.fromkeys(a for a in full if a and "*" not in a))
    if not answers:
        raise _NotTaken(mark("There is no answer, or only patterns with * that match anything."))
    return one_step(asked, key_of(answers))


def _numerical(question: Element, asked: str, language: str) -> tuple[Step, ...]:
    full = [answer for answer in question.findall("answer") if _share(answer) >= 100]
    keys = [number_key(_text(a), _raw(a, "tolerance"), _unit(question)) for a in full]
    if not keys or keys[0] is None:
        raise _NotTaken(mark("The answer is no number."))
    return one_step(asked, keys[0])


def _matching(question: Element, asked: str, language: str) -> tuple[Step, ...]:
    parts = question.findall("subquestion")
    pairs = [(_text(part), _text(part, "answer")) for part in parts]
    steps = matching(
        [(left, right) for left, right in pairs if left and right],
        [right for left, right in pairs if not left and right],
    )
    if not steps or len(steps[0].answer.choices) < 2:
        raise _NotTaken(mark("There is nothing to match."))
    return steps


def _essay(question: Element, asked: str, language: str) -> tuple[Step, ...]:
    return one_step(asked, AnswerKey(AnswerType.OPEN, rubric=_text(question, "graderinfo")))


STEPS: Mapping[str, Callable[[Element, str, str], tuple[Step, ...]]] = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": _essay,
}


def _hints(question: Element) -> list[Hint]:
    hints = [
        Hint(HintKind.HINT, text) for hint in question.findall("hint") if (text := _text(hint))
    ]
    explained = _text(question, "generalfeedback")
    return [*hints, *([Hint(HintKind.BOTTOM_OUT, explained)] if explained else [])]


def _unit(question: Element) -> str:
    """The unit in which the answer is given: the one with the factor 1."""
    for unit in question.iter("unit"):
        if _raw(unit, "multiplier").strip() in ("", "1", "1.0"):
            return _raw(unit, "unit_name").strip()
    return ""


def _partial(question: Element) -> bool:
    return any(0 < _share(answer) < 100 for answer in question.findall("answer"))


def _share(answer: Element) -> float:
    """How many of a hundred marks an answer gives."""
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _raw(element: Element, child: str = "") -> str:
    """The text of an element or its child, which Moodle often wraps into <text>."""
    found = element.find(child) if child else element
    if found is None:
        return ""
    inner = found.find("text")
    return (found.text if inner is None else inner.text) or ""


def _text(element: Element, child: str = "") -> str:
    return plain(_raw(element, child)).text


def _last_part(category: str) -> str:
    """`$course$/top/Default for X/Algebra` is Algebra; a doubled slash is a slash."""
    parts = category.replace("//", "\0").split("/")
    last = parts[-1].replace("\0", "/").strip()
    return "" if last in ("top", "$course$") else last
