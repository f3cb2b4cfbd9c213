"""Reads what people upload to train on: examples, and rejected rows with reasons."""
