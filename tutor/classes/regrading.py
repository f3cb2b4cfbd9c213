"""What follows when a key is corrected or a contested answer accepted: grades, and word of them.

Every answer to the step is graded again with the corrected key; whoever's grade changes is told in
their own language. One learner at a time, so that nobody else waits long for the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.attempts import Attempt, attempts_on_item
from storage.database import Database, Session
from storage.disputes import accepted_attempts
from storage.learners import identities
from tutor.bank.item import AnswerKey, StoredItem
from tutor.bank.store import change_key
from tutor.grading.verdict import Outcome, Stage, Verdict
from tutor.i18n import say
from tutor.language import Language, choose
from tutor.learner.model import regrade
from tutor.learner.rebuild import rebuild, rebuild_item
from tutor.messages import Platform
from tutor.notices import tell_learner

PAGE = 500
QUOTED_CHARACTERS = 80
COUNTED = (Outcome.RIGHT, Outcome.PARTLY, Outcome.WRONG)
Sentence = Callable[[Language, Platform], str]
"""Something to say, once it is known in which language and where it is read."""
ACCEPTED = Verdict(Outcome.RIGHT, 1.0, Stage.KEY)


class Grades(Protocol):
    """Whatever grades answers: `tutor.grading.grader.Grader`."""

    async def grade(
        self, key: AnswerKey, answer: str, language: Language, question: str = ""
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Correction:
    """An item with its corrected key, and the attempts whose grade changed by it."""

    item: StoredItem
    checked: int
    changed: tuple[Attempt, ...]


async def correct_key(
    database: Database,
    grader: Grades,
    item_id: str,
    step: int,
    answers: Sequence[str],
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Correction:
    """Corrects the key of a step and regrades every answer that was ever given to it.

    What a teacher has counted as right by hand never becomes less by it.
    """
    async with database.write() as session:
        item = await change_key(session, item_id, step, answers, by=by, reason=reason, now=now)
    key = item.item.steps[step].answer
    language, question = _language_of(item), item.item.question(step)
    given = await _answers_to(database, item_id, step)
    async with database.read() as session:
        accepted = await accepted_attempts(session, item_id)
    changed: dict[str, list[tuple[Attempt, Verdict]]] = {}
    for attempt in given:
        verdict = await grader.grade(key, attempt.answer, language, question)
        graded = (attempt.outcome, attempt.score) == (verdict.outcome, verdict.score)
        kept = attempt.id in accepted and verdict.score <= attempt.score
        if verdict.outcome in COUNTED and not graded and not kept:
            changed.setdefault(attempt.learner_id, []).append((attempt, verdict))
    for learner_id, pairs in changed.items():
        await _settle(database, learner_id, pairs, item, by=by, reason=reason, now=now)
    if changed:
        async with database.write() as session:
            await rebuild_item(session, item_id)
    return Correction(
        item, len(given), tuple(attempt for pairs in changed.values() for attempt, _ in pairs)
    )


async def accept_answer(
    session: Session, attempt: Attempt, *, by: str, reason: str, now: datetime
) -> bool:
    """Counts one contested answer as right; False where it does already."""
    return await regrade(session, attempt, ACCEPTED, reason=reason, by=by, now=now)


async def tell(
    session: Session,
    learner_id: str,
    sentence: Sentence,
    *,
    key: str,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """A direct message to a learner, said in the language of each of their identities."""
    for identity in await identities(session, learner_id):
        setting = Language(identity.language) if identity.language else None
        language = choose(setting, "", identity.locale)
        text = sentence(language, Platform(identity.platform))
        await tell_learner(session, [identity], text, now=now, key=key, not_before=not_before)


def quoted(text: str) -> str:
    """A learner's answer in one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED_CHARACTERS else line[: QUOTED_CHARACTERS - 1] + "…"


def _language_of(item: StoredItem) -> Language:
    known = item.item.language in set(Language)
    return Language(item.item.language) if known else Language.ENGLISH


async def _answers_to(database: Database, item_id: str, step: int) -> list[Attempt]:
    found: list[Attempt] = []
    after = ""
    while True:
        async with database.read() as session:
            page = await attempts_on_item(session, item_id, after=after, limit=PAGE)
        found += [one for one in page if one.step == step and one.outcome in COUNTED]
        if len(page) < PAGE:
            return found
        after = page[-1].id


async def _settle(
    database: Database,
    learner_id: str,
    pairs: Sequence[tuple[Attempt, Verdict]],
    item: StoredItem,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """One learner's new grades, all that follows from them, and a message, in one transaction."""
    async with database.write() as session:
        for attempt, verdict in pairs:
            await regrade(session, attempt, verdict, reason=reason, by=by, now=now, settle=False)
        await rebuild(session, learner_id)
        attempt, verdict = pairs[-1]

        def sentence(language: Language, _: Platform) -> str:
            return regraded(language, item, attempt, verdict)

        key = f"regraded:{item.id}:{item.version}:{learner_id}"
        await tell(session, learner_id, sentence, key=key, now=now)


def regraded(language: Language, item: StoredItem, attempt: Attempt, verdict: Verdict) -> str:
    """What a learner is told when a corrected key changed their grade."""
    now_counts = {
        Outcome.RIGHT: say(language, "right"),
        Outcome.PARTLY: say(language, "partly right"),
        Outcome.WRONG: say(language, "wrong"),
    }[verdict.outcome]
    return say(
        language,
        "The key of a question that you answered was corrected: “{question}”. Your answer "
        "“{answer}” now counts as **{grade}**, and your progress is brought up to date.",
        question=quoted(item.item.stem or item.item.steps[attempt.step].prompt),
        answer=quoted(attempt.answer),
        grade=now_counts,
    )
