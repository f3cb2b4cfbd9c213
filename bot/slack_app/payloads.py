"""Slack's event and interaction bodies, read into one frozen shape. Pure; decides nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Body = Mapping[str, Any]


class What(StrEnum):
    """What arrived."""

    MESSAGE = "message"
    EDIT = "edit"
    STOP = "stop"
    SLASH = "slash"
    SHORTCUT = "shortcut"
    PRESS = "press"
    FORM = "form"
    JOINED = "joined"  # brought us into the workspace


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did. `ts` is the message it is or belongs to."""

    what: What
    event_id: str
    team: str
    enterprise: str
    user: str
    channel: str
    ts: str = ""
    thread_ts: str = ""
    text: str = ""
    user_name: str = ""
    is_dm: bool = False
    is_mention: bool = False
    is_ephemeral: bool = False
    is_home: bool = False  # on the person's own page, which is in no channel
    root_user: str = ""  # who wrote the thread's first message, where Slack tells
    edited_at: str = ""
    files: tuple[Mapping[str, Any], ...] = ()
    response_url: str = ""
    trigger_id: str = ""
    callback: str = ""  # the shortcut's name, or the choice that was pressed
    fields: Mapping[str, str] = field(default_factory=dict)


_PLAIN_SUBTYPES = (None, "file_share", "thread_broadcast")


def read(body: Body) -> Incoming | None:
    """What a person did, None for events that are no question to us."""
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, body.get("event") or {})
    if "command" in body and kind is None:
        return _slash(body)
    if kind == "message_action":
        return _shortcut(body)
    if kind == "block_actions":
        return _press(body)
    if kind == "view_submission":
        return _form(body)
    return None


def enterprise_of(body: Body) -> str:
    """The organisation's id if the app is installed for all of it, else ""."""
    authorizations = body.get("authorizations") or [{}]
    whole = authorizations[0].get("is_enterprise_install") or body.get("is_enterprise_install")
    if whole not in (True, "true"):
        return ""
    enterprise = body.get("enterprise")
    named = enterprise.get("id") if isinstance(enterprise, dict) else enterprise
    return str(authorizations[0].get("enterprise_id") or named or body.get("enterprise_id") or "")


def _event(body: Body, event: Body) -> Incoming | None:
    kind = event.get("type")
    if kind == "agent_session_stopped":
        return _stop(body, event)
    if kind == "member_joined_channel" and event.get("inviter"):
        return _joined(body, event)
    if kind == "app_mention" or (kind == "message" and event.get("subtype") in _PLAIN_SUBTYPES):
        return _message(body, event)
    if kind == "message" and event.get("subtype") == "message_changed":
        return _edit(body, event)
    return None


def _message(body: Body, event: Body) -> Incoming | None:
    if event.get("bot_id") or not event.get("user") or not event.get("ts"):
        return None
    return Incoming(
        what=What.MESSAGE,
        event_id=str(body.get("event_id") or event["ts"]),
        team=_team(body, event),
        enterprise=enterprise_of(body),
        user=str(event["user"]),
        channel=str(event.get("channel") or ""),
        ts=str(event["ts"]),
        thread_ts=str(event.get("thread_ts") or ""),
        text=str(event.get("text") or ""),
        is_dm=_is_dm(event),
        is_mention=event.get("type") == "app_mention",
        root_user=str(event.get("parent_user_id") or ""),
        files=tuple(event.get("files") or ()),
    )


def _edit(body: Body, event: Body) -> Incoming | None:
    message = event.get("message") or {}
    before = event.get("previous_message") or {}
    edited = message.get("edited") or {}
    if not edited.get("ts") or message.get("text") == before.get("text"):
        return None
    merged = {**message, "channel": event.get("channel"), "channel_type": event.get("channel_type")}
    found = _message(body, {**merged, "type": "message"})
    return found and replace(found, what=What.EDIT, edited_at=str(edited["ts"]))


def _stop(body: Body, event: Body) -> Incoming:
    return Incoming(
        what=What.STOP,
        event_id=str(body.get("event_id") or event.get("event_ts")),
        team=_team(body, event),
        enterprise=enterprise_of(body),
        user=str(event.get("user") or ""),
        channel=str(event.get("channel") or ""),
        ts=str(event.get("event_ts") or ""),
        thread_ts=str(event.get("thread_ts") or ""),
        is_dm=_is_dm(event),
    )


def _joined(body: Body, event: Body) -> Incoming:
    """Somebody was invited into a channel; `root_user` is who, and `user` the one who did it."""
    return Incoming(
        what=What.JOINED,
        event_id=f"joined-{_team(body, event)}",
        team=_team(body, event),
        enterprise=enterprise_of(body),
        user=str(event["inviter"]),
        root_user=str(event.get("user") or ""),
        channel="",
        is_dm=True,
    )


