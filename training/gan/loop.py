"""The steps of adversarial training, and of the regression before it; resumable at every step.

1. Draw real pictures. 2. Generate pictures for the same conditions. 3. The discriminator learns to
tell them apart. 4. The generator learns to pass for real. 5. The average of its weights follows.
"""

import logging
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from training import checkpoints
from training.checkpoints import Checkpoint
from training.failure import TrainingFailed
from training.gan.augment import augment
from training.gan.average import averaged_copy, follow
from training.gan.batches import Batch, Batches, Examples
from training.gan.losses import discriminator_loss, generator_loss, gradient_penalty
from training.gan.measuring import SCORE
from training.gan.pace import Pace
from training.gan.recipe import GanProgress, GanRecipe, Kind, Phase
from training.gan.regression import distance
from training.gan.saving import fingerprint, load_state, prefixed, state_of, without_prefix
from tutor.i18n import mark

log = logging.getLogger(__name__)
N = TypeVar("N", bound=nn.Module)
# A moving target is not to be approached with momentum; a fixed one is.
MOMENTUM = {Kind.REGRESSION: 0.9, Kind.ADVERSARIAL: 0.0}
BETA_2 = 0.99
REPORT_SECONDS, CHECKPOINT_SECONDS, MEASURE_SECONDS = 5.0, 120.0, 240.0
LEAST_VARIETY = 1e-3  # of pixels over a batch, in the picture's own units
COLLAPSE_STEPS = 100  # after which there must be some
COLLAPSED = mark(
    "The generator draws the same flat picture for everything. Choose a smaller learning rate than "
    "{rate}."
)
NOT_FINITE = mark("The losses are no longer numbers. Choose a smaller learning rate than {rate}.")


