"""OATutor's layout: every step and hint is taken, and whatever is not is named."""

import json
import tarfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tutor.bank.importing import oatutor
from tutor.bank.importing.report import Counts, ImportRefused, Options, Reading
from tutor.bank.item import AnswerType, Course, HintKind, ItemState, Step

CC_BY = "https://creativecommons.org/licenses/by/4.0/ <CC BY 4.0>"
PLANS = [
    {
        "courseName": "Algebra",
        "language": "en",
        "courseLicense": CC_BY,
        "courseOER": 0.0,
        "lessons": [
            {
                "id": "L1",
                "name": "Lesson 1",
                "topics": "Roots",
                "learningObjectives": {"roots": 0.8},
            },
            {
                "id": "L2",
                "name": "Lesson 2",
                "topics": "",
                "learningObjectives": {"sums_of_2": 0.8},
            },
        ],
    },
    {"courseName": "Matematik", "language": "se", "lessons": []},
]


def problem(key: str, **values: Any) -> dict[str, Any]:
    return {
        "id": key,
        "title": "Square roots",
        "body": "Simplify.",
        "variabilization": {},
        "oer": "https://openstax.org",
        "license": CC_BY,
        "lesson": "1. Roots",
        "lessonId": "L1",
        "courseName": "Algebra",
        **values,
    }


def step(key: str, answer: str = "$$5$$", **values: Any) -> dict[str, Any]:
    return {
        "id": key,
        "stepAnswer": [answer],
        "problemType": "TextBox",
        "stepTitle": r"$$\sqrt{25}$$",
        "stepBody": "",
        "answerType": "arithmetic",
        "variabilization": {},
        **values,
    }


def hint(key: str, text: str, **values: Any) -> dict[str, Any]:
    return {"id": key, "type": "hint", "title": "Think", "text": text, **values}


def scaffold(key: str, text: str, answer: str, **values: Any) -> dict[str, Any]:
    asks = {"problemType": "TextBox", "answerType": "arithmetic", "hintAnswer": [answer]}
    return hint(key, text) | {"type": "scaffold"} | asks | values


def write(folder: Path, documents: dict[str, Any]) -> Path:
    for name, document in documents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = document if isinstance(document, str) else json.dumps(document)
        file.write_text(text, encoding="utf-8")
    return folder


def layout(key: str, *steps: tuple[dict[str, Any], list[Any]], **values: Any) -> dict[str, Any]:
    """The files of one problem."""
    files: dict[str, Any] = {f"content-pool/{key}/{key}.json": problem(key, **values)}
    for one, hints in steps:
        folder = f"content-pool/{key}/steps/{one['id']}"
        files[f"{folder}/{one['id']}.json"] = one
        files[f"{folder}/tutoring/{one['id']}DefaultPathway.json"] = hints
    return files


BANK: dict[str, Any] = {
    "coursePlans.json": PLANS,
    "skillModel.json": {"p1a": ["roots", "sums_of_2"], "p1b": ["roots"], "p2a": ["roots", ""]},
    **layout(
        "p1",
        (
            step("p1a"),
            [
                hint("h1", "What times itself is 25?"),
                scaffold("h2", "Is it $$4$$?", "$$16$$", subHints=[hint("h2-s1", "It is $$16$$.")]),
                hint("h3", "$$5^2=25$$, so it is $$5$$."),
                hint("h3", "$$5^2=25$$, so it is $$5$$."),
            ],
        ),
        (
            step(
                "p1b",
                "$$2$$",
                problemType="MultipleChoice",
                answerType="string",
                choices=["$$1$$", "$$2$$", "$$2$$"],
            ),
            [],
        ),
    ),
    **layout("p2", (step("p2a", "(-inf,3]", answerType="string"), []), license=""),
}


def read(path: Path) -> Reading:
    return oatutor.read(path, Options())


def first_course(reading: Reading) -> Course:
    return next(course for course in reading.courses if course.items)


def steps_of(course: Course) -> dict[str, Step]:
    return {step.key: step for item in course.items for step in item.steps}


def sentences(reading: Reading) -> Counter[str]:
    return Counter(r.reason.message for r in (*reading.not_taken, *reading.remarks))


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return write(tmp_path / "bank", BANK)


def test_every_step_and_hint_is_taken(bank: Path) -> None:
    reading = read(bank)
    counts = Counts.of(reading.courses)
    assert (counts.items, counts.steps, counts.hints, counts.scaffolds) == (2, 3, 4, 1)
    assert reading.not_taken == ()


def test_answers_get_the_type_that_they_are(bank: Path) -> None:
    steps = steps_of(first_course(read(bank)))
    assert steps["p1a"].answer.type is AnswerType.NUMBER
    assert steps["p1a"].answer.answers == ("5",)
    assert steps["p1b"].answer.type is AnswerType.CHOICE
    assert steps["p1b"].answer.choices == ("$$1$$", "$$2$$")
    assert steps["p2a"].answer.type is AnswerType.EXPRESSION


