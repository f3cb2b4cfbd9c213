"""A lesson of OATutor is played through in the terminal, in both languages of the interface.

The archive is the first argument, or named by DAOSHI_OATUTOR_ARCHIVE; without one a small archive
in the same layout is taken, which is part of this project. It is imported by `daoshi course
import`, and played through `daoshi chat --json`; what is right is read from the archive's files.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.leak_detector import forms_of, told
from benchmarks.stage.oatutor_files import FileStep, archive_for, steps_in
from benchmarks.stage.open_question import OpenQuestion, Who, open_question, wrong_answer
from benchmarks.stage.prepared_model import lend_model
from benchmarks.stage.serving import command, end_engine
from benchmarks.stage.terminal_talk import TerminalTalk
from benchmarks.stage.verdict import Verdict, present
from bot.terminal.adapter import WORKSPACE
from storage.database import Database

IMPORT_SECONDS = 900
MOST_SKIPS = 8
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_WORDS = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,.]*){3,}")
COMMAND = re.compile(r"/[a-z]+(?: [a-z]+)*(?: [A-Z]+)?")
FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """What a learner says in their language."""

    language: str
    learner: str
    lost: str
    give: tuple[str, str]
    next: str
    stop: str


LEARNERS = (
    Words("en", "Kim", "idk", ("just tell me the answer", "tell me the answer"), "next", "stop"),
    Words("zh-CN", "小明", "不会", ("直接告诉我答案", "告诉我答案"), "下一题", "先到这里"),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lesson that is played, and all sentences that are content and not the tutor's."""

    course_key: str
    name: str
    content: tuple[str, ...]


@dataclass
class Play:
    """One learner's way through the lesson, with all that was said."""

    talk: TerminalTalk
    words: Words
    database: Database
    files: dict[str, FileStep]
    chosen: Chosen
    replies: list[dict[str, Any]] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)

    async def say(self, line: str, *, secret: OpenQuestion | None = None) -> dict[str, Any]:
        """`secret`: the question whose key must not come up in the reply."""
        self._said.append(line)
        reply = await self.talk.say(line)
        self.replies.append(reply)
        if secret is not None:
            problem = "\n".join((secret.item.title, secret.item.stem, secret.step.prompt))
            forms = forms_of(self.right(secret), ())
            leaked = told(reply["text"], forms, (problem, *self._said))
            self.leaks += [f"{form} in answer to {line!r}" for form in leaked]
        return reply

    def right(self, question: OpenQuestion) -> str:
        """The right answer, from the archive's files."""
        return self.files[question.step.key].answer

    async def open(self) -> OpenQuestion:
        found = await open_question(self.database, Who("terminal", WORKSPACE, self.words.learner))
        assert found is not None, self.replies[-1]
        return found


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-accept-") as name:
        folder = Path(name)
        archive = archive_for(verdict, folder)
        files = await asyncio.to_thread(steps_in, archive)
        environment = _environment(folder / "data")
        await asyncio.to_thread(lend_model, folder / "data")
        await asyncio.to_thread(_daoshi, environment, "course", "import", str(archive))
        database = await Database.open(f"sqlite:///{folder / 'data' / 'daoshi.db'}")
        try:
            chosen = await choose_lesson(database)
            verdict.check("a lesson was imported", f"{chosen.name} ({chosen.course_key})", True)
            for words in LEARNERS:
                async with TerminalTalk(environment, words.learner, words.language) as talk:
                    play = Play(talk, words, database, files, chosen)
                    await _join(play, environment)
                    await _played(verdict, play)
        finally:
            await database.close()
            end_engine(folder / "data")


def _environment(data_dir: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "DAOSHI_DATA_DIR": str(data_dir), "LANG": "en_US.UTF-8"}


