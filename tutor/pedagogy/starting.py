"""Begins lessons, quizzes, practice and reviews: what they are about, and the first words."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.conversations import Conversation, open_conversation
from storage.courses import Course, Skill, skills_by_ids, skills_of
from storage.database import Database, Session
from storage.practices import Practice, begin_practice
from storage.skill_states import SkillState, skill_states
from tutor.bank.item import StoredItem
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.learner.choosing import choose_skill, practisable
from tutor.learner.reviewing import due
from tutor.messages import ReplyPart, Text
from tutor.names import name_in
from tutor.pedagogy.assigned import Assigned, assigned, done_for
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.next_item import NextItem
from tutor.pedagogy.plan import Plan, PracticeKind, plan_json
from tutor.pedagogy.putting import Putting
from tutor.pedagogy.running import FRESH, Running
from tutor.turn import Turn

Parts = AsyncGenerator[ReplyPart, None]

LESSON_ITEMS, QUIZ_ITEMS, MOST_QUIZ_ITEMS = 6, 5, 20
REVIEWED_AT_ONCE = 10
SHOWN_SKILLS = 3
FOR_HOMEWORK = (PracticeKind.LESSON, PracticeKind.PRACTICE)
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner wants to begin. Without `skill_ids` the tutor chooses among the course's.

    `queue` are items to go through.
    """

    kind: PracticeKind
    course: Course | None = None
    skill_ids: tuple[str, ...] = ()
    length: int | None = None
    queue: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """What it comes to: the skills, with what the learner knows of them, and for which homework."""

    skills: tuple[Skill, ...]
    states: Mapping[str, SkillState]
    queue: tuple[str, ...] = ()
    length: int | None = None
    homework_id: str | None = None

    @property
    def mastery(self) -> dict[str, float]:
        return {id_: state.mastery for id_, state in self.states.items()}


