"""Every number in a thousand feedback texts equals the database, and no model can change one.

Random learners with random histories and corrected grades get feedback after an answer, after a
quiz and on their week, in both languages. Each line is read back from its words; what stands in its
fields is computed again with SQL that shares nothing with the product. Then a model that changes a
number or a name words every text, and each of its versions has to be dropped.
"""

import logging
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import structlog

from benchmarks.feedback_histories import History, live
from benchmarks.feedback_reading import Read, read_lines
from benchmarks.feedback_truth import DAY, Truth
from benchmarks.stage.verdict import Verdict, present
from storage.database import Database
from storage.migrate import upgrade
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.practising import a_bench
from tutor.engine.profiles import ModelProfile, Quality
from tutor.grading.verdict import Pattern
from tutor.i18n import say
from tutor.language import Language
from tutor.learner.answer_facts import attempt_facts, quiz_facts
from tutor.learner.facts import gather
from tutor.learner.feedback import after_attempt, after_quiz, weekly
from tutor.learner.mistake_text import NAMES
from tutor.learner.model import Learnt
from tutor.learner.paraphrase import Paraphraser

LEARNERS, TEXTS = 150, 1000
SEED = 20_261_123
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SKILLS = 5
PROFILE = ModelProfile("fake", frozenset({"en", "zh"}), 4096, Quality.GOOD)


@dataclass(frozen=True, slots=True)
class Said:
    """A feedback text: to whom, of which kind, about which quiz or kind of mistake."""

    kind: str
    history: History
    language: Language
    text: str
    about: str = ""


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-accept-") as name:
        file = Path(name) / "daoshi.db"
        await upgrade(f"sqlite:///{file}", Path(name) / "backups")
        database = await Database.open(f"sqlite:///{file}")
        try:
            said = await _speak(verdict, database)
        finally:
            await database.close()
        raw = sqlite3.connect(file)
        try:
            _judge_numbers(verdict, said, raw)
        finally:
            raw.close()
    await _judge_paraphrases(verdict, said)


async def _speak(verdict: Verdict, database: Database) -> list[Said]:
    """The histories, and every text about them."""
    rng, said = Random(SEED), []
    async with database.write() as session:
        bench = await a_bench(session, skills=SKILLS)
    for number in range(LEARNERS):
        async with database.write() as session:
            history = await live(session, bench, number, NOW, rng)
        for language in Language:
            said += await _texts(database, history, language)
    kinds = Counter(one.kind for one in said)
    verdict.note(f"{LEARNERS} learners, {len(said)} texts: {dict(kinds)}")
    return said


async def _texts(database: Database, history: History, language: Language) -> list[Said]:
    learner, now = history.learner, history.now
    async with database.read() as session:
        facts = await gather(session, learner, now)
        texts = [
            ("weekly", weekly(facts, language, level=level), "")
            for level in (learner.settings["level"], "detailed")
        ]
        for quiz_id in history.quiz_ids:
            quiz = await quiz_facts(session, learner.id, quiz_id)
            texts.append(("quiz", "\n".join(after_quiz(quiz, language)), quiz_id))
        for pattern in (Pattern.SIGN, Pattern.ROUNDING):
            attempt = await attempt_facts(session, learner.id, Learnt("", ()), pattern, now)
            texts.append(("attempt", after_attempt(attempt, language), pattern.value))
    return [Said(kind, history, language, text, about) for kind, text, about in texts if text]


def _judge_numbers(verdict: Verdict, said: list[Said], raw: sqlite3.Connection) -> None:
    wrong, numbers, messages = [], 0, Counter[str]()
    controls = unnoticed = 0
    rng = Random(SEED)
    for one in said:
        truth = Truth(raw, one.history.learner.id, one.history.now)
        found = _complaints(one, truth, one.text)
        wrong += [f"{one.kind} {one.language}: {line}" for line in found]
        numbers += len(re.findall(r"\d+", one.text))
        messages.update(r.message for _, reads in read_lines(one.text, one.language) for r in reads)
        changed = _with_other_number(one.text, rng)
        if changed is not None:
            controls += 1
            unnoticed += not _complaints(one, truth, changed)
    for line in wrong[:5]:
        verdict.note(f"not in the database: {line}")
    verdict.check(
        "every number in every text equals the database",
        f"{len(said)} texts, {numbers} numbers, {len(wrong)} lines wrong",
        len(said) >= TEXTS and not wrong,
    )
    verdict.check(
        "every kind of sentence with a number was said",
        f"{sum('{' in message for message in messages)} kinds",
        {key for key in _EXPECTED if key not in messages} == set(),
    )
    verdict.check(
        "a changed number would be noticed",
        f"{controls - unnoticed} of {controls} changed texts",
        controls > 0 and not unnoticed,
    )


def _complaints(one: Said, truth: Truth, text: str) -> list[str]:
    """The lines whose numbers are not those of the database."""
    return [
        line
        for line, reads in read_lines(text, one.language)
        if re.search(r"\d", line) and not any(_holds(read, one, truth) for read in reads)
    ]


