"""What a process that reads a stranger's file may use."""

import os


def bound_this_process(
    memory_bytes: int, processor_seconds: int, *, gives_way: bool = True
) -> None:
    """Sets the limits of this very process, where the system knows such limits.

    `gives_way`: others go first; not where somebody waits for it in a chat.
    """
    if gives_way and hasattr(os, "nice"):
        os.nice(5)  # whoever chats goes first
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit of the parent remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
