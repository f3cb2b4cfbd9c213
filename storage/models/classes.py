"""Who learns together: members of a course, how they got in, what they have to do, which rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class CourseMemberRow(Base):
    """`role` is learner or teacher. `alias` stands for the name where a report shows none."""

    __tablename__ = "course_members"
    __table_args__ = (UniqueConstraint("course_id", "alias"),)

    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True, index=True)
    role: Mapped[str]
    group: Mapped[str]
    alias: Mapped[str]
    sees_names: Mapped[bool]
    joined_at: Mapped[datetime]


class CoursePlaceRow(Base):
    """The course of a channel, or of one thread in it (`thread` "" is the whole channel)."""

    __tablename__ = "course_places"

    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    thread: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"), index=True)


class JoinCodeRow(Base):
    __tablename__ = "join_codes"

    code: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"), index=True)
    role: Mapped[str]
    group: Mapped[str]
    uses_left: Mapped[int]
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class TeachingRoleRow(Base):
    """That a role of the platform (a Discord role, a Slack user group) makes teachers here."""

    __tablename__ = "teaching_roles"

    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    platform_role: Mapped[str] = mapped_column(primary_key=True)
    set_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    set_at: Mapped[datetime]


class HomeworkRow(Base):
    """A lesson or skill that a course (or one `group` of it) practises between two dates."""

    __tablename__ = "homework"
    __table_args__ = (Index(None, "course_id", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"))
    lesson_id: Mapped[str | None] = mapped_column(ForeignKey("lessons.id"), index=True)
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skills.id"), index=True)
    group: Mapped[str]
    title: Mapped[str]
    items: Mapped[int]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class PolicyWindowRow(Base):
    """Append-only: the policy of a course from one time until another, or until further notice.

    Of those that hold at a time, the latest row counts; it follows every member wherever they are.
    """

    __tablename__ = "policy_windows"
    __table_args__ = (Index(None, "course_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"))
    policy: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    set_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    set_at: Mapped[datetime]


class ClassRecordRow(Base):
    """Who answers for the data of a class, how old its learners are, and on which legal basis.

    `basis` is school, parental_consent or "" for adults; `contact` is the safeguarding contact.
    """

    __tablename__ = "class_records"

    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    controller: Mapped[str]
    age_band: Mapped[str]
    basis: Mapped[str]
    country: Mapped[str]
    contact: Mapped[dict[str, Any]]
    recorded_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    recorded_at: Mapped[datetime]


class ParentalConsentRow(Base):
    """Append-only: that a parent agreed, or no longer does; the latest row of a learner holds."""

    __tablename__ = "parental_consents"
    __table_args__ = (Index(None, "learner_id", "course_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("courses.id"), index=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    granted: Mapped[bool]
    recorded_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    recorded_at: Mapped[datetime]


class ChecklistRow(Base):
    """What somebody new in a community goes through."""

    __tablename__ = "checklists"

    id: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), index=True)
    title: Mapped[str]
    tasks: Mapped[list[Any]]  # {key, text, material_id, page}
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ChecklistProgressRow(Base):
    __tablename__ = "checklist_progress"

    checklist_id: Mapped[str] = mapped_column(ForeignKey("checklists.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True, index=True)
    done: Mapped[dict[str, Any]]  # task key → when
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
