"""Whether a message can ask for a picture at all: a look at it that costs microseconds.

Almost no message does, and every message is looked at. What passes is read properly.
"""

import re2

LONGEST = 400
"""Characters. Whoever writes more tells something, and asks for a picture separately."""

_SIGNS = (
    "draw|drow|darw|drwa|drw|dra+w|deaw|dreaw|draq|dwar|paint|sketch|doodle|pic|photo|image|img"
    "|pitch?ure|show|shwo|sho me|hand ?writ"
    "|hand-writ|by hand|look|lemme see|let me see|(?:to|wanna|can i|wana|want 2) see|illustrat"
    "|画|畫|绘|繪|图|圖|照片|相片|想看|要看|我看|看看|手写|手寫|style|风格|風格|线条|样|樣|展示|来只|来个|立体|来张|来一|來"
)
_ASKS = re2.compile(f"(?i)(?:{_SIGNS})")
SHORT = 60
"""Characters of a message that may speak of the picture before it: "again", "bigger"."""


def may_ask(text: str, *, after_picture: bool) -> bool:
    """False is certain."""
    if len(text) > LONGEST:
        return False
    return (after_picture and len(text) <= SHORT) or _ASKS.search(text) is not None