class Starting:
    """Begins practices in one database."""

    def __init__(
        self,
        database: Database,
        items: NextItem,
        putting: Putting,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._items = items
        self._putting = putting
        self._now = now

    async def start(self, turn: Turn, wish: Wish) -> Parts:
        """Says what it is about and puts the first question; what ran here before ends."""
        aim = await self._aim(turn, wish)
        if not (aim.skills or aim.queue):
            yield Text(_nothing(turn.language, wish.kind))
            return
        running = await self._begin(turn, wish, aim)
        yield Text(_opening(turn.language, wish, aim, turn.policy))
        async for part in self._putting.next(turn, running, gap=GAP):
            yield part

    async def own_problem(self, turn: Turn, stored: StoredItem) -> Running:
        """A practice of one item that the learner brought; nothing is said yet."""
        now = self._now()
        plan = Plan(PracticeKind.OWN, length=1).with_item(stored.id, stored.version, now)
        async with self._database.write() as session:
            practice = await self._practice(
                session, turn, turn.conversation.id, plan, stored.course_id, stored.id
            )
        return Running(practice, plan, FRESH, stored)

    async def _begin(self, turn: Turn, wish: Wish, aim: Aim) -> Running:
        plan = Plan(
            wish.kind,
            tuple(skill.id for skill in aim.skills),
            queue=aim.queue,
            length=aim.length,
            before=aim.mastery,
        )
        course_id = wish.course.id if wish.course else None
        async with self._database.write() as session:
            conversation = await _private_conversation(session, turn, self._now())
            practice = await self._practice(
                session, turn, conversation.id, plan, course_id, None, aim.homework_id
            )
        return Running(practice, plan, FRESH, None)

    async def _practice(
        self,
        session: Session,
        turn: Turn,
        conversation_id: str,
        plan: Plan,
        course_id: str | None,
        item_id: str | None,
        homework_id: str | None = None,
    ) -> Practice:
        return await begin_practice(
            session,
            learner_id=turn.learner.id,
            conversation_id=conversation_id,
            kind=plan.kind.value,
            language=turn.language.value,
            plan=plan_json(plan),
            dialogue=FRESH.to_json(),
            course_id=course_id,
            homework_id=homework_id,
            item_id=item_id,
            now=self._now(),
        )

    async def _aim(self, turn: Turn, wish: Wish) -> Aim:
        if wish.kind is PracticeKind.REVIEW:
            return await self._review(turn)
        if wish.queue:
            return Aim((), {}, wish.queue, len(wish.queue))
        assert wish.course is not None, wish.kind
        async with self._database.read() as session:
            tasks = await self._homework(session, turn, wish)
            skill_ids = wish.skill_ids or await self._chosen(
                session, turn, wish.course, wish.kind, tasks
            )
            stocked = await practisable(session, wish.course.id)
            found = {skill.id: skill for skill in stocked if skill.id in skill_ids}
            states = await skill_states(session, turn.learner.id, list(found))
        skills = tuple(found[id_] for id_ in skill_ids if id_ in found)
        task = done_for(tasks, skill_ids)
        return Aim(skills, states, length=_length(wish), homework_id=task.id if task else None)

    async def _homework(self, session: Session, turn: Turn, wish: Wish) -> list[Assigned]:
        """What it may count for; a quiz is no homework."""
        if wish.course is None or wish.kind not in FOR_HOMEWORK:
            return []
        return await assigned(session, turn.learner.id, wish.course.id, self._now())

    async def _chosen(
        self,
        session: Session,
        turn: Turn,
        course: Course,
        kind: PracticeKind,
        tasks: Sequence[Assigned],
    ) -> tuple[str, ...]:
        """A quiz asks about what was practised; practice is homework while there is any left; all
        else goes on where the learner is weakest."""
        undone = next((task for task in tasks if task.left), None)
        if undone is not None and kind is PracticeKind.PRACTICE:
            return undone.skill_ids
        if kind is PracticeKind.QUIZ:
            skills = [skill.id for skill in await skills_of(session, course.id)]
            practised = await skill_states(session, turn.learner.id, skills)
            if practised:
                return tuple(id_ for id_ in skills if id_ in practised)
        chosen = await choose_skill(
            session, learner_id=turn.learner.id, course_id=course.id, now=self._now()
        )
        return (chosen,) if chosen else ()

    async def _review(self, turn: Turn) -> Aim:
        learner_id = turn.learner.id
        async with self._database.read() as session:
            cards = await due(session, learner_id, self._now(), limit=REVIEWED_AT_ONCE)
            ids = list(dict.fromkeys(card.skill_id for card in cards if card.skill_id))
            skills = tuple(await skills_by_ids(session, ids))
            states = await skill_states(session, learner_id, ids)
        queue = await self._items.for_review(learner_id, cards, turn.language)
        return Aim(skills, states, queue, len(queue))


async def _private_conversation(session: Session, turn: Turn, now: datetime) -> Conversation:
    """The learner's own conversation here; a press in a channel comes from one that all share."""
    here = turn.conversation
    if here.learner_id == turn.learner.id:
        return here
    return await open_conversation(
        session,
        platform=here.platform,
        community_id=here.community_id,
        channel=here.channel,
        thread=turn.question.place.thread,
        learner_id=turn.learner.id,
        now=now,
    )


def _length(wish: Wish) -> int | None:
    if wish.kind is PracticeKind.QUIZ:
        return max(1, min(wish.length or QUIZ_ITEMS, MOST_QUIZ_ITEMS))
    return wish.length or (LESSON_ITEMS if wish.kind is PracticeKind.LESSON else None)


def _opening(language: Language, wish: Wish, aim: Aim, policy: Policy) -> str:
    match wish.kind:
        case PracticeKind.LESSON:
            return _lesson_opening(language, aim, policy)
        case PracticeKind.QUIZ if policy is Policy.EXAM:
            return say_count(
                language,
                "📝 **Quiz: {subject}**\n{count} question, one answer each. With `/progress` and "
                "`/feedback` you see how it went when the exam is over.",
                "📝 **Quiz: {subject}**\n{count} questions, one answer each. With `/progress` and "
                "`/feedback` you see how it went when the exam is over.",
                aim.length or QUIZ_ITEMS,
                subject=_subject(language, wish, aim),
            )
        case PracticeKind.QUIZ:
            return say_count(
                language,
                "📝 **Quiz: {subject}**\n{count} question, one answer each. You hear at once "
                "whether it is right.",
                "📝 **Quiz: {subject}**\n{count} questions, one answer each. You hear at once "
                "whether it is right, and at the end what to look at again.",
                aim.length or QUIZ_ITEMS,
                subject=_subject(language, wish, aim),
            )
        case PracticeKind.REVIEW:
            return say_count(
                language,
                "🗂️ **Review:** {count} thing is due. A short look now keeps it in memory.",
                "🗂️ **Review:** {count} things are due. A short look now keeps them in memory.",
                len(aim.queue),
            )
        case _:
            return _practice_opening(language, wish, aim)


def _lesson_opening(language: Language, aim: Aim, policy: Policy) -> str:
    """What comes, and where the learner stands with it; not in an examination, whose answers could
    be read from how that moves."""
    skill = aim.skills[0]
    title = f"📘 **{name_in(skill.names, language)}**"
    if policy is Policy.EXAM:
        return title
    known = aim.states.get(skill.id)
    if known is None:
        stand = say(
            language,
            "Let's first see what you already know. A guess is welcome, and a hint is there if you "
            "get stuck.",
        )
    elif known.mastered_at is not None:
        stand = say(language, "You know this well already; let's keep it fresh.")
    else:
        stand = say(
            language,
            "Your mastery here is {percent} % so far. Let's go on from there.",
            percent=round(100 * known.mastery),
        )
    return f"{title}\n{stand}"


def _practice_opening(language: Language, wish: Wish, aim: Aim) -> str:
    if aim.queue:
        return say_count(
            language,
            "🔍 Let's go through it together: {count} question.",
            "🔍 Let's go through them together: {count} questions.",
            len(aim.queue),
        )
    return say(
        language,
        "🔁 **Practice: {subject}**\nAs many as you like; stop whenever you want.",
        subject=_subject(language, wish, aim),
    )


def _subject(language: Language, wish: Wish, aim: Aim) -> str:
    """The skills where they are few, else the course."""
    if len(aim.skills) <= SHOWN_SKILLS or wish.course is None:
        separator = say(language, ", ")
        return separator.join(name_in(skill.names, language) for skill in aim.skills)
    return name_in(wish.course.names, language)


def _nothing(language: Language, kind: PracticeKind) -> str:
    if kind is PracticeKind.REVIEW:
        return say(
            language, "Nothing is due for review just now. What you learn comes back here in time."
        )
    return say(language, "There is nothing to practise here yet: the course has no questions.")
