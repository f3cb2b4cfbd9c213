"""Who somebody is in Slack: name, locale and rights, from users.info and remembered for an hour."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.slack_app.clients import Workspace
from bot.slack_app.errors import error_code
from tutor.messages import Role

KEEP_SECONDS = 3600
MAX_PROFILES = 20_000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Profile:
    display_name: str
    locale: str | None = None
    is_admin: bool = False
    is_bot: bool = False


class Profiles:
    """Looks people up; a look-up that fails or takes too long gives what little is known."""

    def __init__(
        self, operators: Iterable[str] = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._operators = frozenset(operators)
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, Profile]] = OrderedDict()

    async def of(
        self, workspace: Workspace, user: str, name: str, budget_seconds: float
    ) -> Profile:
        """The profile of `user`; `name` is what the event called them."""
        kept = self._kept.get((workspace.key, user))
        if kept and self._clock() - kept[0] < KEEP_SECONDS:
            return kept[1]
        task = asyncio.ensure_future(self._look_up(workspace, user, name))
        done, _ = await asyncio.wait({task}, timeout=budget_seconds)
        return task.result() if done else Profile(name or user)

    def name_of(self, workspace: Workspace, user: str) -> str:
        """The name of somebody whom we have met, else their id."""
        kept = self._kept.get((workspace.key, user))
        return kept[1].display_name if kept else user

    def locale_of(self, workspace: Workspace, user: str) -> str | None:
        kept = self._kept.get((workspace.key, user))
        return kept[1].locale if kept else None

    def known_roles(self, workspace: Workspace, team: str, user: str) -> frozenset[Role]:
        """The roles of somebody as far as Slack has told us; a learner's where it has not."""
        kept = self._kept.get((workspace.key, user))
        roles = {Role.LEARNER}
        if kept and kept[1].is_admin:
            roles.add(Role.ADMIN)
        if self._operators & {f"slack:{place}/{user}" for place in (team, workspace.key)}:
            roles.add(Role.OPERATOR)
        return frozenset(roles)

    async def _look_up(self, workspace: Workspace, user: str, name: str) -> Profile:
        try:
            answer = await workspace.client.users_info(user=user, include_locale=True)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning(
                "slack_profile_unavailable", error=error_code(error) or type(error).__name__
            )
            return Profile(name or user)
        found = _read(answer.get("user") or {}, name or user)
        self._keep((workspace.key, user), found)
        return found

    def _keep(self, key: tuple[str, str], profile: Profile) -> None:
        self._kept[key] = (self._clock(), profile)
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_PROFILES:
            self._kept.popitem(last=False)


def _read(user: dict[str, object], fallback: str) -> Profile:
    profile = user.get("profile")
    details = profile if isinstance(profile, dict) else {}
    names = (details.get("display_name"), details.get("real_name"), user.get("real_name"))
    name = next((str(n) for n in (*names, user.get("name")) if n), fallback)
    locale = user.get("locale")
    return Profile(
        display_name=name,
        locale=str(locale) if locale else None,
        is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        is_bot=bool(user.get("is_bot")),
    )
