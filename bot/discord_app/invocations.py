"""What a slash command or message menu was called with, from its raw payload. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.messages import Attachment, CommandCall

SUBCOMMAND, GROUP, ATTACHMENT = 1, 2, 11
MESSAGE_MENU = 3

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Invocation:
    """`target` is the message on which a menu was opened, `text` what that message says."""

    call: CommandCall
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    target: str | None = None


def invocation_of(data: Data, menus: Mapping[str, str]) -> Invocation:
    """`menus` gives the command's name for a menu's title."""
    if data.get("type") == MESSAGE_MENU:
        return _menu(data, menus)
    name, options = _leaf(data)
    files = (data.get("resolved") or {}).get("attachments") or {}
    arguments = {o["name"]: _text(o, files) for o in options}
    given = [files[str(o["value"])] for o in options if o["type"] == ATTACHMENT]
    return Invocation(
        CommandCall(name, arguments), attachments=tuple(_attachment(file) for file in given)
    )


def _menu(data: Data, menus: Mapping[str, str]) -> Invocation:
    target = str(data["target_id"])
    message = data["resolved"]["messages"][target]
    text = str(message.get("content") or "")
    return Invocation(
        CommandCall(menus.get(data["name"], data["name"]), {"text": text}),
        text=text,
        attachments=tuple(_attachment(file) for file in message.get("attachments") or ()),
        target=target,
    )


def _leaf(data: Data) -> tuple[str, Sequence[Data]]:
    """The whole name with its subcommand, and the options given to that."""
    name = str(data["name"])
    options: Sequence[Data] = data.get("options") or []
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        name = f"{name} {options[0]['name']}"
        options = options[0].get("options") or []
    return name, options


def _text(option: Data, files: Mapping[str, Data]) -> str:
    value = option["value"]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if option["type"] == ATTACHMENT:
        return str(files[str(value)]["filename"])
    return str(value)


def _attachment(file: Data) -> Attachment:
    media_type = file.get("content_type") or "application/octet-stream"
    return Attachment(str(file["filename"]), str(media_type), int(file["size"]), str(file["url"]))
