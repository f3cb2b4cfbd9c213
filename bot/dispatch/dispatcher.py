"""The dispatcher: the one door through which every platform's questions pass."""

from bot.adapter import Adapter
from tutor.messages import Form, Person, Question


class Dispatcher:
    """Takes questions from adapters and answers each exactly once."""

    def register(self, adapter: Adapter) -> None:
        """Makes an adapter known; called once each, before `run`."""
        raise NotImplementedError

    async def claim(self, question: Question) -> bool:
        """Stores the claim. True: it is new and `accept` must follow. False: seen before.

        Raises `storage.database.StorageUnavailable` when it could not be stored: then do not
        acknowledge, so that the platform sends the event again.
        """
        raise NotImplementedError

    def accept(self, question: Question) -> None:
        """Answers a claimed question in the background; returns at once."""
        raise NotImplementedError

    async def receive(self, question: Question) -> None:
        """Claim and accept, for platforms that never send an event twice.

        Keeps trying while the database is away (up to a minute, in order), then tells the person.
        """
        raise NotImplementedError

    async def form_of(self, choice_id: str, person: Person) -> Form | None:
        """The form that this press must open at once, None if it opens none or is not theirs.

        One indexed read; raises nothing: on any failure None, and the press is then received and
        answered like any other.
        """
        raise NotImplementedError

    async def last_seen(self, channel: str) -> str | None:
        """The newest message id claimed in a channel, where catch-up begins."""
        raise NotImplementedError
