"""`/class join-code`, `/class roles`, `/class group`: who belongs to a course, and as what."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.commands.arguments import argument
from bot.commands.courses.teaching import Taught, for_teachers
from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage import audit, learners, teaching_roles
from storage.database import Session
from storage.join_codes import create_join_code
from storage.members import (
    LEARNER,
    TEACHER,
    CourseMember,
    add_member,
    change_member,
    groups_of,
    member,
    members_of,
    remove_member,
)
from tutor.classes.naming import by_call, register_for
from tutor.i18n import mark, say, say_count
from tutor.messages import ReplyPart, Role, Text
from tutor.names import name_in
from tutor.turn import Turn

DEFAULT_USES, MOST_USES = 60, 1000
DEFAULT_DAYS, MOST_DAYS = 30, 365
LONGEST_GROUP = 40
MOST_LISTED = 60
_USER = re.compile(r"<@!?([A-Za-z0-9]+)(?:\|[^>]*)?>|@?([^\s<>@]+)")
_PLATFORM_ROLE = re.compile(r"<@&(\d+)>")

MEMBER_ROLES = (
    ("learner", mark("Learner")),
    ("teacher", mark("Teacher, sees aliases")),
    ("teacher-names", mark("Teacher, sees names")),
    ("none", mark("No member any more")),
)
CODE_ROLES = (("learner", mark("Learner")), ("teacher", mark("Teacher, sees aliases")))


async def _join_code(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """A new code that lets people in for some time."""
    now = services.now()
    days = min(int(argument(turn, "days") or DEFAULT_DAYS), MOST_DAYS)
    async with services.database.write() as session:
        code = await create_join_code(
            session,
            teaching.course.id,
            role=argument(turn, "role") or LEARNER,
            group=argument(turn, "group")[:LONGEST_GROUP],
            uses=max(1, min(int(argument(turn, "uses") or DEFAULT_USES), MOST_USES)),
            expires_at=now + timedelta(days=max(1, days)),
            created_by=turn.learner.id,
            now=now,
        )
    join = typed(turn.question.place.platform, f"course join {code.code}")
    yield Text(
        say(
            turn.language,
            "**{code}** lets {count} people into **{course}** until {date}. They write {join}.",
            code=code.code,
            count=code.uses_left,
            course=name_in(teaching.course.names, turn.language),
            date=f"{code.expires_at:%Y-%m-%d}",
            join=join,
        )
    )


async def _roles(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """Makes somebody a teacher or learner, or a role of the platform one of teachers."""
    who, role = argument(turn, "who"), argument(turn, "role") or TEACHER
    if platform_role := _PLATFORM_ROLE.fullmatch(who):
        yield Text(await _map_role(services, turn, platform_role[1], role))
        return
    names = role == "teacher-names"
    if names and not teaching.sees_names:
        yield Text(
            say(turn.language, "Only somebody who may see names can give that right to others.")
        )
        return
    async with services.database.write() as session:
        learner_id = await find_learner(session, turn, who)
        if learner_id is None:
            known = None
        else:
            known = await _change(session, services, turn, teaching, learner_id, role)
    if learner_id is None:
        yield Text(
            say(
                turn.language,
                "I know nobody by that. Please mention the person or give their user id; they "
                "must have written to me once.",
            )
        )
        return
    done = _ROLE_CHANGED[role if known else "none"]
    yield Text(say(turn.language, done, course=name_in(teaching.course.names, turn.language)))


async def _group(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """Lists the groups, or puts somebody into one."""
    who, group = argument(turn, "who"), argument(turn, "group")[:LONGEST_GROUP]
    course_id = teaching.course.id
    if not who:
        yield Text(await _groups(services, turn, teaching))
        return
    async with services.database.write() as session:
        learner_id = await find_learner(session, turn, who)
        known = await member(session, course_id, learner_id) if learner_id else None
        if known is not None:
            await change_member(session, course_id, known.learner_id, group=group)
    if known is None:
        yield Text(say(turn.language, "That person is no member of this course."))
    elif group:
        yield Text(say(turn.language, "Done: now in the group {group}.", group=group))
    else:
        yield Text(say(turn.language, "Done: now in no group."))


join_code = for_teachers(_join_code)
roles = for_teachers(_roles)
group = for_teachers(_group)

_ROLE_CHANGED = {
    "learner": mark("Done: a learner of **{course}**."),
    "teacher": mark("Done: a teacher of **{course}**, who sees aliases."),
    "teacher-names": mark("Done: a teacher of **{course}**, who sees names."),
    "none": mark("Done: no member of **{course}** any more. What was learnt stays."),
}


async def _map_role(services: Services, turn: Turn, platform_role: str, role: str) -> str:
    """Roles of a platform concern the whole community, so its admins alone decide about them."""
    if not has_role(turn.question.roles, Role.ADMIN) or not turn.community.external_id:
        return say(turn.language, "Only the admins of this community may do that, in a channel.")
    now, by, place = services.now(), turn.learner.id, turn.community.id
    makes = role in ("teacher", "teacher-names")
    async with services.database.write() as session:
        if makes:
            await teaching_roles.add_teaching_role(session, place, platform_role, by=by, now=now)
        else:
            await teaching_roles.remove_teaching_role(session, place, platform_role)
        action = "teaching_role.added" if makes else "teaching_role.removed"
        details = {"role": platform_role}
        await audit.record(
            session, actor_id=by, action=action, community_id=place, details=details, now=now
        )
    if makes:
        return say(
            turn.language,
            "Everybody with that role now teaches here, and sees aliases.",
        )
    return say(turn.language, "That role makes nobody a teacher any more.")


async def _change(
    session: Session,
    services: Services,
    turn: Turn,
    teaching: Taught,
    learner_id: str,
    role: str,
) -> CourseMember | None:
    """The membership as it is now, None where it has ended; audited."""
    course_id, now, known = teaching.course.id, services.now(), None
    if role == "none":
        await remove_member(session, course_id, learner_id)
    else:
        await add_member(session, course_id, learner_id, now=now)
        known = await change_member(
            session,
            course_id,
            learner_id,
            role=LEARNER if role == LEARNER else TEACHER,
            sees_names=role == "teacher-names",
        )
    await audit.record(
        session,
        actor_id=turn.learner.id,
        action="course.role",
        subject_id=learner_id,
        community_id=teaching.course.community_id,
        details={"course_id": course_id, "role": role},
        now=now,
    )
    return known


async def _groups(services: Services, turn: Turn, teaching: Taught) -> str:
    """The groups with their members."""
    course_id = teaching.course.id
    async with services.database.read() as session:
        counts = await groups_of(session, course_id)
        known = await members_of(session, course_id)
        register = await register_for(
            session, course_id, turn.language, sees_names=teaching.sees_names
        )
    if not known:
        return say(turn.language, "Nobody has joined yet.")
    head = say_count(turn.language, "{count} member", "{count} members", len(known))
    lines = [head]
    lines += [
        f"- {name or say(turn.language, 'no group')}: {count}" for name, count in counts.items()
    ]
    lines.append("")
    lines += [
        f"- {register.call(one)}"
        + (f" · {one.group}" if one.group else "")
        + (f" · {say(turn.language, 'teacher')}" if one.teaches else "")
        for one in by_call(known, register)[:MOST_LISTED]
    ]
    return "\n".join(lines)


async def find_learner(session: Session, turn: Turn, written: str) -> str | None:
    """The learner behind a mention or a user id of the same platform."""
    user_id = written_user(written)
    if not user_id:
        return None
    author = turn.question.author
    identity = await learners.find_identity(session, author.platform, author.workspace, user_id)
    return identity.learner_id if identity else None


def written_user(written: str) -> str:
    """The user id in a mention, or as it is; "" where it is neither."""
    match = _USER.fullmatch(written.strip())
    return (match[1] or match[2]) if match else ""
