"""A text server that says back what it was asked, as slowly as a script wants.

Stands for the model where a script has to know which question an answer belongs to, or has to read
every prompt. Speaks vLLM's interface, so the product meets it through its remote engine.
"""

import re
from dataclasses import dataclass
from typing import Any

from tests.doubles.openai_server import TOKEN, OpenAIServer

CODE = re.compile(r"\bQ\d{3,}\b")


@dataclass
class SpokenModel(OpenAIServer):
    """Answers with `says`, or else with the codes (Q123) of the last message and `words` words."""

    context_tokens: int = 8192
    cut_bytes: int = 1 << 20
    words: int = 20
    says: str = ""

    @property
    def prompts(self) -> list[str]:
        """Everything that was asked, whether it was answered or not."""
        asked = (body.get("messages") or [] for body in self.requests)
        return ["\n".join(str(message["content"]) for message in one) for one in asked]

    @property
    def salts(self) -> list[str]:
        """The cache scope that each of them named."""
        return [str(body.get("cache_salt", "")) for body in self.requests]

    async def __aenter__(self) -> "SpokenModel":
        await super().__aenter__()
        return self

    def _answer(self, body: dict[str, Any], prompt: list[int]) -> tuple[list[str], str]:
        if self.says:
            return TOKEN.findall(self.says), "stop"
        codes = " ".join(CODE.findall(body["messages"][-1]["content"])) or "nothing"
        filler = " ".join(f"word{number}" for number in range(self.words))
        return TOKEN.findall(f"You asked {codes}. {filler} end of {codes}."), "stop"
