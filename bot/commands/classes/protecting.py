"""`/class record` and `/class consent`: who answers for a class's data, which parents agreed."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.classes.people import find_learner, written_user
from bot.commands.courses.teaching import Taught, for_teachers, for_teachers_pressing
from bot.commands.forms import AGE_BANDS, LEGAL_BASES
from bot.commands.offers import offer
from bot.services import Services
from storage import audit, class_records, learners
from storage.class_records import ClassRecord
from storage.database import Session
from storage.members import LEARNER, members_of
from tutor.classes.naming import by_call, register_for
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.names import name_in
from tutor.safety.helplines import known_countries
from tutor.safety.protection import AgeBand, Basis, is_for_minors, missing_from
from tutor.turn import Turn

MOST_LISTED = 60


async def _record(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """What is recorded, what is missing, and the form."""
    async with services.database.read() as session:
        known = await class_records.class_record(session, teaching.course.id)
    yield Text(described(known, turn.language))
    yield await offer(services, turn, [_form_button(turn.language, teaching.course.id, known)])


async def _fill_in(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Records what the form says, also where something is still missing."""
    basis = form_field(turn, "basis")
    async with services.database.write() as session:
        record = await class_records.record_class(
            session,
            teaching.course.id,
            controller=form_field(turn, "controller"),
            age_band=form_field(turn, "age_band"),
            basis="" if basis == "adults" else basis,
            country=form_field(turn, "country").upper()[:2],
            contact=await _contact(session, turn, form_field(turn, "contact")),
            by=turn.learner.id,
            now=services.now(),
        )
    course = name_in(teaching.course.names, turn.language)
    yield Text(say(turn.language, "Recorded for **{course}**.", course=course))
    yield Text("\n\n" + described(record, turn.language))


async def _consent(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """Notes what the parents of a learner said, or lists it for all."""
    who, course_id = argument(turn, "who"), teaching.course.id
    if not who:
        yield Text(await _consents(services, turn, teaching))
        return
    granted = argument(turn, "agreed") != "no"
    async with services.database.write() as session:
        learner_id = await find_learner(session, turn, who)
        known = {one.learner_id for one in await members_of(session, course_id)}
        found = learner_id in known
        if learner_id is not None and found:
            await class_records.record_parental_consent(
                session,
                course_id,
                learner_id,
                granted=granted,
                by=turn.learner.id,
                now=services.now(),
            )
            await audit.record(
                session,
                actor_id=turn.learner.id,
                action="class.parental_consent",
                subject_id=learner_id,
                details={"course_id": course_id, "granted": granted},
                now=services.now(),
            )
    if not found:
        yield Text(say(turn.language, "That person is no member of this course."))
    elif granted:
        yield Text(say(turn.language, "Recorded: the parents agree."))
    else:
        yield Text(
            say(
                turn.language,
                "Recorded: the parents do not agree. From now on nothing this learner writes is "
                "kept or worked with; {delete} erases what is there, if they or you ask for it.",
                delete="`/data delete`",
            )
        )


record = for_teachers(_record)
consent = for_teachers(_consent)
fill_in = for_teachers_pressing(_fill_in)


def described(record: ClassRecord | None, language: Language) -> str:
    """The record as sentences; for a class of minors also what is missing."""
    if record is None:
        return say(
            language,
            "Nothing is recorded about this class yet. If anybody in it is under 18, please fill "
            "in the form before they begin: who is responsible for the data, how old they are, "
            "the legal basis, and whom I tell when a learner may be in danger.",
        )
    contact = record.contact.get("name") or record.contact.get("user_id") or "–"
    bases = {value: label for value, label in LEGAL_BASES if value != "adults"}
    basis = say(language, bases[record.basis]) if record.basis in bases else "–"
    age = dict(AGE_BANDS).get(record.age_band)
    lines = [
        say(language, "Responsible for the data: {name}", name=record.controller or "–"),
        say(language, "Age: {age}", age=say(language, age) if age else record.age_band or "–"),
        say(language, "Legal basis: {basis}", basis=basis),
        say(language, "Country: {country}", country=record.country or "–"),
        say(language, "Told when a learner may be in danger: {name}", name=contact),
    ]
    return "\n".join(lines) + _gaps(record, language)


def missing_sentence(record: ClassRecord | None, language: Language) -> str:
    """What a class still lacks before its learners can begin, "" where it lacks nothing."""
    missing = missing_from(record)
    if not missing:
        return ""
    return say(
        language,
        "This class is for people under 18 and not ready yet; missing: {missing}. Until a "
        "teacher records that with {record}, I work with nothing its learners write, and keep "
        "none of it.",
        missing="; ".join(say(language, one) for one in missing),
        record="`/class record`",
    )


def _gaps(record: ClassRecord, language: Language) -> str:
    paragraphs = [missing_sentence(record, language)]
    if is_for_minors(record) and record.basis == Basis.PARENTS:
        paragraphs.append(
            say(
                language,
                "A learner can begin once you have recorded their parents' consent: {consent}.",
                consent="`/class consent`",
            )
        )
    if record.country and record.country not in known_countries():
        paragraphs.append(
            say(
                language,
                "I know no helpline of that country; learners in need are shown an international "
                "directory.",
            )
        )
    return "".join(f"\n\n{paragraph}" for paragraph in paragraphs if paragraph)


def _form_button(language: Language, course_id: str, known: ClassRecord | None) -> Button:
    values = {"controller": "", "age_band": AgeBand.TEENS.value, "basis": "", "country": ""}
    contact = ""
    if known is not None:
        values = {name: getattr(known, name) for name in values}
        contact = str(known.contact.get("user_id", ""))
    payload = {"course_id": course_id, "contact": contact, **values}
    return Button("class_record", say(language, "Fill in the form"), payload, Style.PRIMARY, "📝")


async def _contact(session: Session, turn: Turn, written: str) -> dict[str, Any]:
    """The person behind a mention or user id of this platform; {} where there is none."""
    user_id, author = written_user(written), turn.question.author
    if not user_id:
        return {}
    known = await learners.find_identity(session, author.platform, author.workspace, user_id)
    return {
        "platform": author.platform.value,
        "workspace": author.workspace,
        "user_id": user_id,
        "name": known.display_name if known else "",
    }


async def _consents(services: Services, turn: Turn, teaching: Taught) -> str:
    course_id, language = teaching.course.id, turn.language
    async with services.database.read() as session:
        agreed = await class_records.parents_agreed(session, course_id)
        known = [one for one in await members_of(session, course_id) if one.role == LEARNER]
        register = await register_for(session, course_id, language, sees_names=teaching.sees_names)
    if not known:
        return say(language, "Nobody has joined yet.")
    said = {
        True: say(language, "the parents agree"),
        False: say(language, "the parents do not agree"),
        None: say(language, "nothing recorded"),
    }
    return "\n".join(
        f"- {register.call(one)}: {said[agreed.get(one.learner_id)]}"
        for one in by_call(known, register)[:MOST_LISTED]
    )
