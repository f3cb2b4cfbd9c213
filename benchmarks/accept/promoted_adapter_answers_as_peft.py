"""A promoted adapter answers through the engine as peft does on the same weights.

Greedy, token for token, in fp32 on the processor, with the embedded model: a random adapter whose
weights are not zero, the shipped one where there is one, and both beside rows of the model as it
is in one batch.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from benchmarks.stage.prepared_model import lend_model
from benchmarks.stage.verdict import Verdict, present
from tutor.adapters.package import CONFIG, pack, unpack
from tutor.adapters.shipped import SHIPPED
from tutor.engine.client import LocalEngine
from tutor.engine.contract import Sampling, TextRequest
from tutor.engine.embedded import prepare

NEW_TOKENS = 48
RANK = 8
PROMPTS = (
    "Problem: What is 3/4 of 20?\nHint: Divide by four first.\nTask: hint",
    "Explain in two sentences why ice floats.",
    "Problem: Solve 2x + 3 = 11.\nAttempt: x = 7\nTask: start",
    "What is the capital of Kenya?",
    "Write a short note to thank a neighbour for watering the plants.",
    "Problem: A train goes 180 km in 2 hours. How fast is it?\nAttempt: 360\nTask: last step",
    "Name three things that magnets attract, and say why.",
    "Problem: Factor x^2 - 9.\nHint: Both terms are squares.\nTask: look back",
)


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        await asyncio.to_thread(lend_model, root)
        model_folder = await asyncio.to_thread(prepare, root)
        adapters = await asyncio.to_thread(_adapters, model_folder, root)
        expected = await asyncio.to_thread(_by_peft, model_folder, adapters)
        engine = LocalEngine(root, idle_seconds=0.2)
        try:
            for version, folder in adapters.items():
                await engine.ensure_adapter(version, str(folder))
            prompts = expected["prompts"]
            for one in (None, *adapters):
                await _compare(verdict, engine, one, prompts, expected["tokens"][one])
            await _compare_mixed(verdict, engine, (None, *adapters), expected)
        finally:
            await engine.close()
    differs = all(expected["tokens"][one] != expected["tokens"][None] for one in adapters)
    verdict.check("adapters say something else than the model as it is", differs, differs)
    if len(adapters) == 1:
        verdict.remark = "no adapter is shipped yet; the random one alone"


async def _compare(
    verdict: Verdict,
    engine: LocalEngine,
    version: str | None,
    prompts: Sequence[Sequence[int]],
    wanted: Sequence[Sequence[int]],
) -> None:
    found = await asyncio.gather(*(_tokens(engine, ids, version) for ids in prompts))
    same = sum(one == list(other) for one, other in zip(found, wanted, strict=True))
    verdict.check(f"{version or 'base'}: answers equal token for token", same, same == len(wanted))


async def _compare_mixed(
    verdict: Verdict, engine: LocalEngine, versions: Sequence[str | None], expected: dict[str, Any]
) -> None:
    """All prompts with all adapters at once, so that rows of a batch differ in their adapter."""
    rows = [(version, n) for n in range(len(PROMPTS)) for version in versions]
    prompts = expected["prompts"]
    found = await asyncio.gather(*(_tokens(engine, prompts[n], one) for one, n in rows))
    wanted = [expected["tokens"][version][n] for version, n in rows]
    same = sum(one == other for one, other in zip(found, wanted, strict=True))
    verdict.check(f"in mixed batches of {len(rows)} rows: equal", same, same == len(rows))


async def _tokens(engine: LocalEngine, prompt: Sequence[int], version: str | None) -> list[int]:
    request = TextRequest(
        token_ids=tuple(prompt), adapter=version, sampling=Sampling(), max_tokens=NEW_TOKENS
    )
    async with aclosing(engine.stream(request)) as deltas:
        return [token async for delta in deltas for token in delta.token_ids]


def _adapters(model_folder: Path, root: Path) -> dict[str, Path]:
    """By version; each through a package and back, as an artifact goes."""
    made = {"random": _random_adapter(model_folder, root / "random")}
    made |= {place.name: place for place in sorted(SHIPPED.glob("*/")) if (place / CONFIG).exists()}
    for version, folder in made.items():
        unpack(pack(folder), root / "unpacked" / version)
    return {version: root / "unpacked" / version for version in made}


def _random_adapter(model_folder: Path, folder: Path) -> Path:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
    config = LoraConfig(r=RANK, target_modules="all-linear", task_type="CAUSAL_LM")
    adapted: Any = get_peft_model(model, config)
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_" in name:
                parameter.normal_(0.0, 0.03)
    adapted.save_pretrained(folder)
    return folder


def _by_peft(model_folder: Path, adapters: dict[str, Path]) -> dict[str, Any]:
    """What transformers and peft write themselves, by adapter; None is the model alone."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(model_folder)
    prompts = [
        tokenizer.apply_chat_template(
            [{"role": "user", "content": text}], add_generation_prompt=True, return_dict=False
        )
        for text in PROMPTS
    ]
    written: dict[str | None, list[list[int]]] = {}
    for version in (None, *adapters):
        model: Any = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
        if version is not None:
            model = PeftModel.from_pretrained(model, str(adapters[version]))
        model.eval()
        written[version] = [_greedy(model, tokenizer, prompt) for prompt in prompts]
    return {"prompts": prompts, "tokens": written}


def _greedy(model: Any, tokenizer: Any, prompt: list[int]) -> list[int]:
    import torch

    ids = torch.tensor([prompt])
    with torch.inference_mode():
        whole = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=NEW_TOKENS,
            pad_token_id=tokenizer.eos_token_id,
        )
    tokens: list[int] = whole[0, len(prompt) :].tolist()
    ends = {tokenizer.eos_token_id, tokenizer.convert_tokens_to_ids("<|im_end|>")}
    return [token for token in tokens if token not in ends]


def main() -> int:
    return present("A promoted adapter answers as peft does", examine)


if __name__ == "__main__":
    sys.exit(main())
