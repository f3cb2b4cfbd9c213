"""What we write on our messages so that they are found again, and how they are found.

A message carries the claim that it answers (or the notice that it is) in its metadata. A stream can
carry it only from its end; until then it is known by standing in the thread without any.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.metadata import Metadata

from bot.slack_app.clients import Workspace
from bot.slack_app.threads import is_own
from tutor.messages import Question

REPLY, NOTICE = "daoshi_reply", "daoshi_notice"
Message = Mapping[str, Any]


def reply_metadata(question: Question, part: int) -> Metadata:
    """Marks the `part`-th message of the reply to `question`."""
    user = question.author.user_id
    return Metadata(REPLY, {"claim": question.claim_key, "part": part, "user": user})


def notice_metadata(notice_id: str) -> Metadata:
    return Metadata(NOTICE, {"notice": notice_id})


def reply_messages(
    messages: Sequence[Message], question: Question, workspace: Workspace
) -> list[str]:
    """The timestamps of our reply's messages among `messages`, the first part first."""
    after = question.handle.get("ts", "")
    own = [m for m in messages if is_own(dict(m), workspace) and str(m.get("ts", "")) > after]
    claimed = [m for m in own if payload(m, REPLY).get("claim") == question.claim_key]
    orphans = [m for m in own if not m.get("metadata") and not m.get("files")]
    found = sorted(claimed, key=lambda m: (int(payload(m, REPLY).get("part", 0)), m["ts"]))
    last = found[-1]["ts"] if found else after
    return [str(m["ts"]) for m in (*found, *[o for o in orphans if o["ts"] > last])]


def notice_message(messages: Sequence[Message], notice_id: str, workspace: Workspace) -> str | None:
    """The timestamp of the notice among `messages`."""
    for message in messages:
        if is_own(dict(message), workspace) and payload(message, NOTICE).get("notice") == notice_id:
            return str(message["ts"])
    return None


def payload(message: Message, event_type: str) -> Mapping[str, Any]:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != event_type:
        return {}
    found = metadata.get("event_payload") or {}
    return found if isinstance(found, Mapping) else {}
