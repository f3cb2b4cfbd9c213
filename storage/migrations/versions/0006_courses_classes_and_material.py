"""Courses, classes and material."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "checklists",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tasks", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_checklists_community_id_communities"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["learners.id"], name=op.f("fk_checklists_created_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
    )
    op.create_index(
        op.f("ix_checklists_community_id"), "checklists", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_checklists_created_by"), "checklists", ["created_by"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_courses_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["learners.id"], name=op.f("fk_courses_owner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_key")),
    )
    op.create_index(op.f("ix_courses_community_id"), "courses", ["community_id"], unique=False)
    op.create_index(op.f("ix_courses_owner_id"), "courses", ["owner_id"], unique=False)

    op.create_table(
        "teaching_roles",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("platform_role", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_teaching_roles_community_id_communities"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["learners.id"], name=op.f("fk_teaching_roles_set_by_learners")
        ),
        sa.PrimaryKeyConstraint("community_id", "platform_role", name=op.f("pk_teaching_roles")),
    )
    op.create_index(op.f("ix_teaching_roles_set_by"), "teaching_roles", ["set_by"], unique=False)

    op.create_table(
        "checklist_progress",
        sa.Column("checklist_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("done", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["checklist_id"],
            ["checklists.id"],
            name=op.f("fk_checklist_progress_checklist_id_checklists"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_checklist_progress_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("checklist_id", "learner_id", name=op.f("pk_checklist_progress")),
    )
    op.create_index(
        op.f("ix_checklist_progress_learner_id"), "checklist_progress", ["learner_id"], unique=False
    )

    op.create_table(
        "class_records",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("controller", sa.Text(), nullable=False),
        sa.Column("age_band", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("contact", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_class_records_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["learners.id"], name=op.f("fk_class_records_recorded_by_learners")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_class_records")),
    )
    op.create_index(
        op.f("ix_class_records_recorded_by"), "class_records", ["recorded_by"], unique=False
    )

    op.create_table(
        "course_members",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("sees_names", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_members_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_course_members_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("course_id", "learner_id", name=op.f("pk_course_members")),
        sa.UniqueConstraint("course_id", "alias", name=op.f("uq_course_members_course_id_alias")),
    )
    op.create_index(
        op.f("ix_course_members_learner_id"), "course_members", ["learner_id"], unique=False
    )

    op.create_table(
        "course_places",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_course_places_community_id_communities"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_places_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("community_id", "channel", "thread", name=op.f("pk_course_places")),
    )
    op.create_index(
        op.f("ix_course_places_course_id"), "course_places", ["course_id"], unique=False
    )

    op.create_table(
        "join_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_join_codes_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["learners.id"], name=op.f("fk_join_codes_created_by_learners")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_join_codes")),
    )
    op.create_index(op.f("ix_join_codes_course_id"), "join_codes", ["course_id"], unique=False)
    op.create_index(op.f("ix_join_codes_created_by"), "join_codes", ["created_by"], unique=False)

    op.create_table(
        "lessons",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_lessons_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_lessons_course_id_key")),
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("blob_hash", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_materials_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_materials_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["learners.id"], name=op.f("fk_materials_uploaded_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    op.create_index(op.f("ix_materials_blob_hash"), "materials", ["blob_hash"], unique=False)
    op.create_index(
        op.f("ix_materials_community_id_channel_state"),
        "materials",
        ["community_id", "channel", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_materials_course_id_state"), "materials", ["course_id", "state"], unique=False
    )
    op.create_index(op.f("ix_materials_uploaded_by"), "materials", ["uploaded_by"], unique=False)

    op.create_table(
        "parental_consents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_parental_consents_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_parental_consents_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["learners.id"], name=op.f("fk_parental_consents_recorded_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parental_consents")),
    )
    op.create_index(
        op.f("ix_parental_consents_course_id"), "parental_consents", ["course_id"], unique=False
    )
    op.create_index(
        op.f("ix_parental_consents_learner_id_course_id_id"),
        "parental_consents",
        ["learner_id", "course_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_parental_consents_recorded_by"), "parental_consents", ["recorded_by"], unique=False
    )

    op.create_table(
        "policy_windows",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_policy_windows_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["learners.id"], name=op.f("fk_policy_windows_set_by_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_windows")),
    )
    op.create_index(
        op.f("ix_policy_windows_course_id_id"), "policy_windows", ["course_id", "id"], unique=False
    )
    op.create_index(op.f("ix_policy_windows_set_by"), "policy_windows", ["set_by"], unique=False)

    op.create_table(
        "skills",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("generator", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_skills_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_skills_course_id_key")),
    )
    op.create_table(
        "homework",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("lesson_id", sa.Text(), nullable=True),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_homework_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["learners.id"], name=op.f("fk_homework_created_by_learners")
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_homework_lesson_id_lessons")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_homework_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homework")),
    )
    op.create_index(
        op.f("ix_homework_course_id_due_at"), "homework", ["course_id", "due_at"], unique=False
    )
    op.create_index(op.f("ix_homework_created_by"), "homework", ["created_by"], unique=False)
    op.create_index(op.f("ix_homework_lesson_id"), "homework", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_homework_skill_id"), "homework", ["skill_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=True),
        sa.Column("lesson_id", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_items_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_items_lesson_id_lessons")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["learners.id"], name=op.f("fk_items_owner_id_learners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_items_course_id_key")),
    )
    op.create_index(
        op.f("ix_items_course_id_state_id"), "items", ["course_id", "state", "id"], unique=False
    )
    op.create_index(op.f("ix_items_lesson_id_state"), "items", ["lesson_id", "state"], unique=False)
    op.create_index(op.f("ix_items_owner_id_id"), "items", ["owner_id", "id"], unique=False)
    op.create_index(op.f("ix_items_text_digest"), "items", ["text_digest"], unique=False)

    op.create_table(
        "lesson_skills",
        sa.Column("lesson_id", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_skills_lesson_id_lessons")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_lesson_skills_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("lesson_id", "skill_id", name=op.f("pk_lesson_skills")),
    )
    op.create_index(op.f("ix_lesson_skills_skill_id"), "lesson_skills", ["skill_id"], unique=False)

    op.create_table(
        "passages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("material_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["materials.id"], name=op.f("fk_passages_material_id_materials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
        sa.UniqueConstraint(
            "material_id", "position", name=op.f("uq_passages_material_id_position")
        ),
    )
    op.create_table(
        "skill_prerequisites",
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("requires_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requires_id"], ["skills.id"], name=op.f("fk_skill_prerequisites_requires_id_skills")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_skill_prerequisites_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("skill_id", "requires_id", name=op.f("pk_skill_prerequisites")),
    )
    op.create_index(
        op.f("ix_skill_prerequisites_requires_id"),
        "skill_prerequisites",
        ["requires_id"],
        unique=False,
    )

    op.create_table(
        "item_revisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["learners.id"], name=op.f("fk_item_revisions_changed_by_learners")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_revisions_item_id_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_revisions")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_item_revisions_item_id_version")),
    )
    op.create_index(
        op.f("ix_item_revisions_changed_by"), "item_revisions", ["changed_by"], unique=False
    )

    op.create_table(
        "item_skills",
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_skills_item_id_items")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_item_skills_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("skill_id", "item_id", name=op.f("pk_item_skills")),
    )
    op.create_index(op.f("ix_item_skills_item_id"), "item_skills", ["item_id"], unique=False)

    op.create_table(
        "steps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("answer_type", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tolerance", sa.Double(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("hints", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("skills", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_steps_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_steps_item_id_position")),
    )


def downgrade() -> None:
    op.drop_table("steps")
    op.drop_table("item_skills")
    op.drop_table("item_revisions")
    op.drop_table("skill_prerequisites")
    op.drop_table("passages")
    op.drop_table("lesson_skills")
    op.drop_table("items")
    op.drop_table("homework")
    op.drop_table("skills")
    op.drop_table("policy_windows")
    op.drop_table("parental_consents")
    op.drop_table("materials")
    op.drop_table("lessons")
    op.drop_table("join_codes")
    op.drop_table("course_places")
    op.drop_table("course_members")
    op.drop_table("class_records")
    op.drop_table("checklist_progress")
    op.drop_table("teaching_roles")
    op.drop_table("courses")
    op.drop_table("checklists")
