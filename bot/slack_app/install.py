"""Installations of the app in several workspaces, with every token encrypted at rest.

Implements the library's installation store and OAuth state store on our database.
"""

import base64
import json
import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.settings import Settings
from bot.slack_app.clients import Workspaces
from bot.slack_app.http_events import INSTALL_PATH, REDIRECT_PATH
from bot.slack_app.manifest import BOT_SCOPES
from storage import installations as rows
from storage.database import Database
from tutor.messages import Platform

KEY_FILE = "secret.key"
STATE_LIFETIME = timedelta(minutes=10)
_PURPOSE = b"daoshi slack installations v1"
_sdk_log = logging.getLogger("slack_sdk.oauth")
log = structlog.get_logger()


def secret_of(settings: Settings) -> str:
    """DAOSHI_SECRET_KEY, or without one a key that is made once in the data folder."""
    given = settings.secret_key.get_secret_value()
    file = settings.data_dir / KEY_FILE
    if given or file.exists():
        return given or file.read_text()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    draft = settings.data_dir / f"{KEY_FILE}.{secrets.token_hex(4)}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(32))
    with suppress(FileExistsError):  # another process was first: its key counts
        os.link(draft, file)
    draft.unlink()
    return file.read_text()


def vault(secret_key: str) -> Fernet:
    """The cipher for tokens, derived from the secret key."""
    assert secret_key, "an empty key encrypts nothing"
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


class Installations(AsyncInstallationStore):
    """One row per installation: the bot's under no user, and each installer's own.

    `changed` is told of a workspace (team, enterprise) whose tokens are new or gone, `installed` of
    who installed us.
    """

    def __init__(self, database: Database, cipher: Fernet) -> None:
        self.database = database
        self._cipher = cipher
        self.changed: Callable[[str | None, str | None], None] = lambda team, enterprise: None
        self.installed: Callable[[Installation], None] = lambda installation: None

    @classmethod
    def of(cls, settings: Settings, database: Database | None) -> "Installations":
        """The store that the settings ask for."""
        assert database is not None, "several workspaces need a database"
        return cls(database, vault(secret_of(settings)))

    @property
    def logger(self) -> logging.Logger:
        return _sdk_log

    async def find_token(self, team: str | None, enterprise: str | None) -> tuple[str, str] | None:
        """The workspace's key and bot token; an organisation's installation covers its teams."""
        for enterprise_id, team_id in ((None, team), (enterprise, None)):
            if not (team_id or enterprise_id):
                continue
            bot = await self.async_find_bot(
                enterprise_id=enterprise_id,
                team_id=team_id,
                is_enterprise_install=team_id is None,
            )
            if bot is not None and bot.bot_token:
                return str(team_id or enterprise_id), bot.bot_token
        return None

    async def workspaces(self) -> list[tuple[str | None, str | None]]:
        """(team, enterprise) of everyone who has installed us; one of the two is None."""
        async with self.database.read() as session:
            found = await rows.installed_workspaces(session, Platform.SLACK.value)
        return [(team or None, enterprise or None) for enterprise, team in found]

    async def async_save(self, installation: Installation) -> None:
        await self.async_save_bot(installation.to_bot())
        await self._save(
            installation.enterprise_id,
            installation.team_id,
            installation.is_enterprise_install,
            installation.user_id,
            installation.to_dict_for_copying(),
        )
        self.changed(installation.team_id, installation.enterprise_id)
        self.installed(installation)

    async def async_save_bot(self, bot: Bot) -> None:
        await self._save(
            bot.enterprise_id, bot.team_id, bot.is_enterprise_install, "", bot.to_dict_for_copying()
        )

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        stored = await self._find(enterprise_id, team_id, is_enterprise_install, "")
        return Bot(**stored) if stored else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        stored = await self._find(enterprise_id, team_id, is_enterprise_install, user_id)
        return Installation(**stored) if stored else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.async_delete_installation(
            enterprise_id=enterprise_id, team_id=team_id, user_id=""
        )

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        async with self.database.write() as session:
            await rows.delete_installation(
                session, **_key(enterprise_id, team_id, not team_id), user_id=user_id
            )
        self.changed(team_id, enterprise_id)

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.async_delete_installation(enterprise_id=enterprise_id, team_id=team_id)

    async def _save(
        self,
        enterprise: str | None,
        team: str | None,
        whole: bool | None,
        user: str,
        values: dict[str, Any],
    ) -> None:
        sealed = self._cipher.encrypt(json.dumps(values, default=str).encode())
        key = _key(enterprise, team, bool(whole))
        async with self.database.write() as session:
            await rows.save_installation(
                session, **key, user_id=user, payload=sealed, now=datetime.now(UTC)
            )

    async def _find(
        self, enterprise: str | None, team: str | None, whole: bool | None, user: str | None
    ) -> dict[str, Any] | None:
        key = _key(enterprise, team, bool(whole))
        async with self.database.read() as session:
            sealed = await rows.find_installation(session, **key, user_id=user)
        if sealed is None:
            return None
        try:
            found = json.loads(self._cipher.decrypt(sealed))
        except InvalidToken:
            log.error("slack_installation_unreadable", why="the secret key has changed")  # noqa: TRY400
            return None
        return found if isinstance(found, dict) else None


class _Key(TypedDict):
    platform: str
    enterprise_id: str
    team_id: str


def _key(enterprise: str | None, team: str | None, whole: bool) -> _Key:
    """The row's workspace: team ids are unique, so only organisations name their own id."""
    enterprise_id, team_id = (enterprise or "", "") if whole else ("", team or "")
    return _Key(platform=Platform.SLACK.value, enterprise_id=enterprise_id, team_id=team_id)


class OAuthStates(AsyncOAuthStateStore):
    """States that are good for one return within ten minutes."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @property
    def logger(self) -> logging.Logger:
        return _sdk_log

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        state = secrets.token_urlsafe(32)
        async with self._database.write() as session:
            await rows.issue_state(session, state, self._now() + STATE_LIFETIME)
        return state

    async def async_consume(self, state: str) -> bool:
        async with self._database.write() as session:
            return await rows.consume_state(session, state, self._now())


def oauth_flow(
    settings: Settings,
    store: Installations,
    workspaces: Workspaces,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncOAuthFlow:
    """“Add to Slack”: the pages at /slack/install and /slack/oauth_redirect."""
    public = settings.public_url.rstrip("/")
    return AsyncOAuthFlow(
        client=workspaces.client(),
        logger=_sdk_log,
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
            scopes=list(BOT_SCOPES),
            user_scopes=[],
            redirect_uri=f"{public}{REDIRECT_PATH}" if public else None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=store,
            state_store=OAuthStates(store.database, now),
            logger=_sdk_log,
        ),
    )
