"""The screen for people: Markdown in blocks, each drawn for good once."""

import io

import pytest
from rich.console import Console

from bot.adapter import Draft, Ending
from bot.terminal.rich_screen import RichScreen, split_stable
from tutor.language import Language

REPLY = """\
Gravity is a **force**.

```python
g = 9.81

print(g)
```

| planet | g |
|---|---|
| Earth | 9.81 |

- first
- second

The end.
"""


@pytest.mark.parametrize("end", range(len(REPLY) + 1))
def test_stable_and_growing_part_are_the_text(end: int) -> None:
    stable, growing = split_stable(REPLY[:end])
    assert stable + growing == REPLY[:end]
    assert stable.count("```") % 2 == 0


def test_reply_streamed_letter_by_letter_is_shown_once_and_rendered() -> None:
    output = io.StringIO()
    screen = RichScreen(Console(file=output, width=60), Language.ENGLISH)
    for end in range(1, len(REPLY)):
        screen.show(Draft(text=REPLY[:end]))
    screen.finish(Draft(text=REPLY, ending=Ending.DONE), [])
    shown = output.getvalue()
    for words in ("Gravity is a force.", "print(g)", "Earth", "first", "The end."):
        assert shown.count(words) == 1, words
    assert "**" not in shown
    assert "```" not in shown


def test_status_gives_way_to_text() -> None:
    output = io.StringIO()
    screen = RichScreen(Console(file=output, width=60, force_terminal=True), Language.ENGLISH)
    screen.show(Draft(status="You are number 2 in line."))
    screen.show(Draft(text="Here"))
    screen.finish(Draft(text="Here it is.", ending=Ending.DONE), [])
    screen.end_exchange()
    assert output.getvalue().rstrip().endswith("Here it is.")
