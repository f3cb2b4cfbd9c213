"""One record of a file, whatever its fields are called, as an example.

Messages with roles; prompt and answer; a better and a worse reply; a rated reply; raw text.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.datasets.normalising import group_of
from training.datasets.reading import gsm8k
from training.datasets.reading.found import Origin, Row, RowRefused
from tutor.i18n import mark

PROMPTS = ("prompt", "question", "instruction", "input", "problem")
ANSWERS = ("completion", "answer", "output", "response", "solution", "reply")
MESSAGES = ("messages", "conversation", "conversations", "dialogue")
RATINGS = ("label", "desired", "rating", "thumb")
ROLES = {
    "system": "system",
    "user": "user",
    "human": "user",
    "student": "user",
    "learner": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "tutor": "assistant",
    "teacher": "assistant",
}
COLUMNS = frozenset((*PROMPTS, *ANSWERS, *RATINGS, "chosen", "rejected", "text", "system"))

_LIKED = {"1": True, "true": True, "up": True, "good": True, "yes": True, "👍": True, "+1": True}
_DISLIKED = {"0": False, "-1": False, "false": False, "down": False, "bad": False, "no": False}
_THUMBS = _LIKED | _DISLIKED | {"👎": False}


def row_of(record: Mapping[str, Any], place: str, origin: Origin) -> Row:
    """The example of a record. Raises RowRefused."""
    if gsm8k.is_problem(record):
        return gsm8k.row_of(record, place, origin)
    example = _example(record, origin)
    return Row(place, example)


def _example(record: Mapping[str, Any], origin: Origin) -> Example:
    if "chosen" in record or "rejected" in record:
        return _preference(record, origin)
    messages = _messages(record)
    if messages is not None:
        return _dialogue(record, messages, origin)
    if isinstance(record.get("text"), str):
        text = record["text"].strip()
        if not text:
            raise RowRefused(mark("The text is empty."))
        return _made(record, origin, ExampleKind.TEXT, text=text, group=text)
    raise RowRefused(
        mark(
            "No fields that I know. Use messages; or prompt and answer; or prompt, chosen and "
            "rejected; or text."
        )
    )


def _dialogue(
    record: Mapping[str, Any], messages: tuple[ChatMessage, ...], origin: Origin
) -> Example:
    if all(message.role != "assistant" for message in messages):
        raise RowRefused(
            mark("There is nothing for the tutor to say: no message of the assistant.")
        )
    rated = next((name for name in RATINGS if record.get(name) is not None), None)
    group = _group(messages)
    if rated is None:
        return _made(record, origin, ExampleKind.DIALOGUE, messages=messages, group=group)
    if messages[-1].role != "assistant":
        raise RowRefused(mark("The last message must be the assistant's: it is the rated one."))
    return _made(
        record,
        origin,
        ExampleKind.RATED,
        messages=messages,
        group=group,
        desired=_liked(record[rated], stars=rated == "rating"),
    )


def _preference(record: Mapping[str, Any], origin: Origin) -> Example:
    better, better_before = _reply(record.get("chosen"))
    worse, _ = _reply(record.get("rejected"))
    if not better or not worse:
        raise RowRefused(mark("A preference needs a chosen and a rejected reply."))
    if better == worse:
        raise RowRefused(mark("The chosen and the rejected reply are the same."))
    messages = _messages({**record, "answer": ""}, answered=False) or better_before
    if not messages or messages[-1].role != "user":
        raise RowRefused(mark("A preference needs a prompt that ends with what the user said."))
    return _made(
        record,
        origin,
        ExampleKind.PREFERENCE,
        messages=messages,
        group=_group(messages),
        chosen=better,
        rejected=worse,
    )


def _reply(value: Any) -> tuple[str, tuple[ChatMessage, ...]]:
    """A reply, and the messages before it where the whole conversation is given."""
    if isinstance(value, str):
        return value.strip(), ()
    if isinstance(value, list) and value:
        messages = _listed(value)
        if messages[-1].role == "assistant":
            return messages[-1].content, messages[:-1]
    return "", ()


def _messages(
    record: Mapping[str, Any], *, answered: bool = True
) -> tuple[ChatMessage, ...] | None:
    """The messages of a record; None where it has none of the fields."""
    for name in (*MESSAGES, "prompt"):
        if isinstance(record.get(name), list):
            listed = _listed(record[name])
            answer = _first(record, ANSWERS)
            said = (ChatMessage("assistant", answer),) if name == "prompt" and answer else ()
            return (*listed, *said)
    present = [name for name in PROMPTS if isinstance(record.get(name), str)]
    asked = "\n".join(record[name].strip() for name in present if record[name].strip())
    answer = _first(record, ANSWERS)
    if not present or (answered and answer is None):
        return None
    if not asked:
        raise RowRefused(mark("The prompt is empty."))
    if answered and not answer:
        raise RowRefused(mark("There is nothing for the tutor to say: the answer is empty."))
    system = record.get("system")
    said_first = isinstance(system, str) and system.strip()
    before = [ChatMessage("system", said_first)] if said_first else []
    said_last = [ChatMessage("assistant", answer)] if answered and answer else []
    return (*before, ChatMessage("user", asked), *said_last)


def _listed(raw: Sequence[Any]) -> tuple[ChatMessage, ...]:
    """Messages in a row, checked: known roles, the system first, something said in each."""
    if not raw:
        raise RowRefused(mark("There are no messages."))
    messages = tuple(_message(one) for one in raw)
    if any(message.role == "system" for message in messages[1:]):
        raise RowRefused(mark("A system message can only be the first one."))
    talk = [message.role for message in messages if message.role != "system"]
    if not talk or talk[0] != "user":
        raise RowRefused(mark("The conversation must begin with what the user says."))
    if any(one == two for one, two in pairwise(talk)):
        raise RowRefused(mark("Messages of user and assistant must take turns."))
    return messages


def _message(raw: Any) -> ChatMessage:
    if not isinstance(raw, Mapping):
        raise RowRefused(mark("A message must be an object with role and content."))
    role = raw.get("role", raw.get("from"))
    content = raw.get("content", raw.get("value"))
    if not isinstance(role, str) or role.lower() not in ROLES:
        message = mark("The role “{role}” is unknown. Use system, user and assistant.")
        raise RowRefused(message, role=str(role)[:40])
    if not _is_said(content):
        raise RowRefused(mark("The content of a message is empty or no text."))
    return ChatMessage(ROLES[role.lower()], content.strip())  # type: ignore[arg-type]


def _is_said(content: Any) -> bool:
    return isinstance(content, str) and bool(content.strip())


def _first(record: Mapping[str, Any], names: Sequence[str]) -> str | None:
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
    return None


def _liked(value: Any, *, stars: bool) -> bool:
    """True and False in the spellings of rated data; also stars of five, where one is the worst."""
    if isinstance(value, bool):
        return value
    told = str(value).strip().lower()
    if stars and told == "1":
        raise RowRefused(
            mark(
                "A rating of 1 may be a thumb up or one star of five. Give a field “label” with "
                "true or false instead."
            )
        )
    if told in _THUMBS:
        return _THUMBS[told]
    if told in ("4", "5"):
        return True
    if told in ("2",):
        return False
    message = mark("The rating “{rating}” says neither good nor bad. Use true or false.")
    raise RowRefused(message, rating=told[:40])


def _group(messages: Sequence[ChatMessage]) -> str:
    """What the split keeps together: everything about one opening question."""
    return next(one.content for one in messages if one.role == "user")


def _made(
    record: Mapping[str, Any], origin: Origin, kind: ExampleKind, *, group: str, **values: Any
) -> Example:
    named = record.get("group")
    licence = record.get("licence", record.get("license"))
    return Example(
        kind=kind,
        group=group_of(str(named) if isinstance(named, str | int) and named != "" else group),
        source=origin.source,
        licence=licence if isinstance(licence, str) and licence else origin.licence,
        **values,
    )
