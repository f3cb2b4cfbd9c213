"""The one port: health for whoever watches the process, metrics, and the routes of platforms.

Decides who may read metrics, and nothing else. It trusts no forwarding header: a request that was
forwarded counts as coming from anywhere. Where the port has a public address, every request does,
since a proxy on this machine need not say that it forwards.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Iterable, Mapping

from aiohttp import web

from bot.metrics import Metrics

FORWARDING_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
MAX_BODY_BYTES = 2 * 1024 * 1024

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]
"""What has to be there to answer people, by name."""


class PortUnavailable(Exception):
    """The address, which is the message, can't be listened on."""


def build_app(
    metrics: Metrics,
    readiness: Readiness,
    *,
    metrics_token: str = "",
    is_public: bool = False,
    routes: Iterable[web.AbstractRouteDef] = (),
) -> web.Application:
    """The application behind the port; `is_public` says that it is reached from outside."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        parts = dict(await readiness())
        ready = all(parts.values())
        body = {"status": "ready" if ready else "not ready", "parts": parts}
        return web.json_response(body, status=200 if ready else 503)

    async def show_metrics(request: web.Request) -> web.Response:
        trusted_peer = None if is_public else request.remote
        if not may_read_metrics(trusted_peer, request.headers, metrics_token):
            raise web.HTTPForbidden(
                text="metrics are for the bearer token; without DAOSHI_PUBLIC_URL also for this "
                "machine\n"
            )
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain"})

    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", show_metrics)
    app.add_routes(routes)
    return app


def may_read_metrics(peer: str | None, headers: Mapping[str, str], token: str) -> bool:
    """Whether the peer is this very machine and no proxy on it, or knows the token.

    `peer` None: it can't be told who asks.
    """
    scheme, _, given = headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in headers for name in FORWARDING_HEADERS):
        return False
    try:
        return ipaddress.ip_address(peer or "").is_loopback
    except ValueError:
        return False


class HttpServer:
    """Listens until it is closed."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None)
        self._host = host
        self._port = port

    async def start(self) -> int:
        """Begins to listen; returns the port, which the system chose if 0 was asked for.

        Raises PortUnavailable.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise PortUnavailable(f"{self._host}:{self._port}") from error
        port: int = self._runner.addresses[0][1]
        return port

    async def close(self) -> None:
        await self._runner.cleanup()
