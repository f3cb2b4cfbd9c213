"""Between an item as the tutor knows it and its rows and JSON in the database. No statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage import items as stored
from storage.identifiers import new_id
from tutor.bank.digest import content_digest, question_of, text_digest
from tutor.bank.item import (
    AnswerKey,
    AnswerType,
    Hint,
    HintKind,
    Item,
    ItemState,
    Origin,
    Step,
    StoredItem,
)

Steps = list[stored.Step]


def item_row(
    item: Item,
    *,
    item_id: str,
    version: int,
    course_id: str | None,
    lesson_id: str | None,
    owner_id: str | None,
    now: datetime,
) -> stored.Item:
    """The row of an item, as it is written at `now`."""
    return stored.Item(
        id=item_id,
        course_id=course_id,
        lesson_id=lesson_id,
        owner_id=owner_id,
        key=item.key,
        version=version,
        family=item.family,
        title=item.title,
        stem=item.stem,
        language=item.language,
        source=item.source,
        licence=item.licence,
        attribution=item.attribution,
        state=item.state,
        origin=item.origin,
        text_digest=text_digest(question_of(item)),
        content_digest=content_digest(item),
        created_at=now,
        updated_at=now,
    )


def step_rows(item: Item, item_id: str, skill_ids: Mapping[str, str]) -> Steps:
    """The rows of an item's steps; `skill_ids` maps the keys of its course's skills to ids."""
    return [
        stored.Step(
            id=new_id(),
            item_id=item_id,
            position=position,
            key=step.key,
            prompt=step.prompt,
            answer_type=step.answer.type,
            answers=list(step.answer.answers),
            choices=list(step.answer.choices),
            unit=step.answer.unit,
            tolerance=step.answer.tolerance,
            rubric=step.answer.rubric,
            hints=[hint_values(hint) for hint in step.hints],
            skills=[skill_ids[key] for key in step.skills],
        )
        for position, step in enumerate(item.steps)
    ]


def item_of(
    row: stored.Item,
    steps: Sequence[stored.Step],
    skill_keys: Mapping[str, str],
    lesson_key: str,
) -> StoredItem:
    """The item of its rows; `skill_keys` maps skill ids to keys."""
    item = Item(
        key=row.key,
        stem=row.stem,
        steps=tuple(_step_of(step, skill_keys) for step in steps),
        language=row.language,
        title=row.title,
        lesson=lesson_key,
        family=row.family,
        source=row.source,
        licence=row.licence,
        attribution=row.attribution,
        state=ItemState(row.state),
        origin=Origin(row.origin),
    )
    skills = tuple(tuple(step.skills) for step in steps)
    return StoredItem(row.id, row.version, row.course_id, row.lesson_id, item, skills)


def revision_content(row: stored.Item, steps: Sequence[stored.Step]) -> dict[str, Any]:
    """What an item says at present, as JSON for its revision."""
    return {
        "title": row.title,
        "stem": row.stem,
        "language": row.language,
        "state": row.state,
        "steps": [
            {
                "key": step.key,
                "prompt": step.prompt,
                "answer_type": step.answer_type,
                "answers": list(step.answers),
                "choices": list(step.choices),
                "unit": step.unit,
                "tolerance": step.tolerance,
                "rubric": step.rubric,
                "hints": list(step.hints),
                "skills": list(step.skills),
            }
            for step in steps
        ],
    }


def hint_values(hint: Hint) -> dict[str, Any]:
    """A hint as JSON; what is empty is left out, since there are many."""
    key = hint.key
    values: dict[str, Any] = {
        "kind": hint.kind.value,
        "title": hint.title,
        "text": hint.text,
        "depth": hint.depth,
    }
    if key is not None:
        values |= {
            "answer_type": key.type.value,
            "answers": list(key.answers),
            "choices": list(key.choices),
            "unit": key.unit,
            "tolerance": key.tolerance,
        }
    return {name: value for name, value in values.items() if value or name in ("kind", "text")}


def hint_of(values: Mapping[str, Any]) -> Hint:
    """The hint that `hint_values` wrote."""
    key = None
    if "answer_type" in values:
        key = AnswerKey(
            AnswerType(values["answer_type"]),
            tuple(values.get("answers", ())),
            tuple(values.get("choices", ())),
            values.get("unit", ""),
            values.get("tolerance", 0.0),
        )
    kind = HintKind(values["kind"])
    return Hint(kind, values["text"], values.get("title", ""), key, values.get("depth", 0))


def _step_of(row: stored.Step, skill_keys: Mapping[str, str]) -> Step:
    key = AnswerKey(
        AnswerType(row.answer_type),
        tuple(row.answers),
        tuple(row.choices),
        row.unit,
        row.tolerance,
        row.rubric,
    )
    skills = tuple(skill_keys[skill] for skill in row.skills)
    return Step(row.key, row.prompt, key, tuple(map(hint_of, row.hints)), skills)
