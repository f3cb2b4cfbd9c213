"""Trained adapters in use: which one answers whom, and how it gets into the engine."""