def _slash(body: Body) -> Incoming:
    channel = str(body.get("channel_id") or "")
    return Incoming(
        what=What.SLASH,
        event_id=str(body.get("trigger_id") or ""),
        team=str(body.get("team_id") or ""),
        enterprise=enterprise_of(body),
        user=str(body.get("user_id") or ""),
        user_name=str(body.get("user_name") or ""),
        channel=channel,
        text=str(body.get("text") or ""),
        is_dm=_is_dm({"channel": channel}),
        response_url=str(body.get("response_url") or ""),
        trigger_id=str(body.get("trigger_id") or ""),
    )


def _shortcut(body: Body) -> Incoming:
    message = body.get("message") or {}
    return replace(
        _interaction(body, What.SHORTCUT, message),
        callback=str(body.get("callback_id") or ""),
        text=str(message.get("text") or ""),
        files=tuple(message.get("files") or ()),
    )


def _press(body: Body) -> Incoming | None:
    actions = body.get("actions") or [{}]
    choice = _chosen(actions[0])
    message = body.get("message") or {}
    container = body.get("container") or {}
    on_home = (body.get("view") or {}).get("type") == "home"
    if not choice:
        return None
    found = _interaction(body, What.PRESS, {**container, **message})
    return replace(
        found,
        callback=choice,
        is_home=on_home,
        is_dm=found.is_dm or on_home,
        is_ephemeral=bool(container.get("is_ephemeral")),
        ts=str(message.get("ts") or container.get("message_ts") or ""),
    )


def _chosen(action: Body) -> str:
    """The id of the choice: a button's value, or the value of the option that was selected."""
    option = action.get("selected_option") or {}
    return str(option.get("value") or action.get("value") or "")


def _interaction(body: Body, what: What, message: Body) -> Incoming:
    user = body.get("user") or {}
    channel = str((body.get("channel") or {}).get("id") or "")
    return Incoming(
        what=what,
        event_id=str(body.get("trigger_id") or ""),
        team=str((body.get("team") or {}).get("id") or user.get("team_id") or ""),
        enterprise=enterprise_of(body),
        user=str(user.get("id") or ""),
        user_name=str(user.get("name") or user.get("username") or ""),
        channel=channel,
        ts=str(message.get("ts") or ""),
        thread_ts=str(message.get("thread_ts") or ""),
        is_dm=_is_dm({"channel": channel}),
        root_user=str(message.get("parent_user_id") or ""),
        response_url=str(body.get("response_url") or ""),
        trigger_id=str(body.get("trigger_id") or ""),
    )


def _form(body: Body) -> Incoming | None:
    view = body.get("view") or {}
    origin = _json(view.get("private_metadata"))
    if not origin.get("choice"):
        return None
    base = _interaction({**body, "channel": {"id": origin.get("channel", "")}}, What.FORM, origin)
    return replace(
        base,
        event_id=str(view.get("id") or base.event_id),
        callback=origin["choice"],
        is_ephemeral=origin.get("ephemeral") == "1",
        is_home=origin.get("home") == "1",
        is_dm=base.is_dm or origin.get("home") == "1",
        response_url=origin.get("response_url", ""),
        fields=form_fields(view),
    )


def form_fields(view: Body) -> dict[str, str]:
    """What was filled in, by the names of the fields."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _field_value(next(iter(inputs.values()), {})) for name, inputs in values.items()}


def form_origin(incoming: Incoming) -> str:
    """What the form's view must carry so that its submission can be answered in place."""
    origin = {
        "choice": incoming.callback,
        "channel": incoming.channel,
        "ts": incoming.ts,
        "thread_ts": incoming.thread_ts,
        "parent_user_id": incoming.root_user,
        "response_url": incoming.response_url,
        "ephemeral": "1" if incoming.is_ephemeral else "",
        "home": "1" if incoming.is_home else "",
    }
    return json.dumps({name: value for name, value in origin.items() if value})


def _field_value(state: Body) -> str:
    option = state.get("selected_option") or {}
    return str(option.get("value") or state.get("value") or "")


def _json(text: object) -> dict[str, str]:
    try:
        found = json.loads(str(text or "{}"))
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _team(body: Body, event: Body) -> str:
    authorizations = body.get("authorizations") or [{}]
    return str(authorizations[0].get("team_id") or body.get("team_id") or event.get("team") or "")


def _is_dm(event: Body) -> bool:
    if event.get("channel_type"):
        return bool(event["channel_type"] == "im")
    return str(event.get("channel") or "").startswith("D")
