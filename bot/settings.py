"""Every setting of Daoshi, read once at start from the environment or `.env`."""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Names without prefix are those that Discord's and Slack's own guides use."""

    model_config = SettingsConfigDict(
        env_file=".env", env_prefix="DAOSHI_", extra="ignore", populate_by_name=True
    )

    database_url: str = ""  # "" means SQLite in the data folder
    data_dir: Path = Field(default_factory=lambda: user_data_path("daoshi", appauthor=False))
    model: str = ""  # "" means the embedded model
    engine_url: str = ""
    engine_api_key: SecretStr = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    public_url: str = ""
    log_format: Literal["text", "json"] = "text"
    secret_key: SecretStr = SecretStr("")
    operators: Annotated[tuple[str, ...], NoDecode] = ()  # "discord:123,slack:T1/U2"
    train_on_chats: bool = False
    retention_days: int = 90

    discord_token: SecretStr = Field(SecretStr(""), alias="DISCORD_TOKEN")
    discord_message_content: bool = False
    discord_api_base: str = "https://discord.com/api/v10"
    discord_gateway_url: str = ""  # "" means the one that Discord names
    slack_bot_token: SecretStr = Field(SecretStr(""), alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(SecretStr(""), alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(SecretStr(""), alias="SLACK_SIGNING_SECRET")
    slack_client_id: str = Field("", alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr = Field(SecretStr(""), alias="SLACK_CLIENT_SECRET")
    slack_api_base: str = "https://slack.com/api/"
