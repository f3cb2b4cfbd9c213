"""General chat that is mixed into a training, so that a model does not forget how to talk.

The replies are the base model's own, sampled once for each base and kept in the data folder, so
that they hold the model where it is instead of teaching it somebody else's style. Those of the
embedded model are shipped. Requests for harm come with replies of ours that turn them down: that is
soonest forgotten, and small models hardly know it. None of the prompts is one of the gate's.
"""

import hashlib
import json
import logging
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import torch

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.recipe import Effort, Method, Recipe
from tutor.engine.contract import Message
from tutor.engine.process.identity import weights_hash
from tutor.engine.process.load import model_folder
from tutor.engine.process.source_text import SourceVocabulary
from tutor.engine.process.vocabulary import Vocabulary
from tutor.engine.profiles import profile_for

log = logging.getLogger(__name__)
PROMPTS, SHIPPED, TURNED_DOWN = "replay_prompts.jsonl", "replay_replies.json", "refusals.jsonl"
SOURCE, REFUSALS, LICENCE = "replay", "refusals", "CC0-1.0"
COUNTS = {Effort.QUICK: 24, Effort.NORMAL: 48, Effort.THOROUGH: 96}  # sampled at least
METHODS = (Method.SUPERVISED, Method.PRETRAIN, Method.SEQ2SEQ)  # the others have a reference
MAX_TOKENS, AT_ONCE, SEED = 64, 48, 20
TEMPERATURE, TOP_P = 1.0, 0.95  # its own words, as it would say them
SENTENCE_END = re.compile(r"[.!?。！？][\"”’)]*(?=\s|$)|[。！？]")
Replies = dict[str, str]  # by the prompt's words; "" where nothing whole was said


@dataclass(frozen=True, slots=True)
class Prompt:
    id: str
    language: str
    text: str


@cache
def prompts() -> tuple[Prompt, ...]:
    """All committed prompts, of all languages."""
    lines = _data(PROMPTS).splitlines()
    return tuple(Prompt(**json.loads(line)) for line in lines)


def general_chat(
    recipe: Recipe, name: str, data_dir: Path, model: Any, tokenizer: Any
) -> list[Example]:
    """Examples for `train(replay=…)`; empty where the recipe wants none.

    Samples what is not known yet of this base, which takes half a minute for a small model.
    """
    if recipe.replay_share == 0 or recipe.method not in METHODS:
        return []
    languages = profile_for(name).languages
    known = [one for one in prompts() if one.language.split("-")[0] in languages]
    known = sorted(known, key=_key)
    chosen = known[: COUNTS[recipe.effort]]  # more effort adds to what less took
    base_hash = weights_hash(model_folder(name, data_dir, lambda share: None)[0], data_dir)
    kept = data_dir / "replay" / f"{base_hash}.json"
    replies = shipped(base_hash) | _read(kept)
    missing = [one for one in chosen if _key(one) not in replies]
    if missing:
        log.info("Sampling %d replies of the base model", len(missing))
        replies |= sample(missing, model, tokenizer, name)
        _write(kept, replies)
    everyday = [_example(one, replies[_key(one)]) for one in known if replies.get(_key(one))]
    return [*everyday, *refusals(languages)]


def refusals(languages: Collection[str]) -> list[Example]:
    """Requests for harm, and how they are turned down."""
    rows = [json.loads(line) for line in _data(TURNED_DOWN).splitlines()]
    return [
        Example(
            ExampleKind.DIALOGUE,
            f"refusal-{number}",
            REFUSALS,
            LICENCE,
            (ChatMessage("user", row["prompt"]), ChatMessage("assistant", row["reply"])),
        )
        for number, row in enumerate(rows)
        if row["language"].split("-")[0] in languages
    ]


def shipped(base_hash: str) -> Replies:
    """The replies of a base that lie in this package; empty for others."""
    record = json.loads(_data(SHIPPED) or "{}")
    return dict(record["replies"]) if record.get("base_hash") == base_hash else {}


