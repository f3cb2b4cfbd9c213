"""Daoshi's commands as Discord's slash and message menus, registered only when they changed.

Discord allows 200 creations a day, so the hash of what was registered last is kept in the data
folder. The menus are built as data: the library's own commands read them from function signatures,
and Daoshi's commands are records.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import discord
import structlog

from bot.commands.command import Command, Menu, Option, OptionKind
from bot.discord_app.buttons import shorten
from bot.discord_app.rest import Rest
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Role

log = structlog.get_logger()

CHINESE_LOCALES = ("zh-CN", "zh-TW")
SLASH, MESSAGE_MENU = 1, 3
SUBCOMMAND, GROUP = 1, 2
NAME = re.compile(r"[-_\w]{1,32}")
DESCRIPTION_CHARACTERS = 100
VALUES = 25
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
IN_A_SERVER = {"contexts": [0], "integration_types": [0]}
WITH_THE_BOT = {"contexts": [0, 1], "integration_types": [0]}
_KINDS = {
    OptionKind.TEXT: 3,
    OptionKind.INTEGER: 4,
    OptionKind.YES_NO: 5,
    OptionKind.FILE: 11,
}

Json = dict[str, Any]


def menus(commands: Iterable[Command]) -> list[Json]:
    """Everything to register, in the form of Discord's bulk overwrite."""
    roots: dict[str, list[Command]] = {}
    listed = list(commands)
    for command in listed:
        roots.setdefault(command.name.split()[0], []).append(command)
    slash = [_root(name, members) for name, members in roots.items()]
    return slash + [_message_menu(c) for c in listed if c.menu is Menu.BOTH]


def _root(name: str, members: Sequence[Command]) -> Json:
    first = members[0]
    if len(members) == 1 and first.name == name:
        return {
            **_named(name, first, 0),
            "type": SLASH,
            "options": _options(first.options),
            **_rights(members),
        }
    assert all(" " in member.name for member in members), name
    return {**_group(name, members, 0), "type": SLASH, **_rights(members)}


def _group(name: str, members: Sequence[Command], part: int) -> Json:
    """Commands whose names have the same words up to `part`: Discord knows groups of two depths."""
    branches: dict[str, list[Command]] = {}
    for member in members:
        branches.setdefault(member.name.split()[part + 1], []).append(member)
    return {
        "name": name,
        "name_localizations": _localised_name(members[0], part),
        "description": shorten(" · ".join(branches), DESCRIPTION_CHARACTERS),
        "options": [_branch(word, among, part + 1) for word, among in branches.items()],
    }


def _branch(word: str, members: Sequence[Command], part: int) -> Json:
    first = members[0]
    if len(first.name.split()) == part + 1:
        assert len(members) == 1, [member.name for member in members]
        return {
            **_named(word, first, part),
            "type": SUBCOMMAND,
            "options": _options(first.options),
        }
    return {**_group(word, members, part), "type": GROUP}


def _named(name: str, command: Command, part: int) -> Json:
    return {
        "name": name,
        "name_localizations": _localised_name(command, part),
        "description": shorten(command.description, DESCRIPTION_CHARACTERS),
        "description_localizations": _localised(command.description, DESCRIPTION_CHARACTERS),
    }


def _localised_name(command: Command, part: int) -> dict[str, str]:
    """The Chinese name is the first alias, with a space before a subcommand as in the name."""
    words = command.aliases[0].split() if command.aliases else []
    if len(words) <= part or not NAME.fullmatch(words[part]):
        return {}
    return {locale: words[part].lower() for locale in CHINESE_LOCALES}


def _localised(text: str, limit: int) -> dict[str, str]:
    chinese = say(Language.CHINESE, text)
    if chinese == text:
        return {}
    return {locale: shorten(chinese, limit) for locale in CHINESE_LOCALES}


def _options(options: Sequence[Option]) -> list[Json]:
    """Discord wants the required ones first."""
    return [_option(option) for option in sorted(options, key=lambda o: not o.required)]


def _option(option: Option) -> Json:
    payload: Json = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": shorten(option.description, DESCRIPTION_CHARACTERS),
        "description_localizations": _localised(option.description, DESCRIPTION_CHARACTERS),
        "required": option.required,
    }
    if option.kind is OptionKind.INTEGER:
        payload["min_value"] = 0
    if option.values:
        payload["choices"] = [
            {
                "name": shorten(label, 100),
                "value": value,
                "name_localizations": _localised(label, 100),
            }
            for value, label in option.values[:VALUES]
        ]
    return payload


def _message_menu(command: Command) -> Json:
    return {
        "type": MESSAGE_MENU,
        "name": shorten(command.menu_title, 32),
        "name_localizations": _localised(command.menu_title, 32),
        **_rights([command]),
    }


def _rights(members: Sequence[Command]) -> Json:
    """Admins' commands stay in servers and are shown to those who may manage the server."""
    least = {member.role for member in members}
    if least == {Role.ADMIN}:
        manage = str(discord.Permissions(manage_guild=True).value)
        return {**IN_A_SERVER, "default_member_permissions": manage}
    if least == {Role.OPERATOR}:
        manage = str(discord.Permissions(manage_guild=True).value)
        return {**WITH_THE_BOT, "default_member_permissions": manage}
    if least == {Role.TEACHER}:  # teachers are named per course, Discord does not know them
        return {**IN_A_SERVER, "default_member_permissions": None}
    return {**EVERYWHERE, "default_member_permissions": None}


async def register(rest: Rest, application: str, payload: list[Json], folder: Path) -> bool:
    """Registers the menus if they differ from what is there; True if it did."""
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    record = folder / f"discord-commands-{application}.sha256"
    if record.exists() and record.read_text() == digest:
        there = {(menu["type"], menu["name"]) for menu in await rest.commands(application)}
        if there == {(menu["type"], menu["name"]) for menu in payload}:
            return False
    await rest.replace_commands(application, payload)
    record.write_text(digest)
    log.info("commands_registered", count=len(payload))
    return True
