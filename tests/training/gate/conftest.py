"""A template with a tokenizer of bytes, moments of lessons, and an engine that acts a part."""

from collections.abc import Callable

import pytest

from tests.doubles.fake_engine import FakeEngine
from tests.tutor.engine.tiny_model import save_tiny_model
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.gate.wording import Continuing, Wording
from training.lora.template import TutorTemplate
from tutor.bank.item import AnswerKey, AnswerType
from tutor.engine.contract import Capabilities, TextRequest
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief, brief_to_json
from tutor.pedagogy.instructions import Style, instructions

MODEL = "SmolLM2-135M-Instruct"
FINE, LEAK = "Look at the hint once more and try the next step.", "The answer is 41."
BASE_NATS = 2.0


@pytest.fixture(scope="session")
def wording(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    from transformers import AutoTokenizer

    folder = save_tiny_model(tmp_path_factory.mktemp("gate") / "model")
    return Continuing(TutorTemplate(AutoTokenizer.from_pretrained(folder)))


def brief(number: int, move: Move = Move.HINT, attempt: str = "") -> Brief:
    return Brief(
        move=move,
        language=Language.ENGLISH,
        template="Take the parts one after the other.",
        problem=f"Box {number} holds many apples, and somebody brings more. How many are there?",
        attempt=attempt,
        facts=("Add what is brought to what was there.",),
        secret=AnswerKey(AnswerType.NUMBER, ("41",)),
    )


def moment(number: int, move: Move = Move.HINT, attempt: str = "") -> Example:
    of = brief(number, move, attempt)
    asked = instructions(of, style=Style.TUTORING_1)
    messages = tuple(ChatMessage(one.role, one.content) for one in asked)
    return Example(
        ExampleKind.DIALOGUE,
        group=f"lesson-{number}",
        source="bank",
        messages=(*messages, ChatMessage("assistant", FINE)),
        brief=brief_to_json(of),
    )


class ActingEngine(FakeEngine):
    """`nats` is what a token costs each adapter; `says` what it answers to a request."""

    def __init__(self, nats: dict[str | None, float], says: Callable[[TextRequest], str]) -> None:
        super().__init__(default=says, context_tokens=8192, model=MODEL)
        self.nats = nats
        self.scored = 0
        self.can_score = True

    async def score(self, token_ids, adapter=None):  # type: ignore[no-untyped-def]
        self.scored += 1
        self._check_adapter(adapter)
        return [-self.nats[adapter]] * (len(token_ids) - 1)

    async def capabilities(self) -> Capabilities:
        return Capabilities(
            self.model,
            "fake-1",
            self.context_tokens,
            adapters=True,
            score=self.can_score,
            base_hash="base",
            template_hash="template",
            precision="float32",
        )
