"""Slack's written text as people meant it: entities decoded, our own mention taken out. Pure."""

import re

_ANGLES = re.compile(r"<([^<>]+)>")


def mentions(text: str, user: str) -> bool:
    """Whether `text` mentions this user."""
    return bool(user) and re.search(rf"<@{re.escape(user)}(\|[^>]*)?>", text) is not None


def mentions_others(text: str, user: str) -> bool:
    """Whether `text` turns to anybody but this user."""
    found = re.findall(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", text)
    return any(other != user for other in found)


def without_mention(text: str, user: str) -> str:
    """`text` without the mention of this user."""
    return re.sub(rf"\s*<@{re.escape(user)}(\|[^>]*)?>[ \t]*[:,，：]?", " ", text).strip()


def plain(text: str) -> str:
    """Links as their address or label, channels by name, entities decoded; mentions stay."""
    decoded = _ANGLES.sub(lambda found: _angle(found.group(1)), text)
    return decoded.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _angle(inner: str) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return f"<{target}>"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[0]
    if not label or label == target.removeprefix("mailto:"):
        return label or target
    return f"{label} ({target})"
