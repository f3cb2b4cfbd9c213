"""One training example, of whatever kind, and its line in a version's file.

Pure data: knows neither tokenizer nor storage, and never who wrote it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal


class ExampleKind(StrEnum):
    DIALOGUE = "dialogue"  # messages; loss on the tutor's (assistant's) turns
    PREFERENCE = "preference"  # messages up to a user's turn, and a better and a worse reply
    RATED = "rated"  # messages, the last the tutor's, and whether it was liked
    TEXT = "text"  # raw course text, next-token objective


class Split(StrEnum):
    TRAIN = "train"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Example:
    """`group` is what a split must not divide (a problem, a conversation, a document).

    `brief` is, for a dialogue made from the item bank, the JSON of what the tutor was given for its
    last turn (`tutor.pedagogy.brief`), so that drafts can be measured against the key.
    """

    kind: ExampleKind
    group: str
    source: str  # "upload:course.jsonl", "oatutor", "gsm8k", "bank", "chats", …
    licence: str = ""
    messages: tuple[ChatMessage, ...] = ()
    chosen: str = ""
    rejected: str = ""
    desired: bool | None = None
    text: str = ""
    brief: Mapping[str, Any] | None = None


def to_line(example: Example, split: Split) -> str:
    """One line of a version's JSON-lines file; empty fields are left out."""
    record: dict[str, Any] = {
        "split": split.value,
        "kind": example.kind.value,
        "group": example.group,
        "source": example.source,
        "licence": example.licence,
        "messages": [{"role": one.role, "content": one.content} for one in example.messages],
        "chosen": example.chosen,
        "rejected": example.rejected,
        "desired": example.desired,
        "text": example.text,
        "brief": dict(example.brief) if example.brief is not None else None,
    }
    kept = {name: value for name, value in record.items() if value not in ("", [], None)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def from_line(line: str) -> tuple[Example, Split]:
    """The example of a line that `to_line` made."""
    record = json.loads(line)
    split, kind = Split(record.pop("split")), ExampleKind(record.pop("kind"))
    messages = tuple(ChatMessage(**one) for one in record.pop("messages", ()))
    return Example(kind=kind, messages=messages, **record), split
