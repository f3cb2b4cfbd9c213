"""Every setting of Daoshi, read once at start from the environment or `.env`.

`load_settings` reports everything that is wrong at once, in sentences that name the variable and
what to write there; it never repeats a secret. Knows nothing of what the settings are used for.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import setting_shapes
from bot.setting_problems import InvalidSettings, Problem, missing_companions, problems_of

ENV_FILE = Path(".env")
DISCORD_API_BASE = "https://discord.com/api/v10"
SLACK_API_BASE = "https://slack.com/api/"


def default_data_dir() -> Path:
    """Where this system keeps a program's data for the present user."""
    return user_data_path("daoshi", appauthor=False)


class Settings(BaseSettings):
    """Names without prefix are those that Discord's and Slack's own guides use."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_prefix="DAOSHI_",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        validate_default=False,
        hide_input_in_errors=True,
    )

    database_url: str = ""  # "" means SQLite in the data folder
    data_dir: Path = Field(default_factory=default_data_dir)
    model: str = ""  # "" means the embedded model
    engine_url: str = ""
    engine_api_key: SecretStr = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)  # 0 takes a free one
    public_url: str = ""
    metrics_token: SecretStr = SecretStr("")  # "": /metrics is for this machine, if not public
    log_format: Literal["text", "json"] = "text"
    secret_key: SecretStr = SecretStr("")
    operators: Annotated[tuple[str, ...], NoDecode] = ()  # "discord:123,slack:T1/U2"
    train_on_chats: bool = False
    country: str = ""  # ISO 3166, for helplines; a class's record goes before it
    safeguarding_contact: str = ""  # "discord:123": told where a learner may be in danger
    redact_remote: bool = True  # keeps personal data from the server of DAOSHI_ENGINE_URL
    retention_days: int = Field(default=90, ge=1, le=3650)

    # The addresses come before the tokens: a token's shape is known only of the real platform's.
    discord_api_base: str = DISCORD_API_BASE
    discord_gateway_url: str = ""  # "" means the one that Discord names
    slack_api_base: str = SLACK_API_BASE
    discord_token: SecretStr = Field(default=SecretStr(""), alias="DISCORD_TOKEN")
    discord_message_content: bool = False
    slack_bot_token: SecretStr = Field(default=SecretStr(""), alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), alias="SLACK_SIGNING_SECRET")
    slack_client_id: str = Field(default="", alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr = Field(default=SecretStr(""), alias="SLACK_CLIENT_SECRET")

    _split = field_validator("operators", mode="before")(setting_shapes.split_list)
    _operators = field_validator("operators")(setting_shapes.operators)
    _country = field_validator("country")(setting_shapes.country)
    _contact = field_validator("safeguarding_contact")(setting_shapes.person)
    _folder = field_validator("data_dir")(setting_shapes.absolute_folder)
    _database = field_validator("database_url")(setting_shapes.database_url)
    _http = field_validator("engine_url", "public_url", "discord_api_base", "slack_api_base")(
        setting_shapes.http_url
    )
    _gateway = field_validator("discord_gateway_url")(setting_shapes.websocket_url)
    _discord_token = field_validator("discord_token")(setting_shapes.discord_token)
    _slack_tokens = field_validator("slack_bot_token", "slack_app_token")(
        setting_shapes.slack_token
    )
    _secret_key = field_validator("secret_key")(setting_shapes.secret_key)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be shown, for logs to blot out."""
        values = (getattr(self, field) for field in type(self).model_fields)
        return tuple(v.get_secret_value() for v in values if isinstance(v, SecretStr) and v)

    @property
    def slack_configured(self) -> bool:
        """Socket Mode with two tokens; HTTP with a signing secret and a token or OAuth client."""
        if self.slack_app_token.get_secret_value():
            return bool(self.slack_bot_token.get_secret_value())
        installed = self.slack_bot_token.get_secret_value() or self.slack_client_id
        return bool(self.slack_signing_secret.get_secret_value() and installed)

    @property
    def discord_configured(self) -> bool:
        return bool(self.discord_token.get_secret_value())


def load_settings() -> Settings:
    """Reads and checks all settings and makes the data folder.

    Raises InvalidSettings with every problem that was found.
    """
    problems: list[Problem] = []
    settings = None
    try:
        settings = Settings()
    except ValidationError as error:
        problems += problems_of(error, variable_name)
    raw = read_raw()
    problems += missing_companions(raw)
    folder = Path(raw.get("DAOSHI_DATA_DIR") or default_data_dir())
    problems += setting_shapes.make_private_folder(setting_shapes.absolute_folder(folder))
    if problems or settings is None:
        raise InvalidSettings(tuple(problems))
    return settings


def variable_name(field: str) -> str:
    """The environment variable of a field, given its name or alias."""
    info = Settings.model_fields.get(field)
    alias = info.alias if info else None
    return alias or (field if field.isupper() else f"DAOSHI_{field.upper()}")


def variable_names() -> frozenset[str]:
    """Every environment variable that is a setting."""
    return frozenset(variable_name(field) for field in Settings.model_fields)


def read_raw() -> Mapping[str, str]:
    """What is written in `.env` and the environment, unchecked; the environment wins."""
    written = {**dotenv_values(ENV_FILE), **os.environ}
    return {name.upper(): value for name, value in written.items() if value}
