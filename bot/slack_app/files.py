"""Files that people attach: which there are, and how their content is fetched.

The bot token goes only to Slack's own hosts (or the configured address), over every redirect.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from slack_sdk.errors import SlackClientError

from bot.adapter import AttachmentUnavailable
from bot.slack_app.clients import Workspace, Workspaces, is_loopback, proxy_for
from bot.slack_app.errors import NotInstalled, SlackTokenRefused, error_code
from tutor.messages import Attachment

SLACK_DOMAINS = ("slack.com", "slack-files.com", "slack-gov.com", "slack-edge.com")
MAX_REDIRECTS = 5
_CHUNK_BYTES = 64 * 1024


def attachments(files: Iterable[Mapping[str, Any]], workspace_key: str) -> tuple[Attachment, ...]:
    """The files of a message that still exist."""
    return tuple(
        Attachment(
            name=str(file.get("name") or file.get("title") or file.get("id") or "file"),
            media_type=str(file.get("mimetype") or "application/octet-stream"),
            size_bytes=int(file.get("size") or 0),
            reference=json.dumps(
                {
                    "workspace": workspace_key,
                    "id": str(file.get("id") or ""),
                    "url": str(file.get("url_private_download") or file.get("url_private") or ""),
                }
            ),
        )
        for file in files
        if file.get("mode") not in ("tombstone", "hidden_by_limit") and not file.get("is_external")
    )


async def fetch(workspaces: Workspaces, attachment: Attachment, limit_bytes: int) -> bytes:
    """The file's content. Raises AttachmentUnavailable."""
    if attachment.size_bytes > limit_bytes:
        raise AttachmentUnavailable(f"over the limit of {limit_bytes} bytes")
    reference = json.loads(attachment.reference)
    try:
        workspace = await workspaces.of(reference["workspace"], reference["workspace"])
        url = reference["url"] or await _address(workspace, reference["id"])
        return await _download(workspaces, workspace.token, url, attachment, limit_bytes)
    except (NotInstalled, SlackTokenRefused) as error:
        raise AttachmentUnavailable(str(error)) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        raise AttachmentUnavailable(error_code(error) or type(error).__name__) from error


async def _address(workspace: Workspace, file_id: str) -> str:
    """The address of a file of another organisation, which the event leaves out."""
    answer = await workspace.client.files_info(file=file_id)
    file = answer.get("file") or {}
    return str(file.get("url_private_download") or file.get("url_private") or "")


async def _download(
    workspaces: Workspaces, token: str, url: str, attachment: Attachment, limit_bytes: int
) -> bytes:
    for _ in range(MAX_REDIRECTS):
        if not is_slack_address(url, workspaces.api_base):
            raise AttachmentUnavailable("not at an address of Slack")
        async with workspaces.session().get(
            url,
            headers={"Authorization": f"Bearer {token}"},
            allow_redirects=False,
            proxy=proxy_for(url),
        ) as response:
            if response.status in (301, 302, 303, 307, 308):
                url = urljoin(url, response.headers.get("Location", ""))
                continue
            if response.content_type == "text/html" and attachment.media_type != "text/html":
                raise AttachmentUnavailable("a sign-in page came instead: files:read is missing")
            return await _content(response, limit_bytes)
    raise AttachmentUnavailable("too many redirects")


async def _content(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    if response.status != 200:
        raise AttachmentUnavailable(f"Slack answered {response.status}")
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        content += chunk
        if len(content) > limit_bytes:
            raise AttachmentUnavailable(f"over the limit of {limit_bytes} bytes")
    return bytes(content)


def is_slack_address(url: str, api_base: str) -> bool:
    """Whether `url` is Slack's own, or at the host that stands in for Slack's API."""
    target, base = urlsplit(url), urlsplit(api_base)
    host = target.hostname or ""
    if (target.scheme, host) == (base.scheme, base.hostname):
        return True
    if is_loopback(base.hostname or "") and target.scheme in ("http", "https"):
        return is_loopback(host)
    named = any(host == domain or host.endswith("." + domain) for domain in SLACK_DOMAINS)
    return named and target.scheme == "https"