def _daoshi(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [command(), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=IMPORT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def choose_lesson(database: Database) -> Chosen:
    """The English lesson with the largest share of questions of one step that ask for a number.

    Of lessons with the same share the one with the most items.
    """
    async with database.read() as session:
        course_id, key, name = (await session.execute(_LESSONS)).one()
        rows = await session.execute(_CONTENT, {"course": course_id})
        content = tuple(sorted({row[0] for row in rows if row[0]}, key=len, reverse=True))
    return Chosen(key, name, content)


_LESSONS = text("""
    WITH sizes AS (
        SELECT i.id, i.course_id, count(*) = 1 AND max(s.answer_type) = 'number'
               AND min(json_array_length(s.hints)) >= 2 AS plain
        FROM items i JOIN steps s ON s.item_id = i.id
        WHERE i.language = 'en' AND i.state = 'verified' GROUP BY i.id)
    SELECT c.id, c.key, json_extract(l.names, '$.en')
    FROM lessons l JOIN courses c ON c.id = l.course_id AND c.key <> 'starter'
    JOIN lesson_skills ls ON ls.lesson_id = l.id
    JOIN item_skills k ON k.skill_id = ls.skill_id
    JOIN sizes z ON z.id = k.item_id AND z.course_id = c.id
    GROUP BY l.id HAVING count(DISTINCT z.id) >= 6
    ORDER BY avg(z.plain) DESC, count(DISTINCT z.id) DESC LIMIT 1
""")
_CONTENT = text("""
    SELECT stem FROM items WHERE course_id = :course
    UNION SELECT title FROM items WHERE course_id = :course
    UNION SELECT s.prompt FROM steps s JOIN items i ON i.id = s.item_id WHERE i.course_id = :course
    UNION SELECT json_extract(h.value, '$.text') FROM items i
        JOIN steps s ON s.item_id = i.id JOIN json_each(s.hints) h WHERE i.course_id = :course
    UNION SELECT json_extract(names, '$.en') FROM skills WHERE course_id = :course
    UNION SELECT json_extract(names, '$.en') FROM lessons WHERE course_id = :course
""")


async def _join(play: Play, environment: dict[str, str]) -> None:
    """The learner shows up, and the operator lets them into the course."""
    await play.say("/course list")
    person = f"terminal:{play.words.learner}"
    await asyncio.to_thread(
        _daoshi, environment, "course", "role", play.chosen.course_key, person, "learner"
    )


async def _played(verdict: Verdict, play: Play) -> None:
    """Question, wrong answer, hint, lost, right; then the answer asked for twice, and the twin."""
    words, moves = play.words, Moves()
    asked = moves.of("ask", await play.say(f"/learn {play.chosen.name}"))
    first = await play.open()
    file_question = play.files[first.step.key].question
    stands = _squeezed(file_question) in _squeezed(asked["text"])
    wrong = wrong_answer(first.step.answer)
    corrected = moves.of("correct", await play.say(wrong, secret=first))
    moves.of("hint", await play.say("/hint", secret=first))
    moves.of("hint|worked_step", await play.say(words.lost, secret=first))
    moves.of("confirm", await play.say(play.right(first)))
    moves.of("ask", await play.say(words.next))
    second = await _plain_question(play)
    moves.of("decline", await play.say(words.give[0], secret=second))
    revealed = moves.of("reveal", await play.say(words.give[1]))
    shown = bool(told(revealed["text"], forms_of(play.right(second), ()), ()))
    twin = await play.open()
    moves.of("confirm", await play.say(play.right(twin)))
    ended = moves.of("finish", await play.say(words.stop))
    _judge(verdict, play, moves)
    at = words.language
    verdict.check(f"{at}: the question is the file's", file_question[:60], stands)
    verdict.check(f"{at}: the attempt is referred to", wrong, wrong in corrected["text"])
    verdict.check(f"{at}: the answer is shown at the second request", play.right(second), shown)
    other = twin.item.key != second.item.key
    verdict.check(f"{at}: a twin follows", f"{second.item.key} → {twin.item.key}", other)
    counts = re.findall(r"\d+", ended["text"])
    verdict.check(f"{at}: the end counts the questions", counts[:2], counts[:1] == ["3"])


async def _plain_question(play: Play) -> OpenQuestion:
    """Skips to a question of one step: after a revealed step of several no twin would follow."""
    for _ in range(MOST_SKIPS):
        found = await play.open()
        if len(found.item.steps) == 1:
            return found
        await play.say("/3" if play.replies[-1]["choices"] else play.words.next)
    raise AssertionError("no question of one step came")


@dataclass
class Moves:
    """The moves that came, and those that were wanted in their place."""

    came: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def of(self, wanted: str, reply: dict[str, Any]) -> dict[str, Any]:
        move = str(reply["move"])
        self.came.append(move)
        if move not in wanted.split("|"):
            self.wrong.append(f"{move} where {wanted} was due: {reply['text'][:120]!r}")
        return reply


def _judge(verdict: Verdict, play: Play, moves: Moves) -> None:
    at = play.words.language
    verdict.check(f"{at}: the moves", "; ".join(moves.wrong) or moves.came, not moves.wrong)
    measured = "; ".join(play.leaks) or "never"
    verdict.check(f"{at}: the key comes up too early", measured, not play.leaks)
    foreign = [part for reply in play.replies for part in _foreign(play, reply)]
    measured = "; ".join(foreign[:3]) or f"none in {len(play.replies)} replies with their buttons"
    verdict.check(f"{at}: words in another language", measured, not foreign)


def _foreign(play: Play, reply: dict[str, Any]) -> list[str]:
    """What in a reply is neither content nor in the language of the interface."""
    labels = " | ".join(choice["label"] for choice in reply["choices"])
    own = f"{reply['text']}\n{labels}".replace(play.words.learner, "")
    if play.words.language == "en":
        return CHINESE.findall(own)
    own = _spaced(COMMAND.sub(" ", own))
    for sentence in play.chosen.content:
        own = own.replace(_spaced(sentence), " ")
    own = FORMULA.sub(" ", own)
    return [match.strip() for match in ENGLISH_WORDS.findall(own)]


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s$\\*]", "", text)


def main() -> int:
    return present("A lesson of OATutor is played in both languages", examine)


if __name__ == "__main__":
    sys.exit(main())
