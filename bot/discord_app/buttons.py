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
OPTION_CHARACTERS = 100
PLACEHOLDER_CHARACTERS = 150
ID_CHARACTERS = 100
MENU = "menu:"

ACTION_ROW, BUTTON, SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
_STYLES = {Style.PRIMARY: 1, Style.SECONDARY: 2, Style.DANGER: 4}

Json = dict[str, Any]


def button_rows(choices: Sequence[Choice]) -> list[Json]:
    """Buttons in rows of five, each menu in a row of its own; Discord shows no more than five rows.

    Menus go first: without them a question can't be answered.
    """
    menus: dict[str, list[Choice]] = {}
    for choice in choices:
        if choice.menu:
            menus.setdefault(choice.menu, []).append(choice)
    rows = [_menu(label, options) for label, options in menus.items()]
    buttons = [choice for choice in choices if not choice.menu]
    rows += [_row(buttons[i : i + BUTTONS_A_ROW]) for i in range(0, len(buttons), BUTTONS_A_ROW)]
    if len(rows) > ROWS:
        log.warning("buttons_cut", rows=len(rows), choices=len(choices))
    return rows[:ROWS]


def menu_choice(data: Mapping[str, Any]) -> str:
    """The id of the choice that was pressed: of the button, or of the option of a menu."""
    pressed = str(data["custom_id"])
    values = data.get("values") or []
    return str(values[0]) if pressed.startswith(MENU) and values else pressed


def _row(choices: Sequence[Choice]) -> Json:
    return {"type": ACTION_ROW, "components": [_button(choice) for choice in choices]}


def _menu(label: str, choices: Sequence[Choice]) -> Json:
    options = [_option(choice) for choice in choices[:OPTIONS]]
    if len(options) < len(choices):
        log.warning("options_cut", shown=len(options), given=len(choices))
    custom_id = f"{MENU}{choices[0].id}"[:ID_CHARACTERS]
    menu = {"type": SELECT, "custom_id": custom_id, "options": options}
    placeholder = shorten(label, PLACEHOLDER_CHARACTERS)
    return {"type": ACTION_ROW, "components": [{**menu, "placeholder": placeholder}]}


def _option(choice: Choice) -> Json:
    option: Json = {"value": choice.id, "label": shorten(choice.label, OPTION_CHARACTERS)}
    if choice.emoji:
        option["emoji"] = {"name": choice.emoji}
    return option


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
    shown = [(value, shorten(label, OPTION_CHARACTERS)) for value, label in field.options[:OPTIONS]]
    options = [
        {"value": value, "label": label, "default": value == field.value} for value, label in shown
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
