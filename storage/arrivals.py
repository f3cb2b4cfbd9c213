"""Everything that is known of where a question comes from, in one statement.

Most questions come from somebody known, in a conversation that runs already. For them this stands
for `learners.recognise`, `communities.community_for`, `communities.channel_settings`,
`conversations.open_conversation`, `standings.standing` and `communities.policy_of`; it makes
nothing.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from storage.adapter_pointers import ANY_IN_USE
from storage.communities import ChannelSettings, Community
from storage.conversations import Conversation
from storage.database import Session
from storage.learners import Learner
from storage.models import (
    ChannelRow,
    CommunityRow,
    ConversationRow,
    CourseMemberRow,
    IdentityRow,
    LearnerRow,
    StandingRow,
)
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who asks, where, and the conversation that runs there.

    `standing` is the learner's status in the community whose staff looks after the place, and
    `home_policy` that community's policy, where it is known. `enrolled`: whether they belong to
    any course, so that its rules have to be looked up. `adapters_in_use`: whether any adapter is
    assigned or tried anywhere, so that it has to be looked up which.
    """

    learner: Learner
    community: Community
    channel: ChannelSettings
    conversation: Conversation
    standing: str = "active"
    home_policy: str | None = None
    enrolled: bool = True
    adapters_in_use: bool = True


_LEARNER = (
    LearnerRow.id,
    LearnerRow.display_name,
    LearnerRow.language,
    LearnerRow.status,
    LearnerRow.created_at,
    LearnerRow.settings,
    LearnerRow.status_reason,
)
_COMMUNITY = columns_for(CommunityRow, Community)
_CHANNEL = columns_for(ChannelRow, ChannelSettings)
_CONVERSATION = columns_for(ConversationRow, Conversation)
_HOME = aliased(CommunityRow)
_STANDING = (
    select(StandingRow.status)
    .join(_HOME, _HOME.id == StandingRow.community_id)
    .where(
        StandingRow.learner_id == LearnerRow.id,
        _HOME.platform == bindparam("for_platform"),
        _HOME.external_id == bindparam("for_home"),
    )
    .correlate(LearnerRow)
    .scalar_subquery()
)

_HOME_POLICY = (
    select(_HOME.policy)
    .where(
        _HOME.platform == bindparam("for_platform"),
        _HOME.external_id == bindparam("for_home"),
    )
    .scalar_subquery()
)


_ENROLLED = (
    select(CourseMemberRow.course_id)
    .where(CourseMemberRow.learner_id == LearnerRow.id)
    .correlate(LearnerRow)
    .exists()
)


def _statement(*, private: bool) -> Select[Any]:
    owner = (
        (ConversationRow.learner_id.is_not(None), ConversationRow.learner_id == LearnerRow.id)
        if private
        else (ConversationRow.learner_id.is_(None),)
    )
    return (
        select(
            _STANDING,
            _HOME_POLICY,
            _ENROLLED,
            ANY_IN_USE,
            *_LEARNER,
            *_COMMUNITY,
            *_CHANNEL,
            *_CONVERSATION,
        )
        .select_from(IdentityRow)
        .join(LearnerRow, LearnerRow.id == IdentityRow.learner_id)
        .join(
            CommunityRow,
            (CommunityRow.platform == bindparam("for_platform"))
            & (CommunityRow.external_id == bindparam("for_external")),
        )
        .outerjoin(
            ChannelRow,
            (ChannelRow.community_id == CommunityRow.id)
            & (ChannelRow.channel == bindparam("for_channel")),
        )
        .join(ConversationRow, ConversationRow.community_id == CommunityRow.id)
        .where(
            IdentityRow.platform == bindparam("for_platform"),
            IdentityRow.workspace == bindparam("for_workspace"),
            IdentityRow.user_id == bindparam("for_user"),
            IdentityRow.display_name == bindparam("known_as"),
            IdentityRow.locale.is_not_distinct_from(bindparam("with_locale")),
            ConversationRow.ended_at.is_(None),
            ConversationRow.channel == bindparam("for_channel"),
            ConversationRow.thread == bindparam("for_thread"),
            *owner,
        )
    )


_PRIVATE = _statement(private=True)
_SHARED = _statement(private=False)


async def find_arrival(
    session: Session,
    *,
    platform: str,
    workspace: str,
    user_id: str,
    display_name: str,
    locale: str | None,
    external_id: str,
    channel: str,
    thread: str | None,
    private: bool,
) -> Arrival | None:
    """None where anything is new: the person, their name or locale, the place, the conversation.

    Direct messages are looked after by the workspace of whoever writes them.
    """
    values = {
        "for_platform": platform,
        "for_workspace": workspace,
        "for_user": user_id,
        "known_as": display_name,
        "with_locale": locale,
        "for_external": external_id,
        "for_home": external_id or workspace,
        "for_channel": channel,
        "for_thread": thread or "",
    }
    statement = _PRIVATE if private else _SHARED
    row = (await session.execute(statement, values)).one_or_none()
    return None if row is None else _arrival(tuple(row), channel)


def _arrival(row: tuple[Any, ...], channel: str) -> Arrival:
    standing, policy, enrolled, adapters_in_use, *rest = row
    id_, name, language, status, created_at, settings, reason, *rest = rest
    community, rest = rest[: len(_COMMUNITY)], rest[len(_COMMUNITY) :]
    configured, rest = rest[: len(_CHANNEL)], rest[len(_CHANNEL) :]
    conversation = Conversation(*rest)
    return Arrival(
        Learner(id_, name, language, status, created_at, settings=settings, status_reason=reason),
        Community(*community),
        ChannelSettings(channel) if configured[0] is None else ChannelSettings(*configured),
        replace(conversation, thread=conversation.thread or None),
        standing or "active",
        policy,
        bool(enrolled),
        bool(adapters_in_use),
    )
