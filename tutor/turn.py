"""A question with everything that was looked up for it, once, before anything is decided."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from storage.communities import ChannelSettings, Community
from storage.conversations import Conversation
from storage.learners import Learner
from tutor.adapters.pin import Pin
from tutor.language import Language
from tutor.messages import Question
from tutor.pedagogy.dialogue import Policy
from tutor.safety.protection import UNPROTECTED, Protection


@dataclass(frozen=True, slots=True)
class Material:
    """The text of a file that came with the question."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was given with a command, whole and unread."""

    name: str
    media_type: str
    data: bytes


async def _at_once() -> None:
    """Nothing more is expected."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who asks, where, under which settings, and in which language they are answered.

    `questions` holds every message of a burst, oldest first; `question` is the last of them,
    the one whose claim carries the reply. Whatever can't be undone waits for `burst_over`:
    until then another message may join, and all of them are answered anew. `standing` is the
    learner's status in this community, `policy` the strictest that holds for them here and now,
    `protection` what their classes ask for where they are minors; `enrolled` says whether they
    belong to any course. `adapters_in_use`: whether any adapter is assigned anywhere; `pin` is the
    one that answers this turn, once it has been looked up.
    """

    question: Question
    learner: Learner
    community: Community
    channel: ChannelSettings
    conversation: Conversation
    language: Language
    questions: tuple[Question, ...] = ()
    material: tuple[Material, ...] = ()
    uploads: tuple[Upload, ...] = ()
    standing: str = "active"
    policy: Policy = Policy.GUIDED
    burst_over: Callable[[], Awaitable[None]] = field(default=_at_once, compare=False, repr=False)
    protection: Protection = UNPROTECTED
    enrolled: bool = True
    adapters_in_use: bool = True
    pin: Pin = field(default_factory=Pin, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The learner's words: the messages of a burst as paragraphs."""
        return "\n".join(q.text for q in self.questions or (self.question,) if q.text)
