"""The life of a fine-tuning run: from a queued row to an adapter that waits for approval."""
