"""Whether care comes before any lesson: stands between every message and its grading."""

from tutor.safety.concern import find_concern


def is_distress(text: str) -> bool:
    """Whether a person may be in danger."""
    concern = find_concern(text)
    return concern is not None and concern.in_danger
