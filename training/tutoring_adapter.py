"""`python -m training.tutoring_adapter`: makes the adapter that ships, from the data to its card.

Data → training → gate → card. A step whose result lies in the folder already is not done again, so
that the same command goes on after an interruption. With `--ship` the adapter takes its place in
the program, if and only if the gate passed it. Figures and attempts: docs/tutoring-adapter.md.
"""

import argparse
import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training.datasets.building.tutoring_set import tutoring_set
from training.datasets.example import Example
from training.gate.evaluate import evaluate
from training.gate.wording import wording_of
from training.lora.base import load_base
from training.lora.folder import read_run, write_run
from training.lora.recipe import Effort, Recipe, to_json
from training.replay import general_chat
from tutor.adapters.package import CARD, CONFIG, WEIGHTS
from tutor.adapters.shipped import SHIPPED
from tutor.engine.client import LocalEngine
from tutor.engine.contract import Capabilities
from tutor.tuning.report import Report

NAME = "tutoring-1"
REPORT = "report-{effort}.json"
LAYERS = range(15, 30)  # the upper half: as good for a form of words, a third less to compute
LINEAR = (
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
)
RECIPE = Recipe(
    rank=16,
    targets=tuple(f"{layer}.{part}" for layer in LAYERS for part in LINEAR),
    learning_rate=6e-4,
    epochs=1.0,
    batch_tokens=768,
    max_length=384,
    replay_share=0.5,
    seed=135,
)
SOURCES = (
    {
        "name": "OATutor's content pool",
        "licence": "CC BY 4.0",
        "attribution": "OATutor (CAHLR, UC Berkeley), https://oatutor.io; "
        "OpenStax, https://openstax.org",
    },
    {
        "name": "GSM8K",
        "licence": "MIT",
        "attribution": "OpenAI, https://github.com/openai/grade-school-math",
    },
    {"name": "Daoshi's generators and starter course", "licence": "Apache-2.0", "attribution": ""},
)


def main() -> int:
    """0 if the adapter passed its gate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where everything of this run is kept")
    parser.add_argument("--oatutor", type=Path, required=True, help="OATutor's archive or folder")
    parser.add_argument("--gsm8k", type=Path, required=True, help="GSM8K's training file")
    parser.add_argument("--data-dir", type=Path, required=True, help="where the model is kept")
    parser.add_argument("--examples", type=int, default=600, help="how many are trained on")
    parser.add_argument("--letters", type=int, default=300, help="the longest prompt of them")
    parser.add_argument("--gate", type=Effort, default=Effort.NORMAL, help="how thorough it is")
    parser.add_argument("--ship", action="store_true", help="put it into the program")
    options = parser.parse_args()
    if not (options.folder / "run.json").exists():
        prepare(options)
    if not (options.folder / "adapter" / WEIGHTS).exists():
        train(options.folder)
    report, capabilities = asyncio.run(judge(options.folder, options.data_dir, options.gate))
    write_card(options.folder, report, capabilities, _command(options))
    if report.passed and options.ship:
        ship(options.folder / "adapter")
    return 0 if report.passed else 1


def prepare(options: argparse.Namespace) -> None:
    """Lays out the run's folder: short prompts to train on, whole lessons to measure with."""
    train, held_out = tutoring_set(options.oatutor, options.gsm8k)
    short = [one for one in train if len(one.messages[1].content) <= options.letters]
    base = load_base("", options.data_dir)
    write_run(
        options.folder,
        model="",
        data_dir=options.data_dir,
        recipe=RECIPE,
        train=short[: options.examples],
        replay=general_chat(RECIPE, "", options.data_dir, base.model, base.tokenizer),
    )
    write_run(options.folder / "gate", model="", data_dir=options.data_dir, recipe=RECIPE,
              train=(), held_out=held_out)  # fmt: skip


