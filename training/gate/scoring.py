"""How likely each arm finds what it should say: tutor turns, course text, better replies, and what
the base says to everyday prompts. Nothing is generated here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.gate.arms import Arm, Asking, Side
from training.gate.bootstrap import Part
from training.gate.prompts import Prompt
from training.gate.questions import Question, ask_all
from training.gate.results import Results
from training.gate.taken import Taken
from training.gate.wording import Wording
from training.lora.template import IGNORED, Encoded
from tutor.tuning.report import MeasureName

Done = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Document:
    """What is scored: its labels say which tokens count."""

    group: str
    encoded: Encoded


@dataclass(frozen=True, slots=True)
class Pair:
    group: str
    chosen: Encoded
    rejected: Encoded


@dataclass(frozen=True, slots=True)
class Scorer:
    asking: Asking
    results: Results
    arms: Sequence[Arm]
    done: Done

    async def nats(self, documents: Sequence[Document]) -> dict[Side, tuple[Part, ...]]:
        """For each arm and document the nats of the tokens that count, of how many."""
        places = [(arm, one.encoded) for one in documents for arm in self.arms]
        asked = [self._question(*place) for place in places]
        parts: dict[Side, tuple[Part, ...]] = {arm.side: () for arm in self.arms}
        found = await ask_all(self.asking, self.results, asked, self.done)
        for (arm, _), known in zip(places, found, strict=True):
            parts[arm.side] += (Part(known["nats"], known["tokens"]),)
        return parts

    def _question(self, arm: Arm, encoded: Encoded) -> Question:
        async def ask() -> dict[str, float]:
            scores = await self.asking.score(arm, encoded.ids.tolist())
            counted = [
                -score
                for score, label in zip(scores, encoded.labels[1:], strict=True)
                if label != IGNORED
            ]
            return {"nats": sum(counted), "tokens": len(counted)}

        return Question(arm, f"{encoded.ids.tolist()}{encoded.labels.tolist()}", ask)


def documents_of(
    examples: Sequence[Example], wording: Wording, longest: int, most: int
) -> list[Document]:
    """What the tutor says in held-out examples, or pieces of held-out text."""
    found: list[Document] = []
    for example in examples:
        pieces = wording.documents(example, longest)
        found += [Document(example.group, piece) for piece in pieces]
        if len(found) >= most:
            break
    return found[:most]


def pairs_of(examples: Sequence[Example], wording: Wording, longest: int, most: int) -> list[Pair]:
    """Held-out preferences that fit the length."""
    pairs = []
    for example in examples:
        if example.kind is ExampleKind.PREFERENCE:
            chosen, rejected = (
                wording.reply((*example.messages, ChatMessage("assistant", reply)), whole=True)
                for reply in (example.chosen, example.rejected)
            )
            if max(len(chosen.ids), len(rejected.ids)) <= longest:
                pairs.append(Pair(example.group, chosen, rejected))
    return pairs[:most]


async def loss(scorer: Scorer, documents: Sequence[Document]) -> list[Taken]:
    """Loss, and the perplexity that follows from it."""
    parts = await scorer.nats(documents)
    groups = tuple(one.group for one in documents)
    return [Taken(name, groups, parts) for name in (MeasureName.LOSS, MeasureName.PERPLEXITY)]


async def preferred(scorer: Scorer, pairs: Sequence[Pair]) -> Taken:
    """In how many pairs the better reply is the likelier one, token for token."""
    chosen = await scorer.nats([Document(one.group, one.chosen) for one in pairs])
    rejected = await scorer.nats([Document(one.group, one.rejected) for one in pairs])
    parts = {
        side: tuple(
            Part(float(better.amount / better.of < worse.amount / worse.of))
            for better, worse in zip(chosen[side], rejected[side], strict=True)
        )
        for side in chosen
    }
    return Taken(MeasureName.PREFERRED, tuple(one.group for one in pairs), parts)


async def general(
    scorer: Scorer, prompts: Sequence[Prompt], replies: Mapping[str, str], wording: Wording
) -> Taken:
    """Perplexity of what the base says to everyday prompts."""
    documents = [
        Document(prompt.id, _cut_reply(wording, prompt.text, replies[prompt.id]))
        for prompt in prompts
        if prompt.id in replies
    ]
    groups = tuple(one.group for one in documents)
    return Taken(MeasureName.GENERAL, groups, await scorer.nats(documents))


def _cut_reply(wording: Wording, prompt: str, reply: str) -> Encoded:
    """Without the end of the turn, since the reply was cut at its limit."""
    turns = (ChatMessage("user", prompt), ChatMessage("assistant", reply))
    return wording.reply(turns, whole=False)
