"""The part of a conversation that an example may show: as far back as everybody in it agrees."""

from dataclasses import dataclass

from storage.corrections import turns_up_to
from storage.database import Session
from storage.turns import StoredTurn, turn_by_id
from training.datasets.building.consenting import Consenting
from training.datasets.example import ChatMessage

TURNS = 8
USER, ASSISTANT = "user", "assistant"
DONE = "done"


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages up to what a reply answered, the reply, and whose words are in them."""

    messages: tuple[ChatMessage, ...]
    reply: str
    group: str
    learners: frozenset[str]


async def talk_before(session: Session, reply_id: str, consenting: Consenting) -> Talk | None:
    """None where the reply is gone, answers nobody, or somebody in it does not agree."""
    reply = await turn_by_id(session, reply_id)
    if reply is None or reply.role != ASSISTANT or reply.state != DONE:
        return None
    *before, _ = await turns_up_to(session, reply, TURNS + 1)
    turns: list[StoredTurn] = []
    for turn in reversed(before):
        if not turn.text.strip() or not await consenting.all_of([turn.learner_id]):
            break
        turns.insert(0, turn)
    messages = _in_turns(turns)
    if not messages or messages[-1].role != USER or not reply.text.strip():
        return None
    if not await consenting.all_of([reply.learner_id]):  # a reply repeats what it was asked
        return None
    learners = {turn.learner_id for turn in (*turns, reply) if turn.learner_id}
    return Talk(messages, reply.text.strip(), reply.conversation_id, frozenset(learners))


def _in_turns(turns: list[StoredTurn]) -> tuple[ChatMessage, ...]:
    """User and tutor in turns, the user first; what one side says in a row is one message."""
    said: list[ChatMessage] = []
    for turn in turns:
        role = "user" if turn.role == USER else "assistant"
        if said and said[-1].role == role:
            joined = f"{said[-1].content}\n{turn.text.strip()}"
            said[-1] = ChatMessage(said[-1].role, joined)
        elif said or role == USER:
            said.append(ChatMessage("user" if role == USER else "assistant", turn.text.strip()))
    return tuple(said)
