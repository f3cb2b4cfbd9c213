"""The tutor in a terminal: typed or piped in, streamed out. Knows nothing of how it answers."""