def _holds(read: Read, one: Said, truth: Truth) -> bool:
    expected = _EXPECTED.get(read.message) or _RARELY.get(read.message)
    if expected is None:
        return False
    wanted = {name: value for name, value in read.fields.items() if name not in _WORDS}
    return any(
        wanted == {name: str(value) for name, value in fields.items()}
        for fields in expected(one, truth)
    )


_WORDS = {"advice"}  # fields without a number
Expected = Iterable[dict[str, object]]


def _title(one: Said, truth: Truth) -> Expected:
    last = truth.now.astimezone(truth.zone).date()
    days = (last - 6 * DAY, last)
    if one.language is Language.CHINESE:
        first, last_ = (f"{day.month}月{day.day}日" for day in days)
    else:
        first, last_ = (f"{day:%b} {day.day}" for day in days)
    yield {"days": 7, "first": first, "last": last_}


def _answered(one: Said, truth: Truth) -> Expected:
    answers, right, _ = truth.tally(truth.week)
    yield {"count": answers, "right": right, "percent": round(100 * right / answers)}


def _extreme(one: Said, truth: Truth, *, best: bool) -> Expected:
    if found := truth.extreme(truth.week, best=best):
        skill_id, answers, right = found
        yield {"skill": truth.name(skill_id), "right": right, "count": answers}


def _weakness(one: Said, truth: Truth) -> Expected:
    if found := truth.extreme(truth.week_before, best=False):
        skill_id, answers, right = found
        was = {"skill": truth.name(skill_id), "right": right, "count": answers}
        count_now, right_now = truth.in_skill(skill_id, truth.week)
        yield {**was, "right_now": right_now, "count_now": count_now} if count_now else was


def _before(one: Said, truth: Truth, direction: int) -> Expected:
    (then, then_right, _), (now, now_right, _) = (
        truth.tally(truth.week_before),
        truth.tally(truth.week),
    )
    before, after = round(100 * then_right / then), round(100 * now_right / now)
    if (after > before) - (after < before) == direction:
        yield {"before": before}


def _since(one: Said, truth: Truth) -> Expected:
    at = datetime.fromisoformat(truth.settings["feedback_at"])
    day = at.astimezone(truth.zone)
    chinese = one.language is Language.CHINESE
    shown = f"{day.month}月{day.day}日" if chinese else f"{day:%b} {day.day}"
    answers, right, _ = truth.tally((at, truth.now))
    yield {"day": shown, "right": right, "count": answers, "mastered": len(truth.mastered(at))}


def _repeated(one: Said, truth: Truth) -> Expected:
    for pattern, count in truth.mistakes(truth.week).items():
        if one.kind == "weekly" or pattern == one.about:
            mistake = say(one.language, NAMES[Pattern(pattern)])
            yield {"mistake": mistake, "count": count, "days": 7}


def _quiz_mistakes(one: Said, truth: Truth) -> Expected:
    for pattern, count in truth.in_quiz(one.about)[1].items():
        yield {"mistake": say(one.language, NAMES[Pattern(pattern)]), "count": count}


def _quizzes(one: Said, truth: Truth) -> Expected:
    (answers, right), _ = truth.in_quiz(one.about)
    (before, right_before), _ = truth.in_quiz(one.history.quiz_ids[0])
    if one.about != one.history.quiz_ids[0]:
        yield {"right": right_before, "count": before, "right_now": right, "count_now": answers}


def _mastered(one: Said, truth: Truth) -> Expected:
    for skill_id in truth.mastered(truth.week[0]):
        yield {"skill": truth.name(skill_id)}


def _weekly_goal(one: Said, truth: Truth) -> Expected:
    for skill_id, target in truth.goals():
        if skill_id is None:
            yield {"reached": truth.tally(truth.week)[0], "target": target}


def _skill_goal(one: Said, truth: Truth) -> Expected:
    for skill_id, _ in truth.goals():
        if skill_id is not None:
            named = truth.name(skill_id)
            yield {"skill": named, "reached": truth.mastery(skill_id), "target": 98}


def _active_days(truth: Truth) -> int:
    today = truth.now.astimezone(truth.zone).date()
    return len({day for day in truth.days() if today - 7 * DAY < day <= today})


def _active(one: Said, truth: Truth) -> Expected:
    if not truth.minutes():
        yield {"active": _active_days(truth), "days": 7}


def _rhythm(one: Said, truth: Truth) -> Expected:
    yield {"active": _active_days(truth), "days": 7, "minutes": truth.minutes()}


def _streak(one: Said, truth: Truth) -> Expected:
    days, today = truth.days(), truth.now.astimezone(truth.zone).date()
    start = 0 if today in days else 1
    length = next(n for n in range(start, 400) if today - n * DAY not in days) - start
    yield {"days": length}


def _helped(one: Said, truth: Truth) -> Expected:
    answers, _, helped = truth.tally(truth.week)
    yield {"helped": helped, "count": answers}


def _regraded(one: Said, truth: Truth) -> Expected:
    query = """SELECT COUNT(DISTINCT attempt_id) FROM regrades WHERE learner_id = :learner
        AND regraded_at >= :since AND regraded_at < :now"""
    since = f"{truth.week[0]:%Y-%m-%d %H:%M:%S.%f}"
    yield {"count": truth.one(query, since=since)}


