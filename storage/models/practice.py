"""What learners practise: running lessons, attempts, what follows from them, and reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference

STILL_OPEN = text("ended_at IS NULL")


class PracticeRow(Base):
    """A lesson, quiz, practice, review or own problem of one learner in one conversation.

    `plan` says what comes next, `dialogue` is the state of the dialogue about the present item,
    `version` guards against two answers at once. Only one is open in a conversation, which is
    None once that was too old to be kept.
    """

    __tablename__ = "practices"
    __table_args__ = (
        Index(
            "uq_practices_open",
            "learner_id",
            "conversation_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        Index(None, "learner_id", "updated_at"),
        Index(None, "course_id", "updated_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    course_id: Mapped[str | None] = mapped_column(ForeignKey("courses.id"))
    homework_id: Mapped[str | None] = mapped_column(ForeignKey("homework.id"), index=True)
    kind: Mapped[str]
    language: Mapped[str]
    item_id: Mapped[str | None] = mapped_column(ForeignKey("items.id"), index=True)
    plan: Mapped[dict[str, Any]]
    dialogue: Mapped[dict[str, Any]]
    version: Mapped[int]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AttemptRow(Base):
    """Append-only: one answer and its grade at that time. A later correction is a regrade.

    `skill_id` is the step's main skill, `skills` all of them. `outcome` is right, partly, wrong or
    opinion; `stage` is the stage of grading that decided; `pattern` a recognised kind of error.
    `aided` says that a hint or the answer was shown before, `fact` that the item is one to remember
    by itself. `guess` is how likely a guess is right, `expected` how likely a right answer seemed
    before this one: with both, all that follows from attempts is made again from them alone.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index(None, "learner_id", "id"),
        Index(None, "learner_id", "skill_id", "id"),
        Index(None, "learner_id", "attempted_at"),
        Index(None, "item_id", "id"),
        Index(None, "course_id", "id"),
        Index(None, "practice_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    practice_id: Mapped[str | None] = mapped_column(ForeignKey("practices.id"))
    course_id: Mapped[str | None] = mapped_column(ForeignKey("courses.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"))
    item_version: Mapped[int]
    step: Mapped[int]
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skills.id"), index=True)
    skills: Mapped[list[Any]]
    answer: Mapped[str]
    outcome: Mapped[str]
    score: Mapped[float]
    stage: Mapped[str]
    pattern: Mapped[str]
    first_try: Mapped[bool]
    hints: Mapped[int]
    aided: Mapped[bool]
    fact: Mapped[bool]
    guess: Mapped[float]
    expected: Mapped[float]
    seconds: Mapped[float | None]
    model: Mapped[str]
    attempted_at: Mapped[datetime] = mapped_column(index=True)


class RegradeRow(Base):
    """Append-only: an attempt whose grade changed, since its key was corrected or it was contested.

    The latest row of an attempt holds.
    """

    __tablename__ = "regrades"
    __table_args__ = (Index(None, "attempt_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"))
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, index=True)
    outcome: Mapped[str]
    score: Mapped[float]
    reason: Mapped[str]
    decided_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    regraded_at: Mapped[datetime]


class DisputeRow(Base):
    """A grade that a learner contests, in the teachers' queue until it is settled."""

    __tablename__ = "disputes"
    __table_args__ = (Index(None, "course_id", "state", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), unique=True)
    course_id: Mapped[str | None] = mapped_column(ForeignKey("courses.id"))
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, index=True)
    reason: Mapped[str]
    state: Mapped[str]  # open, accepted or rejected
    answer: Mapped[str]
    settled_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SkillStateRow(Base):
    """What the attempts of a learner on a skill come to; rebuilt exactly from them.

    `attempts` and `right` count every graded answer, `unaided` and `unaided_right` first answers
    without help. `mastery` is the probability of knowing it (BKT), `rating` the Elo rating,
    `recent` the share of right ones among first answers where the latest count most.
    """

    __tablename__ = "skill_states"
    __table_args__ = (Index(None, "skill_id", "mastery"),)

    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    attempts: Mapped[int]
    right: Mapped[int]
    unaided: Mapped[int]
    unaided_right: Mapped[int]
    mastery: Mapped[float]
    rating: Mapped[float]
    recent: Mapped[float]
    mastered_at: Mapped[datetime | None]
    last_at: Mapped[datetime]


class LearnerRatingRow(Base):
    """How able a learner has proved to be over all skills (Elo), and in the latest answers."""

    __tablename__ = "learner_ratings"

    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True)
    rating: Mapped[float]
    recent: Mapped[float]
    attempts: Mapped[int]


class SkillRatingRow(Base):
    """How hard the items of a skill have proved to be (Elo)."""

    __tablename__ = "skill_ratings"

    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    rating: Mapped[float]
    attempts: Mapped[int]


class ItemRatingRow(Base):
    """How much harder than others of its skill an item has proved to be (Elo)."""

    __tablename__ = "item_ratings"

    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), primary_key=True)
    rating: Mapped[float]
    attempts: Mapped[int]


class PredictorRow(Base):
    """A trained predictor of answers, as plain numbers; the newest of a kind is used."""

    __tablename__ = "predictors"
    __table_args__ = (Index(None, "kind", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    metrics: Mapped[dict[str, Any]]
    trained_at: Mapped[datetime]


class ReviewCardRow(Base):
    """A card of spaced repetition: one learner and one skill, or one item that is a fact."""

    __tablename__ = "review_cards"
    __table_args__ = (
        Index(None, "learner_id", "skill_id", unique=True),
        Index(None, "learner_id", "item_id", unique=True),
        Index(None, "learner_id", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skills.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("items.id"), index=True)
    card: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]


class ReviewRow(Base):
    """One review of a card, named like the attempt from which it follows.

    `rating` is 1 again, 2 hard, 3 good, 4 easy.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "learner_id", "id"), Index(None, "card_id", "id"))

    id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    card_id: Mapped[str] = mapped_column(ForeignKey("review_cards.id"))
    rating: Mapped[int]
    seconds: Mapped[float | None]
    reviewed_at: Mapped[datetime]


class LearnerParametersRow(Base):
    """What was fitted to one learner's own reviews."""

    __tablename__ = "learner_parameters"

    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True)
    scheduler: Mapped[dict[str, Any]]
    reviews: Mapped[int]
    fitted_at: Mapped[datetime]


class GoalRow(Base):
    """Something a learner wants to reach: a skill mastered, or a number of answers each week."""

    __tablename__ = "goals"
    __table_args__ = (Index(None, "learner_id", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    kind: Mapped[str]  # skill or weekly
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skills.id"), index=True)
    target: Mapped[int]
    due_at: Mapped[datetime | None]
    state: Mapped[str]  # open, reached or dropped
    created_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
