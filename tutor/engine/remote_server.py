"""Speaks HTTP with one OpenAI-compatible server: addresses, key, retries, and errors as ours.

Knows what such servers have in common and what vLLM adds, and nothing of prompts or streams of
text. The key is in the session's headers only, never in an error or a log.
"""

import asyncio
import json
import logging
import random
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tutor.engine.contract import (
    EngineBusy,
    EngineError,
    EngineUnavailable,
    ModelUnusable,
    RequestRefused,
)
from tutor.i18n import mark

log = logging.getLogger(__name__)

ATTEMPTS = 4
LONGEST_PAUSE_SECONDS = 8.0
TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_read=120)
MAX_ERROR_BYTES = 10_000
Json = Mapping[str, Any]


class RemoteServer:
    """`base_url` is that of the API, usually ending in `/v1`; a bare address gets it added."""

    def __init__(self, base_url: str, api_key: str, pause_seconds: float = 0.5) -> None:
        self.base_url = _checked(base_url)
        self.root_url = self.base_url.removesuffix("/v1")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._pause_seconds = pause_seconds
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def post(self, path: str, body: Json) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response to a request that succeeded; tried again while nothing has been answered."""
        response = await self._send("POST", self.base_url + path, body)
        try:
            yield response
        finally:
            response.close()

    async def ask(self, path: str, body: Json | None = None, *, root: bool = False) -> Any:
        """The JSON answer of a GET, or of a POST of `body`; `root` addresses vLLM's own paths."""
        url = (self.root_url if root else self.base_url) + path
        response = await self._send("GET" if body is None else "POST", url, body)
        try:
            text = await response.text()
            return json.loads(text) if text.lstrip().startswith(("{", "[")) else text
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise EngineUnavailable(f"The server's answer broke off: {_kind(error)}.") from error
        finally:
            response.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, method: str, url: str, body: Json | None) -> aiohttp.ClientResponse:
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._send_once(method, url, body)
            except (EngineUnavailable, EngineBusy) as error:
                if attempt >= ATTEMPTS or isinstance(error, ModelUnusable):
                    raise
                pause = _retry_after(error) or self._pause_seconds * 2 ** (attempt - 1)
                log.warning("Attempt %d at the text server failed: %s", attempt, error)
                await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS) * random.uniform(0.8, 1.2))  # noqa: S311

    async def _send_once(self, method: str, url: str, body: Json | None) -> aiohttp.ClientResponse:
        try:
            response = await self._open_session().request(
                method, url, json=body, allow_redirects=False
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise EngineUnavailable(f"The server cannot be reached: {_kind(error)}.") from error
        if response.status == 200:
            return response
        try:
            said = _message(await response.content.read(MAX_ERROR_BYTES))
        except (aiohttp.ClientError, TimeoutError):
            said = ""
        finally:
            response.close()
        raise _error_of(response.status, said, response.headers.get("Retry-After"))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=TIMEOUT)
        return self._session


class _RetryLater(EngineBusy):
    """The server is full; `after_seconds` is when it wants to be asked again, if it said so."""

    after_seconds: float | None = None


def error_in_stream(error: object) -> EngineError:
    """What a server reports in the middle of a stream that began well."""
    said = error.get("message", "") if isinstance(error, dict) else str(error)
    code = error.get("code") if isinstance(error, dict) else None
    return _error_of(code if isinstance(code, int) else 500, _unquoted(str(said)), None)


def _error_of(status: int, said: str, retry_after: str | None) -> EngineError:
    """Ours for theirs: 429 busy, other 4xx refused, the rest unavailable."""
    if status in (401, 403):
        return ModelUnusable(
            mark("The text server refuses the key. Check DAOSHI_ENGINE_API_KEY (status {status})."),
            status=str(status),
        )
    if status == 429:
        busy = _RetryLater(f"The server has too many requests. {said}")
        busy.after_seconds = _seconds(retry_after)
        return busy
    if status in (408, 409, 425) or status >= 500 or status < 400:
        return EngineUnavailable(f"The server answered with status {status}. {said}")
    return RequestRefused(f"The server refused the request with status {status}. {said}")


def _retry_after(error: EngineError) -> float | None:
    return error.after_seconds if isinstance(error, _RetryLater) else None


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:
        return None  # a date: our own pause will do


def _message(body: bytes) -> str:
    """The server's own words up to the first quotation: errors may quote what a learner wrote."""
    try:
        data = json.loads(body)
        inner = data.get("error", data) if isinstance(data, dict) else data
        said = inner.get("message", "") if isinstance(inner, dict) else str(inner)
    except ValueError:
        said = ""
    return _unquoted(str(said))


def _unquoted(said: str) -> str:
    return re.split(r"[\n'\"{\[`]", said, maxsplit=1)[0][:200]


def _kind(error: BaseException) -> str:
    """The kind of a network error; its text may hold the address with its secrets."""
    return type(error).__name__


def _checked(base_url: str) -> str:
    parts = urlsplit(base_url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelUnusable(
            mark("DAOSHI_ENGINE_URL must begin with http:// or https:// and name a server.")
        )
    url = base_url.strip().rstrip("/")
    return url if parts.path.strip("/") else f"{url}/v1"
