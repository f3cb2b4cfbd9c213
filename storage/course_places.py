"""Which course a channel, or one thread in it, is about."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.models import CoursePlaceRow

WHOLE_CHANNEL = ""


async def bind_place(
    session: Session, community_id: str, channel: str, thread: str | None, course_id: str
) -> None:
    """From now on this channel (or this thread alone) is about that course."""
    statement = upsert(CoursePlaceRow).values(
        community_id=community_id,
        channel=channel,
        thread=thread or WHOLE_CHANNEL,
        course_id=course_id,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["community_id", "channel", "thread"],
            set_={"course_id": statement.excluded.course_id},
        )
    )


async def release_place(
    session: Session, community_id: str, channel: str, thread: str | None
) -> bool:
    """The channel or thread is about no course any more; False where it was about none."""
    statement = delete(CoursePlaceRow).where(
        CoursePlaceRow.community_id == community_id,
        CoursePlaceRow.channel == channel,
        CoursePlaceRow.thread == (thread or WHOLE_CHANNEL),
    )
    return bool((await session.execute(statement)).rowcount)


async def course_of_place(
    session: Session, community_id: str, channel: str, thread: str | None
) -> str | None:
    """The id of the course of a thread, else of its channel; None where there is none."""
    query = (
        select(CoursePlaceRow.course_id)
        .where(
            CoursePlaceRow.community_id == community_id,
            CoursePlaceRow.channel == channel,
            CoursePlaceRow.thread.in_({WHOLE_CHANNEL, thread or WHOLE_CHANNEL}),
        )
        .order_by(CoursePlaceRow.thread.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def places_of(session: Session, course_id: str) -> list[tuple[str, str, str]]:
    """The (community id, channel, thread) of a course."""
    query = select(
        CoursePlaceRow.community_id, CoursePlaceRow.channel, CoursePlaceRow.thread
    ).where(CoursePlaceRow.course_id == course_id)
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]
