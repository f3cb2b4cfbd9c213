"""The terminal as a platform: one person, one private place, replies shown on a Screen."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.adapter import (
    Address,
    AttachmentUnavailable,
    Card,
    DeliveryImpossible,
    Draft,
    Ending,
    Notice,
    SaveAddress,
    Surface,
)
from bot.terminal.saving import save_files
from bot.terminal.screen import Screen
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Attachment, Choice, Person, Platform, Question

WORKSPACE = "local"


class TerminalAdapter:
    """Shows replies to `person`.

    `choices` are the latest that were shown, to be picked by number; `just_offered` says whether
    the very latest reply came with them.
    """

    platform = Platform.TERMINAL

    def __init__(
        self, screen: Screen, person: Person, language: Language, files_folder: Path
    ) -> None:
        self._screen = screen
        self._person = person
        self._language = language
        self._files_folder = files_folder
        self.choices: tuple[Choice, ...] = ()
        self.just_offered = False
        self.card: Card | None = None  # the latest progress card, for a line that is rewritten
        self._phases: dict[str, str] = {}

    async def run(self) -> None:
        """There is nothing to connect to: lines come from the session."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        self._screen.close()

    def ready(self) -> bool:
        return True

    def reaches(self, user_id: str) -> bool:
        return user_id == self._person.user_id

    def surface(self, question: Question, address: Address | None, save: SaveAddress) -> Surface:
        return TerminalSurface(self, question, save)

    async def find_reply(self, question: Question) -> Address | None:
        """What scrolled by in an earlier terminal can't be found again."""
        return None

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        path = Path(attachment.reference)
        try:
            return await asyncio.to_thread(_read, path, limit_bytes)
        except OSError as error:
            raise AttachmentUnavailable(f"{error.strerror}") from error

    async def deliver(self, notice: Notice) -> Address:
        if notice.recipient not in (None, self._person.user_id):
            raise DeliveryImpossible("nobody of that name sits at this terminal")
        if notice.card is None:
            self.finish(notice.draft)
        else:
            self._show_card(notice.id, notice.draft, notice.card)
        return Address(self._person.user_id, notice.id)

    def _show_card(self, notice_id: str, draft: Draft, card: Card) -> None:
        """What is printed can't be edited: the whole card first, then a line for each phase."""
        before, self._phases[notice_id] = self._phases.get(notice_id), card.phase
        self.card = card if draft.choices else None
        if before is None:
            self.finish(draft)
        elif before != card.phase:
            self._screen.tell(card.brief)

    def progress(self) -> str:
        """How far the latest card is, in a line; "" where nothing goes on."""
        return self.card.brief.replace("**", "") if self.card else ""

    def show(self, draft: Draft) -> None:
        self._screen.show(draft)

    def finish(self, draft: Draft) -> None:
        """Shows a whole reply, saves its files and makes its choices the ones to pick from."""
        saved = save_files(draft, self._files_folder)
        self.choices = draft.choices or self.choices
        self.just_offered = bool(draft.choices)
        if draft.ending is Ending.STOPPED:
            mark = say(self._language, "(stopped)")
            draft = replace(draft, text=f"{draft.text}\n\n*{mark}*".lstrip())
        self._screen.finish(draft, saved)

    def tell(self, text: str) -> None:
        self._screen.tell(text)


class TerminalSurface:
    """One reply on the screen."""

    def __init__(self, adapter: TerminalAdapter, question: Question, save: SaveAddress) -> None:
        self._adapter = adapter
        self._question = question
        self._save: SaveAddress | None = save

    async def show(self, draft: Draft) -> None:
        if self._save is not None:
            save, self._save = self._save, None
            await save(Address(self._question.place.channel, self._question.message_id))
        if draft.ending is None:
            self._adapter.show(draft)
        else:
            self._adapter.finish(draft)

    async def whisper(self, text: str) -> None:
        self._adapter.tell(text)


def _read(path: Path, limit_bytes: int) -> bytes:
    if path.stat().st_size > limit_bytes:
        raise AttachmentUnavailable("the file is over the limit")
    return path.read_bytes()
