"""Fine-tuning: data sets, runs, trials of adapters, and corrections."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["learners.id"], name=op.f("fk_datasets_created_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.UniqueConstraint("scope", "name", name=op.f("uq_datasets_scope_name")),
    )
    op.create_index(op.f("ix_datasets_created_by"), "datasets", ["created_by"], unique=False)

    op.create_table(
        "adapter_trials",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("control_id", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.Text(), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["artifacts.id"],
            name=op.f("fk_adapter_trials_candidate_id_artifacts"),
        ),
        sa.ForeignKeyConstraint(
            ["control_id"], ["artifacts.id"], name=op.f("fk_adapter_trials_control_id_artifacts")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["learners.id"], name=op.f("fk_adapter_trials_started_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adapter_trials")),
    )
    op.create_index(
        op.f("ix_adapter_trials_candidate_id"), "adapter_trials", ["candidate_id"], unique=False
    )
    op.create_index(
        op.f("ix_adapter_trials_control_id"), "adapter_trials", ["control_id"], unique=False
    )
    op.create_index(
        op.f("ix_adapter_trials_scope_id"), "adapter_trials", ["scope", "id"], unique=False
    )
    op.create_index(
        op.f("ix_adapter_trials_started_by"), "adapter_trials", ["started_by"], unique=False
    )
    op.create_index(
        op.f("ix_adapter_trials_state_id"), "adapter_trials", ["state", "id"], unique=False
    )

    op.create_table(
        "dataset_versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dataset_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("blob_hash", sa.Text(), nullable=True),
        sa.Column("manifest", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["blob_hash"], ["blobs.hash"], name=op.f("fk_dataset_versions_blob_hash_blobs")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["learners.id"], name=op.f("fk_dataset_versions_created_by_learners")
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_dataset_versions_dataset_id_datasets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_versions")),
        sa.UniqueConstraint(
            "dataset_id", "number", name=op.f("uq_dataset_versions_dataset_id_number")
        ),
    )
    op.create_index(
        op.f("ix_dataset_versions_dataset_id_content_hash"),
        "dataset_versions",
        ["dataset_id", "content_hash"],
        unique=False,
    )
    op.create_index(
        op.f("ix_dataset_versions_blob_hash"), "dataset_versions", ["blob_hash"], unique=False
    )
    op.create_index(
        op.f("ix_dataset_versions_created_by"), "dataset_versions", ["created_by"], unique=False
    )

    op.create_table(
        "corrections",
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_corrections_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("fk_corrections_turn_id_turns")
        ),
        sa.PrimaryKeyConstraint("turn_id", "learner_id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_learner_id"), "corrections", ["learner_id"], unique=False)

    op.create_table(
        "dataset_contributions",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f("fk_dataset_contributions_learner_id_learners"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["dataset_versions.id"],
            name=op.f("fk_dataset_contributions_version_id_dataset_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "learner_id", name=op.f("pk_dataset_contributions")),
    )
    op.create_index(
        op.f("ix_dataset_contributions_learner_id"),
        "dataset_contributions",
        ["learner_id"],
        unique=False,
    )

    op.create_table(
        "tuning_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("recipe", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("base", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("artifact_id", sa.Text(), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["artifact_id"], ["artifacts.id"], name=op.f("fk_tuning_runs_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_tuning_runs_job_id_jobs")),
        sa.ForeignKeyConstraint(
            ["started_by"], ["learners.id"], name=op.f("fk_tuning_runs_started_by_learners")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["dataset_versions.id"],
            name=op.f("fk_tuning_runs_version_id_dataset_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tuning_runs")),
    )
    op.create_index(
        op.f("ix_tuning_runs_artifact_id"), "tuning_runs", ["artifact_id"], unique=False
    )
    op.create_index(op.f("ix_tuning_runs_job_id"), "tuning_runs", ["job_id"], unique=False)
    op.create_index(op.f("ix_tuning_runs_scope_id"), "tuning_runs", ["scope", "id"], unique=False)
    op.create_index(op.f("ix_tuning_runs_stage_id"), "tuning_runs", ["stage", "id"], unique=False)
    op.create_index(op.f("ix_tuning_runs_started_by"), "tuning_runs", ["started_by"], unique=False)
    op.create_index(op.f("ix_tuning_runs_version_id"), "tuning_runs", ["version_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tuning_runs")
    op.drop_table("dataset_contributions")
    op.drop_table("corrections")
    op.drop_table("dataset_versions")
    op.drop_table("adapter_trials")
    op.drop_table("datasets")
