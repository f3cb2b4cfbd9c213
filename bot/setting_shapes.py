"""What each kind of setting must look like. Pure checks, but for making the data folder.

The checks are lenient: what a platform might accept passes, since a wrong refusal costs more than
a late one. A `Wrong` carries a sentence of the catalogue, never the value of a secret.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.setting_problems import Problem, Wrong
from tutor.i18n import mark

DATABASES = ("sqlite", "postgresql", "postgres")
MIN_SECRET_KEY_CHARACTERS = 32
_DISCORD_TOKEN = re.compile(r"[\w-]{10,}\.[\w-]{4,}\.[\w-]{10,}")
_OPERATOR = re.compile(r"(discord:\d+|slack:[A-Z0-9]+/[A-Z0-9]+|terminal:\S.*)")
_SLACK_PREFIXES = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}


def split_list(value: object) -> object:
    """`a, b` as a tuple; anything but text stays as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def operators(value: tuple[str, ...]) -> tuple[str, ...]:
    for entry in value:
        if not _OPERATOR.fullmatch(entry):
            raise Wrong(
                mark(
                    "“{entry}” names nobody. Write people as discord:USER_ID, "
                    "slack:TEAM_ID/USER_ID or terminal:NAME, with commas between them."
                ),
                entry=entry,
            )
    return value


def person(value: str) -> str:
    """One person, written as an operator is."""
    operators((value,) if value else ())
    return value


def country(value: str) -> str:
    """Two letters, in capitals."""
    if value and not re.fullmatch(r"[A-Za-z]{2}", value):
        raise Wrong(mark("is no country. Write its two letters, such as CN or US."))
    return value.upper()


def absolute_folder(value: Path) -> Path:
    return value.expanduser().absolute()


def database_url(value: str) -> str:
    """`value`, if SQLAlchemy understands it; the driver is the storage's business."""
    try:
        known = not value or make_url(value).get_backend_name() in DATABASES
    except ArgumentError:
        known = False
    if not known:
        raise Wrong(
            mark(
                "is no database address. Write postgresql://USER:PASSWORD@HOST/NAME, or leave it "
                "out for SQLite in the data folder."
            )
        )
    return value


def http_url(value: str) -> str:
    return _url(value, "http", "https")


def websocket_url(value: str) -> str:
    return _url(value, "ws", "wss")


def discord_token(value: SecretStr, info: ValidationInfo) -> SecretStr:
    """The token without a pasted `Bot ` in front of it."""
    token = value.get_secret_value().strip().removeprefix("Bot ").strip()
    real = "discord.com" in info.data.get("discord_api_base", "discord.com")
    fits = _DISCORD_TOKEN.fullmatch(token) if real else not re.search(r"\s", token)
    if token and not fits:
        raise Wrong(
            mark(
                "is no bot token: it has three parts with dots between them. Copy it from "
                "discord.com/developers → your application → Bot → Reset Token (neither the "
                "client secret nor the public key)."
            )
        )
    return SecretStr(token)


def slack_token(value: SecretStr, info: ValidationInfo) -> SecretStr:
    assert info.field_name is not None, info
    token = value.get_secret_value().strip()
    prefix = _SLACK_PREFIXES[info.field_name]
    real = "slack.com" in info.data.get("slack_api_base", "slack.com")
    foreign = any(token.startswith(other) for other in _SLACK_PREFIXES.values() if other != prefix)
    malformed = foreign or re.search(r"\s", token) or (real and not token.startswith(prefix))
    if token and malformed:
        raise Wrong(
            mark("must begin with {prefix}. Copy it from api.slack.com/apps → your app → {page}."),
            prefix=prefix,
            page="OAuth & Permissions" if prefix == "xoxb-" else "Basic Information",
        )
    return SecretStr(token)


def secret_key(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < MIN_SECRET_KEY_CHARACTERS:
        raise Wrong(
            mark("is too short: use at least {count} characters, for example from {command}."),
            count=MIN_SECRET_KEY_CHARACTERS,
            command="openssl rand -base64 32",
        )
    return value


def make_private_folder(folder: Path) -> list[Problem]:
    """Makes the folder, for its owner only; a problem if that can't be done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return [
            Problem(
                "DAOSHI_DATA_DIR",
                mark("{folder} can't be made or written to ({reason}). Name another folder."),
                {"folder": str(folder), "reason": error.strerror or type(error).__name__},
            )
        ]
    return []


def _url(value: str, *schemes: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if value and not fits:
        raise Wrong(
            mark("is no address that begins with {schemes}."),
            schemes=" / ".join(f"{scheme}://" for scheme in schemes),
        )
    return value
