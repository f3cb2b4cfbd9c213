"""Care before everything else: what is said to somebody in need, and who is told of it.

The one use case of `tutor.safety` for what learners write. What they wrote is neither kept nor
passed on: the contact reads who, when, where and which kind of concern.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from storage import audit, outbox
from storage.database import Database, Session
from storage.learners import find_identity
from storage.members import member
from tutor.classes.naming import alias_in
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Platform, Visibility
from tutor.notices import notice_body
from tutor.safety.careful import careful_answer
from tutor.safety.concern import Concern, find_concern
from tutor.safety.protection import Protection, protection_of
from tutor.turn import Turn

log = structlog.get_logger()

ALERTED = frozenset({Concern.SELF_HARM, Concern.ABUSE, Concern.EMERGENCY})
_KINDS = {
    Concern.SELF_HARM: mark("they or somebody they know may harm themselves"),
    Concern.ABUSE: mark("somebody may be hurting or threatening them"),
    Concern.EMERGENCY: mark("there may be an emergency where they are"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A safeguarding contact, as their platform knows them. `course_id` None: the operator's."""

    platform: str
    workspace: str
    user_id: str
    name: str
    course_id: str | None = None

    @property
    def recipient(self) -> str:
        """Slack's user ids are those of one workspace, so that comes first."""
        in_slack = self.platform == Platform.SLACK and self.workspace
        return f"{self.workspace}/{self.user_id}" if in_slack else self.user_id


def contact_of(written: str, name: str = "") -> Contact | None:
    """The contact in a setting such as `discord:123` or `slack:T1/U2`; None where it is empty."""
    platform, _, who = written.partition(":")
    if not who:
        return None
    workspace, _, user_id = who.rpartition("/")
    return Contact(platform, workspace, user_id, name)


class Caring:
    """`country` and `contact` are the operator's, for learners whose class names none."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        *,
        country: str = "",
        contact: Contact | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._country = country
        self._contact = contact

    async def attend(self, turn: Turn, words: str, *, danger_only: bool = False) -> str | None:
        """What to answer to `words` before anything else; None where they need no care.

        Tells the safeguarding contact, once an hour for each learner. `danger_only` leaves out
        questions for professionals.
        """
        concern = find_concern(words)
        if concern is None or (danger_only and not concern.in_danger):
            return None
        async with self._database.write() as session:
            protection = await protection_of(session, turn.learner.id)
            contact = _of_class(protection) or self._contact
            if concern not in ALERTED or contact is None or _is(contact, turn):
                told = ""
            else:
                await self._alert(session, turn, concern, contact)
                told = contact.name or say(turn.language, "the person responsible for your safety")
        log.info("care_given", concern=concern.value, alerted=bool(told))
        country = protection.country or self._country
        return careful_answer(concern, turn.language, country, told)

    async def _alert(
        self, session: Session, turn: Turn, concern: Concern, contact: Contact
    ) -> None:
        now = self._now()
        known = await find_identity(session, contact.platform, contact.workspace, contact.user_id)
        language = Language(known.language) if known and known.language else turn.language
        who = await _call(session, turn, contact, known.learner_id if known else None, language)
        notice_id = await outbox.add_notice(
            session,
            platform=contact.platform,
            recipient=contact.recipient,
            learner_id=known.learner_id if known else None,
            body=notice_body(_alert_text(language, who, turn, concern, now)),
            now=now,
            dedupe_key=f"safeguarding:{turn.learner.id}:{contact.recipient}:{now:%Y%m%d%H}",
        )
        notice = await outbox.notice_by_id(session, notice_id)
        if notice is None or notice.created_at != now:
            return  # the contact knows already, from this hour
        details: dict[str, Any] = {"concern": concern.value, "course_id": contact.course_id}
        await audit.record(
            session,
            actor_id=None,
            action="safeguarding.alerted",
            subject_id=turn.learner.id,
            community_id=turn.community.id,
            details=details,
            now=now,
        )


def _of_class(protection: Protection) -> Contact | None:
    named = protection.contact
    if not named.get("user_id"):
        return None
    return Contact(
        str(named["platform"]),
        str(named.get("workspace", "")),
        str(named["user_id"]),
        str(named.get("name", "")),
        protection.course_id,
    )


def _is(contact: Contact, turn: Turn) -> bool:
    """Whether somebody is their own contact: then there is nobody to tell."""
    author = turn.question.author
    return (contact.platform, contact.user_id) == (author.platform.value, author.user_id)


async def _call(
    session: Session, turn: Turn, contact: Contact, contact_id: str | None, language: Language
) -> str:
    """The learner's name and how to reach them, for whoever may see names; else the alias."""
    author = turn.question.author
    mention = f" (<@{author.user_id}>)" if author.platform.value == contact.platform else ""
    name = f"**{turn.learner.display_name}**{mention}"
    if contact.course_id is None:
        return name  # the operator's own contact, who answers for the whole installation
    learner = await member(session, contact.course_id, turn.learner.id)
    theirs = await member(session, contact.course_id, contact_id) if contact_id else None
    if learner is None or (theirs is not None and theirs.sees_names):
        return name
    alias = alias_in(learner.alias, language)
    return say(
        language,
        "**{alias}** (a teacher of the class who may see names knows who that is)",
        alias=alias,
    )


def _alert_text(language: Language, who: str, turn: Turn, concern: Concern, now: datetime) -> str:
    platform = turn.question.place.platform.value.title()
    private = turn.question.visibility is Visibility.PRIVATE
    where = (
        say(language, "in a private conversation with me, on {platform}", platform=platform)
        if private
        else say(language, "in a shared channel, on {platform}", platform=platform)
    )
    return say(
        language,
        "**Please look after a learner.** {who} wrote something on {time} UTC, {where}, that "
        "sounds as if {kind}. I may be wrong. I have told them where to turn and that I tell "
        "you. I pass on no words of theirs: please talk to them yourself, soon.",
        who=who,
        time=f"{now:%Y-%m-%d %H:%M}",
        where=where,
        kind=say(language, _KINDS[concern]),
    )
