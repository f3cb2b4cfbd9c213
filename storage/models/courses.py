"""Courses and their item bank: course → lesson → skill, and item → steps → key and hints."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class CourseRow(Base):
    """`names` holds the title by language. `visibility` is "everyone" or "members".

    `key` names the course for its importer, so that importing again changes it in place.
    """

    __tablename__ = "courses"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[dict[str, Any]]
    language: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str]
    attribution: Mapped[str]
    visibility: Mapped[str]
    community_id: Mapped[str | None] = mapped_column(ForeignKey("communities.id"), index=True)
    owner_id: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class LessonRow(Base):
    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str]
    position: Mapped[int]
    names: Mapped[dict[str, Any]]


class SkillRow(Base):
    """`generator` names the generator of unlimited items for it, if there is one."""

    __tablename__ = "skills"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str]
    position: Mapped[int]
    names: Mapped[dict[str, Any]]
    generator: Mapped[str | None]


class SkillPrerequisiteRow(Base):
    """That a skill is learnt after another one; never a cycle."""

    __tablename__ = "skill_prerequisites"

    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    requires_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)


class LessonSkillRow(Base):
    __tablename__ = "lesson_skills"

    lesson_id: Mapped[str] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)
    position: Mapped[int]


class ItemRow(Base):
    """A problem; without a course it is its owner's own, brought by them.

    `family` is shared by items that differ only in language or numbers. `state` is verified,
    unverified or retired; `origin` is import, generator, teacher, model or learner.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        Index(None, "course_id", "state", "id"),
        Index(None, "lesson_id", "state"),
        Index(None, "owner_id", "id"),
        Index(None, "text_digest"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str | None] = mapped_column(ForeignKey("courses.id"))
    lesson_id: Mapped[str | None] = mapped_column(ForeignKey("lessons.id"))
    owner_id: Mapped[str | None] = learner_reference(OnErase.DELETE)
    key: Mapped[str]
    version: Mapped[int]
    family: Mapped[str]
    title: Mapped[str]
    stem: Mapped[str]
    language: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str]
    attribution: Mapped[str]
    state: Mapped[str]
    origin: Mapped[str]
    text_digest: Mapped[str]  # of the normalised question: finds a problem that a learner brings
    content_digest: Mapped[str]  # of all content: importing the same again changes nothing
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class StepRow(Base):
    """One question of an item with its key. `skills` lists skill ids, the main one first.

    `answers` are the accepted forms, the first is the one that is shown. `hints` are
    {kind, title, text, depth, answer_type, answers, choices, unit, tolerance}, in order, each
    without what is empty.
    """

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("item_id", "position"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"))
    position: Mapped[int]
    key: Mapped[str]
    prompt: Mapped[str]
    answer_type: Mapped[str]
    answers: Mapped[list[Any]]
    choices: Mapped[list[Any]]
    unit: Mapped[str]
    tolerance: Mapped[float]
    rubric: Mapped[str]
    hints: Mapped[list[Any]]
    skills: Mapped[list[Any]]


class ItemSkillRow(Base):
    """Which items practise a skill."""

    __tablename__ = "item_skills"

    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)


class ItemRevisionRow(Base):
    """Append-only: what an item said before it was changed, and why."""

    __tablename__ = "item_revisions"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str]
    changed_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    changed_at: Mapped[datetime]
