"""The one statement sees exactly what the four careful ones see, and nothing of anybody else."""

from typing import Any

from storage import communities, conversations, learners, members, standings
from storage.arrivals import Arrival, find_arrival
from storage.database import Database, Session
from tests.doubles.storage_tour import NOW
from tests.doubles.tour_courses import visit_courses

MEI = {"platform": "discord", "workspace": "", "user_id": "1", "display_name": "Mei"}
IN_SLACK = {"platform": "slack", "workspace": "T1", "user_id": "U1", "display_name": "Mei"}
HERE = {"external_id": "G1", "channel": "C1", "thread": None, "private": True}


async def arrive(session: Session, **changes: Any) -> Arrival | None:
    return await find_arrival(session, **{**MEI, "locale": None, **HERE, **changes})


async def make(session: Session, *, private: bool = True) -> Arrival:
    mei = await learners.recognise(session, **MEI, locale=None, now=NOW)
    community = await communities.community_for(
        session, platform="discord", external_id="G1", now=NOW
    )
    return Arrival(
        await learners.learner_by_id(session, mei.id) or mei,
        community,
        await communities.channel_settings(session, community.id, "C1"),
        await conversations.open_conversation(
            session,
            platform="discord",
            community_id=community.id,
            channel="C1",
            thread=None,
            learner_id=mei.id if private else None,
            now=NOW,
        ),
        home_policy=community.policy,
        enrolled=False,
        adapters_in_use=False,
    )


async def test_a_known_arrival_is_what_the_single_steps_make(database: Database) -> None:
    async with database.write() as session:
        private, shared = await make(session), await make(session, private=False)
        assert await arrive(session) == private
        assert await arrive(session, private=False) == shared
        await communities.configure_channel(session, private.community.id, "C1", policy="exam")
        found = await arrive(session)
    assert found is not None
    assert found.channel.policy == "exam"


async def test_an_arrival_knows_whether_somebody_is_in_a_course(database: Database) -> None:
    async with database.write() as session:
        made = await make(session)
        taught = await visit_courses(session, made.learner.id)
        before = await arrive(session)
        await members.add_member(
            session, taught.course_id, made.learner.id, role=members.LEARNER, now=NOW
        )
        after = await arrive(session)
    assert before is not None
    assert after is not None
    assert (before.enrolled, after.enrolled) == (False, True)


async def test_an_arrival_knows_how_somebody_stands_in_this_community(database: Database) -> None:
    decided: Any = {"by": None, "reason": "spam", "now": NOW}
    async with database.write() as session:
        made = await make(session)
        await standings.set_standing(
            session, made.community.id, made.learner.id, "paused", **decided
        )
        paused = await arrive(session)
        await standings.set_standing(
            session, made.community.id, made.learner.id, "active", **decided
        )
        resumed = await arrive(session)
    assert paused is not None
    assert resumed is not None
    assert (paused.standing, resumed.standing) == ("paused", "active")


async def test_a_direct_message_in_a_workspace_knows_the_workspaces_policy(
    database: Database,
) -> None:
    async with database.write() as session:
        mei = await learners.recognise(session, **IN_SLACK, locale=None, now=NOW)
        direct, home = [
            await communities.community_for(session, platform="slack", external_id=id_, now=NOW)
            for id_ in ("", "T1")
        ]
        await communities.configure_community(session, home.id, policy="open")
        await conversations.open_conversation(
            session,
            platform="slack",
            community_id=direct.id,
            channel="D1",
            thread=None,
            learner_id=mei.id,
            now=NOW,
        )
        found = await find_arrival(
            session,
            **IN_SLACK,
            locale=None,
            external_id="",
            channel="D1",
            thread=None,
            private=True,
        )
        assert await communities.policy_of(session, "slack", "T1") == "open"
    assert found is not None
    assert (found.home_policy, found.community.policy) == ("open", "guided")


async def test_whatever_is_new_makes_no_arrival(database: Database) -> None:
    async with database.write() as session:
        assert await arrive(session) is None
        made = await make(session)
        news = ("user_id", "display_name", "locale", "external_id", "channel", "thread")
        for field in news:
            assert await arrive(session, **{field: "another"}) is None, field
        assert await arrive(session, private=False) is None
        await conversations.start_new_conversation(
            session,
            platform="discord",
            community_id=made.community.id,
            channel="C1",
            thread=None,
            learner_id=made.learner.id,
            now=NOW,
        )
        after = await arrive(session)
    assert after is not None
    assert after.conversation.id != made.conversation.id


async def test_nobody_arrives_in_the_conversation_of_another(database: Database) -> None:
    async with database.write() as session:
        await make(session)
        await learners.recognise(
            session, **{**MEI, "user_id": "2", "display_name": "Li"}, locale=None, now=NOW
        )
        assert await arrive(session, user_id="2", display_name="Li") is None
