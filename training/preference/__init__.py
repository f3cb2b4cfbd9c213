"""Learning from what people preferred: pairs (DPO) and single replies with 👍 or 👎 (KTO)."""

from training.preference.train import preference_task, train_preference

__all__ = ["preference_task", "train_preference"]
