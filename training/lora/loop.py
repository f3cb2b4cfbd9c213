"""The steps of a training: gradient, update, held-out loss, checkpoint; resumable at every step.

The best adapter by held-out loss is kept, not the last: what is learnt by heart in the end would
otherwise reach learners. Without held-out data it is the last.
"""

import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from training import checkpoints
from training.checkpoints import Checkpoint
from training.failure import TrainingFailed
from training.lora import adapter, memory
from training.lora.adapter import Weights
from training.lora.device import Device
from training.lora.encoding import EncodedSet
from training.lora.objective import Objective, loss_tokens
from training.lora.optimizer import load_state, make_optimizer, set_rate, state_tensors
from training.lora.packing import Schedule, into_micro_batches, select, share_of
from training.lora.plan import Plan
from training.lora.progress import Progress
from tutor.i18n import mark

log = logging.getLogger(__name__)
CHECKPOINT_SECONDS = 120.0  # at most so much is lost by a kill
SMOOTHED_STEPS = 10
NOT_FINITE_LIMIT = 3
TOO_LITTLE_MEMORY = mark(
    "Even one example at a time does not fit into memory. Choose a shorter maximum length, a "
    "smaller rank or a smaller model, or free memory on this machine."
)
NOT_FINITE = mark(
    "The loss is no longer a number after step {step}. Choose a smaller learning rate than {rate}."
)


@dataclass(slots=True)
class _State:
    """What a checkpoint holds besides tensors."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)  # of the last steps
    held_out_loss: float | None = None
    base_held_out_loss: float | None = None
    best_loss: float | None = None
    micro_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """`weights` are the best adapter's where it finished."""

    finished: bool
    weights: Weights
    loss: float
    held_out_loss: float | None
    base_held_out_loss: float | None
    steps: int
    tokens: int
    seconds: float


