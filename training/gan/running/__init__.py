"""The training of an administrator's generator: prepared, done in a process, and judged."""
