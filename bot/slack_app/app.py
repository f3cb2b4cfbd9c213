"""The bolt app: authorisation by our own workspaces, and one middleware that takes everything."""

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from bot.slack_app.clients import Workspaces
from bot.slack_app.errors import NotInstalled
from bot.slack_app.middleware import Intake, IntakeMiddleware

BOLT_LOG = logging.getLogger("slack_bolt")
BOLT_LOG.setLevel(logging.ERROR)  # it warns of settings in the environment that we read ourselves


class _Authorize(AsyncAuthorize):
    """Which token belongs to an event."""

    def __init__(self, workspaces: Workspaces) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        whole = enterprise_id if context.is_enterprise_install else None
        try:
            workspace = await self._workspaces.of(team_id, whole)
        except NotInstalled:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user,
            bot_token=workspace.token,
            user_id=user_id,
        )


def make_app(
    workspaces: Workspaces, intake: Intake, signing_secret: str, flow: AsyncOAuthFlow | None
) -> AsyncApp:
    """The app without listeners: what is not taken by the middleware does not exist.

    Requests are verified before they come here (`signatures`), where replays are known too.
    """
    app = AsyncApp(
        logger=BOLT_LOG,
        name="daoshi",
        signing_secret=signing_secret,
        client=workspaces.client(),
        authorize=_Authorize(workspaces),  # type: ignore[arg-type]  # bolt takes these too
        oauth_flow=flow,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.middleware(IntakeMiddleware(intake))
    return app
