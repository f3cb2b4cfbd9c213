"""Between text and token ids: prompts from messages, and which tokens end an answer.

Wraps the tokenizer; knows nothing of the model. May be used from several threads.
"""

from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from tutor.engine.contract import Message, RequestRefused

# Written by models that have no template of their own.
PLAIN_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] | capitalize }}: {{ message['content'] }}\n\n"
    "{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}"
)
TURN_ENDS = ("<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "</s>")


class Vocabulary:
    """`template_options` are passed to the chat template, such as `enable_thinking`."""

    def __init__(
        self, tokenizer: Any, end_ids: Sequence[int], template_options: dict[str, Any]
    ) -> None:
        self.tokenizer = tokenizer
        self._options = template_options
        self._specials = sorted(_special_strings(tokenizer), key=len, reverse=True)
        self._template = None if tokenizer.chat_template else PLAIN_TEMPLATE
        self.size = len(tokenizer)
        self.end_ids = frozenset(end_ids) | _known_ends(tokenizer)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids without special tokens; control words in a text are encoded as ordinary text."""
        return [self.ids(self._defused(text)) for text in texts]

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The conversation in the model's own form, ready for its answer."""
        return self.ids(self.rendered(messages))

    def rendered(self, messages: Sequence[Message], *, answered: bool = False) -> str:
        """The text of `prompt`; or, with `answered`, of a conversation that has its answer."""
        turns = [{"role": m.role, "content": self._defused(m.content)} for m in messages]
        try:
            return self._render(turns, answered)
        except TemplateError:
            return self._render_folded(turns, answered)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of the ids without special tokens."""
        text: str = self.tokenizer.decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    def ids(self, text: str) -> list[int]:
        """Ids of a text in which control words are meant."""
        backend = getattr(self.tokenizer, "backend_tokenizer", None)
        if backend is None:
            return list(self.tokenizer.encode(text, add_special_tokens=False))
        return list(backend.encode(text, add_special_tokens=False).ids)

    def _render(self, turns: list[dict[str, str]], answered: bool) -> str:
        text: str = self.tokenizer.apply_chat_template(
            turns,
            chat_template=self._template,
            tokenize=False,
            add_generation_prompt=not answered,
            **self._options,
        )
        return text

    def _render_folded(self, turns: list[dict[str, str]], answered: bool) -> str:
        """For templates without a system role, or that insist on turns which alternate."""
        folded: list[dict[str, str]] = []
        for turn in turns:
            role = "assistant" if turn["role"] == "assistant" else "user"
            if folded and folded[-1]["role"] == role:
                folded[-1]["content"] += "\n\n" + turn["content"]
            else:
                folded.append({"role": role, "content": turn["content"]})
        try:
            return self._render(folded, answered)
        except TemplateError as error:
            raise RequestRefused(f"The model's template refuses these turns: {error}") from error

    def _defused(self, text: str) -> str:
        """A learner who writes `<|im_end|>` must not end their turn and begin the system's."""
        for special in self._specials:
            if special in text:
                text = text.replace(special, f"{special[0]} {special[1:]}")
        return text


def _special_strings(tokenizer: Any) -> set[str]:
    added = tokenizer.added_tokens_decoder.values()
    words = {str(token.content) for token in added if token.special}
    return {word for word in words | set(tokenizer.all_special_tokens) if len(word) > 1}


def _known_ends(tokenizer: Any) -> frozenset[int]:
    """Ids that end a turn: the tokenizer's own, and special tokens known to mean it."""
    ids = {tokenizer.eos_token_id} - {None}
    specials = _special_strings(tokenizer)
    ids |= {tokenizer.convert_tokens_to_ids(word) for word in TURN_ENDS if word in specials}
    return frozenset(ids)
