"""Fetches the files of messages: only from Discord's own hosts, never more than asked for."""

import aiohttp
from yarl import URL

from bot.adapter import AttachmentUnavailable
from bot.discord_app.failures import named
from tutor.messages import Attachment

DISCORD_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
DISCORD_API_HOST = "discord.com"
TIMEOUT_SECONDS = 60.0
CHUNK_BYTES = 64 * 1024


def allowed_hosts(api_base: str) -> frozenset[str]:
    """Discord's file hosts; at a configured address also the host of that address."""
    host = URL(api_base).host or ""
    return DISCORD_HOSTS if host == DISCORD_API_HOST else DISCORD_HOSTS | {host}


async def download(attachment: Attachment, limit_bytes: int, hosts: frozenset[str]) -> bytes:
    """The file's content; raises AttachmentUnavailable when gone, foreign or over the limit."""
    if attachment.size_bytes > limit_bytes:
        raise AttachmentUnavailable(f"{attachment.size_bytes} bytes, {limit_bytes} are allowed")
    url = URL(attachment.reference)
    if url.scheme not in ("https", "http") or url.host not in hosts:
        raise AttachmentUnavailable("the file is not on a host of Discord")
    if url.scheme == "http" and url.host in DISCORD_HOSTS:
        raise AttachmentUnavailable("the file's address is not encrypted")
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise AttachmentUnavailable(f"the file's host answered {response.status}")
            return await _read(response, limit_bytes)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise AttachmentUnavailable(named(error)) from error


async def _read(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        content += chunk
        if len(content) > limit_bytes:
            raise AttachmentUnavailable(f"the file is larger than {limit_bytes} bytes")
    return bytes(content)
