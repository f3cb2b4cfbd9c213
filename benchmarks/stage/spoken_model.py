"""A text server that says back what it was asked, as slowly as a script wants.

Stands for the model where a script has to know which question an answer belongs to, or has to read
every prompt. Speaks vLLM's interface, so the product meets it through its remote engine.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.openai_server import TOKEN, OpenAIServer

CODE = re.compile(r"\bQ\d{3,}\b")


@dataclass
class SpokenModel(OpenAIServer):
    """Answers each question with the codes (Q123) of its last message and `words` words."""

    context_tokens: int = 8192
    cut_bytes: int = 1 << 20
    words: int = 20
    prompts: list[str] = field(default_factory=list)

    async def __aenter__(self) -> "SpokenModel":
        await super().__aenter__()
        return self

    def _answer(self, body: dict[str, Any], prompt: list[int]) -> tuple[list[str], str]:
        text = "\n".join(str(message["content"]) for message in body["messages"])
        self.prompts.append(text)
        codes = " ".join(CODE.findall(body["messages"][-1]["content"])) or "nothing"
        filler = " ".join(f"word{number}" for number in range(self.words))
        return TOKEN.findall(f"You asked {codes}. {filler} end of {codes}."), "stop"

    @property
    def salts(self) -> list[str]:
        """The cache scopes that requests named, in their order."""
        return [str(body.get("cache_salt", "")) for body in self.requests]
