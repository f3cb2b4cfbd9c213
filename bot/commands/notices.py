"""What a command has to tell somebody else, or somewhere else: rows for the outbox."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter

from bot.notices import notice_body
from storage import outbox
from storage.database import Session
from storage.learners import Identity
from tutor.messages import Choices, Place, Platform

_PLACE = TypeAdapter(Place)
_NOTHING = Choices(())


async def tell_learner(
    session: Session,
    known: Sequence[Identity],
    text: str,
    choices: Choices = _NOTHING,
    *,
    now: datetime,
    key: str,
) -> None:
    """A direct message to each of a learner's identities; under one `key` it is sent once."""
    for identity in known:
        await outbox.add_notice(
            session,
            platform=identity.platform,
            recipient=_recipient(identity),
            learner_id=identity.learner_id,
            body=notice_body(text, choices.options),
            now=now,
            dedupe_key=f"{key}:{identity.platform}:{identity.workspace}:{identity.user_id}",
        )


async def tell_place(session: Session, place: Place, text: str, *, now: datetime, key: str) -> None:
    """A message in a channel; under one `key` it is sent once."""
    await outbox.add_notice(
        session,
        platform=place.platform,
        place=_PLACE.dump_python(place, mode="json"),
        body=notice_body(text),
        now=now,
        dedupe_key=key,
    )


def _recipient(identity: Identity) -> str:
    """Slack's user ids are those of one workspace, so that comes first."""
    in_slack = identity.platform == Platform.SLACK and identity.workspace
    return f"{identity.workspace}/{identity.user_id}" if in_slack else identity.user_id
