"""The menus that are registered, and the forms and buttons that are sent. No connection."""

import re

from bot.commands import COMMANDS
from bot.commands.command import Command, Menu, Option, OptionKind
from bot.discord_app.buttons import button_rows, menu_choice, modal, submitted_fields
from bot.discord_app.commands import menus
from bot.discord_app.invocations import invocation_of
from tests.doubles.discord_limits import check_commands, check_components, check_modal
from tutor.messages import Choice, Form, FormField, Role, Style

MANAGE_SERVER = str(1 << 5)


async def nothing(services, turn):  # type: ignore[no-untyped-def]
    return
    yield


def by_name(payload: list[dict], name: str) -> dict:
    return next(menu for menu in payload if menu["name"] == name)


def test_all_of_daoshis_commands_pass_discords_checks() -> None:
    payload = menus(COMMANDS)
    check_commands(payload)
    slash = {menu["name"] for menu in payload if menu["type"] == 1}
    assert slash == {command.name.split()[0] for command in COMMANDS}


def test_every_command_has_rights_contexts_and_a_chinese_name() -> None:
    for menu in menus(COMMANDS):
        assert "default_member_permissions" in menu
        assert menu["contexts"] and menu["integration_types"]
        if menu["type"] == 1:
            assert re.search(r"[\u4e00-\u9fff]", menu["name_localizations"]["zh-CN"]), menu["name"]
            assert menu["name_localizations"]["zh-TW"] == menu["name_localizations"]["zh-CN"]


def test_subcommands_are_grouped_under_their_first_word() -> None:
    data = by_name(menus(COMMANDS), "data")
    assert [option["name"] for option in data["options"]] == ["export", "delete", "consent"]
    assert all(option["type"] == 1 for option in data["options"])
    assert data["options"][0]["name_localizations"]["zh-CN"] == "导出"


def test_commands_of_admins_are_shown_to_those_who_manage_the_server() -> None:
    payload = menus(COMMANDS)
    assert by_name(payload, "setup")["default_member_permissions"] == MANAGE_SERVER
    assert by_name(payload, "setup")["contexts"] == [0]
    assert by_name(payload, "ask")["default_member_permissions"] is None
    assert by_name(payload, "ask")["contexts"] == [0, 1, 2]


def test_message_menus_are_those_for_both_platforms() -> None:
    titles = {menu["name"] for menu in menus(COMMANDS) if menu["type"] == 3}
    assert titles == {c.menu_title for c in COMMANDS if c.menu is Menu.BOTH}
    assert titles == {"Explain", "Translate"}


def test_required_options_come_first() -> None:
    command = Command(
        "draw",
        "Draw something",
        nothing,
        options=(
            Option("colour", "Which colour", required=False, values=(("r", "Red"), ("g", "Green"))),
            Option("what", "What to draw"),
            Option("count", "How many", OptionKind.INTEGER, required=False),
            Option("paint", "In paint", OptionKind.YES_NO, required=False),
            Option("model", "A file", OptionKind.FILE, required=False),
        ),
        role=Role.OPERATOR,
    )
    (menu,) = menus([command])
    assert [option["name"] for option in menu["options"]] == [
        "what",
        "colour",
        "count",
        "paint",
        "model",
    ]
    assert [option["type"] for option in menu["options"]] == [3, 3, 4, 5, 11]
    check_commands([menu])


def test_arguments_are_read_as_text() -> None:
    data = {
        "name": "data",
        "type": 1,
        "options": [
            {
                "name": "import",
                "type": 1,
                "options": [
                    {"name": "count", "type": 4, "value": 3},
                    {"name": "paint", "type": 5, "value": True},
                    {"name": "model", "type": 11, "value": "9"},
                ],
            }
        ],
        "resolved": {
            "attachments": {
                "9": {"id": "9", "filename": "a.txt", "size": 3, "url": "https://cdn/a.txt"}
            }
        },
    }
    invocation = invocation_of(data, {})
    assert invocation.call.name == "data import"
    assert dict(invocation.call.arguments) == {"count": "3", "paint": "yes", "model": "a.txt"}
    assert invocation.attachments[0].reference == "https://cdn/a.txt"


def test_buttons_stand_in_rows_and_no_more_than_discord_shows() -> None:
    choices = [Choice(f"c{n}", "x" * 100, Style.PRIMARY) for n in range(30)]
    rows = button_rows(choices)
    assert [len(row["components"]) for row in rows] == [5, 5, 5, 5, 5]
    assert len(rows[0]["components"][0]["label"]) == 80
    check_components(rows)


def test_choices_of_one_menu_stand_in_a_select_of_their_own() -> None:
    options = [Choice(f"c{n}", f"Answer {n}", menu="Your answer") for n in range(7)]
    rows = button_rows([*options, Choice("hint", "Hint", emoji="💡")])
    menu, button = (row["components"][0] for row in rows)
    assert menu["placeholder"] == "Your answer"
    assert [option["value"] for option in menu["options"]] == [f"c{n}" for n in range(7)]
    assert menu_choice({"custom_id": menu["custom_id"], "values": ["c4"]}) == "c4"
    assert menu_choice({"custom_id": button["custom_id"]}) == "hint"
    check_components(rows)


def test_form_is_a_modal_within_discords_limits() -> None:
    form = Form(
        "A title that is far too long for what Discord shows over a form",
        (
            FormField("reason", "Why", value="b", options=(("a", "A"), ("b", "B"))),
            FormField("note", "More", "as it was", multiline=True, required=False, max_length=9000),
        ),
        "Send",
    )
    data = modal("choice-1", form)
    check_modal(data)
    select, text = (label["component"] for label in data["components"])
    assert [option["default"] for option in select["options"]] == [False, True]
    assert (text["max_length"], text["value"]) == (4000, "as it was")


def test_fields_of_a_form_are_read_from_labels_and_from_rows() -> None:
    labels = [
        {"type": 18, "component": {"type": 3, "custom_id": "reason", "values": ["a"]}},
        {"type": 1, "components": [{"type": 4, "custom_id": "note", "value": "text"}]},
    ]
    assert submitted_fields(labels) == {"reason": "a", "note": "text"}
