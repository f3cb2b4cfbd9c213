"""Opens a turn: takes the claims, recognises the person, counts the quota, in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.commands.actions import ASKING_ACTIONS
from storage import claims, communities, conversations, learners, standings, usage
from storage.arrivals import Arrival, find_arrival
from storage.choices import peek_choice
from storage.communities import Community
from storage.database import Database, Session
from storage.teaching_roles import makes_teacher
from tutor.classes.policy import policy_for
from tutor.language import Language, choose
from tutor.messages import Choices, Kind, Platform, Question, Role, Visibility
from tutor.pedagogy.dialogue import Policy
from tutor.safety.protection import UNPROTECTED, protection_of
from tutor.turn import Turn

LEASE = timedelta(seconds=15)
COUNTED = frozenset({Kind.MESSAGE, Kind.COMMAND})


@dataclass(frozen=True, slots=True)
class Quota:
    """How many questions are answered in an hour, unless the community's settings say otherwise."""

    learner_per_hour: int = 120
    community_per_hour: int = 3000


@dataclass(frozen=True, slots=True)
class Opened:
    """A turn that this process holds; `resets_at` is set where the quota is used up.

    `stop` ends the reply while it is being written, where its platform has buttons.
    """

    turn: Turn
    resets_at: datetime | None = None
    stop: Choices | None = None


OfferStop = Callable[[Session, Turn], Awaitable[Choices | None]]


async def open_turn(
    database: Database,
    questions: Sequence[Question],
    taken: set[str],
    owner: str,
    now: datetime,
    quota: Quota,
    offer_stop: OfferStop,
) -> Opened | None:
    """None where another process took the question first. `taken` collects the claims we hold.

    Of a burst that another process has begun to answer, the turn holds what is left to us.
    """
    new = [question.claim_key for question in questions if question.claim_key not in taken]
    async with database.write() as session:
        got = await claims.take_claims(
            session, keys=new, owner=owner, lease_until=now + LEASE, now=now
        )
        if not got and not taken:
            return None
        taken.update(got)
        held = [question for question in questions if question.claim_key in taken]
        lead = held[-1]
        turn = await _look_up(session, lead, held, now)
        verdict = None
        if got and await _counts(session, lead):
            verdict = await usage.count_and_check(
                session,
                learner_id=turn.learner.id,
                community_id=turn.community.id,
                now=now,
                learner_limit=_limit(turn, "learner_per_hour", quota.learner_per_hour),
                community_limit=_limit(turn, "community_per_hour", quota.community_per_hour),
                count=len(got),
            )
        resets_at = verdict.reset_at if isinstance(verdict, usage.Refused) else None
        stop = None if resets_at else await offer_stop(session, turn)
    return Opened(turn, resets_at, stop)


async def look_up(database: Database, question: Question, now: datetime) -> Turn:
    """A turn without a claim, for what Daoshi says before anybody has asked."""
    async with database.write() as session:
        return await _look_up(session, question, [question], now)


async def _look_up(
    session: Session, lead: Question, questions: Sequence[Question], now: datetime
) -> Turn:
    arrival = await _known(session, lead) or await _made_known(session, lead, now)
    learner, channel, community = arrival.learner, arrival.channel, arrival.community
    setting = learner.language or channel.language or community.language
    text = "\n".join(question.text for question in questions if question.kind is Kind.MESSAGE)
    if await _teaches_by_role(session, lead, community):
        lead = replace(lead, roles=lead.roles | {Role.TEACHER})
        questions = (*questions[:-1], lead)
    return Turn(
        question=lead,
        questions=tuple(questions),
        learner=learner,
        community=community,
        channel=channel,
        conversation=arrival.conversation,
        language=choose(Language(setting) if setting else None, text, lead.author.locale),
        standing=arrival.standing,
        policy=await _policy(session, arrival, now),
        protection=await protection_of(session, learner.id) if arrival.enrolled else UNPROTECTED,
        enrolled=arrival.enrolled,
        adapters_in_use=arrival.adapters_in_use,
    )


async def _policy(session: Session, arrival: Arrival, now: datetime) -> Policy:
    """The policy of the place; for members of courses the strictest of theirs too."""
    policy, own = arrival.home_policy or arrival.community.policy, arrival.channel.policy
    if not arrival.enrolled:
        return Policy(own or policy)
    return await policy_for(session, arrival.learner.id, policy, own, now)


async def _teaches_by_role(session: Session, lead: Question, community: Community) -> bool:
    """Whether a role that somebody has on the platform makes them a teacher here."""
    roles = lead.platform_roles
    return bool(roles) and await makes_teacher(session, community.id, roles)


async def _counts(session: Session, lead: Question) -> bool:
    """Whether it is one of the questions of which there is only so much."""
    if lead.press is None:
        return lead.kind in COUNTED
    pressed = await peek_choice(session, lead.press.choice_id)
    return pressed is not None and pressed.action in ASKING_ACTIONS


async def _known(session: Session, lead: Question) -> Arrival | None:
    """The usual case, in one statement: somebody known in a conversation that runs."""
    author, place = lead.author, lead.place
    return await find_arrival(
        session,
        platform=author.platform,
        workspace=author.workspace,
        user_id=author.user_id,
        display_name=author.display_name,
        locale=author.locale,
        external_id=place.community,
        channel=place.channel,
        thread=thread_of(lead),
        private=lead.visibility is Visibility.PRIVATE,
    )


async def _made_known(session: Session, lead: Question, now: datetime) -> Arrival:
    """Step by step, making whatever is new."""
    author, place = lead.author, lead.place
    learner = await learners.recognise(
        session,
        platform=author.platform,
        workspace=author.workspace,
        user_id=author.user_id,
        display_name=author.display_name,
        locale=author.locale,
        now=now,
    )
    community = await communities.community_for(
        session, platform=place.platform, external_id=place.community, now=now
    )
    private = lead.visibility is Visibility.PRIVATE
    home = place.community or author.workspace
    return Arrival(
        learner,
        community,
        await communities.channel_settings(session, community.id, place.channel),
        await conversations.open_conversation(
            session,
            platform=place.platform,
            community_id=community.id,
            channel=place.channel,
            thread=thread_of(lead),
            learner_id=learner.id if private else None,
            now=now,
        ),
        await standings.standing(session, place.platform, home, learner.id),
        await communities.policy_of(session, place.platform, home),
    )


def thread_of(question: Question) -> str | None:
    """The thread of a conversation: in a shared channel a new message begins its own."""
    place = question.place
    if place.thread or question.visibility is Visibility.PRIVATE:
        return place.thread
    if question.kind in (Kind.MESSAGE, Kind.EDIT) and place.platform is not Platform.TERMINAL:
        return question.message_id
    return None


def _limit(turn: Turn, name: str, default: int) -> int:
    value = turn.community.settings.get(name)
    return value if isinstance(value, int) else default
