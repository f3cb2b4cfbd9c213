"""Tiny models of both kinds, causal and T5, train, save, reload, and answer identically.

The answers of the trained model are compared, token for token, with those of a fresh copy of the
base with the adapter from the disk, through peft and through the serving engine's own adapters.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from benchmarks.stage.pair_model import save_pair_model
from benchmarks.stage.verdict import Verdict, present
from tutor.engine.client import LocalEngine
from tutor.engine.contract import TextRequest

PROMPTS = ("2 + 2?", "Why does it rain?", "Name a colour.", "7?")
NEW_TOKENS = 24
END = 1  # the end token of the T5 that is made here
ROWS = [{"prompt": f"{n} + 1?", "answer": f"Count on from {n}."} for n in range(30)]


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-tiny-") as name:
        _causal(verdict, Path(name))
        await _pair(verdict, Path(name))


def _causal(verdict: Verdict, root: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from tests.tutor.engine.tiny_model import save_tiny_model
    from training.fine_tuning import fine_tune

    base = save_tiny_model(root / "causal")
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    untrained = _answers(AutoModelForCausalLM.from_pretrained(base), tokenizer)
    model = AutoModelForCausalLM.from_pretrained(base)
    tuned = fine_tune(model, tokenizer, ROWS, 3, folder=root / "run", show=False)
    trained = _answers(tuned, tokenizer)
    verdict.check("training changes a causal model's answers", "yes", trained != untrained)
    tuned.save_pretrained(root / "saved")
    for place in (root / "run" / "adapter", root / "saved"):
        fresh = AutoModelForCausalLM.from_pretrained(base)
        reloaded = _answers(PeftModel.from_pretrained(fresh, str(place)), tokenizer)
        verdict.check(
            f"reloaded by peft from {place.name}, it answers identically",
            _same(reloaded, trained),
            reloaded == trained,
        )
    served = _served(base, root / "run" / "adapter", tokenizer)
    verdict.check(
        "served by the engine, it answers identically", _same(served, trained), served == trained
    )


def _served(base: Path, adapter: Path, tokenizer: Any) -> list[list[int]]:
    """Through the module with which the engine serves adapters."""
    from transformers import AutoModelForCausalLM

    from tutor.engine.process.adapters import Adapters

    adapters = Adapters(AutoModelForCausalLM.from_pretrained(base))
    adapters.ensure("tuned", str(adapter))
    name = adapters.hold("tuned")
    with adapters.active([name]) as (model, more):
        return _answers(model, tokenizer, **more)


def _answers(model: Any, tokenizer: Any, **more: Any) -> list[list[int]]:
    """Greedy, without a cache, so that each way computes the same."""
    import torch

    answers = []
    for prompt in PROMPTS:
        ids = torch.tensor([tokenizer.encode(prompt)])
        start = ids.shape[1]
        for _ in range(NEW_TOKENS):
            with torch.no_grad():
                logits = model(input_ids=ids, **more).logits
            ids = torch.cat([ids, logits[:, -1:].argmax(-1)], 1)
        answers.append(ids[0, start:].tolist())
    return answers


async def _pair(verdict: Verdict, root: Path) -> None:
    """The T5: what is trained, what peft reloads, and what the engine's process serves."""
    from peft import PeftModel
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    base = await asyncio.to_thread(save_pair_model, root / "t5")
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    model: Any = AutoModelForSeq2SeqLM.from_pretrained(base)
    sources = [[*tokenizer.encode(one, add_special_tokens=False), END] for one in PROMPTS]
    untrained = _targets(model, sources)
    adapter, held = await asyncio.to_thread(_train_pair, model, tokenizer, root / "t5-run")
    verdict.check(
        "a T5's held-out loss falls", f"{held[0]:.2f} to {held[1]:.2f}", held[1] < held[0]
    )
    trained = _targets(PeftModel.from_pretrained(model, str(adapter)), sources)
    verdict.check("training changes a T5's answers", "yes", trained != untrained)
    fresh = AutoModelForSeq2SeqLM.from_pretrained(base)
    reloaded = _targets(PeftModel.from_pretrained(fresh, str(adapter)), sources)
    verdict.check(
        "a reloaded T5 answers identically", _same(reloaded, trained), reloaded == trained
    )
    engine = LocalEngine(root / "data", str(base), idle_seconds=0.2)
    try:
        await engine.ensure_adapter("tuned", str(adapter))
        for version, wanted in (("tuned", trained), (None, untrained)):
            served = [await _tokens(engine, source, version) for source in sources]
            verdict.check(
                f"the engine's process serves the T5 identically, adapter {version}",
                _same(served, wanted),
                served == wanted,
            )
    finally:
        await engine.close()


def _train_pair(model: Any, tokenizer: Any, folder: Path) -> tuple[Path, tuple[float, float]]:
    """The adapter's folder, and the held-out loss before and after."""
    from training.datasets.example import ChatMessage, Example, ExampleKind
    from training.lora.recipe import Method, Recipe
    from training.lora.train import train

    examples = [
        Example(
            ExampleKind.DIALOGUE,
            f"g{number}",
            "made",
            messages=(ChatMessage("user", row["prompt"]), ChatMessage("assistant", row["answer"])),
        )
        for number, row in enumerate(ROWS)
    ]
    recipe = Recipe(Method.SEQ2SEQ, learning_rate=1e-2, epochs=3)
    trained = train(recipe, model, tokenizer, examples[:-4], examples[-4:], folder)
    assert trained.adapter_folder is not None
    assert trained.base_held_out_loss is not None and trained.held_out_loss is not None
    return trained.adapter_folder, (trained.base_held_out_loss, trained.held_out_loss)


def _targets(model: Any, sources: Sequence[Sequence[int]]) -> list[list[int]]:
    """What transformers itself writes, greedily."""
    import torch

    written = []
    for source in sources:
        ids = model.eval().generate(
            input_ids=torch.tensor([source]), max_new_tokens=NEW_TOKENS, do_sample=False
        )
        written.append([token for token in ids[0, 1:].tolist() if token != END])
    return written


async def _tokens(engine: LocalEngine, source: Sequence[int], version: str | None) -> list[int]:
    request = TextRequest(token_ids=tuple(source), adapter=version, max_tokens=NEW_TOKENS)
    async with aclosing(engine.stream(request)) as deltas:
        return [token async for delta in deltas for token in delta.token_ids]


def _same(found: list[list[int]], wanted: list[list[int]]) -> str:
    equal = sum(one == other for one, other in zip(found, wanted, strict=True))
    return f"{equal} of {len(wanted)} answers"


def main() -> int:
    return present("Tiny models answer identically after reload", examine)


if __name__ == "__main__":
    sys.exit(main())
