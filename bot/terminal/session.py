"""One sitting at the terminal: each line becomes a question, and is answered before the next.

A line is a message or a command (the dispatcher tells them apart), the number of a choice, the
next field of a form, or `/file PATH words` to send a file along.
"""

import asyncio
import mimetypes
import re
import shlex
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.terminal.adapter import TerminalAdapter
from bot.terminal.form_filling import Filling
from bot.terminal.screen import Screen
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import (
    Attachment,
    Choice,
    Form,
    Kind,
    Person,
    Place,
    Platform,
    Press,
    Question,
    Role,
    Visibility,
)

FILE_COMMAND = "/file"
CANCEL_COMMAND = "/cancel"
QUIT_COMMANDS = ("/quit", "/exit", "/退出")
_PICK = re.compile(r"(/?)(\d{1,2})")


class Door(Protocol):
    """What the session needs of the dispatcher."""

    async def receive(self, question: Question) -> None: ...

    async def form_of(self, choice_id: str, person: Person) -> Form | None: ...

    async def idle(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits here, and in which language they are greeted and shown the way."""

    person: Person
    language: Language
    roles: frozenset[Role]


def question_from(sitting: Sitting, kind: Kind, now: datetime, text: str = "") -> Question:
    """A question of the person at the terminal, in their one private place."""
    return Question(
        event_id=uuid.uuid4().hex,
        kind=kind,
        place=Place(Platform.TERMINAL, community="", channel=sitting.person.user_id),
        message_id=uuid.uuid4().hex,
        author=sitting.person,
        visibility=Visibility.PRIVATE,
        received_at=now,
        text=text,
        roles=sitting.roles,
    )


class TerminalSession:
    """Reads lines until they end. `interruptible` makes Ctrl-C stop a reply while it runs."""

    def __init__(
        self,
        door: Door,
        adapter: TerminalAdapter,
        screen: Screen,
        sitting: Sitting,
        now: Callable[[], datetime],
        interruptible: Callable[[Callable[[], None]], AbstractContextManager[None]],
    ) -> None:
        self._door = door
        self._adapter = adapter
        self._screen = screen
        self._sitting = sitting
        self._now = now
        self._interruptible = interruptible
        self._filling: Filling | None = None
        self._chores: set[asyncio.Task[None]] = set()

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Answers every line, one after the other, until they end or one of them wants to leave."""
        async for line in lines:
            if line.strip().lower() in QUIT_COMMANDS:
                break
            if line.strip() or self._filling:
                with self._interruptible(self._stop_reply):
                    await self._take(line.strip())
                self._screen.end_exchange()
        self._screen.close()

    async def _take(self, line: str) -> None:
        if self._filling is not None:
            await self._fill(self._filling, line)
            return
        picked = _PICK.fullmatch(line)
        if picked and (choice := self._choice(int(picked.group(2)), bare=not picked.group(1))):
            await self._press(choice)
        elif picked and picked.group(1):
            self._screen.tell(say(self._sitting.language, "There is no choice with that number."))
        elif line.split()[0] == FILE_COMMAND:
            await self._send_file(line)
        else:
            await self._ask(self._question(Kind.MESSAGE, line))

    async def _ask(self, question: Question) -> None:
        await self._door.receive(question)
        await self._door.idle()

    def _choice(self, number: int, *, bare: bool) -> Choice | None:
        """The choice that a number means; a bare number never means a reaction such as 👍, nor an
        answer that can be written.

        So `4` can still be the answer to two plus two while `/4` picks the fourth choice.
        """
        choices = self._adapter.choices
        if not 1 <= number <= len(choices):
            return None
        choice = choices[number - 1]
        offered = self._adapter.just_offered and not (choice.emoji or choice.typed)
        return choice if offered or not bare else None

    async def _press(self, choice: Choice) -> None:
        form = choice.form or await self._door.form_of(choice.id, self._sitting.person)
        if form is None:
            await self._ask(self._pressing(Kind.ACTION, choice.id, {}))
            return
        self._filling = Filling(choice.id, form)
        self._screen.tell(self._filling.prompt(self._sitting.language))

    async def _fill(self, filling: Filling, line: str) -> None:
        language = self._sitting.language
        if line == CANCEL_COMMAND:
            self._filling = None
            self._screen.tell(say(language, "Left as it was."))
            return
        problem = filling.problem(line, language)
        if problem:
            self._screen.tell(problem)
            return
        self._filling = filling = filling.answer(line)
        if filling.pending is not None:
            self._screen.tell(filling.prompt(language))
            return
        self._filling = None
        await self._ask(self._pressing(Kind.FORM, filling.choice_id, filling.values))

    def _pressing(self, kind: Kind, choice_id: str, fields: Mapping[str, str]) -> Question:
        return replace(self._question(kind, ""), press=Press(choice_id, fields))

    async def _send_file(self, line: str) -> None:
        language = self._sitting.language
        try:
            attachment, words = _attachment_in(line)
        except (ValueError, OSError):
            self._screen.tell(
                say(
                    language,
                    "I can't read that file. Write: {command} PATH your question",
                    command=FILE_COMMAND,
                )
            )
            return
        question = self._question(Kind.MESSAGE, words)
        await self._ask(replace(question, attachments=(attachment,)))

    def _question(self, kind: Kind, text: str) -> Question:
        return question_from(self._sitting, kind, self._now(), text)

    def _stop_reply(self) -> None:
        chore = asyncio.ensure_future(self._door.receive(self._question(Kind.STOP, "")))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)


def _attachment_in(line: str) -> tuple[Attachment, str]:
    """The file that `/file PATH words` names, and the words."""
    _, name, *words = shlex.split(line)
    path = Path(name).expanduser()
    attachment = Attachment(
        name=path.name,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        size_bytes=path.stat().st_size,
        reference=str(path.absolute()),
    )
    return attachment, " ".join(words)
