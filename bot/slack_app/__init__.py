"""Daoshi in Slack: the adapter, its manifest, and nothing that decides what is answered."""
