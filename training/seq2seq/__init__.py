"""Learning with models of the T5 family, which read a source and write a target."""

from training.seq2seq.train import train_seq2seq

__all__ = ["train_seq2seq"]
