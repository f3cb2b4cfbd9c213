"""From what arrived to a Question: whether it is for us, whose it is, and where its reply goes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.commands.listing import command_named
from bot.commands.parse import parse_command
from bot.commands.permissions import may
from bot.slack_app import files
from bot.slack_app.clients import Workspace
from bot.slack_app.incoming_text import mentions, mentions_others, plain, without_mention
from bot.slack_app.messages import Messages
from bot.slack_app.payloads import Incoming, What
from bot.slack_app.profiles import Profiles
from bot.slack_app.threads import Threads
from tutor.messages import (
    CommandCall,
    Kind,
    Person,
    Place,
    Platform,
    Press,
    Question,
    Visibility,
)

LOOK_UP_SECONDS = 0.5
"""How long an acknowledgement may wait for what Slack knows; the whole limit is 3 s."""

SETUP = "setup"  # what an admin who brings us in is asked at once

_KINDS = {
    What.MESSAGE: Kind.MESSAGE,
    What.EDIT: Kind.EDIT,
    What.STOP: Kind.STOP,
    What.SLASH: Kind.COMMAND,
    What.SHORTCUT: Kind.COMMAND,
    What.PRESS: Kind.ACTION,
    What.FORM: Kind.FORM,
    What.JOINED: Kind.COMMAND,
}


class Questions:
    """Makes Questions. Raises NotYetKnown when Slack must send the event again."""

    def __init__(
        self,
        profiles: Profiles,
        threads: Threads,
        messages: Messages,
        now: Callable[[], datetime],
        look_up_seconds: float = LOOK_UP_SECONDS,
    ) -> None:
        self._profiles = profiles
        self._threads = threads
        self._messages = messages
        self._now = now
        self._budget = look_up_seconds

    async def of(self, incoming: Incoming, workspace: Workspace) -> Question | None:
        """The question that `incoming` is, None if it is not for us."""
        if not incoming.user or incoming.user == workspace.bot_user:
            return None
        if incoming.what is What.JOINED and incoming.root_user != workspace.bot_user:
            return None
        if not await self._is_for_us(incoming, workspace):
            return None
        author = await self.author(incoming, workspace)
        if author is None:
            return None
        if incoming.what is What.MESSAGE and incoming.is_mention and not incoming.files:
            incoming = await self._messages.with_files(incoming, workspace, self._budget)
        question = self._question(incoming, workspace, author)
        if incoming.what is What.JOINED and not may(question.roles, command_named(SETUP)):
            return None
        return await self._with_thread_text(question, incoming, workspace)

    async def author(self, incoming: Incoming, workspace: Workspace) -> Person | None:
        """Who did it; None for a bot, with whom we do not talk."""
        profile = await self._profiles.of(
            workspace, incoming.user, incoming.user_name, self._budget
        )
        if profile.is_bot:
            return None
        return Person(
            Platform.SLACK, workspace.key, incoming.user, profile.display_name, profile.locale
        )

    async def _is_for_us(self, incoming: Incoming, workspace: Workspace) -> bool:
        if incoming.what not in (What.MESSAGE, What.EDIT) or incoming.is_dm:
            return True
        thread = incoming.thread_ts or incoming.ts
        if incoming.is_mention or mentions(incoming.text, workspace.bot_user):
            self._threads.remember(incoming.channel, thread, incoming.user)
            return True
        if not incoming.thread_ts or mentions_others(incoming.text, workspace.bot_user):
            return False
        return await self._threads.is_ours(
            workspace, incoming.channel, thread, incoming.user, self._budget
        )

    def _question(self, incoming: Incoming, workspace: Workspace, author: Person) -> Question:
        command = _command(incoming, workspace)
        profile_roles = self._profiles.known_roles(workspace, incoming.team, incoming.user)
        is_message = incoming.what in (What.MESSAGE, What.EDIT)
        text = plain(without_mention(incoming.text, workspace.bot_user)) if is_message else ""
        return Question(
            event_id=incoming.event_id,
            kind=_kind(incoming, command),
            place=place_of(incoming),
            message_id=incoming.ts if is_message else incoming.event_id,
            author=author,
            visibility=_visibility(incoming, command),
            received_at=self._now(),
            text=text,
            roles=profile_roles,
            attachments=files.attachments(incoming.files, workspace.key),
            reply_to=incoming.thread_ts or None,
            command=command,
            press=Press(incoming.callback, incoming.fields)
            if incoming.what in (What.PRESS, What.FORM)
            else None,
            handle=_handle(incoming),
        )

    async def _with_thread_text(
        self, question: Question, incoming: Incoming, workspace: Workspace
    ) -> Question:
        """A thread's summary is of the whole thread, wherever in it the shortcut was used."""
        call = question.command
        if call is None or incoming.what is not What.SHORTCUT or call.name != "summarise":
            return question
        text = await self._messages.thread_text(incoming, workspace, 2 * self._budget)
        if not text:
            return replace(question, handle={**question.handle, "unread": "1"})
        arguments = {**call.arguments, "text": text}
        return replace(question, command=CommandCall(call.name, arguments))


def place_of(incoming: Incoming) -> Place:
    """Where the conversation is.

    In a channel every thread is one. A direct message is one conversation as a whole, although
    replies stand in threads there, except for threads that we began (Slack's older assistant pane).
    """
    if incoming.is_dm:
        ours = incoming.root_user and incoming.root_user != incoming.user
        thread = incoming.thread_ts if ours else ""
    else:
        thread = reply_thread(incoming)
    community = incoming.team if incoming.what is What.JOINED or not incoming.is_dm else ""
    return Place(Platform.SLACK, community, incoming.channel, thread or None)


def reply_thread(incoming: Incoming) -> str:
    """The thread that the reply belongs in; "" where there is none, as after a slash command."""
    return incoming.thread_ts or (incoming.ts if incoming.what is not What.STOP else "")


def _command(incoming: Incoming, workspace: Workspace) -> CommandCall | None:
    if incoming.what is What.SLASH:
        return parse_command(f"/daoshi {plain(incoming.text)}")
    if incoming.what is What.JOINED:
        return CommandCall(SETUP)
    if incoming.what is What.SHORTCUT:
        return CommandCall(incoming.callback, {"text": plain(incoming.text)})
    if incoming.what is not What.MESSAGE:
        return None
    mentioned = incoming.is_mention or mentions(incoming.text, workspace.bot_user)
    text = plain(without_mention(incoming.text, workspace.bot_user))
    if mentioned and not text and not incoming.files:
        return CommandCall("help")
    return parse_command(text, bare=mentioned)


def _kind(incoming: Incoming, command: CommandCall | None) -> Kind:
    if incoming.what is What.MESSAGE and command:
        return Kind.COMMAND
    return _KINDS[incoming.what]


def _visibility(incoming: Incoming, command: CommandCall | None) -> Visibility:
    alone = incoming.is_dm or incoming.is_ephemeral or incoming.what is What.SHORTCUT
    if alone or (command and command_named(command.name).private):
        return Visibility.PRIVATE
    return Visibility.SHARED


def _handle(incoming: Incoming) -> Mapping[str, str]:
    handle = {
        "team": incoming.team,
        "ts": incoming.ts,
        "thread_ts": reply_thread(incoming),
        "response_url": incoming.response_url,
        "edited_at": incoming.edited_at,
        "dm": "1" if incoming.is_dm else "",
        "home": "1" if incoming.is_home else "",
        "ephemeral": "1" if incoming.is_ephemeral else "",
        "what": incoming.what.value,
    }
    return {name: value for name, value in handle.items() if value}
