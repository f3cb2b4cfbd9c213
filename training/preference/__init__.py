"""Learning from what people preferred: pairs (DPO) and single replies with 👍 or 👎 (KTO)."""

from training.preference.train import train_preference

__all__ = ["train_preference"]
