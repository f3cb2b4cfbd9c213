"""One learner at one front end: they write, give commands and press, and get everything new back.

The same few verbs for the terminal, Discord and Slack, so that one script can be played in each.
"""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.stage.open_question import Who
from benchmarks.stage.platforms import Platforms, slack_text
from bot.dispatch.dispatcher import Dispatcher
from bot.terminal.adapter import WORKSPACE, TerminalAdapter
from bot.terminal.screen import JsonScreen
from bot.terminal.session import Sitting, TerminalSession
from tests.doubles.discord_world import EPHEMERAL, LOADING, Channel
from tutor.language import Language
from tutor.messages import Person, Platform, Role

ANSWER_SECONDS = 60.0
STILL_SECONDS = 0.3


class NoReply(Exception):
    """Nothing came in time; the message says to what."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was shown in answer: the text, the labels of its buttons, its pictures by name.

    `payloads` are the messages as the platform was sent them; the terminal has none.
    """

    text: str
    buttons: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    payloads: tuple[dict[str, Any], ...] = ()


@dataclass
class FrontEnd(ABC):
    """`language` is the one of the learner's client."""

    name: str
    language: Language

    answer_seconds = ANSWER_SECONDS

    @property
    @abstractmethod
    def title(self) -> str:
        """What the front end is called."""

    @property
    @abstractmethod
    def who(self) -> Who:
        """The learner as the product keeps them."""

    @abstractmethod
    async def write(self, text: str) -> Reply:
        """A plain message."""

    @abstractmethod
    async def command(self, name: str, **options: Any) -> Reply:
        """A command as this front end gives it."""

    @abstractmethod
    async def press(self, label: str) -> Reply:
        """The latest button that is called so."""

    @abstractmethod
    async def give_file(self, path: Path, command: str) -> Reply:
        """A file, with the command that it is for."""

    @abstractmethod
    async def fill_in(self, label: str, **fields: str) -> Reply:
        """A button that opens a form, filled in and sent."""


