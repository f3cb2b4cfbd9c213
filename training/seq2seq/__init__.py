"""Learning with models of the T5 family, which read a source and write a target."""

from training.seq2seq.train import seq2seq_task, train_seq2seq

__all__ = ["seq2seq_task", "train_seq2seq"]