def train(folder: Path) -> None:
    """In a process of its own, whose threads do not wait by spinning: the machine may be busy."""
    patient = {**os.environ, "GOMP_SPINCOUNT": "0", "OMP_WAIT_POLICY": "passive"}
    subprocess.run([sys.executable, "-m", "training.lora", str(folder)], check=True, env=patient)  # noqa: S603


async def judge(folder: Path, data_dir: Path, effort: Effort) -> tuple[Report, Capabilities]:
    """The gate's report, and what engine it holds for."""
    engine = LocalEngine(data_dir)
    version = f"{NAME}-{weights_hash(folder / 'adapter')[:16]}"
    try:
        capabilities = await engine.capabilities()
        kept = folder / REPORT.format(effort=effort.value)
        if kept.exists():
            return Report.from_json(json.loads(kept.read_text())), capabilities
        await engine.ensure_adapter(version, str((folder / "adapter").resolve()))
        held_out = read_run(folder / "gate").held_out
        report = await evaluate(
            engine,
            candidate=version,
            current=None,
            held_out=held_out,
            effort=effort,
            dataset_version_id=content_hash(held_out)[:16],
            data_dir=data_dir,
            folder=folder / "gate",
            wording=await asyncio.to_thread(wording_of, "", data_dir),
            now=lambda: datetime.now(UTC),
        )
        kept.write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        return report, capabilities
    finally:
        await engine.close()


def write_card(
    folder: Path, report: Report, capabilities: Capabilities, command: str
) -> Mapping[str, Any]:
    """What the adapter says of itself, beside its weights."""
    run = read_run(folder)
    steps = (folder / "progress.jsonl").read_text().splitlines()
    card = {
        "format": 1,
        "name": NAME,
        "base_hash": capabilities.base_hash,
        "template_hash": capabilities.template_hash,
        "precision": capabilities.precision,
        "base_revision": capabilities.base_revision,
        "base_model": capabilities.model,
        "dataset": {
            "examples": len(run.train),
            "replay": len(run.replay),
            "content_hash": content_hash(run.train),
            "sources": list(SOURCES),
        },
        "recipe": to_json(run.recipe),
        "metrics": {"last_step": json.loads(steps[-1]), **_figures(report)},
        "report": report.to_json(),
        "phrases": list(report.phrases),
        "prompt": report.style,
        "answers": False,  # it words moves; open chat stays with the model as it is
        "licence": "Apache-2.0; trained on data under CC BY 4.0 and MIT",
        "attribution": [str(one["attribution"]) for one in SOURCES if one["attribution"]],
        "weights_sha256": weights_hash(folder / "adapter"),
        "command": command,
        "seed": run.recipe.seed,
        "made_at": report.made_at.isoformat(),
    }
    text = json.dumps(card, ensure_ascii=False, indent=1)
    (folder / "adapter" / CARD).write_text(text + "\n", encoding="utf-8")
    return card


def ship(adapter: Path) -> None:
    """Copies what is served, and nothing else."""
    place = SHIPPED / NAME
    place.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG, WEIGHTS, CARD):
        shutil.copyfile(adapter / name, place / name)


def weights_hash(adapter: Path) -> str:
    return hashlib.sha256((adapter / WEIGHTS).read_bytes()).hexdigest()


def content_hash(examples: list[Example]) -> str:
    """Names what was trained on, or measured with."""
    whole = json.dumps([asdict(one) for one in examples], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _figures(report: Report) -> dict[str, Any]:
    """The table of the card: each measure with the interval of its difference."""
    return {
        one.name.value: {
            "base": one.base,
            "adapter": one.candidate,
            "difference": [one.low, one.difference, one.high],
        }
        for one in report.measures
    }


def _command(options: argparse.Namespace) -> str:
    return (
        "python -m training.tutoring_adapter FOLDER --oatutor ARCHIVE --gsm8k FILE --data-dir DIR "
        f"--examples {options.examples} --letters {options.letters} --gate {options.gate.value}"
    )


if __name__ == "__main__":
    sys.exit(main())
