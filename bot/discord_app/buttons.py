"""Choices as Discord's buttons and forms as its modals. Pure.

A button's custom id is the id of its choice and nothing else, so it works after any restart.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import structlog

from tutor.messages import Choice, Form, FormField, Style

log = structlog.get_logger()

BUTTONS_A_ROW = 5
ROWS = 5
LABEL_CHARACTERS = 80
TITLE_CHARACTERS = 45
INPUT_CHARACTERS = 4000
FIELDS = 5
OPTIONS = 25

ACTION_ROW, BUTTON, SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
_STYLES = {Style.PRIMARY: 1, Style.SECONDARY: 2, Style.DANGER: 4}

Json = dict[str, Any]


def button_rows(choices: Sequence[Choice]) -> list[Json]:
    """Buttons in rows of five; Discord shows no more than 25."""
    shown = choices[: BUTTONS_A_ROW * ROWS]
    if len(shown) < len(choices):
        log.warning("buttons_cut", shown=len(shown), given=len(choices))
    return [
        {"type": ACTION_ROW, "components": [_button(c) for c in shown[i : i + BUTTONS_A_ROW]]}
        for i in range(0, len(shown), BUTTONS_A_ROW)
    ]


def _button(choice: Choice) -> Json:
    button: Json = {"type": BUTTON, "style": _STYLES[choice.style], "custom_id": choice.id}
    if choice.label:
        button["label"] = shorten(choice.label, LABEL_CHARACTERS)
    if choice.emoji:
        button["emoji"] = {"name": choice.emoji}
    return button


def modal(custom_id: str, form: Form) -> Json:
    """The data of a response that opens `form`."""
    assert len(form.fields) <= FIELDS, form.title
    return {
        "custom_id": custom_id,
        "title": shorten(form.title, TITLE_CHARACTERS),
        "components": [_labelled(field) for field in form.fields],
    }


def _labelled(field: FormField) -> Json:
    control = _select(field) if field.options else _text_input(field)
    return {"type": LABEL, "label": shorten(field.label, TITLE_CHARACTERS), "component": control}


def _text_input(field: FormField) -> Json:
    longest = min(field.max_length, INPUT_CHARACTERS)
    control: Json = {
        "type": TEXT_INPUT,
        "custom_id": field.name,
        "style": 2 if field.multiline else 1,
        "required": field.required,
        "max_length": longest,
    }
    if field.value:
        control["value"] = field.value[:longest]
    return control


def _select(field: FormField) -> Json:
    options = [
        {"value": value, "label": shorten(label, 100), "default": value == field.value}
        for value, label in field.options[:OPTIONS]
    ]
    return {
        "type": SELECT,
        "custom_id": field.name,
        "required": field.required,
        "min_values": 1 if field.required else 0,
        "max_values": 1,
        "options": options,
    }


def submitted_fields(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What was entered in a modal, by field name; labels and action rows alike."""
    return dict(_entries(components))


def _entries(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("components") or []
        if component.get("component"):
            inner = [*inner, component["component"]]
        yield from _entries(inner)
        if "custom_id" not in component:
            continue
        if "values" in component:
            yield component["custom_id"], ",".join(component["values"] or [])
        elif "value" in component:
            yield component["custom_id"], component["value"] or ""


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
