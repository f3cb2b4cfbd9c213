"""Preferences as token ids: what was asked, and the replies that are compared or rated.

Every reply is encoded as the engine would have written it after the engine's own prompt.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.encoding import Counts
from training.lora.template import TutorTemplate

Row = dict[str, Any]
Rated = tuple[Sequence[ChatMessage], str, bool]


def pairs(
    examples: Iterable[Example], template: TutorTemplate, max_length: int, counts: Counts
) -> list[Row]:
    """Of every preference, the ids of the prompt, of the better and of the worse reply."""
    rows = []
    for example in examples:
        usable = example.kind is ExampleKind.PREFERENCE and example.chosen != example.rejected
        asked = example.messages
        better = encode(template, asked, example.chosen, max_length) if usable else None
        worse = encode(template, asked, example.rejected, max_length) if usable else None
        if better is None or worse is None:
            counts.rejected += 1
            continue
        room = max_length - max(len(better[1]), len(worse[1]))
        prompt = better[0][-room:]
        rows.append({"prompt_ids": prompt, "chosen_ids": better[1], "rejected_ids": worse[1]})
        _count(counts, [*prompt, *prompt], [*better[1], *worse[1]], len(prompt) < len(better[0]))
    return rows


def rated(
    examples: Iterable[Example], template: TutorTemplate, max_length: int, counts: Counts
) -> list[Row]:
    """Of every rated reply, the ids of the prompt and the reply; a preference gives one of each."""
    rows = []
    for example in examples:
        found = list(_rated(example))
        counts.rejected += not found
        for asked, reply, desired in found:
            encoded = encode(template, asked, reply, max_length)
            if encoded is None:
                counts.rejected += 1
                continue
            prompt = encoded[0][-(max_length - len(encoded[1])) :]
            rows.append({"prompt_ids": prompt, "completion_ids": encoded[1], "label": desired})
            _count(counts, prompt, encoded[1], len(prompt) < len(encoded[0]))
    return rows


def encode(
    template: TutorTemplate, asked: Sequence[ChatMessage], reply: str, max_length: int
) -> tuple[list[int], list[int]] | None:
    """The ids of the prompt and of the reply with its end; None where nothing can be learnt."""
    if not asked or asked[-1].role == "assistant" or not reply.strip():
        return None
    prompt = list(template.prompt(asked))
    whole = list(template.encode((*asked, ChatMessage("assistant", reply))).ids)
    assert whole[: len(prompt)] == prompt, "a reply that changes its own prompt"
    completion = whole[len(prompt) :]
    return (prompt, completion) if len(completion) < max_length else None


def with_mismatched(rows: Sequence[Row], per_device: int) -> list[Row]:
    """For KTO: each prompt also with the reply of its neighbour, in groups computed at once.

    Shifted by one within each group, as TRL does; a last group of one would be its own neighbour
    and joins nobody, so it is left out.
    """
    whole: list[Row] = []
    for start in range(0, len(rows), per_device):
        group = rows[start : start + per_device]
        if len(group) == 1:
            break
        replies = [row["completion_ids"] for row in group]
        shifted = [replies[-1], *replies[:-1]]
        whole += [
            {**row, "KL_completion_ids": other} for row, other in zip(group, shifted, strict=True)
        ]
    return whole


def shuffled(rows: Sequence[Row], seed: int) -> list[Row]:
    """In an order of its own: neighbours in a file are often about the same problem."""
    order = list(rows)
    random.Random(seed).shuffle(order)  # noqa: S311
    return order


def _rated(example: Example) -> Iterator[Rated]:
    if example.kind is ExampleKind.PREFERENCE and example.chosen != example.rejected:
        yield example.messages, example.chosen, True
        yield example.messages, example.rejected, False
    elif example.kind is ExampleKind.RATED and example.desired is not None:
        last = example.messages[-1] if example.messages else None
        if last is not None and last.role == "assistant":
            yield example.messages[:-1], last.content, example.desired


def _count(
    counts: Counts, prompt: Sequence[int], completion: Sequence[int], shortened: bool
) -> None:
    counts.documents += 1
    counts.tokens += len(prompt) + len(completion)
    counts.loss_tokens += len(completion)
    counts.truncated += shortened