class Loop:
    """One training; `run` may end early and be called again in another process."""

    def __init__(
        self,
        plan: Plan,
        adapted: Any,
        objective: Objective,
        train: EncodedSet,
        held_out: EncodedSet,
        folder: Path,
        device: Device,
        clock: Callable[[], float] = time.monotonic,
        checkpoint_seconds: float | None = None,
    ) -> None:
        self.plan = plan
        self._adapted, self._objective, self._device = adapted, objective, device
        self._documents, self._held_out = train.documents, held_out.documents
        self._lengths = [len(one.ids) for one in self._documents]
        self._schedule = Schedule(self._lengths, plan.seed, plan.epochs, plan.batch_tokens)
        self._optimizer = make_optimizer(adapted, plan)
        self._learnt = adapter.trainable(adapted)
        self._folder = folder / "checkpoints"
        self._state = _State(micro_tokens=plan.micro_tokens)
        self._best: Weights | None = None
        self._clock = clock
        self._checkpoint_seconds = (
            CHECKPOINT_SECONDS if checkpoint_seconds is None else checkpoint_seconds
        )
        self._not_finite = 0  # steps in a row
        self._evaluated_at = _evaluation_steps(self._schedule.steps, plan.evaluations)

    def run(self, report: Callable[[Progress], None], should_stop: Callable[[], bool]) -> Ended:
        """Goes on from the last good checkpoint to the end, or until it is to stop."""
        self._resume()
        self._adapted.train()
        saved_at = started = self._clock()
        before = self._state.seconds
        if self._held_out and self._state.base_held_out_loss is None:
            self._state.base_held_out_loss = self._measure()
        while self._state.step < self._schedule.steps:
            if self._all_stop(should_stop):
                self._save()
                return self._ended(finished=False)
            self._step()
            self._state.seconds = before + self._clock() - started
            if self._state.step in self._evaluated_at:
                self._evaluate()
            if self._device.rank == 0:
                report(self._progress())
            if self._clock() - saved_at > self._checkpoint_seconds:
                self._save()
                saved_at = self._clock()
        self._save()
        return self._ended(finished=True)

    def _all_stop(self, should_stop: Callable[[], bool]) -> bool:
        """All processes end after the same step, whichever of them is to."""
        return self._device.total([float(should_stop())])[0] > 0

    def _step(self) -> None:
        """One optimizer step, in smaller pieces where memory runs out."""
        indices = self._schedule.documents(self._state.step)
        set_rate(self._optimizer, self._state.step, self._schedule.steps, self.plan.warmup_share)
        while (loss := self._gradient(indices)) is None:
            self._halve(indices)
        norm = torch.nn.utils.clip_grad_norm_(self._learnt.values(), self.plan.clip_norm)
        if math.isfinite(loss) and torch.isfinite(norm):
            self._optimizer.step()
            self._not_finite = 0
        else:
            self._count_not_finite()
        self._optimizer.zero_grad(set_to_none=True)
        self._state.step += 1
        self._state.tokens += sum(self._lengths[index] for index in indices)
        self._state.losses = [*self._state.losses, loss][-SMOOTHED_STEPS:]

    def _gradient(self, indices: list[int]) -> float | None:
        """Leaves the gradient of the mean loss of a step's tokens; returns that mean.

        None where the memory of any process ran out, so that all of them try again.
        """
        count = max(1, sum(loss_tokens(one) for one in select(self._documents, indices)))
        own = self._own_gradient(indices, count)
        total, short = self._device.total([own or 0.0, float(own is None)])
        if short:
            return None
        if self._device.world > 1:
            for one in self._learnt.values():
                if one.grad is None:
                    one.grad = torch.zeros_like(one)
        self._device.add_up(one.grad for one in self._learnt.values() if one.grad is not None)
        return total / count

    def _own_gradient(self, indices: list[int], count: int) -> float | None:
        """This process's part of it, and the sum of its losses; None where memory ran out."""
        total = 0.0
        try:
            for group in self._groups(indices, self._device.rank):
                loss = self._objective.loss(select(self._documents, group))
                (loss / count).backward()  # type: ignore[no-untyped-call]
                total += float(loss.detach())
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error):
                raise
            log.info("Memory ran out at %d tokens at once", self._state.micro_tokens)
            return None
        return total

    def _groups(self, indices: list[int], rank: int) -> list[list[int]]:
        """A process's micro-batches of a step."""
        return into_micro_batches(
            share_of(indices, self._lengths, rank, self._device.world),
            self._lengths,
            self._state.micro_tokens,
            padded=not self._objective.packed,
        )

    def _halve(self, indices: list[int]) -> None:
        """Half the tokens at once, twice as often; fails where single documents do not fit.

        Looks at the micro-batches of all processes, so that all of them decide alike.
        """
        self._optimizer.zero_grad(set_to_none=True)
        memory.release()
        groups = [one for rank in range(self._device.world) for one in self._groups(indices, rank)]
        if all(len(group) == 1 for group in groups):
            raise TrainingFailed(TOO_LITTLE_MEMORY)
        largest = max(sum(self._lengths[i] for i in group) for group in groups)
        self._state.micro_tokens = min(self._state.micro_tokens, largest) // 2
        self.plan = replace(self.plan, micro_tokens=self._state.micro_tokens)

    def _count_not_finite(self) -> None:
        """One bad batch is passed by; several in a row mean that it has diverged."""
        self._not_finite += 1
        if self._not_finite >= NOT_FINITE_LIMIT:
            raise TrainingFailed(
                NOT_FINITE, step=self._state.step, rate=f"{self.plan.learning_rate:.2g}"
            )

    def _evaluate(self) -> None:
        if not self._held_out:
            return
        loss = self._measure()
        self._state.held_out_loss = loss
        if not math.isfinite(loss):
            return  # compared with it, no later adapter would be better
        if self._state.best_loss is None or loss < self._state.best_loss:
            self._state.best_loss, self._best = loss, adapter.weights_of(self._adapted)

    @torch.no_grad()
    def _measure(self) -> float:
        """The mean held-out loss of the tokens on which there is one."""
        lengths = [len(one.ids) for one in self._held_out]
        groups = into_micro_batches(
            share_of(range(len(lengths)), lengths, self._device.rank, self._device.world),
            lengths,
            self._state.micro_tokens,
            padded=not self._objective.packed,
        )
        total = 0.0
        for group in groups:
            total += float(self._objective.loss(select(self._held_out, group)))
        count = sum(loss_tokens(one) for one in self._held_out)
        return self._device.total([total])[0] / max(1, count)

    def _progress(self) -> Progress:
        state = self._state
        rate = state.tokens / max(state.seconds, 1e-9)
        left = state.seconds / state.step * (self._schedule.steps - state.step)
        return Progress(
            step=state.step,
            steps=self._schedule.steps,
            tokens=state.tokens,
            tokens_per_second=round(rate, 1),
            seconds=round(state.seconds, 2),
            seconds_left=round(left, 1),
            loss=_mean(state.losses),
            held_out_loss=state.held_out_loss,
            base_held_out_loss=state.base_held_out_loss,
        )

    def _ended(self, *, finished: bool) -> Ended:
        state = self._state
        return Ended(
            finished,
            self._best or adapter.weights_of(self._adapted),
            _mean(state.losses) or math.nan,
            state.held_out_loss if state.best_loss is None else state.best_loss,
            state.base_held_out_loss,
            state.step,
            state.tokens,
            state.seconds,
        )

    @property
    def _fingerprint(self) -> str:
        """Tells this training from others in the same folder; the pieces' size may change."""
        digest = hashlib.sha256(
            json.dumps(asdict(replace(self.plan, micro_tokens=0)), sort_keys=True).encode()
        )
        for one in self._documents:
            digest.update(one.ids.tobytes() + one.labels.tobytes())
        return digest.hexdigest()

    def _save(self) -> None:
        if self._device.rank != 0:
            return
        tensors = {f"now.{name}": one for name, one in adapter.weights_of(self._adapted).items()}
        tensors |= {f"best.{name}": one for name, one in (self._best or {}).items()}
        tensors |= state_tensors(self._optimizer)
        tensors["torch_random_state"] = torch.get_rng_state()
        state = {"fingerprint": self._fingerprint, "loop": asdict(self._state)}
        checkpoints.save(self._folder, Checkpoint(self._state.step, tensors, state))

    def _resume(self) -> None:
        """From what the first process finds: others may run where the folder is not."""
        found = self._device.first(lambda: checkpoints.last_good(self._folder, self._fingerprint))
        if found is None:
            if self._device.world > 1:
                weights = self._device.first(lambda: adapter.weights_of(self._adapted))
                adapter.set_weights(self._adapted, weights)
            return
        adapter.set_weights(self._adapted, _named(found.tensors, "now."))
        self._best = _named(found.tensors, "best.") or None
        load_state(self._optimizer, found.tensors)
        torch.set_rng_state(found.tensors["torch_random_state"])
        self._state = _State(**found.state["loop"])


def _named(tensors: Mapping[str, torch.Tensor], prefix: str) -> Weights:
    return {
        name.removeprefix(prefix): one for name, one in tensors.items() if name.startswith(prefix)
    }


def _evaluation_steps(steps: int, count: int) -> set[int]:
    """Evenly over the run, the last step included."""
    return {max(1, round(steps * number / count)) for number in range(1, count + 1)}


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
