"""Dialogue and delivery: conversations, turns, choices; claims and the outbox."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("address_channel", sa.Text(), nullable=True),
        sa.Column("address_message_id", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claims_address_message_id"), ["address_message_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_claims_channel_received_at"), ["channel", "received_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_claims_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_claims_platform_author"), ["platform", "author"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_claims_platform_received_at"), ["platform", "received_at"], unique=False
        )
        batch_op.create_index(
            "ix_claims_unfinished",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_until", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_conversations_community_id_communities"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_conversations_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conversations_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conversations_learner_id"), ["learner_id"], unique=False
        )
        batch_op.create_index(
            "uq_conversations_private",
            ["community_id", "channel", "thread", "learner_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND learner_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND learner_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_conversations_shared",
            ["community_id", "channel", "thread"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND learner_id IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND learner_id IS NULL"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("learner_id", sa.Text(), nullable=True),
        sa.Column("place", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits_channel", sa.Text(), nullable=True),
        sa.Column("edits_message_id", sa.Text(), nullable=True),
        sa.Column("address_channel", sa.Text(), nullable=True),
        sa.Column("address_message_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_outbox_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["platform", "not_before"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outbox_platform_recipient"), ["platform", "recipient"], unique=False
        )

    op.create_table(
        "turns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_key", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("move", sa.Text(), nullable=True),
        sa.Column("adapter", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=True),
        sa.Column("completion_tokens", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_turns_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_turns_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("claim_key", "role", name=op.f("uq_turns_claim_key_role")),
    )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_turns_conversation_id_id"), ["conversation_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_turns_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_turns_learner_id_id"), ["learner_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_turns_message_id"), ["message_id"], unique=False)

    op.create_table(
        "choice_sets",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("used_mask", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_choice_sets_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_choice_sets_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("fk_choice_sets_turn_id_turns")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_choice_sets")),
    )
    with op.batch_alter_table("choice_sets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_choice_sets_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_choice_sets_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_choice_sets_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_choice_sets_turn_id"), ["turn_id"], unique=False)

    op.create_table(
        "ratings",
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_ratings_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_ratings_turn_id_turns")),
        sa.PrimaryKeyConstraint("turn_id", "learner_id", name=op.f("pk_ratings")),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratings_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "turn_revisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("fk_turn_revisions_turn_id_turns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_revisions")),
    )
    with op.batch_alter_table("turn_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turn_revisions_turn_id"), ["turn_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("turn_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turn_revisions_turn_id"))

    op.drop_table("turn_revisions")
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratings_learner_id"))

    op.drop_table("ratings")
    with op.batch_alter_table("choice_sets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_sets_turn_id"))
        batch_op.drop_index(batch_op.f("ix_choice_sets_learner_id"))
        batch_op.drop_index(batch_op.f("ix_choice_sets_expires_at"))
        batch_op.drop_index(batch_op.f("ix_choice_sets_conversation_id"))

    op.drop_table("choice_sets")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turns_message_id"))
        batch_op.drop_index(batch_op.f("ix_turns_learner_id_id"))
        batch_op.drop_index(batch_op.f("ix_turns_created_at"))
        batch_op.drop_index(batch_op.f("ix_turns_conversation_id_id"))

    op.drop_table("turns")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_platform_recipient"))
        batch_op.drop_index(batch_op.f("ix_outbox_learner_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_finished_at"))
        batch_op.drop_index(
            "ix_outbox_due",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_conversations_shared",
            sqlite_where=sa.text("ended_at IS NULL AND learner_id IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND learner_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_conversations_private",
            sqlite_where=sa.text("ended_at IS NULL AND learner_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND learner_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_conversations_learner_id"))
        batch_op.drop_index(batch_op.f("ix_conversations_community_id"))

    op.drop_table("conversations")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_claims_unfinished",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_claims_platform_received_at"))
        batch_op.drop_index(batch_op.f("ix_claims_platform_author"))
        batch_op.drop_index(batch_op.f("ix_claims_finished_at"))
        batch_op.drop_index(batch_op.f("ix_claims_channel_received_at"))
        batch_op.drop_index(batch_op.f("ix_claims_address_message_id"))

    op.drop_table("claims")