@dataclass
class Terminal(FrontEnd):
    """`daoshi chat --json` in this process, with lines that are written into a queue."""

    dispatcher: Dispatcher
    clock: Callable[[], Any]
    folder: Path
    roles: frozenset[Role] = frozenset({Role.LEARNER})
    _lines: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    _said: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    _choices: list[dict[str, Any]] = field(default_factory=list)

    title = "terminal"

    def __post_init__(self) -> None:
        person = Person(
            Platform.TERMINAL, WORKSPACE, self.name, self.name, locale=self.language.value
        )
        self._screen = JsonScreen(self._said.put_nowait)
        self.adapter = TerminalAdapter(self._screen, person, self.language, self.folder)
        self._sitting = Sitting(person, self.language, self.roles)

    async def sit(self) -> None:
        """Reads lines until `leave`."""
        session = TerminalSession(
            self.dispatcher,
            self.adapter,
            self._screen,
            self._sitting,
            self.clock,
            lambda _stop: nullcontext(),
        )
        await session.run(self._typed())

    def leave(self) -> None:
        self._lines.put_nowait(None)

    @property
    def who(self) -> Who:
        return Who(Platform.TERMINAL, WORKSPACE, self.name)

    async def write(self, text: str) -> Reply:
        self._lines.put_nowait(text)
        try:
            shown = json.loads(await asyncio.wait_for(self._said.get(), self.answer_seconds))
        except TimeoutError:
            raise NoReply(text) from None
        self._choices = shown["choices"] or self._choices
        files = await asyncio.to_thread(_saved, shown["files"])
        return Reply(shown["text"], tuple(c["label"] for c in shown["choices"]), files)

    async def command(self, name: str, **options: Any) -> Reply:
        return await self.write(f"/{_typed(name, options)}")

    async def press(self, label: str) -> Reply:
        [number] = [choice["number"] for choice in self._choices if label in choice["label"]][-1:]
        return await self.write(f"/{number}")

    async def give_file(self, path: Path, command: str) -> Reply:
        return await self.write(f"/file {path} /{command}")

    async def fill_in(self, label: str, **fields: str) -> Reply:
        reply = await self.press(label)
        for value in fields.values():
            reply = await self.write(value)
        return reply

    async def _typed(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            yield line


@dataclass(frozen=True, slots=True)
class Timed:
    """A reply, and how many seconds after the question it could be read, and had its buttons."""

    reply: Reply
    read_seconds: float
    button_seconds: float


@dataclass
class _Remote(FrontEnd):
    """A front end behind a platform's double: what is new there is the reply.

    `busy` tells how many questions are being answered, where that can be known.
    """

    platforms: Platforms
    busy: Callable[[], int] = lambda: 0

    @abstractmethod
    def _messages(self) -> dict[str, dict[str, Any]]:
        """Everything of ours that this learner sees, by its id, oldest first."""

    @abstractmethod
    def _reply(self, messages: list[dict[str, Any]]) -> Reply: ...

    @abstractmethod
    async def send(self, text: str) -> float:
        """Writes a message; when it was sent."""

    @abstractmethod
    async def send_command(self, name: str, options: Mapping[str, Any]) -> float:
        """Gives a command; when it was sent."""

    @abstractmethod
    async def send_press(self, label: str) -> float:
        """Presses the latest button with that label; when it was pressed."""

    async def write(self, text: str) -> Reply:
        before = self.seen()
        await self.send(text)
        return await self._answered(text, before)

    async def command(self, name: str, **options: Any) -> Reply:
        before = self.seen()
        await self.send_command(name, options)
        return await self._answered(f"/{name}", before)

    async def press(self, label: str) -> Reply:
        before = self.seen()
        await self.send_press(label)
        return await self._answered(f"[{label}]", before)

    async def _answered(self, what: str, before: Mapping[str, str]) -> Reply:
        """Waits until something new is there, and nothing more comes."""
        end, still_since, last = (
            time.monotonic() + self.answer_seconds,
            time.monotonic(),
            dict(before),
        )
        while time.monotonic() < end:
            await asyncio.sleep(0.02)
            now = self.seen()
            if now != last:
                last, still_since = now, time.monotonic()
            quiet = time.monotonic() - still_since > STILL_SECONDS
            if now != before and quiet and not self.busy():
                shown = self._messages()
                return self._reply([shown[id_] for id_ in now if now[id_] != before.get(id_)])
        raise NoReply(f"{self.title}: {what}")

    @abstractmethod
    async def send_file(self, path: Path, command: str) -> None:
        """A message with a file and a command."""

    async def give_file(self, path: Path, command: str) -> Reply:
        before = self.seen()
        await self.send_file(path, command)
        return await self._answered(command, before)

    async def timed(self, before: Mapping[str, str], sent_at: float) -> Timed:
        """The first new message with buttons, and when it could be read and pressed."""
        shown: dict[str, list[tuple[float, str]]] = {}
        while (seconds := time.monotonic() - sent_at) < ANSWER_SECONDS:
            for id_, message in self._messages().items():
                if _same(message) == before.get(id_):
                    continue
                reply = self._reply([message])
                shown.setdefault(id_, []).append((seconds, reply.text))
                if reply.buttons:
                    return Timed(reply, _readable(shown[id_], reply.text), seconds)
            await asyncio.sleep(0.01)
        raise NoReply(self.name)

    def seen(self) -> dict[str, str]:
        return {id_: _same(message) for id_, message in self._messages().items()}


@dataclass
class Discord(_Remote):
    """A direct message, or with `channel` the learner's private replies in a server's channel."""

    channel: Channel | None = None
    title = "Discord"

    def __post_init__(self) -> None:
        users = self.platforms.discord.world.users.values()
        known = [user for user in users if user.name == self.name]
        self.user = known[0] if known else self.platforms.discord.user(self.name)

    @property
    def place(self) -> Channel:
        return self.channel or self.platforms.discord.world.dm(self.user)

    @property
    def who(self) -> Who:
        return Who(Platform.DISCORD, "", self.user.id)

    async def send(self, text: str) -> float:
        sent_at = time.monotonic()
        await self.platforms.discord.message(self.place, self.user, text)
        return sent_at

    async def send_command(self, name: str, options: Mapping[str, Any]) -> float:
        sent_at = time.monotonic()
        await self.platforms.discord.slash(
            self.place, self.user, name, dict(options), locale=_locale(self.language)
        )
        return sent_at

    async def send_press(self, label: str) -> float:
        message, button = self.button(label)
        sent_at = time.monotonic()
        await self.platforms.discord.press(
            message, self.user, button["custom_id"], locale=_locale(self.language)
        )
        return sent_at

    async def send_file(self, path: Path, command: str) -> None:
        files = {path.name: await asyncio.to_thread(path.read_bytes)}
        await self.platforms.discord.message(self.place, self.user, f"/{command}", files=files)

    async def send_form(self, label: str, **fields: str) -> float:
        """Presses a button that opens a form, fills it in and sends it; when it was sent."""
        message, button = self.button(label)
        locale, server = _locale(self.language), self.platforms.discord
        opened = await server.press(message, self.user, button["custom_id"], locale=locale)
        await opened.acknowledged.wait()
        sent_at = time.monotonic()
        await server.submit(opened, fields, locale=locale)
        return sent_at

    async def fill_in(self, label: str, **fields: str) -> Reply:
        """The same, with what came of it."""
        before = self.seen()
        await self.send_form(label, **fields)
        return await self._answered(f"[{label}] {fields}", before)

    def button(self, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The latest button with that label, and the message that it stands under."""
        for message in reversed(list(self._messages().values())):
            for button in _discord_buttons(message):
                if label in (button.get("label") or ""):
                    return message, button
        raise NoReply(f"there is no button {label}")

    def _messages(self) -> dict[str, dict[str, Any]]:
        bot = self.platforms.discord.bot.id
        ours = (m for m in self.place.messages.values() if m["author"]["id"] == bot)
        return {m["id"]: m for m in ours if self._is_shown(m)}

    def _is_shown(self, message: dict[str, Any]) -> bool:
        flags = message["flags"]
        owner = (message.get("interaction_metadata") or {}).get("user", {}).get("id")
        return not flags & LOADING and not (flags & EPHEMERAL and owner != self.user.id)

    def _reply(self, messages: list[dict[str, Any]]) -> Reply:
        buttons = [button.get("label") or "" for m in messages for button in _discord_buttons(m)]
        blobs = self.platforms.discord.world.blobs
        pictures = {
            file["filename"]: blobs[file["url"].split("/files/")[1]]
            for message in messages
            for file in message["attachments"]
        }
        text = "\n".join(message["content"] for message in messages)
        return Reply(text, tuple(filter(None, buttons)), pictures, tuple(messages))


@dataclass
class Slack(_Remote):
    """A direct message."""

    title = "Slack"

    def __post_init__(self) -> None:
        self.user = self.platforms.slack.user(self.name, locale=_locale(self.language))

    @property
    def place(self) -> str:
        return self.platforms.slack.dm_channel(self.user)

    @property
    def who(self) -> Who:
        return Who(Platform.SLACK, self.platforms.slack.state.team, self.user)

    async def send(self, text: str) -> float:
        sent_at = time.monotonic()
        await self.platforms.slack.dm(self.user, text)
        return sent_at

    async def send_command(self, name: str, options: Mapping[str, Any]) -> float:
        sent_at = time.monotonic()
        await self.platforms.slack.slash(self.user, _typed(name, options))
        return sent_at

    async def send_file(self, path: Path, command: str) -> None:
        slack, content = self.platforms.slack, await asyncio.to_thread(path.read_bytes)
        await slack.dm(self.user, f"/{command}", files=[slack.file(path.name, content)])

    async def fill_in(self, label: str, **fields: str) -> Reply:
        slack, before = self.platforms.slack, self.seen()
        opened = len(slack.state.views)
        await self.send_press(label)
        await self.platforms.until(lambda: len(slack.state.views) > opened)
        await slack.submit_view(self.user, slack.state.views[-1], **fields)
        return await self._answered(f"[{label}] {fields}", before)

    async def send_press(self, label: str) -> float:
        for message in reversed(list(self._messages().values())):
            values = [b["value"] for b in _slack_buttons(message) if label in b["text"]["text"]]
            if values:
                ts, private = message.get("ts", ""), "ts" not in message
                sent_at = time.monotonic()
                await self.platforms.slack.press(
                    self.user, self.place, ts, values[0], ephemeral=private
                )
                return sent_at
        raise NoReply(f"there is no button {label}")

    def _messages(self) -> dict[str, dict[str, Any]]:
        state = self.platforms.slack.state
        posted = {m["ts"]: m for m in self.platforms.slack.replies(self.place)}
        private = {f"private {n}": dict(m) for n, m in enumerate(state.ephemeral)}
        return posted | private

    def _reply(self, messages: list[dict[str, Any]]) -> Reply:
        buttons = [b["text"]["text"] for m in messages for b in _slack_buttons(m)]
        text = "\n".join(slack_text(message) for message in messages)
        files = self.platforms.slack.state.files
        shared = {
            n: f["content"] for n, f in files.items() if "content" in f and n in str(messages)
        }
        return Reply(text, tuple(buttons), shared, tuple(messages))


def _readable(shown: Sequence[tuple[float, str]], whole: str) -> float:
    """When the verdict and the hint or question after it stood there; a model adds to these."""
    needed = "\n\n".join(whole.strip().split("\n\n")[:2])
    return next(seconds for seconds, text in shown if text.strip().startswith(needed))


def _same(message: Mapping[str, Any]) -> str:
    """Equal for messages that look the same."""
    return json.dumps(message, default=str)


def _saved(files: list[dict[str, str]]) -> dict[str, bytes]:
    return {file["name"]: Path(file["path"]).read_bytes() for file in files}


def _locale(language: Language) -> str:
    """As both platforms name it."""
    return "zh-CN" if language is Language.CHINESE else "en-US"


def _typed(name: str, options: Mapping[str, Any]) -> str:
    return " ".join([name, *(str(value) for value in options.values())])


def _discord_buttons(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [button for row in message["components"] for button in row["components"]]


def _slack_buttons(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return [one for row in rows for one in row["elements"] if one["type"] == "button"]
