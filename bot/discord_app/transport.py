"""The library's HTTP client at a configured address, without touching the library's own globals.

Every request and every gateway connection of discord.py passes through these two methods, also the
connections to `resume_gateway_url` and to the default gateway after an invalid session.
"""

import asyncio
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route
from yarl import URL


class AddressedHTTP(HTTPClient):
    """`api_base` is taken whole; an empty `gateway_url` leaves the gateway that Discord names."""

    def __init__(self, loop: asyncio.AbstractEventLoop, api_base: str, gateway_url: str) -> None:
        super().__init__(loop)
        self._api_base = api_base.rstrip("/")
        self._gateway_url = gateway_url

    async def request(self, route: Route, **options: Any) -> Any:
        if route.url.startswith(Route.BASE):
            route.url = self._api_base + route.url.removeprefix(Route.BASE)
        return await super().request(route, **options)

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        if self._gateway_url:
            url = str(URL(self._gateway_url).update_query(URL(url).query))
        return await super().ws_connect(url, compress=compress)
