"""Runs a Trainer that a method builds: resume, follow, stop, halve on lack of memory, save.

Knows neither what is learnt nor from which rows; a method gives `build`.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from transformers import PrinterCallback, Trainer
from transformers.trainer_callback import ProgressCallback

from training.failure import NO_SPACE, TrainingFailed
from training.lora import adapter, memory
from training.lora.encoding import Counts
from training.lora.loop import TOO_LITTLE_MEMORY
from training.lora.optimizer import make_optimizer
from training.lora.plan import Plan
from training.lora.progress import Progress
from training.lora.train import Trained
from training.trainer import checkpoints
from training.trainer.following import Follower
from training.trainer.sizes import Rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What a method hands over. `build` makes the trainer with its peft model inside."""

    plan: Plan
    train: Sequence[Row]
    held_out: Sequence[Row]
    counts: Counts
    rows: Rows
    least_rows: int
    task_type: str
    base_model: str
    build: Callable[[dict[str, Any], Rows], Any]


class AdapterTrainer(Trainer):
    """Mixed into a Trainer: the project's optimizer, and checkpoints of the adapter alone."""

    plan: Plan

    def create_optimizer(self, model: Any = None) -> Any:
        if self.optimizer is None:
            self.optimizer = make_optimizer(self.model, self.plan)
        return self.optimizer

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """Neither tokenizer nor arguments, and no look at the hub for embeddings."""
        target = Path(str(output_dir or self.args.output_dir))
        target.mkdir(parents=True, exist_ok=True)
        unwrapped = self.accelerator.unwrap_model(self.model)
        unwrapped.save_pretrained(target, save_embedding_layers=False)


def arguments(task: Task, folder: Path, model: Any, rows: Rows) -> dict[str, Any]:
    """Of `TrainingArguments`: what every method sets the same way.

    TRL turns bf16 and gradient checkpointing on by itself, also on a CPU; here they are off but for
    a 4-bit base, which is used where memory is short.
    """
    four_bit = bool(getattr(model, "is_loaded_in_4bit", False))
    return {
        "output_dir": str(folder / "checkpoints"),
        "per_device_train_batch_size": rows.per_device,
        "per_device_eval_batch_size": rows.per_device,
        "gradient_accumulation_steps": rows.accumulation,
        "num_train_epochs": task.plan.epochs,
        "learning_rate": task.plan.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": task.plan.warmup_share,  # below 1 it is a share
        "weight_decay": task.plan.weight_decay,
        "max_grad_norm": task.plan.clip_norm,
        "seed": task.plan.seed,
        "data_seed": task.plan.seed,
        "use_cpu": not next(model.parameters()).is_cuda,
        "bf16": four_bit,
        "gradient_checkpointing": four_bit,
        "logging_strategy": "steps",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",  # the follower says when
        "save_total_limit": 2,
        "include_num_input_tokens_seen": "non_padding",
        "dataloader_pin_memory": False,
        "report_to": "none",
        "disable_tqdm": True,
    }


def on_one_device(arguments: Any) -> Any:
    """`TrainingArguments` for one GPU, also where there are others.

    By itself a Trainer would lay nn.DataParallel over all of them, and compute as many times the
    rows at once, which were chosen for one.
    """
    arguments._n_gpu = min(arguments.n_gpu, 1)
    return arguments


def run(
    task: Task,
    model: Any,
    folder: Path,
    report: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Trained:
    """Trains to the end, or to the checkpoint that `should_stop` asks for."""
    fingerprint = _fingerprint(task)
    rows: Rows | None = task.rows
    while True:
        assert rows is not None
        found = checkpoints.last_good(folder / "checkpoints", fingerprint)
        if found is not None:
            while rows.per_device > found.per_device:
                rows = rows.halved(task.least_rows) or Rows(found.per_device, rows.accumulation)
        try:
            return _attempt(task, model, folder, rows, found, fingerprint, report, should_stop)
        except (RuntimeError, MemoryError, OSError) as error:
            _explain_disk(error, folder)
            if not memory.is_out_of_memory(error):
                raise
            rows = rows.halved(task.least_rows)
            if rows is None:
                raise TrainingFailed(TOO_LITTLE_MEMORY) from error
        memory.release()


def _attempt(
    task: Task,
    model: Any,
    folder: Path,
    rows: Rows,
    found: checkpoints.Found | None,
    fingerprint: str,
    report: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Trained:
    own_forward = vars(model).get("forward")
    trainer = task.build(arguments(task, folder, model, rows), rows)
    try:
        trainer.plan = task.plan
        for chatty in (PrinterCallback, ProgressCallback):
            trainer.remove_callback(chatty)
        base_loss = _held_out_loss(trainer, task)
        follower = Follower(
            fingerprint,
            task.plan.learning_rate,
            report,
            should_stop,
            per_device=rows.per_device,
            seconds_before=found.seconds if found else 0.0,
            base_held_out_loss=base_loss,
        )
        trainer.add_callback(follower)
        trainer.train(resume_from_checkpoint=str(found.path) if found else None)
        finished = trainer.state.global_step >= trainer.state.max_steps
        if finished:
            weights = adapter.weights_of(trainer.model)
            adapter.save_adapter(
                folder / "adapter", task.plan, weights, None, task.base_model, task.task_type
            )
        return Trained(
            adapter_folder=folder / "adapter" if finished else None,
            final_loss=follower.loss,
            held_out_loss=_held_out_loss(trainer, task) if finished else None,
            base_held_out_loss=base_loss,
            steps=trainer.state.global_step,
            tokens=int(trainer.state.num_input_tokens_seen),
            seconds=follower.seconds,
            plan=task.plan,
            counts=task.counts,
        )
    finally:
        _give_back(trainer.model, model, own_forward)


def _held_out_loss(trainer: Any, task: Task) -> float | None:
    if not task.held_out:
        return None
    return float(trainer.evaluate()["eval_loss"])


def _give_back(adapted: Any, model: Any, own_forward: Any) -> None:
    """The model as it came: without adapter layers, and with its own forward."""
    adapted.unload()
    vars(model).pop("forward", None)
    if own_forward is not None:
        model.forward = own_forward


def _explain_disk(error: BaseException, folder: Path) -> None:
    """torch and safetensors report a full disk as errors of their own."""
    signs = ("No space left", "I/O error", "PytorchStreamWriter", "file write failed")
    if isinstance(error, OSError) or any(sign in str(error) for sign in signs):
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise TrainingFailed(NO_SPACE, folder=str(folder), reason=reason) from error


def _fingerprint(task: Task) -> str:
    """Tells this training from others in the same folder; rows at once may change."""
    digest = hashlib.sha256(json.dumps(asdict(task.plan), sort_keys=True).encode())
    for row in task.train:
        digest.update(json.dumps(row, sort_keys=True).encode())
    return digest.hexdigest()
