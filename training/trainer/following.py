"""Listens to a Trainer: reports progress, asks whether to stop, seals its checkpoints."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from training.failure import TrainingFailed
from training.lora.loop import CHECKPOINT_SECONDS, NOT_FINITE, NOT_FINITE_LIMIT, SMOOTHED_STEPS
from training.lora.progress import Progress
from training.trainer import checkpoints


class Follower(TrainerCallback):
    """One attempt of a training; `seconds_before` is what earlier ones took."""

    def __init__(
        self,
        fingerprint: str,
        rate: float,
        report: Callable[[Progress], None],
        should_stop: Callable[[], bool],
        *,
        per_device: int = 1,
        seconds_before: float = 0.0,
        base_held_out_loss: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fingerprint, self._rate, self._per_device = fingerprint, rate, per_device
        self._report, self._should_stop = report, should_stop
        self._before, self._base_loss, self._clock = seconds_before, base_held_out_loss, clock
        self._began = self._saved_at = clock()
        self._losses: list[float] = []
        self._not_finite = 0

    @property
    def seconds(self) -> float:
        return self._before + self._clock() - self._began

    @property
    def loss(self) -> float:
        """The mean of the last steps."""
        return sum(self._losses) / len(self._losses) if self._losses else math.nan

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """The losses before a checkpoint count as those after it."""
        self._losses = _losses(state)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Stops with a checkpoint when asked to, and makes one from time to time."""
        if self._should_stop():
            control.should_training_stop = control.should_save = True
        elif self._clock() - self._saved_at > CHECKPOINT_SECONDS:
            control.should_save = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        """Every step writes its loss to the log."""
        if not logs or "loss" not in logs:
            return
        self._check(float(logs["loss"]), state.global_step)
        self._losses = _losses(state)
        tokens, seconds = int(state.num_input_tokens_seen), self.seconds
        self._report(
            Progress(
                step=state.global_step,
                steps=state.max_steps,
                tokens=tokens,
                tokens_per_second=round(tokens / max(seconds, 1e-9), 1),
                seconds=round(seconds, 2),
                seconds_left=round(seconds / state.global_step * self._left(state), 1),
                loss=self.loss,
                base_held_out_loss=self._base_loss,
            )
        )

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        checkpoints.seal(folder, self._fingerprint, self.seconds, self._per_device)
        self._saved_at = self._clock()

    @staticmethod
    def _left(state: Any) -> int:
        return int(state.max_steps - state.global_step)

    def _check(self, loss: float, step: int) -> None:
        self._not_finite = 0 if math.isfinite(loss) else self._not_finite + 1
        if self._not_finite >= NOT_FINITE_LIMIT:
            raise TrainingFailed(NOT_FINITE, step=step, rate=f"{self._rate:.2g}")


def _losses(state: Any) -> list[float]:
    """Of the last steps, also those before a checkpoint."""
    return [float(one["loss"]) for one in state.log_history if "loss" in one][-SMOOTHED_STEPS:]
