"""`python -m benchmarks.finetune --json`: the project's training against plain TRL, in one run.

Both learn the same documents (the same tokens carry loss) with the same LoRA, rate, schedule and
number of optimizer steps in fp32 on the CPU, each in a process of its own, in turns. Both are given
the documents in the same order, since in so few steps the order alone moves the loss by several
percent; each repeat has another order (`loss_noise` is what that does to the loss). The peer is
TRL's SFTTrainer with its default batch of 8, without gradient checkpointing; a second peer packs
(`peer_packed_…`). Tokens a second count documents' tokens, never padding; `loss` is the held-out
loss after training, by one and the same function; `peak_bytes` is the whole process's, at its
height before that. The data is drawn from the project's own generators and starter items, or taken
from `--data FILE` (lines as in a data set's version).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.figures import machine
from training.lora.template import Encoded

ROWS = 8  # of the peer's batch, TRL's default
SEED, RANK, RATE = 7, 16, 5e-4
HELD_OUT = 16
MODES = ("ours", "peer", "peer_packed")


@dataclass(frozen=True, slots=True)
class Task:
    """What all of them are given."""

    model: str
    train: list[Encoded]
    held_out: list[Encoded]

    @property
    def tokens(self) -> int:
        return sum(len(one.ids) for one in self.train)

    @property
    def steps(self) -> int:
        return len(self.train) // ROWS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finetune", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--data", type=Path, help="a JSON-lines file of examples")
    parser.add_argument("--data-dir", type=Path, help="an existing data folder with the model")
    parser.add_argument("--model", default="", help="a model setting (else the embedded one)")
    parser.add_argument("--documents", type=int, default=128, help="to train on")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)  # mode, file, seed
    options = parser.parse_args()
    if options.child:
        mode, file, seed = options.child
        print(json.dumps(_child(mode, _read(Path(file)), int(seed))))
        return
    with tempfile.TemporaryDirectory(prefix="daoshi-finetune-") as folder:
        figures = measure(options, Path(folder))
    if options.json:
        print(json.dumps(figures))
    else:
        _show(figures)


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Runs every mode in turns and takes the medians."""
    file = folder / "task.json"
    figures = {**machine(), **_prepare(options, folder, file)}
    runs: dict[str, list[dict[str, Any]]] = {mode: [] for mode in MODES}
    for number in range(options.repeats):
        for mode in MODES if number % 2 == 0 else reversed(MODES):
            runs[mode].append(_run(mode, file, SEED + number))
            print(f"{mode}: {runs[mode][-1]}", file=sys.stderr, flush=True)
    for mode, found in runs.items():
        prefix = "" if mode == "ours" else f"{mode}_"
        for name in ("tokens_per_second", "peak_bytes", "loss"):
            figures[prefix + name] = statistics.median(one[name] for one in found)
    # How far the order of the documents alone moves the loss: that between repeats, at most.
    spans = [[one["loss"] for one in found] for found in runs.values()]
    figures["loss_noise"] = round(max(max(one) - min(one) for one in spans), 4)
    figures["ratio"] = round(figures["tokens_per_second"] / figures["peer_tokens_per_second"], 3)
    figures["runs"] = runs
    return figures


def _run(mode: str, file: Path, seed: int) -> dict[str, Any]:
    own = ["--child", mode, str(file), str(seed)]
    command = [sys.executable, "-m", "benchmarks.finetune", *own]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _prepare(options: argparse.Namespace, folder: Path, file: Path) -> dict[str, Any]:
    """Encodes the data once for all; returns what it is like."""
    from transformers import AutoTokenizer

    from training.lora.encoding import encode_all
    from training.lora.template import TutorTemplate
    from tutor.engine.process.load import model_folder

    model, _ = model_folder(options.model, options.data_dir or folder, lambda share: None)
    tokenizer: Any = AutoTokenizer.from_pretrained(model)
    examples = _examples(options.data)
    encoded = encode_all(examples, TutorTemplate(tokenizer), 1024).documents
    wanted = options.documents // ROWS * ROWS
    train, held_out = encoded[:wanted], encoded[wanted : wanted + HELD_OUT]
    assert len(held_out) == HELD_OUT, f"{len(encoded)} documents are too few"
    record = {
        "model": str(model),
        "train": [[list(one.ids), list(one.labels)] for one in train],
        "held_out": [[list(one.ids), list(one.labels)] for one in held_out],
    }
    file.write_text(json.dumps(record), encoding="utf-8")
    tokens = sum(len(one.ids) for one in train)
    padded = sum(
        ROWS * max(len(one.ids) for one in train[start : start + ROWS])
        for start in range(0, wanted, ROWS)
    )
    return {
        "documents": len(train),
        "tokens": tokens,
        "loss_tokens": sum(one.loss_tokens for one in train),
        "shared_prefix_tokens": _shared_prefix(train),
        "padded_tokens_of_rows_in_order": padded,
    }


def _shared_prefix(documents: Sequence[Encoded]) -> int:
    """How many tokens all documents begin with."""
    columns = zip(*(one.ids for one in documents), strict=False)
    return len(list(takewhile(lambda column: len(set(column)) == 1, columns)))


def _examples(path: Path | None) -> list[Any]:
    from training.datasets.building.dialogues import dialogues, distinct
    from training.datasets.example import from_line
    from tutor.bank.generators import GENERATORS, generate
    from tutor.bank.starter import starter_course
    from tutor.language import Language

    rng = Random(SEED)
    if path is not None:
        with path.open(encoding="utf-8") as lines:
            found = [from_line(line)[0] for line in lines if line.strip()]
    else:
        items = [one for one in starter_course().items if one.language == Language.ENGLISH]
        items += [
            generate(name, n, Language.ENGLISH) for name in sorted(GENERATORS) for n in (1, 2)
        ]
        drawn = (one for item in items for one in dialogues(item, rng, source="daoshi"))
        found = list(distinct(drawn))
    rng.shuffle(found)
    return found


