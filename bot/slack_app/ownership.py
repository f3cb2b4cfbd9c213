"""What we write on our messages so that they are found again, and how they are found.

A message carries the claim that it answers (or the notice that it is) in its metadata. A stream can
carry it only from its end; until then it is known by standing in the thread without any.
"""

from collections import OrderedDict
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


class Held:
    """Which messages belong to replies that this process is showing; the latest thousands."""

    MOST = 20_000

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[str, str], str] = OrderedDict()

    def hold(self, channel: str, ts: str, claim_key: str) -> None:
        self._messages[channel, ts] = claim_key
        while len(self._messages) > self.MOST:
            self._messages.popitem(last=False)

    def by_another(self, channel: str, ts: str, claim_key: str) -> bool:
        return self._messages.get((channel, ts), claim_key) != claim_key


def reply_messages(
    messages: Sequence[Message], question: Question, workspace: Workspace, held: Held
) -> list[str]:
    """The timestamps of our reply's messages among `messages`, the first part first.

    A stream without metadata counts as ours if nothing else does, or where nobody else is answered.
    """
    key, channel = question.claim_key, question.place.channel
    after = question.handle.get("ts", "")
    own = [m for m in messages if is_own(dict(m), workspace) and str(m.get("ts", "")) > after]
    claimed = [m for m in own if payload(m, REPLY).get("claim") == key]
    found = sorted(claimed, key=lambda m: (int(payload(m, REPLY).get("part", 0)), m["ts"]))
    last = found[-1]["ts"] if found else after
    orphans = [
        m
        for m in own
        if not m.get("metadata")
        and not m.get("files")
        and m["ts"] > last
        and not held.by_another(channel, str(m["ts"]), key)
    ]
    alone = not found or bool(question.handle.get("dm"))
    return [str(m["ts"]) for m in (*found, *(orphans if alone else ()))]


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