class Loop(Generic[N]):
    """One training; `run` may end early and be called again in another process.

    `half` computes in bfloat16 what can be, weights stay in 32 bits; on CUDA unless told otherwise:
    on most processors without a GPU it is the slower way.
    """

    def __init__(
        self,
        recipe: GanRecipe,
        generator: N,
        discriminator: nn.Module,
        examples: Examples[N],
        folder: Path | None = None,
        device: str = "cpu",
        measure: Callable[[N], dict[str, float]] | None = None,
        half: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.recipe, self._examples = recipe, examples
        self.generator = _prepared(generator, device)
        self.discriminator = _prepared(discriminator, device)
        self.average = averaged_copy(self.generator)
        self._networks: dict[str, nn.Module] = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "average": self.average,
        }
        self._optimizers = {
            "generator": _optimizer(self.generator),
            "discriminator": _optimizer(self.discriminator),
        }
        self._folder, self._device, self._clock = folder, device, clock
        self._measure, self._metrics = measure, dict[str, float]()
        self._best: tuple[float, dict[str, Tensor]] | None = None
        self._random = torch.Generator().manual_seed(recipe.seed)
        self._steps_of = [_steps(phase, len(examples)) for phase in recipe.phases]
        self._step, self._seconds = 0, 0.0
        self._pace = Pace(recipe.phases, self._steps_of)
        self._batches = Batches(examples, recipe.seed, device)
        self._half = device.startswith("cuda") if half is None else half
        self._losses: dict[str, float] = {}

    @property
    def steps(self) -> int:
        return sum(self._steps_of)

    def run(
        self,
        report: Callable[[GanProgress], None] = lambda progress: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Goes on to the end, or until it is to stop; says whether it reached the end."""
        self._resume()
        started = reported = saved = measured = self._clock()
        before = self._seconds
        self._pace.note(*self._place(), before)
        report(self.progress())
        while self._step < self.steps and not should_stop():
            self._one_step()
            now = self._clock()
            self._seconds = before + now - started
            self._pace.note(*self._place(), self._seconds)
            if now - reported > REPORT_SECONDS:
                self._examine()
                report(self.progress())
                reported = now
            if now - measured > MEASURE_SECONDS:
                self._keep_best()
                measured = self._clock()
            if now - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = now
        self._examine()
        self._keep_best()
        self._save()
        report(self.progress())
        return self._step >= self.steps

    def progress(self) -> GanProgress:
        number, step = self._place()
        phase = self.recipe.phases[number]
        return GanProgress(
            phase=number,
            phases=len(self.recipe.phases),
            kind=phase.kind,
            size=phase.size,
            step=self._step,
            steps=self.steps,
            seconds=round(self._seconds, 1),
            seconds_left=self._pace.seconds_left(number, step),
            pictures_per_second=round(self._pace.pictures_per_second(number), 1),
            losses=dict(self._losses),
            metrics=dict(self._metrics),
        )

    @property
    def best(self) -> N:
        """The averaged generator when it was measured best; without a measure, as it is."""
        found = averaged_copy(self.average)
        if self._best is not None:
            found.load_state_dict(self._best[1])
        return found

    def _keep_best(self) -> None:
        """More steps are not always better: digits, for one, get worse late."""
        if self._measure is None:
            return
        self._metrics = self._measure(self.average)
        score = self._metrics[SCORE]
        if self._best is None or score >= self._best[0]:
            weights = {name: one.clone() for name, one in self.average.state_dict().items()}
            self._best = score, weights

    def _one_step(self) -> None:
        number, step = self._place()
        phase = self.recipe.phases[number]
        self._set_rates(phase, step, self._steps_of[number])
        batch = self._batches.of(phase, step)
        if phase.kind is Kind.REGRESSION:
            self._regress(batch)
        else:
            self._compete(batch)
        decay = 0.5 ** (phase.batch / self.recipe.average_half_life)
        # Early averages would be of what it drew before it had learnt anything.
        follow(self.average, self.generator, min(decay, (1 + self._step) / (10 + self._step)))
        self._step += 1

    def _regress(self, batch: Batch) -> None:
        loss = distance(self._generate(batch, self._random), batch.pictures)
        self._update("generator", loss)
        self._losses = {"target": float(loss.detach())}

    def _compete(self, batch: Batch) -> None:
        """Both networks once; the penalties act on what the discriminator was really shown."""
        with torch.no_grad():
            generated = self._generate(batch, self._random)
        real_shown, generated_shown = (
            one.requires_grad_() for one in self._shown(batch.pictures, generated)
        )
        real = self._scores(real_shown, batch)
        fake = self._scores(generated_shown, batch)
        penalty = gradient_penalty(real, real_shown) + gradient_penalty(fake, generated_shown)
        difference = discriminator_loss(self.recipe.loss, real, fake)
        self._update("discriminator", difference + self.recipe.gamma * penalty)

        generated = self._generate(batch, self._random)
        real_shown, generated_shown = self._shown(batch.pictures, generated)
        with torch.no_grad():
            real = self._scores(real_shown, batch)
        self.discriminator.requires_grad_(False)
        fake = self._scores(generated_shown, batch)
        self.discriminator.requires_grad_(True)
        deceived = generator_loss(self.recipe.loss, real, fake)
        loss = deceived
        self._losses = {
            "discriminator": float(difference.detach()),
            "penalty": float(penalty.detach()),
            "generator": float(deceived.detach()),
        }
        if self.recipe.target_weight:
            target = distance(generated, batch.pictures)
            loss = loss + self.recipe.target_weight * target
            self._losses["target"] = float(target.detach())
        if self.recipe.variety_weight:
            sameness = _sameness(generated, self._generate(batch, self._random))
            loss = loss + self.recipe.variety_weight * sameness
            self._losses["sameness"] = float(sameness.detach())
        self._update("generator", loss)

    def _generate(self, batch: Batch, random: torch.Generator) -> Tensor:
        with self._precision():
            return self._examples.draw(self.generator, batch, random).float()

    def _scores(self, pictures: Tensor, batch: Batch) -> Tensor:
        with self._precision():
            scores: Tensor = self.discriminator(pictures, *batch.inputs).float()
        return scores

    def _precision(self) -> AbstractContextManager[object]:
        kind = self._device.partition(":")[0]
        return torch.autocast(kind, torch.bfloat16) if self._half else nullcontext()

    def _shown(self, real: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
        """What the discriminator sees of each pair: both changed alike, since two that are nearly
        the same would be told apart by nothing but the changes."""
        if not self.recipe.augmented:
            return real.detach().clone(), generated
        before = self._random.get_state()
        real_shown = augment(real, self._random)
        self._random.set_state(before)
        return real_shown, augment(generated, self._random)

    def _update(self, name: str, loss: Tensor) -> None:
        optimizer = self._optimizers[name]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    def _place(self) -> tuple[int, int]:
        """The number of the present phase and the step within it."""
        step = self._step
        for number, steps in enumerate(self._steps_of):
            if step < steps:
                return number, step
            step -= steps
        return len(self._steps_of) - 1, self._steps_of[-1]

    def _set_rates(self, phase: Phase, step: int, steps: int) -> None:
        ramp = min(1.0, (step + 1) / max(1, self.recipe.ramp_steps))
        share = ramp * phase.share_of_rate(step / steps)
        rates = {"generator": phase.learning_rate, "discriminator": phase.discriminator_rate}
        for name, rate in rates.items():
            for group in self._optimizers[name].param_groups:
                group["lr"], group["betas"] = rate * share, (MOMENTUM[phase.kind], BETA_2)

    def _examine(self) -> None:
        """Stops a training that can't come to anything."""
        phase = self.recipe.phases[self._place()[0]]
        if not all(math.isfinite(loss) for loss in self._losses.values()):
            raise TrainingFailed(NOT_FINITE, rate=f"{phase.learning_rate:.2g}")
        if self._step < COLLAPSE_STEPS:
            return
        count = min(8, len(self._examples))
        batch = self._batches.of(Phase(phase.kind, phase.size, 1, batch=count), 0)
        apart = torch.Generator().manual_seed(0)  # when it looks must not change what is learnt
        with torch.no_grad():
            variety = float(self._generate(batch, apart).std(0).mean())
        if count > 1 and variety < LEAST_VARIETY:
            raise TrainingFailed(COLLAPSED, rate=f"{phase.learning_rate:.2g}")

    def _save(self) -> None:
        if self._folder is None:
            return
        tensors = {**state_of(self._networks, self._optimizers), "random": self._random.get_state()}
        if self._best is not None:
            tensors |= prefixed("best", self._best[1])
        state = {
            "fingerprint": fingerprint(self.recipe, self.generator, self._examples),
            "seconds": self._seconds,
            "best": None if self._best is None else self._best[0],
        }
        checkpoints.save(self._folder, Checkpoint(self._step, tensors, state))

    def _resume(self) -> None:
        if self._folder is None:
            return
        wanted = fingerprint(self.recipe, self.generator, self._examples)
        found = checkpoints.last_good(self._folder, wanted)
        if found is None:
            return
        load_state(found.tensors, self._networks, self._optimizers)
        if found.state["best"] is not None:
            self._best = found.state["best"], without_prefix("best", found.tensors)
        self._random.set_state(found.tensors["random"])
        self._step, self._seconds = found.step, float(found.state["seconds"])


def _prepared(network: N, device: str) -> N:
    """On its device, with the channels last: twice as fast."""
    return network.to(device, memory_format=torch.channels_last).train()  # type: ignore[call-overload,no-any-return]


def _optimizer(network: nn.Module) -> torch.optim.Adam:
    return torch.optim.Adam(network.parameters(), betas=(0.0, BETA_2))


def _steps(phase: Phase, count: int) -> int:
    return max(1, round(phase.epochs * count / phase.batch))


def _sameness(first: Tensor, second: Tensor) -> Tensor:
    """How alike two drawings of one condition are: what is to become small."""
    return 1 / ((first - second).abs().mean() + 1e-2)
