"""Improving the tutor from chat: data sets, trainings, and trained adapters in use."""
