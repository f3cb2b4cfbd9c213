"""Slack's HTTP endpoint, and the pages of an installation, as routes of Daoshi's one server."""

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from bot.slack_app.signatures import Signatures

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


class HttpEvents:
    """Takes signed requests; everything else is 401."""

    def __init__(self, app: AsyncApp, signatures: Signatures) -> None:
        self._app = app
        self._signatures = signatures

    async def handle(self, request: web.Request) -> web.Response:
        signature = self._signatures.accept(await request.read(), request.headers)
        if signature is None:
            return web.json_response({"error": "invalid request"}, status=401)
        taken = False
        try:
            try:
                wanted = await to_bolt_request(request)
            except ValueError:  # signed, and yet no JSON
                return web.json_response({"error": "invalid body"}, status=400)
            answer = await self._app.async_dispatch(wanted)
            taken = answer.status == 200
            return await to_aiohttp_response(answer)
        finally:
            if not taken:
                self._signatures.release(signature)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(EVENTS_PATH, self.handle)]


class InstallPages:
    """“Add to Slack” and the return from there."""

    def __init__(self, flow: AsyncOAuthFlow) -> None:
        self._flow = flow

    async def install(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(
            await self._flow.handle_installation(await to_bolt_request(request))
        )

    async def returned(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(
            await self._flow.handle_callback(await to_bolt_request(request))
        )

    def routes(self) -> list[web.RouteDef]:
        return [web.get(INSTALL_PATH, self.install), web.get(REDIRECT_PATH, self.returned)]
