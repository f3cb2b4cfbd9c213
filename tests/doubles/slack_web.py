"""The Web API of the Slack double: strict about arguments, honest about limits."""

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from tests.doubles.slack_limits import MOST_MARKDOWN, blocks_error, message_error, view_error
from tests.doubles.slack_state import Call, Fault, State, User

Arguments = dict[str, Any]
Answer = dict[str, Any]
STATUSES = ("active", "processing", "suspended", "closed")


class SlackError(Exception):
    """An answer with `ok: false`."""


class WebApi:
    """Answers `POST /api/<method>`."""

    def __init__(self, state: State, address: str) -> None:
        self.state = state
        self.address = address
        self.tickets: set[str] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = _token(request, arguments)
        call = Call(method, arguments, time.monotonic(), token)
        self.state.calls.append(call)
        fault = self._fault(method)
        if fault and fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
        if fault and (fault.status != 200 or fault.error) and not fault.after_effect:
            return _faulty(fault)
        call.answer = self.answer(method, arguments, token)
        if fault and fault.after_effect:
            return _faulty(fault)
        return web.json_response(call.answer)

    def answer(self, method: str, arguments: Arguments, token: str) -> Answer:
        try:
            handler = getattr(self, "_" + method.replace(".", "_"), None)
            if handler is None or method in self.state.missing_methods:
                raise SlackError("unknown_method")
            self._authorise(method, token)
            return {"ok": True, **handler(arguments)}
        except SlackError as error:
            return {"ok": False, "error": str(error)}

    def _fault(self, method: str) -> Fault | None:
        waiting = self.state.faults[method] or self.state.faults["*"]
        return waiting.popleft() if waiting else None

    def _authorise(self, method: str, token: str) -> None:
        if method == "oauth.v2.access":
            return
        wanted = (
            {self.state.app_token}
            if method == "apps.connections.open"
            else {self.state.bot_token, *self.state.teams}
        )
        if not token:
            raise SlackError("not_authed")
        if token not in wanted:
            raise SlackError("invalid_auth")
        self.team = self.state.teams.get(token, self.state.team)

    # connection and identity

    def _apps_connections_open(self, arguments: Arguments) -> Answer:
        ticket = f"ticket-{self.state.number()}"
        self.tickets.add(ticket)
        address = self.address.replace("http://", "ws://")
        return {"url": f"{address}/link/?ticket={ticket}"}

    def _auth_test(self, arguments: Arguments) -> Answer:
        state = self.state
        return {"team_id": self.team, "user_id": state.bot_user, "bot_id": state.bot_id}

    def _oauth_v2_access(self, arguments: Arguments) -> Answer:
        found = self.state.codes.pop(str(arguments.get("code")), None)
        if found is None:
            raise SlackError("invalid_code")
        return found

    # messages

    def _chat_postMessage(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        self._check(message_error(arguments, list(self.state.files)))
        message = self.state.add_message(channel, **self._own(arguments))
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _chat_update(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        message = self._own_message(channel, arguments)
        if message["ts"] in self.state.streaming:
            raise SlackError("streaming_state_conflict")
        self._check(message_error(arguments, list(self.state.files)))
        message.update({k: arguments[k] for k in ("text", "blocks", "metadata") if k in arguments})
        message.pop("streamed", None)
        message.setdefault("versions", []).append(message.get("text", ""))
        return {"channel": channel, "ts": message["ts"], "text": message.get("text", "")}

    def _chat_delete(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        message = self._own_message(channel, arguments)
        self.state.posted[channel].remove(message)
        return {"channel": channel, "ts": message["ts"]}

    def _chat_postEphemeral(self, arguments: Arguments) -> Answer:
        self._channel(arguments)
        self._check(message_error(arguments, list(self.state.files)))
        if arguments.get("user") not in self.state.users:
            raise SlackError("user_not_in_channel")
        self.state.ephemeral.append({**arguments, "via": "method"})
        return {"message_ts": self.state.ts()}

    # streams

    def _chat_startStream(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        if not arguments.get("thread_ts"):
            raise SlackError("missing_thread_ts")
        outside = not channel.startswith("D")
        if outside and not (
            arguments.get("recipient_user_id") and arguments.get("recipient_team_id")
        ):
            raise SlackError("missing_recipient")
        text = _streamed_text(arguments)
        own = self._own({"thread_ts": arguments["thread_ts"]})
        message = self.state.add_message(channel, **{**own, "text": text, "streamed": text})
        self.state.streaming.add(message["ts"])
        self.state.stream_started[message["ts"]] = time.monotonic()
        return {"channel": channel, "ts": message["ts"]}

    def _chat_appendStream(self, arguments: Arguments) -> Answer:
        message = self._streaming(arguments)
        text = _streamed_text(arguments)
        if not text:
            raise SlackError("no_text")
        self._grow(message, text)
        return {"channel": arguments["channel"], "ts": message["ts"]}

    def _chat_stopStream(self, arguments: Arguments) -> Answer:
        message = self._streaming(arguments)
        blocks = arguments.get("blocks") or []
        self._check(blocks_error(blocks, list(self.state.files)))
        self._grow(message, _streamed_text(arguments))
        self.state.streaming.discard(message["ts"])
        if arguments.get("session_status"):
            self.state.sessions.append((arguments["channel"], arguments["session_status"]))
        message.update(
            {k: v for k, v in (("blocks", blocks), ("metadata", arguments.get("metadata"))) if v}
        )
        return {"channel": arguments["channel"], "ts": message["ts"], "message": message}

    def _grow(self, message: dict[str, Any], text: str) -> None:
        if len(message["streamed"]) + len(text) > MOST_MARKDOWN:
            raise SlackError("msg_too_long")
        message["streamed"] += text
        message["text"] = message["streamed"]

    def _streaming(self, arguments: Arguments) -> dict[str, Any]:
        message = self._own_message(self._channel(arguments), arguments)
        started = self.state.stream_started.get(message["ts"], 0.0)
        if time.monotonic() - started > self.state.stream_seconds:
            self.state.streaming.discard(message["ts"])
        if message["ts"] not in self.state.streaming:
            raise SlackError("message_not_in_streaming_state")
        return message

    # reading

    def _conversations_history(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        roots = [
            m
            for m in self.state.posted[channel]
            if m.get("thread_ts") in (None, m["ts"]) and _in_range(m, arguments)
        ]
        newest_first = sorted(roots, key=lambda m: m["ts"], reverse=True)
        limit = int(arguments.get("limit") or 100)
        return {"messages": [_visible(m, arguments) for m in newest_first[:limit]]}

    def _conversations_replies(self, arguments: Arguments) -> Answer:
        channel, root = self._channel(arguments), str(arguments.get("ts"))
        if self.state.message(channel, root) is None:
            raise SlackError("thread_not_found")
        found = [
            m
            for m in self.state.posted[channel]
            if m["ts"] == root or (m.get("thread_ts") == root and _in_range(m, arguments))
        ]
        return {"messages": [_visible(m, arguments) for m in found], "has_more": False}

    def _conversations_open(self, arguments: Arguments) -> Answer:
        users = str(arguments.get("users") or "")
        if users not in self.state.users:
            raise SlackError("user_not_found")
        channel = f"D{users}"
        self.state.channels.setdefault(channel, {"id": channel, "is_im": True, "user": users})
        return {"channel": {"id": channel}}

    def _users_conversations(self, arguments: Arguments) -> Answer:
        return {"channels": [c for c in self.state.channels.values() if c.get("member", True)]}

    def _users_info(self, arguments: Arguments) -> Answer:
        user = self.state.users.get(str(arguments.get("user")))
        if user is None:
            raise SlackError("user_not_found")
        return {"user": _user(user, with_locale=arguments.get("include_locale") not in (None, "0"))}

    # views and the assistant

    def _views_open(self, arguments: Arguments) -> Answer:
        issued = self.state.triggers.pop(str(arguments.get("trigger_id")), None)
        if issued is None:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - issued > self.state.trigger_seconds:
            raise SlackError("expired_trigger_id")
        view = _json(arguments.get("view"))
        self._check(view_error(view))
        opened = {**view, "id": f"V{self.state.number()}"}
        self.state.views.append(opened)
        return {"view": opened}

    def _views_publish(self, arguments: Arguments) -> Answer:
        view = _json(arguments.get("view"))
        self._check(view_error(view))
        self.state.homes[str(arguments["user_id"])] = view
        return {"view": view}

    def _assistant_threads_setStatus(self, arguments: Arguments) -> Answer:
        self._thread(arguments)
        self.state.statuses.append((arguments["thread_ts"], arguments["status"]))
        return {}

    def _assistant_threads_setTitle(self, arguments: Arguments) -> Answer:
        self.state.titles.append(str(arguments["title"]))
        return {}

    def _assistant_threads_setSuggestedPrompts(self, arguments: Arguments) -> Answer:
        prompts = _json(arguments["prompts"])
        if not 0 < len(prompts) <= 4:
            raise SlackError("invalid_arguments")
        self.state.prompts.append({**arguments, "prompts": prompts})
        return {}

    def _agents_sessions_setStatus(self, arguments: Arguments) -> Answer:
        self._thread(arguments)
        if arguments.get("status") not in STATUSES:
            raise SlackError("invalid_arguments")
        self.state.sessions.append((str(arguments["thread_ts"]), arguments["status"]))
        return {"status": arguments["status"]}

    # files

    def _files_getUploadURLExternal(self, arguments: Arguments) -> Answer:
        if not arguments.get("filename") or int(arguments.get("length") or 0) <= 0:
            raise SlackError("invalid_arguments")
        file_id = f"F{self.state.number()}"
        self.state.files[file_id] = {
            "id": file_id,
            "name": arguments["filename"],
            "length": int(arguments["length"]),
            "alt_txt": arguments.get("alt_txt"),
            "complete": False,
        }
        return {"file_id": file_id, "upload_url": f"{self.address}/upload/{file_id}"}

    def _files_completeUploadExternal(self, arguments: Arguments) -> Answer:
        files = _json(arguments["files"])
        for file in files:
            stored = self.state.files.get(file["id"])
            if stored is None or "content" not in stored:
                raise SlackError("file_not_found")
            stored["complete"] = True
        if arguments.get("channel_id"):
            channel = self._channel({"channel": arguments["channel_id"]})
            shared = [self.state.files[f["id"]] for f in files]
            own = self._own({"thread_ts": arguments.get("thread_ts")})
            names = [{"id": f["id"], "name": f["name"]} for f in shared]
            self.state.add_message(channel, **{**own, "subtype": "file_share", "files": names})
        return {"files": [{"id": f["id"], "title": f.get("title")} for f in files]}

    def _files_info(self, arguments: Arguments) -> Answer:
        stored = self.state.files.get(str(arguments.get("file")))
        if stored is None:
            raise SlackError("file_not_found")
        return {"file": {k: v for k, v in stored.items() if k != "content"}}

    async def receive_upload(self, request: web.Request) -> web.Response:
        stored = self.state.files.get(request.match_info["file"])
        content = await _uploaded(request)
        if stored is None or stored["length"] != len(content):
            return web.Response(status=400, text="wrong length")
        stored["content"] = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        stored = self.state.files.get(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {self.state.bot_token}":
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        if stored is None:
            return web.Response(status=404)
        if stored.get("redirect"):
            raise web.HTTPFound(stored["redirect"])
        return web.Response(body=stored["content"], content_type=stored.get("mimetype"))

    # checks

    def _channel(self, arguments: Arguments) -> str:
        channel = str(arguments.get("channel") or "")
        known = self.state.channels.get(channel)
        if known is None:
            raise SlackError("channel_not_found")
        if not known.get("member", True):
            raise SlackError("not_in_channel")
        return channel

    def _thread(self, arguments: Arguments) -> None:
        if not arguments.get("thread_ts"):
            raise SlackError("invalid_thread_ts")
        self._channel({"channel": arguments.get("channel_id")})

    def _own(self, arguments: Arguments) -> Arguments:
        kept = ("text", "blocks", "thread_ts", "metadata", "markdown_text")
        content = {k: arguments[k] for k in kept if arguments.get(k)}
        return {"user": self.state.bot_user, "bot_id": self.state.bot_id, **content}

    def _own_message(self, channel: str, arguments: Arguments) -> dict[str, Any]:
        message = self.state.message(channel, str(arguments.get("ts")))
        if message is None:
            raise SlackError("message_not_found")
        if message.get("bot_id") != self.state.bot_id:
            raise SlackError("cant_update_message")
        return message

    def _check(self, error: str | None) -> None:
        if error:
            raise SlackError(error)


def _user(user: User, *, with_locale: bool) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name.lower(),
        "is_admin": user.is_admin,
        "is_bot": user.is_bot,
        "profile": {"display_name": user.name},
        **({"locale": user.locale} if with_locale else {}),
    }


def _streamed_text(arguments: Arguments) -> str:
    chunks = _json(arguments.get("chunks") or [])
    texts = [c["text"] for c in chunks if c.get("type") == "markdown_text"]
    text = (arguments.get("markdown_text") or "") + "".join(texts)
    if any(len(piece) > MOST_MARKDOWN for piece in (*texts, text)):
        raise SlackError("msg_too_long")
    return text


def _visible(message: dict[str, Any], arguments: Arguments) -> dict[str, Any]:
    hidden = {"streamed", "versions"}
    if arguments.get("include_all_metadata") not in (True, "1", "true"):
        hidden = hidden | {"metadata"}
    return {k: v for k, v in message.items() if k not in hidden}


def _in_range(message: dict[str, Any], arguments: Arguments) -> bool:
    oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or "9" * 12)
    inclusive = arguments.get("inclusive") in (True, "1", "true")
    ts = float(message["ts"])
    low, high = float(oldest), float(latest)
    return low <= ts <= high if inclusive else low < ts < high


def _faulty(fault: Fault) -> web.Response:
    if fault.error:
        return web.json_response({"ok": False, "error": fault.error})
    headers = {"Retry-After": str(fault.retry_after)} if fault.status == 429 else {}
    if fault.status == 429:
        answer = {"ok": False, "error": "ratelimited"}
        return web.json_response(answer, status=429, headers=headers)
    return web.Response(status=fault.status, text="<html>broken</html>", content_type="text/html")


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _token(request: web.Request, arguments: Arguments) -> str:
    header = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return header or str(arguments.pop("token", ""))


async def _arguments(request: web.Request) -> Arguments:
    found: Arguments = dict(request.query)
    if request.content_type == "application/json":
        found.update(await request.json())
    else:
        found.update({k: v for k, v in (await request.post()).items() if isinstance(v, str)})
    return found


async def _uploaded(request: web.Request) -> bytes:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        part = next(iter(form.values()))
        return part.file.read()  # type: ignore[union-attr]
    return await request.read()
