"""What somebody sees of a training: a bar in a terminal or notebook, lines in a log elsewhere."""

import io
import logging
import sys
from contextlib import redirect_stderr
from dataclasses import replace
from types import ModuleType

import pytest

from training.gan.bar import duration, number, shown
from training.gan.recipe import GanProgress, Kind

LOSSES = {"penalty": 0.01, "discriminator": 0.6931, "generator": 1.5, "target": 0.25}
PROGRESS = GanProgress(2, 3, Kind.ADVERSARIAL, 64, 450, 600, 120.0, 95.0, 40.0, LOSSES)
MEASURED = replace(PROGRESS, step=480, metrics={"concept_accuracy": 0.875, "kernel_distance": 94.2})


class Terminal(io.StringIO):
    """A screen, as far as a program can tell."""

    def isatty(self) -> bool:
        return True


def seen(*told: GanProgress) -> list[str]:
    """The lines that a terminal shows one after another, also over each other."""
    with redirect_stderr(Terminal()) as terminal, shown() as show:
        for progress in told:
            show(progress)
    return [line.rstrip() for line in terminal.getvalue().replace("\n", "\r").split("\r")]


def test_bar_tells_phase_share_time_left_and_losses() -> None:
    [told] = {line for line in seen(PROGRESS) if "75%" in line}
    assert told.endswith(
        "| 3/3 adversarial 64 px, 1:35 left, D 0.693 G 1.500 target 0.250 penalty 0.010"
    )


def test_measurement_stays_in_a_line_of_its_own_and_is_told_once() -> None:
    shown_then = seen(PROGRESS, MEASURED, replace(MEASURED, step=500))
    told = [line for line in shown_then if "measured" in line]
    assert told == ["measured at step 480: concept_accuracy 0.875, kernel_distance 94.2"]


def test_beginning_of_a_training_has_no_time_left_yet() -> None:
    told = seen(replace(PROGRESS, phase=0, step=0, seconds_left=None, losses={}))
    assert not any("left" in line for line in told)
    assert any(line.endswith("| 1/3 adversarial 64 px") for line in told)


def test_bar_is_closed_where_the_training_fails() -> None:
    with (
        redirect_stderr(Terminal()) as terminal,
        pytest.raises(RuntimeError),
        shown() as show,
    ):
        show(PROGRESS)
        raise RuntimeError
    assert terminal.getvalue().endswith("\n")


def test_without_a_terminal_the_log_has_it(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), shown() as show:
        show(PROGRESS)
        show(MEASURED)
    first, second = caplog.messages
    assert first.startswith("step 450 of 600, 3/3 adversarial 64 px, 1:35 left, D 0.693")
    assert second.endswith("; last measured: concept_accuracy 0.875, kernel_distance 94.2")
    assert capsys.readouterr().err == ""


def test_notebook_shows_the_bar_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    with shown() as show:
        show(PROGRESS)
    assert "3/3 adversarial" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0:00"), (59.6, "1:00"), (200, "3:20"), (7500, "2 h 05")]
)
def test_spans_are_told_in_units_that_fit(seconds: float, told: str) -> None:
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("value", "told"), [(0.0514, "0.051"), (94.23, "94.2"), (5640.4, "5,640"), (-2.5, "-2.500")]
)
def test_numbers_have_as_many_digits_as_matter(value: float, told: str) -> None:
    assert number(value) == told
