"""Takes personal data out of examples: placeholders stand for it, and what they stood for is gone.

In published problems names stay, since "Mrs. Smith has 12 apples" tells of nobody, and so do the
numbers and places of their sums.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from training.datasets.example import ChatMessage
from training.datasets.reading.found import Row
from tutor.safety.personal_data import Placeholders

LEFT_IN_PUBLISHED = frozenset({"NAME", "ADDRESS", "ID"})


def scrubbed(row: Row) -> tuple[Row, Mapping[str, int]]:
    """The row without personal data, and how many values of which kind were replaced."""
    example = row.example
    placeholders = Placeholders(left=LEFT_IN_PUBLISHED if row.published else frozenset())
    texts = [one.content for one in example.messages]
    *contents, chosen, rejected, text = placeholders.hide(
        [*texts, example.chosen, example.rejected, example.text]
    )
    if not placeholders:
        return row, {}
    messages = tuple(
        ChatMessage(one.role, content)
        for one, content in zip(example.messages, contents, strict=True)
    )
    clean = replace(example, messages=messages, chosen=chosen, rejected=rejected, text=text)
    return replace(row, example=clean), Counter(placeholders.kinds())