def test_hints_keep_their_order_and_those_that_give_the_answer_away_are_marked(
    bank: Path,
) -> None:
    hints = steps_of(first_course(read(bank)))["p1a"].hints
    assert [(hint.kind, hint.depth) for hint in hints] == [
        (HintKind.HINT, 0),
        (HintKind.SCAFFOLD, 0),
        (HintKind.HINT, 1),
        (HintKind.BOTTOM_OUT, 0),
        (HintKind.BOTTOM_OUT, 0),
    ]
    assert hints[1].key is not None
    assert hints[1].key.answers == ("16",)


def test_a_skill_without_a_name_is_left_out_and_reported(bank: Path) -> None:
    reading = read(bank)
    assert steps_of(first_course(reading))["p2a"].skills == ("roots",)
    message = "The skill model names a skill with no name here; it is left out."
    assert sentences(reading)[message] == 1


def test_a_hint_id_that_stands_twice_is_reported(bank: Path) -> None:
    assert sentences(read(bank))["The id of this hint stands twice; both are taken."] == 1


def test_lessons_skills_and_languages_come_from_plans_and_problems(bank: Path) -> None:
    reading = read(bank)
    algebra, matematik = reading.courses
    assert algebra.key == "oatutor-algebra"
    assert [(lesson.key, lesson.names["en"]) for lesson in algebra.lessons] == [
        ("L1", "1. Roots"),
        ("L2", "Lesson 2"),
    ]
    assert {skill.key: skill.names["en"] for skill in algebra.skills} == {
        "roots": "Roots",
        "sums_of_2": "Sums of 2",
    }
    assert steps_of(algebra)["p1a"].skills == ("roots", "sums_of_2")
    assert matematik.language == "sv"


def test_a_licence_that_a_file_does_not_state_is_said_to_be_unstated(bank: Path) -> None:
    licences = {item.key: item.licence for item in first_course(read(bank)).items}
    assert licences["p1"] == "CC BY 4.0"
    assert "not stated in the file" in licences["p2"]


def test_variables_are_filled_everywhere_and_reported(tmp_path: Path) -> None:
    variables = {"base": ["3", "4"], "ans": ["9", "16"]}
    asked = step("va", "@{ans}", stepTitle="$${@{base}}^2$$")
    files = layout("v", (asked, [hint("h", "@{base} times @{base}")]), variabilization=variables)
    reading = read(write(tmp_path, files))
    [item] = first_course(reading).items
    assert item.steps[0].prompt == "$${3}^2$$"
    assert item.steps[0].answer.answers == ("9",)
    assert item.steps[0].hints[0].text == "3 times 3"
    assert sentences(reading)["Its variables are filled with the first of their values."] == 1


def test_a_question_with_a_picture_waits_for_a_teacher(tmp_path: Path) -> None:
    files = layout("f", (step("fa", stepTitle="What is shown? ##figure1.gif##"), []))
    [item] = first_course(read(write(tmp_path, files))).items
    assert item.state is ItemState.UNVERIFIED
    assert item.steps[0].prompt == "What is shown? [figure1.gif]"


def test_what_can_not_be_taken_is_named_with_its_place(tmp_path: Path) -> None:
    files = {
        **layout("ok", (step("oka"), [])),
        **layout("noanswer", (step("na", stepAnswer=[]), [])),
        **layout(
            "nochoice",
            (step("nc", "9", problemType="MultipleChoice", choices=["1", "2"]), []),
        ),
        "content-pool/broken/broken.json": '{"id": "bro',
        "content-pool/orphan/steps/oa/oa.json": step("oa"),
    }
    reading = read(write(tmp_path, files))
    assert Counts.of(reading.courses).steps == 1
    [unanswered] = [r for r in reading.not_taken if r.reason.message == "There is no answer."]
    assert unanswered.place == "content-pool/noanswer/noanswer.json: na"
    messages = sentences(reading)
    assert messages["There is no answer."] == 1
    assert messages["The right answer is none of the choices."] == 1
    assert messages["This file is no valid JSON."] == 1
    assert messages["The problem has no file of its own, so nothing says what it is."] == 1
    assert messages["The problem has no step that could be taken."] == 2


def test_archives_read_like_the_folder(bank: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bank.tar.gz", "w:gz") as archive:
        archive.add(bank, "root")
    with zipfile.ZipFile(tmp_path / "bank.zip", "w") as packed:
        for file in sorted(bank.rglob("*.json")):
            packed.write(file, f"root/{file.relative_to(bank)}")
    courses = read(bank).courses
    assert read(tmp_path / "bank.tar.gz").courses == courses
    assert read(tmp_path / "bank.zip").courses == courses


def test_an_archive_without_problems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no OATutor problems"):
        read(write(tmp_path, {"readme.json": {}}))
