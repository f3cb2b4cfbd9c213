"""The stages of a fine-tuning run, and which of them are over."""

from enum import StrEnum


class Stage(StrEnum):
    """queued → preparing → training → evaluating → awaiting approval → promoted, or an end."""

    QUEUED = "queued"
    PREPARING = "preparing"
    TRAINING = "training"
    EVALUATING = "evaluating"
    AWAITING_APPROVAL = "awaiting_approval"
    PROMOTED = "promoted"
    REJECTED = "rejected"  # by the gate or by a person; the adapter is kept
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def active(self) -> bool:
        """Whether the worker still has something to do for it."""
        return self in ACTIVE


ACTIVE = frozenset({Stage.QUEUED, Stage.PREPARING, Stage.TRAINING, Stage.EVALUATING})
ENDED = frozenset({Stage.PROMOTED, Stage.REJECTED, Stage.FAILED, Stage.CANCELLED})
