"""What feedback may say about a learner, computed with SQL of its own, apart from the product.

Knows the tables and what the words of `tutor.learner.feedback` mean; imports none of its code.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
GRADED = """
WITH graded AS (
  SELECT a.*, COALESCE((SELECT r.outcome FROM regrades r WHERE r.attempt_id = a.id
                        ORDER BY r.id DESC LIMIT 1), a.outcome) AS grade
  FROM attempts a WHERE a.learner_id = :learner AND a.attempted_at >= :since
  AND a.attempted_at < :until),
first AS (SELECT * FROM graded WHERE first_try AND grade IN ('right', 'partly', 'wrong'))
"""
COUNTS = "COUNT(*), COALESCE(SUM(grade = 'right' AND NOT aided), 0), COALESCE(SUM(aided), 0)"
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """One learner at one moment."""

    database: sqlite3.Connection
    learner_id: str
    now: datetime

    def rows(self, query: str, since: datetime, until: datetime, **more: Any) -> list[Any]:
        window = {"learner": self.learner_id, "since": _sql(since), "until": _sql(until)}
        return self.database.execute(GRADED + query, window | more).fetchall()

    @property
    def week(self) -> tuple[datetime, datetime]:
        return self.now - 7 * DAY, self.now

    @property
    def week_before(self) -> tuple[datetime, datetime]:
        return self.now - 14 * DAY, self.now - 7 * DAY

    def tally(self, span: tuple[datetime, datetime]) -> tuple[int, int, int]:
        """Answers, right ones, and those with help."""
        [row] = self.rows(f"SELECT {COUNTS} FROM first", *span)
        return row[0], row[1], row[2]

    def in_skill(self, skill_id: str, span: tuple[datetime, datetime]) -> tuple[int, int]:
        query = f"SELECT {COUNTS} FROM first WHERE skill_id = :skill"
        [row] = self.rows(query, *span, skill=skill_id)
        return row[0], row[1]

    def extreme(
        self, span: tuple[datetime, datetime], *, best: bool
    ) -> tuple[str, int, int] | None:
        """The skill with the highest or lowest share of right answers, of those with evidence."""
        query = f"""SELECT skill_id, {COUNTS} FROM first WHERE skill_id IS NOT NULL
            GROUP BY skill_id HAVING COUNT(*) >= 3
            ORDER BY SUM(grade = 'right' AND NOT aided) * 1.0 / COUNT(*) {"DESC" if best else ""},
            COUNT(*) DESC, skill_id LIMIT 1"""
        found = self.rows(query, *span)
        if not found:
            return None
        skill_id, answers, right, _ = found[0]
        holds = right >= 0.8 * answers if best else right < 0.7 * answers
        return (skill_id, answers, right) if holds else None

    def mistakes(self, span: tuple[datetime, datetime]) -> dict[str, int]:
        query = """SELECT pattern, COUNT(*) FROM graded
            WHERE pattern <> '' AND grade IN ('partly', 'wrong') GROUP BY pattern"""
        return dict(self.rows(query, *span))

    def minutes(self) -> int:
        query = "SELECT COALESCE(SUM(MIN(COALESCE(seconds, 0), 600)), 0) FROM graded"
        seconds: float = self.rows(query, *self.week)[0][0]
        return round(seconds / 60)

    def one(self, query: str, **values: Any) -> Any:
        """A single value about this learner."""
        named = {"learner": self.learner_id, "now": _sql(self.now)} | values
        return self.database.execute(query, named).fetchone()[0]

    @property
    def settings(self) -> Any:
        return json.loads(self.one("SELECT settings FROM learners WHERE id = :learner"))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings["reminders"]["zone"])

    def days(self) -> set[date]:
        rows = self.rows("SELECT attempted_at FROM graded", self.now - 366 * DAY, self.now)
        moments = (datetime.fromisoformat(row[0]).replace(tzinfo=UTC) for row in rows)
        return {moment.astimezone(self.zone).date() for moment in moments}

    def name(self, skill_id: str) -> str:
        query = "SELECT names FROM skills WHERE id = :skill"
        return str(json.loads(self.one(query, skill=skill_id))["en"])

    def mastery(self, skill_id: str) -> int:
        query = """SELECT COALESCE(MAX(mastery), 0) FROM skill_states
            WHERE learner_id = :learner AND skill_id = :skill"""
        known: float = self.one(query, skill=skill_id)
        return round(100 * known)

    def mastered(self, since: datetime | None = None) -> list[str]:
        query = """SELECT skill_id FROM skill_states WHERE learner_id = ?
            AND mastered_at IS NOT NULL AND mastered_at >= ?"""
        values = (self.learner_id, _sql(since) if since else "")
        return [row[0] for row in self.database.execute(query, values)]

    def goals(self) -> Iterator[tuple[str | None, int]]:
        query = "SELECT skill_id, target FROM goals WHERE learner_id = ? AND state = 'open'"
        yield from self.database.execute(query, (self.learner_id,))

    def in_quiz(self, practice_id: str) -> tuple[tuple[int, int], dict[str, int]]:
        """Answers and right ones of a quiz, and its mistakes."""
        query = f"SELECT {COUNTS} FROM first WHERE practice_id = :practice"
        ever = (self.now - 999 * DAY, self.now + DAY)
        [row] = self.rows(query, *ever, practice=practice_id)
        query = """SELECT pattern, COUNT(*) FROM graded WHERE practice_id = :practice
            AND pattern <> '' AND grade IN ('partly', 'wrong') GROUP BY pattern"""
        return (row[0], row[1]), dict(self.rows(query, *ever, practice=practice_id))


def _sql(moment: datetime) -> str:
    """As SQLite keeps it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
