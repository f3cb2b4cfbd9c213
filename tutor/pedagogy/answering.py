"""What a learner does with an open question, from understanding to the next question.

Graded and counted in one transaction, before anything is said; then the verdict, then what comes
next. A message that was counted is never counted again, whatever breaks in between.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime

from storage.database import Database
from tutor.bank.item import StoredItem
from tutor.grading.verdict import Outcome, Verdict
from tutor.i18n import say
from tutor.messages import Button, Provenance, ReplyPart, Text
from tutor.moves import Move
from tutor.pedagogy import quiz
from tutor.pedagogy.attempts import answer_in
from tutor.pedagogy.controls import contest_button
from tutor.pedagogy.counting import Counting
from tutor.pedagogy.dialogue import Event, Intent, Policy
from tutor.pedagogy.earlier_problem import EarlierProblem, in_short
from tutor.pedagogy.intent import read_intent
from tutor.pedagogy.meaning import NOTHING, meaning
from tutor.pedagogy.phrasing import Phraser
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.policy import Then
from tutor.pedagogy.putting import Putting
from tutor.pedagogy.running import Running, save
from tutor.pedagogy.session import Context, Decided, Grades, Spoken, StepDialogue
from tutor.pedagogy.templates import template
from tutor.turn import Turn

Parts = AsyncGenerator[ReplyPart, None]
Beside = Callable[[Turn, Running, Move], Parts]
"""Answers what is not about the question, without giving its key away."""

GAP = "\n\n"
LONGEST_SLIP = 3
"""So few characters ask for nothing: whoever writes "b" meant to answer."""
APART = frozenset({Move.ANSWER, Move.EXPLAIN, Move.CITE, Move.CARE})
"""Moves that somebody else answers, who knows more than this lesson."""


class Answering:
    """`model` names the language model that may take part."""

    def __init__(
        self,
        database: Database,
        grader: Grades,
        phraser: Phraser,
        putting: Putting,
        now: Callable[[], datetime],
        model: str,
    ) -> None:
        self._database = database
        self._grader = grader
        self._phraser = phraser
        self._putting = putting
        self._now = now
        self._counting = Counting(database, now, model)
        self._earlier = EarlierProblem(database, now)

    async def message(self, turn: Turn, running: Running, text: str, beside: Beside) -> Parts:
        """Reads what was written about the open question, and answers it."""
        if running.counted(turn):
            parts = self._counted_before(turn, running)
        elif running.stored is None:
            parts = self._putting.next(turn, running)
        elif running.outdated:
            parts = self._changed_meanwhile(turn, running)
        elif self._is_quiz_answer(running, text):
            parts = self._reply(turn, running, self._quiz_answer(turn, running, text), beside)
        elif (earlier := await self._solved_earlier(turn, running, text)) is not None:
            parts = self._right_before(turn, running, earlier)
        else:
            spoken = self._dialogue(turn, running).respond(text, self._context(turn, running))
            parts = self._reply(turn, running, spoken, beside)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def attempt(self, turn: Turn, running: Running, text: str) -> Parts:
        """Grades a pressed choice."""
        if running.counted(turn):
            parts = self._counted_before(turn, running)
        elif running.outdated:
            parts = self._changed_meanwhile(turn, running)
        elif running.plan.kind is PracticeKind.QUIZ:
            parts = self._reply(turn, running, self._quiz_answer(turn, running, text))
        else:
            verdict = await self._verdict(turn, running, text)
            event = Event(Intent.ATTEMPT, text, verdict)
            dialogue = self._dialogue(turn, running)
            spoken = dialogue.follow(event, self._context(turn, running))
            parts = self._reply(turn, running, spoken)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def again(self, turn: Turn, running: Running) -> Parts:
        """The open question once more, as it stands by now, or the next one."""
        outdated = self._changed_meanwhile(turn, running) if running.outdated else None
        async with aclosing(outdated or self._putting.again(turn, running)) as parts:
            async for part in parts:
                yield part

    async def act(self, turn: Turn, running: Running, intent: Intent, beside: Beside) -> Parts:
        """The same for a pressed button or a command, whose intent is plain."""
        if intent is Intent.STOP and (running.stored is None or running.outdated):
            parts = self._putting.finish(turn, running)
        elif running.stored is None:
            parts = self._putting.next(turn, running)
        elif running.outdated:
            parts = self._changed_meanwhile(turn, running)
        else:
            dialogue = self._dialogue(turn, running)
            spoken = dialogue.follow(Event(intent), self._context(turn, running))
            parts = self._reply(turn, running, spoken, beside)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def _reply(
        self,
        turn: Turn,
        running: Running,
        spoken: AsyncGenerator[Decided | Spoken, None],
        beside: Beside | None = None,
    ) -> Parts:
        """Counts the decision, says it, and goes on to what follows from it."""
        decided: Decided | None = None
        said, facts = False, NOTHING
        adapter: str | None = None
        async with aclosing(spoken):
            async for part in spoken:
                if isinstance(part, Spoken):
                    said = True
                    adapter = adapter or part.adapter
                    yield Text(self._worded(turn, running, part, decided))
                    continue
                decided = part
                after, facts = await self._counting.count(turn, running, decided)
        assert decided is not None, running.id
        if said and (more_to_say := meaning(running, decided, facts, turn.policy, turn.language)):
            yield Text(GAP + more_to_say)
        following = self._following(turn, after, decided, beside, gap=GAP if said else "")
        async with aclosing(following):
            async for more in following:
                yield more
        if decided.decision.moves[0] is not Move.ASK:  # else what follows names the reply
            yield Provenance(decided.decision.moves[0].value, adapter)

    def _worded(self, turn: Turn, running: Running, part: Spoken, decided: Decided | None) -> str:
        """The text as it came; whoever asks for the question again gets all of it."""
        again = decided is not None and decided.intent is Intent.REPEAT
        if part.move is Move.ASK and (again or not part.text.strip()):
            return self._putting.question(turn, running)
        return part.text

    async def _following(
        self, turn: Turn, running: Running, decided: Decided, beside: Beside | None, gap: str
    ) -> Parts:
        """The next question, the end, or the same question's buttons once more."""
        contest = self._contest(turn, running, decided)
        apart = next((move for move in decided.decision.moves if move in APART), None)
        if apart is Move.ANSWER and len(decided.event.text.strip()) <= LONGEST_SLIP:
            apart = None
            yield Text(
                say(
                    turn.language,
                    "I couldn't read that as an answer. Can you write just the answer?",
                )
            )
        if decided.decision.then is Then.STOP:
            parts = self._putting.finish(turn, running, gap=gap)
        elif decided.decision.then is not Then.STAY:
            parts = self._putting.next(turn, running, gap=gap, more=contest)
        elif apart is not None and beside is not None:
            parts = self._beside(turn, running, beside(turn, running, apart))
        else:
            if Move.CONTEST in decided.decision.moves:
                yield Text(_contest_words(turn, running, possible=bool(contest)))
            yield self._putting.buttons(turn, running, contest)
            yield Provenance(decided.decision.moves[0].value)
            return
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def _beside(self, turn: Turn, running: Running, parts: Parts) -> Parts:
        """Something else is answered; the question stays open, with its buttons."""
        async with aclosing(parts):
            async for part in parts:
                yield part
        yield self._putting.buttons(turn, running)

    def _dialogue(self, turn: Turn, running: Running) -> StepDialogue:
        return StepDialogue(
            running.item.item,
            running.index,
            running.state,
            turn.policy,
            grader=self._grader,
            phraser=self._phraser.for_turn(turn),
        )

    def _context(self, turn: Turn, running: Running) -> Context:
        level = turn.learner.settings.get("level")
        words = (running.state.last_answer,) if running.state.last_answer else ()
        return Context(
            turn.language,
            said=words,
            learner_id=turn.learner.id,
            level=level if isinstance(level, str) else "",
        )

    def _is_quiz_answer(self, running: Running, text: str) -> bool:
        if running.plan.kind is not PracticeKind.QUIZ or not running.asks:
            return False
        return read_intent(text, running.step, running.state) is Intent.ATTEMPT

    async def _verdict(self, turn: Turn, running: Running, text: str) -> Verdict:
        question = running.item.item.question(running.index)
        return await self._grader.grade(running.step.answer, text, turn.language, question)

    async def _solved_earlier(self, turn: Turn, running: Running, text: str) -> StoredItem | None:
        """The learner's problem before this one, where the answer is right for it alone."""
        own = running.plan.kind is PracticeKind.OWN and turn.policy is not Policy.EXAM
        if not (own and running.asks):
            return None
        earlier = await self._earlier.before(running)
        if earlier is None:
            return None
        if read_intent(text, running.step, running.state) is not Intent.ATTEMPT:
            return None
        answer = answer_in(text, running.step, running.state)
        if (await self._verdict(turn, running, answer)).outcome is Outcome.RIGHT:
            return None
        key, question = earlier.item.steps[0].answer, earlier.item.question(0)
        verdict = await self._grader.grade(key, answer, turn.language, question)
        return earlier if verdict.outcome is Outcome.RIGHT else None

    async def _right_before(self, turn: Turn, running: Running, earlier: StoredItem) -> Parts:
        """Says of which problem it is right; for the open one it counts as no answer."""
        yield Text(
            say(
                turn.language,
                "✅ That is right for your earlier problem: {earlier}\nThe open one is now: {open}",
                earlier=in_short(earlier),
                open=in_short(running.item),
            )
        )
        yield self._putting.buttons(turn, running)
        yield Provenance(Move.CONFIRM.value)

    async def _quiz_answer(
        self, turn: Turn, running: Running, text: str
    ) -> AsyncGenerator[Decided | Spoken, None]:
        """In a quiz every question is answered once; what went wrong is looked at afterwards."""
        verdict = await self._verdict(turn, running, text)
        event = Event(Intent.ATTEMPT, text, verdict)
        yield Decided(event, quiz.decide(running.state, event, turn.policy))
        sentence = quiz.verdict_sentence(turn.language, running, event, turn.policy)
        yield Spoken(Move.CONFIRM if verdict.outcome is Outcome.RIGHT else Move.CORRECT, sentence)

    def _contest(self, turn: Turn, running: Running, decided: Decided) -> tuple[Button, ...]:
        """Whoever is told that they are wrong, or doubts it themselves, may ask a teacher."""
        attempt_id, verdict = running.plan.attempt_id, decided.verdict
        wrong = verdict is not None and verdict.outcome in (Outcome.WRONG, Outcome.PARTLY)
        doubted = Move.CONTEST in decided.decision.moves
        withheld = turn.policy is Policy.EXAM or running.practice.course_id is None
        if attempt_id is None or withheld or not (wrong or doubted):
            return ()
        return (contest_button(attempt_id, turn.language),)

    async def _changed_meanwhile(self, turn: Turn, running: Running) -> Parts:
        """The item is no longer what was asked: nothing is held against anybody."""
        async with self._database.write() as session:
            running = await save(session, running.put_back(), self._now())
        yield Text(
            say(
                turn.language,
                "This question was corrected a moment ago, so I haven't counted your answer.",
            )
        )
        async for part in self._putting.next(turn, running, gap=GAP):
            yield part

    async def _counted_before(self, turn: Turn, running: Running) -> Parts:
        """The reply broke off after the message was counted: it leads on from there."""
        yield Text(say(turn.language, "I was interrupted for a moment; your answer is counted."))
        if running.asks:
            yield Text(GAP + self._putting.question(turn, running))
            yield self._putting.buttons(turn, running)
            yield Provenance(Move.ASK.value)
            return
        if running.state.closed or running.state.reflecting:
            yield self._putting.buttons(turn, running)
            return
        async for part in self._putting.next(turn, running, gap=GAP):
            yield part


def _contest_words(turn: Turn, running: Running, *, possible: bool) -> str:
    """Takes a doubt seriously; there has to be a graded answer to pass on."""
    if not possible:
        return say(turn.language, "Write your answer first; then I can pass it on to a teacher.")
    return template(
        Move.CONTEST,
        turn.language,
        item=running.item.item,
        step=running.step,
        state=running.state,
    )
