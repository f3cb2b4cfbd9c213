"""A tiny model with random weights trains, saves, reloads, and answers identically.

The answers of the trained model are compared, token for token, with those of a fresh copy of the
base with the adapter from the disk, through peft and through the serving engine's own adapters.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.stage.verdict import Verdict, present

PROMPTS = ("2 + 2?", "Why does it rain?", "Name a colour.", "7?")
NEW_TOKENS = 24
ROWS = [{"prompt": f"{n} + 1?", "answer": f"Count on from {n}."} for n in range(30)]


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-tiny-") as name:
        _causal(verdict, Path(name))


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


def _same(found: list[list[int]], wanted: list[list[int]]) -> str:
    equal = sum(one == other for one, other in zip(found, wanted, strict=True))
    return f"{equal} of {len(wanted)} answers"


def main() -> int:
    return present("Tiny models answer identically after reload", examine)


if __name__ == "__main__":
    sys.exit(main())