def _in_all(one: Said, truth: Truth) -> Expected:
    begun = truth.one("SELECT COUNT(*) FROM skill_states WHERE learner_id = :learner")
    yield {"begun": begun, "mastered": len(truth.mastered())}


def _due(one: Said, truth: Truth) -> Expected:
    query = "SELECT COUNT(*) FROM review_cards WHERE learner_id = :learner AND due_at <= :now"
    yield {"count": truth.one(query), "command": "`/review`"}


def _practice(one: Said, truth: Truth) -> Expected:
    if found := truth.extreme(truth.week, best=False):
        skill = truth.name(found[0])
        yield {"skill": skill, "command": f"`/practice {skill}`"}


_EXPECTED = {
    "**Your last {days} days** ({first} to {last})": _title,
    "✅ You answered {count} question, {right} right at once ({percent} %).": _answered,
    "💪 Strongest: {skill} ({right} of {count} right at once)": lambda s, t: _extreme(
        s, t, best=True
    ),
    "🔍 Needs practice: {skill} ({right} of {count} right at once)": lambda s, t: _extreme(
        s, t, best=False
    ),
    "↩️ {skill} was hard the week before ({right} of {count}) and waits for another try.": _weakness,
    "↩️ {skill} was hard the week before ({right} of {count}); since then you got "
    "{right_now} of {count_now} right.": _weakness,
    "📈 The week before it was {before} %: you are moving up.": lambda s, t: _before(s, t, 1),
    "📉 The week before it was {before} %. Harder questions or a tired day do that.": (
        lambda s, t: _before(s, t, -1)
    ),
    "🕗 Since your last feedback ({day}): {right} of {count} right at once, newly mastered "
    "skills: {mastered}.": _since,
    "🔁 {mistake}: {count} times in {days} days. {advice}": _repeated,
    "🔁 {mistake}: {count} times in this quiz. {advice}": _quiz_mistakes,
    "📊 In the quiz before, {right} of {count} were right at once; now {right_now} "
    "of {count_now}.": _quizzes,
    "⭐ Mastered: {skill}": _mastered,
    "🎯 Your goal for a week: {reached} of {target} answers": _weekly_goal,
    "🎯 Your goal {skill}: mastery {reached} % of {target} %": _skill_goal,
    "📅 You practised on {active} of {days} days, about {minutes} min in all.": _rhythm,
    "🔥 {days} days in a row!": _streak,
    "💡 With hints: {helped} of {count} answers. Using them is fine.": _helped,
    "✏️ {count} of your answers was graded anew.": _regraded,
    "📚 Skills in all: {begun} begun, {mastered} mastered.": _in_all,
    "👉 Next: {count} card is due for review: {command}": _due,
}
_RARELY = {
    "📅 You practised on {active} of {days} days.": _active,
    "➡️ The week before it was {before} % as well.": lambda s, t: _before(s, t, 0),
    "👉 Next: a few questions on {skill}: {command}": _practice,
}
"""Sentences that random histories may lack; where they are said, they are checked."""


def _with_other_number(text: str, rng: Random) -> str | None:
    """The text with one number changed."""
    found = list(re.finditer(r"\d+", text))
    if not found:
        return None
    one = rng.choice(found)
    return f"{text[: one.start()]}{int(one.group()) + rng.randint(1, 9)}{text[one.end() :]}"


async def _judge_paraphrases(verdict: Verdict, said: list[Said]) -> None:
    """A model that changes one thing is never heard; one that changes none is."""
    rng, names = Random(SEED), [f"Skill {n}" for n in range(SKILLS)]
    told = [one for one in said if re.search(r"\d", one.text)]
    kept = {"number": 0, "name": 0, "nothing": 0}
    tried = dict.fromkeys(kept, 0)
    for one in told:
        number = _with_other_number(one.text, rng)
        name = next((n for n in names if n in one.text), None)
        other = one.text.replace(name, f"Skill {SKILLS}", 1) if name else None
        for change, words in (("number", number), ("name", other), ("nothing", one.text + " 👍")):
            if words is None:
                continue
            tried[change] += 1
            paraphraser = Paraphraser(FakeEngine(words, context_tokens=100_000), PROFILE)
            heard = await paraphraser.paraphrase(one.text, one.language, names)
            kept[change] += heard != one.text
    for change in ("number", "name"):
        verdict.check(
            f"a paraphrase that changes a {change} is dropped",
            f"{tried[change] - kept[change]} of {tried[change]} dropped",
            tried[change] > 0 and kept[change] == 0,
        )
    verdict.check(
        "one that changes nothing is kept",
        f"{kept['nothing']} of {tried['nothing']} kept",
        kept["nothing"] >= 0.95 * tried["nothing"] > 0,
    )


def main() -> int:
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)  # each dropped one is logged
    structlog.configure(wrapper_class=quiet)
    return present("Feedback numbers equal the database", examine)


if __name__ == "__main__":
    sys.exit(main())