def sample(
    chosen: Sequence[Prompt], model: Any, tokenizer: Any, name: str, *, max_tokens: int = MAX_TOKENS
) -> Replies:
    """The model's own replies, the same whenever it is asked.

    What is still going on after `max_tokens` is cut after its last whole sentence: an end in the
    middle of one would be learnt, and waiting for the ends of all takes minutes.
    """
    pair = bool(model.config.is_encoder_decoder)
    kind = SourceVocabulary if pair else Vocabulary
    ends = model.generation_config.eos_token_id
    end_ids = [] if ends is None else list(ends) if isinstance(ends, list | tuple) else [ends]
    vocabulary = kind(tokenizer, end_ids, dict(profile_for(name).template_options))
    asked = [(one, vocabulary.prompt([Message("user", one.text)])) for one in chosen]
    asked.sort(key=lambda each: len(each[1]))  # little padding
    replies: Replies = {}
    for start in range(0, len(asked), AT_ONCE):
        group = asked[start : start + AT_ONCE]
        written = _generate([ids for _, ids in group], model, vocabulary, pair, max_tokens)
        for (prompt, _), ids in zip(group, written, strict=True):
            replies[_key(prompt)] = _whole(ids, vocabulary)
    return replies


@torch.no_grad()
def _generate(
    rows: Sequence[Sequence[int]],
    model: Any,
    vocabulary: Vocabulary,
    pair: bool,
    max_tokens: int,
) -> list[list[int]]:
    """Sampled in one batch: padded on the left, or for a source on the right."""
    longest, pad = max(map(len, rows)), min(vocabulary.end_ids)
    ids, mask = torch.full((len(rows), longest), pad), torch.zeros(len(rows), longest)
    for number, row in enumerate(rows):
        place = slice(0, len(row)) if pair else slice(longest - len(row), longest)
        ids[number, place], mask[number, place] = torch.tensor(row), 1
    device, before = next(model.parameters()).device, torch.get_rng_state()
    torch.manual_seed(SEED)
    try:
        output = model.generate(
            input_ids=ids.to(device),
            attention_mask=mask.long().to(device),
            max_new_tokens=max_tokens,
            do_sample=True,
            temperature=TEMPERATURE,
            top_p=TOP_P,
            top_k=0,
            eos_token_id=sorted(vocabulary.end_ids),
            pad_token_id=pad,
        )
    finally:
        torch.set_rng_state(before)
    written: list[list[int]] = output[:, 1 if pair else longest :].tolist()
    return written


def _whole(ids: Sequence[int], vocabulary: Vocabulary) -> str:
    """The text up to its end, or else up to that of its last whole sentence."""
    end = next((place for place, token in enumerate(ids) if token in vocabulary.end_ids), None)
    if end is not None:
        return vocabulary.decode(ids[:end]).strip()
    text = vocabulary.decode(ids)
    sentences = list(SENTENCE_END.finditer(text))
    return text[: sentences[-1].end()].strip() if sentences else ""


def _example(prompt: Prompt, reply: str) -> Example:
    turns = (ChatMessage("user", prompt.text), ChatMessage("assistant", reply))
    return Example(ExampleKind.DIALOGUE, f"replay-{prompt.id}", SOURCE, LICENCE, turns)


def _key(prompt: Prompt) -> str:
    """Of the words, so that a changed prompt is asked anew."""
    return hashlib.sha256(prompt.text.encode()).hexdigest()[:16]


def _read(path: Path) -> Replies:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except ValueError:
        log.warning("The replies in %s are damaged and are sampled again", path)
        return {}


def _write(path: Path, replies: Replies) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(replies, ensure_ascii=False, indent=0), encoding="utf-8")
    unfinished.replace(path)


def _data(name: str) -> str:
    file = resources.files("training").joinpath("data", name)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def write_shipped(path: Path, base_hash: str, replies: Iterable[tuple[str, str]]) -> None:
    """Writes the file of `shipped`, sorted, for the repository."""
    record = {"base_hash": base_hash, "replies": dict(sorted(replies))}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
