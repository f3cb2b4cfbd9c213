"""Fine-tuning: data sets and their versions, runs, and trials of adapters."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class DatasetRow(Base):
    """A named series of versions; `scope` is whose it is: "global" or "community:…"."""

    __tablename__ = "datasets"
    __table_args__ = (UniqueConstraint("scope", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    name: Mapped[str]
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    created_at: Mapped[datetime]


class DatasetVersionRow(Base):
    """Never changed: the examples are a blob, the manifest says where they come from and how many
    there are of what. `content_hash` is that of examples and split, whatever the time and place.
    `blob_hash` is taken away once somebody withdrew and no run needs the examples.
    """

    __tablename__ = "dataset_versions"
    __table_args__ = (
        UniqueConstraint("dataset_id", "number"),
        Index(None, "dataset_id", "content_hash"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    number: Mapped[int]
    content_hash: Mapped[str]
    blob_hash: Mapped[str | None] = mapped_column(ForeignKey("blobs.hash"), index=True)
    manifest: Mapped[dict[str, Any]]
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # somebody in it withdrew: nothing new is trained on it


class DatasetContributionRow(Base):
    """That a version holds examples from what a learner wrote, by their consent."""

    __tablename__ = "dataset_contributions"

    version_id: Mapped[str] = mapped_column(ForeignKey("dataset_versions.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True, index=True)
    examples: Mapped[int]


class TuningRunRow(Base):
    """One way from a data set to an adapter, through all its stages.

    `place` is where it was started and where the report goes: the JSON of a place, or None for the
    terminal. A run that only compares an adapter again names it in `evaluates_id`, and makes none.
    """

    __tablename__ = "tuning_runs"
    __table_args__ = (Index(None, "scope", "id"), Index(None, "stage", "id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    name: Mapped[str]
    version_id: Mapped[str] = mapped_column(ForeignKey("dataset_versions.id"), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    stage: Mapped[str]
    recipe: Mapped[dict[str, Any]]  # what was asked for
    base: Mapped[dict[str, Any]]  # what it was trained on: model, base_hash, template_hash, …
    progress: Mapped[dict[str, Any]]  # step, steps, tokens_per_second, seconds_left, losses
    artifact_id: Mapped[str | None] = mapped_column(ForeignKey("artifacts.id"), index=True)
    evaluates_id: Mapped[str | None] = mapped_column(ForeignKey("artifacts.id"), index=True)
    report: Mapped[dict[str, Any] | None]  # the gate's report card
    error: Mapped[dict[str, Any] | None]  # a marked sentence and its fields
    language: Mapped[str]
    place: Mapped[dict[str, Any] | None]
    started_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    not_before: Mapped[datetime | None]  # a chosen time; from then on it may pause the engine
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class AdapterTrialRow(Base):
    """Two adapters side by side in a scope; None is the base model. Learners are split by hash."""

    __tablename__ = "adapter_trials"
    __table_args__ = (Index(None, "scope", "id"), Index(None, "state", "id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    control_id: Mapped[str | None] = mapped_column(ForeignKey("artifacts.id"), index=True)
    candidate_id: Mapped[str | None] = mapped_column(ForeignKey("artifacts.id"), index=True)
    share: Mapped[float]  # of learners who get the candidate
    state: Mapped[str]  # running, kept, rolled_back, stopped
    outcome: Mapped[dict[str, Any] | None]
    started_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CorrectionRow(Base):
    """A better answer than the one that was given, written by the person who was not content."""

    __tablename__ = "corrections"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True, index=True)
    text: Mapped[str]
    corrected_at: Mapped[datetime]
