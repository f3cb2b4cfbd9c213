"""How a training shows itself: a bar where somebody looks, lines in the log elsewhere."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from training.gan.recipe import GanProgress

log = logging.getLogger(__name__)
Report = Callable[[GanProgress], None]
LAYOUT = "{percentage:3.0f}%|{bar:10}| {desc}"
LOSSES = {"discriminator": "D", "generator": "G", "target": "target"}
"""The first ones of a line that may be cut, and what papers call them."""


@contextmanager
def shown() -> Iterator[Report]:
    """Takes every progress; a bar in terminals and notebooks, which is closed at the end."""
    if not _somebody_looks():
        yield _log
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """Phase, share, time left and losses in one line; each measurement stays in a line above."""

    def __init__(self) -> None:
        from tqdm.auto import tqdm  # type: ignore[import-untyped]

        self._bar: Any = tqdm(total=1, bar_format=LAYOUT, dynamic_ncols=True)
        self._measured: dict[str, float] = {}

    def show(self, progress: GanProgress) -> None:
        if progress.metrics != self._measured:
            self._measured = dict(progress.metrics)
            told = f"measured at step {progress.step}: {measured_text(progress)}"
            self._bar.write(told, file=sys.stderr)
        self._bar.total, self._bar.n = progress.steps, progress.step
        self._bar.set_description_str(line_text(progress))

    def close(self) -> None:
        self._bar.close()


def line_text(progress: GanProgress) -> str:
    """Phase, time left as far as it is known, and losses: “2/3 regression 64 px, 3:20 left, …”"""
    phase = f"{progress.phase + 1}/{progress.phases} {progress.kind} {progress.size} px"
    left = progress.seconds_left
    known = [] if left is None else [f"{duration(left)} left"]
    order = sorted(progress.losses, key=[*LOSSES, *progress.losses].index)
    losses = [f"{LOSSES.get(name, name)} {number(progress.losses[name])}" for name in order]
    return ", ".join([phase, *known, " ".join(losses)]).removesuffix(", ")


def measured_text(progress: GanProgress) -> str:
    """What the last measurement found."""
    figures = [f"{name} {number(one)}" for name, one in progress.metrics.items()]
    return ", ".join(figures)


def number(value: float) -> str:
    """“0.051”, “94.2”, “5,640”"""
    digits = 3 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{value:,.{digits}f}"


def duration(seconds: float) -> str:
    """Minutes and seconds, or hours and minutes: “3:20”, “2 h 05”."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60} h {minutes % 60:02}"


def _log(progress: GanProgress) -> None:
    measured = f"; last measured: {measured_text(progress)}" if progress.metrics else ""
    log.info("step %d of %d, %s%s", progress.step, progress.steps, line_text(progress), measured)


def _somebody_looks() -> bool:
    """A notebook's kernel is no terminal, and shows bars all the same."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules
