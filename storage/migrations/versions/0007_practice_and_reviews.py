"""Practice, attempts and reviews."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "predictors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("metrics", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_predictors")),
    )
    op.create_index(op.f("ix_predictors_kind_id"), "predictors", ["kind", "id"], unique=False)

    op.create_table(
        "learner_parameters",
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("scheduler", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_learner_parameters_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_learner_parameters")),
    )
    op.create_table(
        "goals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_goals_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_goals_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index(
        op.f("ix_goals_learner_id_state"), "goals", ["learner_id", "state"], unique=False
    )
    op.create_index(op.f("ix_goals_skill_id"), "goals", ["skill_id"], unique=False)

    op.create_table(
        "skill_states",
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("unaided", sa.Integer(), nullable=False),
        sa.Column("unaided_right", sa.Integer(), nullable=False),
        sa.Column("mastery", sa.Double(), nullable=False),
        sa.Column("rating", sa.Double(), nullable=False),
        sa.Column("recent", sa.Double(), nullable=False),
        sa.Column("mastered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_skill_states_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_skill_states_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("learner_id", "skill_id", name=op.f("pk_skill_states")),
    )
    op.create_index(
        op.f("ix_skill_states_skill_id_mastery"),
        "skill_states",
        ["skill_id", "mastery"],
        unique=False,
    )

    op.create_table(
        "learner_ratings",
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("rating", sa.Double(), nullable=False),
        sa.Column("recent", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_learner_ratings_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_learner_ratings")),
    )

    op.create_table(
        "skill_ratings",
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("rating", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_skill_ratings_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("skill_id", name=op.f("pk_skill_ratings")),
    )

    op.create_table(
        "item_ratings",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("rating", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_ratings_item_id_items")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_ratings")),
    )
    op.create_table(
        "practices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("course_id", sa.Text(), nullable=True),
        sa.Column("homework_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("plan", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("dialogue", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_practices_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_practices_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["homework_id"], ["homework.id"], name=op.f("fk_practices_homework_id_homework")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_practices_item_id_items")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_practices_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
    )
    op.create_index(
        op.f("ix_practices_conversation_id"), "practices", ["conversation_id"], unique=False
    )
    op.create_index(
        op.f("ix_practices_course_id_updated_at"),
        "practices",
        ["course_id", "updated_at"],
        unique=False,
    )
    op.create_index(op.f("ix_practices_homework_id"), "practices", ["homework_id"], unique=False)
    op.create_index(op.f("ix_practices_item_id"), "practices", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_practices_learner_id_updated_at"),
        "practices",
        ["learner_id", "updated_at"],
        unique=False,
    )
    op.create_index(
        "uq_practices_open",
        "practices",
        ["learner_id", "conversation_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "review_cards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("card", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_review_cards_item_id_items")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_review_cards_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_review_cards_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_cards")),
    )
    for subject in ("skill_id", "item_id"):
        op.create_index(
            op.f(f"ix_review_cards_learner_id_{subject}"),
            "review_cards",
            ["learner_id", subject],
            unique=True,
        )
    op.create_index(op.f("ix_review_cards_item_id"), "review_cards", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_review_cards_learner_id_due_at"),
        "review_cards",
        ["learner_id", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_review_cards_skill_id"), "review_cards", ["skill_id"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("practice_id", sa.Text(), nullable=True),
        sa.Column("course_id", sa.Text(), nullable=True),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("skills", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("first_try", sa.Boolean(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("aided", sa.Boolean(), nullable=False),
        sa.Column("fact", sa.Boolean(), nullable=False),
        sa.Column("guess", sa.Double(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_attempts_course_id_courses")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_attempts_item_id_items")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_attempts_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_attempts_practice_id_practices")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_attempts_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_attempted_at"), "attempts", ["attempted_at"], unique=False)
    op.create_index(op.f("ix_attempts_course_id_id"), "attempts", ["course_id", "id"], unique=False)
    op.create_index(op.f("ix_attempts_item_id_id"), "attempts", ["item_id", "id"], unique=False)
    op.create_index(
        op.f("ix_attempts_learner_id_attempted_at"),
        "attempts",
        ["learner_id", "attempted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_attempts_learner_id_id"), "attempts", ["learner_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_attempts_learner_id_skill_id_id"),
        "attempts",
        ["learner_id", "skill_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_attempts_practice_id_id"), "attempts", ["practice_id", "id"], unique=False
    )
    op.create_index(op.f("ix_attempts_skill_id"), "attempts", ["skill_id"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["review_cards.id"], name=op.f("fk_reviews_card_id_review_cards")
        ),
        sa.ForeignKeyConstraint(["id"], ["attempts.id"], name=op.f("fk_reviews_id_attempts")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_reviews_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_card_id_id"), "reviews", ["card_id", "id"], unique=False)
    op.create_index(op.f("ix_reviews_learner_id_id"), "reviews", ["learner_id", "id"], unique=False)

    op.create_table(
        "disputes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=True),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_disputes_attempt_id_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_disputes_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_disputes_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["learners.id"], name=op.f("fk_disputes_settled_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_disputes_attempt_id")),
    )
    op.create_index(
        op.f("ix_disputes_course_id_state_id"),
        "disputes",
        ["course_id", "state", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_disputes_learner_id"), "disputes", ["learner_id"], unique=False)
    op.create_index(op.f("ix_disputes_settled_by"), "disputes", ["settled_by"], unique=False)

    op.create_table(
        "regrades",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("regraded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_regrades_attempt_id_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["learners.id"], name=op.f("fk_regrades_decided_by_learners")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_regrades_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index(
        op.f("ix_regrades_attempt_id_id"), "regrades", ["attempt_id", "id"], unique=False
    )
    op.create_index(op.f("ix_regrades_decided_by"), "regrades", ["decided_by"], unique=False)
    op.create_index(op.f("ix_regrades_learner_id"), "regrades", ["learner_id"], unique=False)


def downgrade() -> None:
    op.drop_table("regrades")
    op.drop_table("disputes")
    op.drop_table("reviews")
    op.drop_table("attempts")
    op.drop_table("review_cards")
    op.drop_table("practices")
    op.drop_table("item_ratings")
    op.drop_table("skill_ratings")
    op.drop_table("learner_ratings")
    op.drop_table("skill_states")
    op.drop_table("goals")
    op.drop_table("learner_parameters")
    op.drop_table("predictors")
