"""Communities and channels: made on first sight, then as they were configured."""

import asyncio

from storage import communities
from storage.communities import ChannelSettings
from storage.database import Database
from tests.doubles.storage_tour import NOW


async def test_a_community_is_made_once(database: Database) -> None:
    async def see() -> communities.Community:
        async with database.write() as session:
            return await communities.community_for(
                session, platform="discord", external_id="G1", now=NOW
            )

    seen = await asyncio.gather(*(see() for _ in range(6)))
    assert len({community.id for community in seen}) == 1
    assert (seen[0].kind, seen[0].policy, seen[0].settings) == (None, "guided", {})


async def test_direct_messages_are_a_community_of_each_platform(database: Database) -> None:
    async with database.write() as session:
        discord = await communities.community_for(
            session, platform="discord", external_id="", now=NOW
        )
        slack = await communities.community_for(session, platform="slack", external_id="", now=NOW)
    assert discord.id != slack.id


async def test_only_what_is_named_is_configured(database: Database) -> None:
    async with database.write() as session:
        made = await communities.community_for(session, platform="slack", external_id="T1", now=NOW)
        await communities.configure_community(
            session, made.id, kind="work", policy="open", settings={"learner_per_hour": 9}
        )
        await communities.configure_community(session, made.id, retention_days=7)
        found = await communities.community_by_id(session, made.id)
    assert found is not None
    assert (found.kind, found.policy, found.retention_days) == ("work", "open", 7)
    assert found.settings == {"learner_per_hour": 9}


async def test_a_channel_follows_its_community_until_it_is_configured(database: Database) -> None:
    async with database.write() as session:
        made = await communities.community_for(session, platform="slack", external_id="T1", now=NOW)
        plain = await communities.channel_settings(session, made.id, "C1")
        assert plain == ChannelSettings("C1", enabled=True, language=None, policy=None)
        await communities.configure_channel(session, made.id, "C1", enabled=False)
        changed = await communities.configure_channel(session, made.id, "C1", language="zh-CN")
    assert changed == ChannelSettings("C1", enabled=False, language="zh-CN")


async def test_configured_channels_are_listed_by_platform(database: Database) -> None:
    async with database.write() as session:
        for platform, external_id in (("slack", "T1"), ("discord", "G1")):
            made = await communities.community_for(
                session, platform=platform, external_id=external_id, now=NOW
            )
            await communities.configure_channel(session, made.id, "C1")
        [stored] = await communities.channels(session, "discord")
    assert (stored.external_id, stored.settings.channel) == ("G1", "C1")
