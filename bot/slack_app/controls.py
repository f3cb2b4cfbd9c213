"""Choices as Slack shows them: 👍 👎 for feedback, buttons, a select where there are many. Pure."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    FeedbackButtonsElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.blocks.basic_components import FeedbackButtonObject

from bot.adapter import Ending
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Choice, Style

BUTTON_CHARACTERS = 75
BUTTONS_A_ROW = 5
MOST_BUTTONS = 10
MOST_OPTIONS = 100
PLACEHOLDER_CHARACTERS = 150
POSITIVE, NEGATIVE = "👍", "👎"

_ENDINGS = {
    Ending.STOPPED: mark("⏹ Stopped"),
    Ending.INTERRUPTED: mark("⚠️ This reply is not complete."),
    Ending.FAILED: mark("⚠️ This reply is not complete."),
}


def control_blocks(choices: Sequence[Choice], *, native_feedback: bool = True) -> list[Block]:
    """Everything that can be pressed under a reply, row by row.

    `native_feedback` False writes 👍 👎 as ordinary buttons, for places that refuse the element.
    """
    feedback = _feedback_pair(choices) if native_feedback else ()
    rest = [choice for choice in choices if choice not in feedback]
    blocks: list[Block] = []
    if feedback:
        blocks.append(_feedback(*feedback))
    for number, row in enumerate(_rows(rest)):
        blocks.append(_row(row, number))
    return blocks


def ending_blocks(ending: Ending | None, language: Language) -> list[Block]:
    """The mark of a reply that did not end well."""
    sentence = _ENDINGS.get(ending) if ending else None
    if sentence is None:
        return []
    return [ContextBlock(elements=[MarkdownTextObject(text=say(language, sentence))])]


def _feedback_pair(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    by_emoji = {choice.emoji: choice for choice in choices if choice.form is None}
    pair = (by_emoji.get(POSITIVE), by_emoji.get(NEGATIVE))
    return tuple(choice for choice in pair if choice is not None) if all(pair) else ()


def _feedback(positive: Choice, negative: Choice) -> ContextActionsBlock:
    return ContextActionsBlock(
        elements=[
            FeedbackButtonsElement(
                action_id="feedback",
                positive_button=_feedback_button(positive),
                negative_button=_feedback_button(negative),
            )
        ]
    )


def _feedback_button(choice: Choice) -> FeedbackButtonObject:
    label = _short(choice.label or choice.emoji)
    return FeedbackButtonObject(
        text=PlainTextObject(text=label), accessibility_label=label, value=choice.id
    )


def _rows(choices: Sequence[Choice]) -> list[list[Choice]]:
    """Each menu alone, then five buttons a row; of many buttons, those without a form in a menu."""
    menus: dict[str, list[Choice]] = {}
    for choice in choices:
        if choice.menu:
            menus.setdefault(choice.menu, []).append(choice)
    buttons = [choice for choice in choices if not choice.menu]
    if len(buttons) > MOST_BUTTONS:
        plain = [choice for choice in buttons if choice.form is None]
        buttons = [choice for choice in buttons if choice.form is not None]
        return [*menus.values(), plain, *_fives(buttons)]
    return [*menus.values(), *_fives(buttons)]


def _fives(choices: Sequence[Choice]) -> list[list[Choice]]:
    starts = range(0, len(choices), BUTTONS_A_ROW)
    return [list(choices[start : start + BUTTONS_A_ROW]) for start in starts]


def _row(row: list[Choice], number: int) -> ActionsBlock:
    if row[0].menu or len(row) > BUTTONS_A_ROW:
        return ActionsBlock(elements=[_select(row, number)])
    return ActionsBlock(elements=[_button(c, f"choice:{number}:{i}") for i, c in enumerate(row)])


def _select(row: list[Choice], number: int) -> StaticSelectElement:
    options = [
        Option(value=choice.id, text=PlainTextObject(text=_label(choice)))
        for choice in row[:MOST_OPTIONS]
    ]
    placeholder = (row[0].menu or "…")[:PLACEHOLDER_CHARACTERS]
    return StaticSelectElement(
        action_id=f"choice:{number}", placeholder=placeholder, options=options
    )


def _button(choice: Choice, action_id: str) -> ButtonElement:
    return ButtonElement(
        action_id=action_id,
        text=PlainTextObject(text=_label(choice), emoji=True),
        value=choice.id,
        style=choice.style.value if choice.style is not Style.SECONDARY else None,
    )


def _label(choice: Choice) -> str:
    return _short(f"{choice.emoji} {choice.label}".strip() or "…")


def _short(text: str) -> str:
    return text if len(text) <= BUTTON_CHARACTERS else text[: BUTTON_CHARACTERS - 1] + "…"