def _read(file: Path) -> Task:
    record = json.loads(file.read_text(encoding="utf-8"))
    train, held_out = (
        [Encoded(array("i", ids), array("i", labels)) for ids, labels in record[name]]
        for name in ("train", "held_out")
    )
    return Task(record["model"], train, held_out)


def _child(mode: str, task: Task, seed: int) -> dict[str, Any]:
    """Trains in one of the ways; the model is loaded alike."""
    import torch
    from transformers import AutoModelForCausalLM

    from tutor.engine.process.load import use_threads

    use_threads()
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_pretrained(task.model, dtype=torch.float32)
    model.requires_grad_(False)
    train = _ours if mode == "ours" else _peer
    adapted, seconds, steps = train(task, model, seed, mode == "peer_packed")
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "tokens_per_second": round(task.tokens / seconds, 1),
        "seconds": round(seconds, 2),
        "peak_bytes": peak_bytes,
        "loss": _held_out_loss(adapted, task),
        "steps": steps,
    }


def _ours(task: Task, model: Any, seed: int, packed: bool) -> tuple[Any, float, int]:
    from training.lora import adapter
    from training.lora.device import Alone
    from training.lora.encoding import Counts, EncodedSet
    from training.lora.fused import fuse
    from training.lora.loop import Loop
    from training.lora.objective import Objective
    from training.lora.plan import Size, make_plan
    from training.lora.recipe import Recipe

    lengths = [len(one.ids) for one in task.train]
    size = Size(model.num_parameters(), 8192, len(lengths), task.tokens, max(lengths))
    recipe = Recipe(
        rank=RANK,
        learning_rate=RATE,
        epochs=1,
        batch_tokens=round(task.tokens / task.steps),
        warmup_share=0.0,  # transformers warms up from nothing: its first step would teach nothing
        seed=seed,
    )
    plan = make_plan(recipe, size, cuda=False)
    adapted = adapter.attach(model, plan)
    fuse(adapted)
    objective = Objective(adapted.get_base_model())
    with tempfile.TemporaryDirectory() as folder:
        trained = EncodedSet(task.train, Counts())
        loop = Loop(plan, adapted, objective, trained, EncodedSet(), Path(folder), Alone("cpu"))
        started = time.monotonic()
        ended = loop.run(lambda progress: None, lambda: False)
        seconds = time.monotonic() - started  # with the checkpoint at its end
    objective.close()
    return adapted, seconds, ended.steps


def _peer(task: Task, model: Any, seed: int, packed: bool) -> tuple[Any, float, int]:
    """Plain TRL on the same tokens and labels."""
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoTokenizer
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    from training.lora.packing import epoch_order

    alpha: Any = 2 * RANK**0.5
    lora = LoraConfig(
        r=RANK,
        lora_alpha=alpha,
        use_rslora=True,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    tokenizer: Any = AutoTokenizer.from_pretrained(task.model)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    documents = [task.train[index] for index in epoch_order(len(task.train), seed, 0)]
    rows = {
        "input_ids": [list(one.ids) for one in documents],
        "labels": [list(one.labels) for one in documents],
    }
    with tempfile.TemporaryDirectory() as folder:
        arguments = SFTConfig(
            output_dir=folder,
            per_device_train_batch_size=1 if packed else ROWS,
            packing=packed,
            max_length=round(task.tokens / task.steps) if packed else 1024,
            num_train_epochs=1,
            learning_rate=RATE,
            lr_scheduler_type="cosine_with_min_lr",
            lr_scheduler_kwargs={"min_lr_rate": 0.1},
            warmup_steps=0,
            weight_decay=0.0,
            max_grad_norm=1.0,
            seed=seed,
            train_sampling_strategy="random" if packed else "sequential",
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            logging_strategy="no",
        )
        trainer = SFTTrainer(
            model=model,
            args=arguments,
            train_dataset=Dataset.from_dict(rows),
            processing_class=tokenizer,
            peft_config=lora,
        )
        started = time.monotonic()
        trainer.train()
        seconds = time.monotonic() - started
    return trainer.model, seconds, trainer.state.global_step


def _held_out_loss(adapted: Any, task: Task) -> float:
    """The mean over tokens with loss, one document at a time through the model's own forward."""
    import torch

    total = count = 0.0
    adapted.eval()
    for one in task.held_out:
        with torch.no_grad():
            logits = adapted(input_ids=torch.tensor(one.ids)[None]).logits[0, :-1]
        labels = torch.tensor(one.labels)[1:].long()
        total += float(torch.nn.functional.cross_entropy(logits, labels, reduction="sum"))
        count += int((labels >= 0).sum())
    return round(total / count, 4)


def _show(figures: dict[str, Any]) -> None:
    for mode in MODES:
        prefix = "" if mode == "ours" else f"{mode}_"
        print(
            f"{mode:>12}: {figures[prefix + 'tokens_per_second']:>7.1f} tokens/s, "
            f"{figures[prefix + 'peak_bytes'] / 2**30:.2f} GiB, "
            f"held-out loss {figures[prefix + 'loss']:.4f}"
        )
    print(f"ratio to the peer: {figures['ratio']}")


if __name__ == "__main__":
    main()
