"""Installations: bytes that only their owner can read, found by workspace."""

from storage import installations
from storage.database import Database, Session
from tests.doubles.storage_tour import MINUTE, NOW


async def save(session: Session, payload: bytes, user_id: str = "", after: int = 0) -> None:
    await installations.save_installation(
        session,
        platform="slack",
        enterprise_id="",
        team_id="T1",
        user_id=user_id,
        payload=payload,
        now=NOW + after * MINUTE,
    )


async def find(session: Session, user_id: str | None = "", team_id: str = "T1") -> bytes | None:
    return await installations.find_installation(
        session, platform="slack", enterprise_id="", team_id=team_id, user_id=user_id
    )


async def test_a_workspace_has_a_bot_and_people(database: Database) -> None:
    async with database.write() as session:
        await save(session, b"\x00bot")
        await save(session, b"first", "U1")
        await save(session, b"second", "U2", after=1)
        assert await find(session) == b"\x00bot"
        assert await find(session, "U1") == b"first"
        assert await find(session, None) == b"second"
        assert await find(session, team_id="T2") is None
        assert await installations.installed_workspaces(session, "slack") == [("", "T1")]


async def test_installing_again_replaces_and_uninstalling_forgets(database: Database) -> None:
    async with database.write() as session:
        await save(session, b"old")
        await save(session, b"new")
        await save(session, b"person", "U1")
        assert await find(session) == b"new"
        gone = {"platform": "slack", "enterprise_id": "", "team_id": "T1"}
        await installations.delete_installation(session, **gone, user_id="")
        assert await find(session) is None
        assert await find(session, "U1") == b"person"
        await installations.delete_installation(session, **gone)
        assert await find(session, "U1") is None


async def test_a_state_is_good_once_and_for_a_while(database: Database) -> None:
    async with database.write() as session:
        await installations.issue_state(session, "fresh", NOW + MINUTE)
        await installations.issue_state(session, "stale", NOW)
        assert await installations.consume_state(session, "fresh", NOW)
        assert not await installations.consume_state(session, "fresh", NOW)
        assert not await installations.consume_state(session, "stale", NOW)
        assert not await installations.consume_state(session, "forged", NOW)
