"""What Daoshi says on its own, to a person or in a place: rows for the outbox.

A body holds the text in the recipient's language, buttons that are stored already, and files by
their content's hash. Whoever serves the platform delivers it (`bot.dispatch.delivery`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from storage import outbox
from storage.database import Session
from storage.learners import Identity
from tutor.messages import Choice, Choices, Place, Platform

CHOICES = TypeAdapter(tuple[Choice, ...])
_PLACE = TypeAdapter(Place)
_NOTHING = Choices(())


def notice_body(
    text: str,
    choices: Sequence[Choice] = (),
    pictures: Sequence[Mapping[str, str]] = (),
    files: Sequence[Mapping[str, str]] = (),
    charts: Sequence[Mapping[str, Any]] = (),
    card: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The JSON body. A picture is {hash, name, alt}, a file {hash, name, media_type}.

    A chart is {kind, language, data} and is drawn on delivery (`tutor.tuning.pictures`); `card` is
    {title, phase, brief} for what is edited again and again.
    """
    body: dict[str, Any] = {
        "text": text,
        "choices": CHOICES.dump_python(tuple(choices), mode="json"),
        "pictures": [dict(picture) for picture in pictures],
        "files": [dict(file) for file in files],
    }
    if charts:
        body["charts"] = [dict(chart) for chart in charts]
    if card is not None:
        body["card"] = dict(card)
    return body


async def tell_learner(
    session: Session,
    known: Sequence[Identity],
    text: str,
    choices: Choices = _NOTHING,
    *,
    now: datetime,
    key: str,
    not_before: datetime | None = None,
) -> None:
    """A direct message to each of a learner's identities; under one `key` it is sent once."""
    for identity in known:
        await outbox.add_notice(
            session,
            platform=identity.platform,
            recipient=recipient_of(identity.platform, identity.workspace, identity.user_id),
            learner_id=identity.learner_id,
            body=notice_body(text, choices.options),
            now=now,
            not_before=not_before,
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


def recipient_of(platform: str, workspace: str, user_id: str) -> str:
    """A person as the outbox names them: Slack's user ids are those of one workspace."""
    return f"{workspace}/{user_id}" if platform == Platform.SLACK and workspace else user_id
