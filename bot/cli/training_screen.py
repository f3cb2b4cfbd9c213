"""What `daoshi train` shows: sentences, a bar that moves, and the report. Decides nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from tutor.i18n import say
from tutor.language import Language

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from storage.tuning_runs import TuningRun
    from tutor.tuning.check import Check
    from tutor.tuning.generators.check import PictureCheck


class Bar(Protocol):
    def show(self, run: "TuningRun") -> None: ...


class TrainingScreen:
    """Everything goes to standard error, but the report; with `as_json` nothing else at all."""

    def __init__(self, language: Language, *, as_json: bool) -> None:
        self._language = language
        self._as_json = as_json

    def say(self, text: str) -> None:
        click.echo(text, err=True)

    def check(self, check: "Check") -> None:
        """What the data set holds, and what was left out."""
        from tutor.tuning.datasets import check_text

        text = check_text(self._language, check)
        if not self._as_json:
            self._markdown(text)

    def pictures(self, check: "PictureCheck") -> None:
        """The same of a set of pictures."""
        from tutor.tuning.generators.check_text import picture_check_text

        if not self._as_json:
            self._markdown(picture_check_text(self._language, check))

    def estimate(self, result: Mapping[str, Any], recipe: Mapping[str, Any]) -> None:
        from bot.commands.tuning.starting import estimate_lines
        from tutor.tuning.product import product_of

        if not self._as_json:
            lines = estimate_lines(self._language, result, product_of(recipe))
            self._markdown("\n".join(lines))

    def report(self, run: "TuningRun", grid: Path | None = None) -> None:
        """The report card, and what to do next with what was made; `grid` is a sheet of it."""
        from tutor.tuning.card import report_words
        from tutor.tuning.product import Product, product_of

        if self._as_json or run.report is None:
            return
        self._markdown(report_words(self._language, run.report))
        if grid is not None:
            click.echo(
                say(self._language, "What it draws, beside real pictures: {file}", file=grid)
            )
        command = f"daoshi adapters use {run.artifact_id}"
        if product_of(run.recipe) is Product.GENERATOR:
            command += " --pictures"
        if not run.report.get("passed"):
            reason = say(self._language, "WHY")
            command += f' --reason "{reason}"'
        click.echo(say(self._language, "Use it with: {command}", command=command))

    @contextmanager
    def bar(self) -> Iterator[Bar]:
        """A bar in a terminal, else a line for each stage."""
        import sys

        if self._as_json or not sys.stderr.isatty():
            yield _Lines(self._language)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[figures]}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield _RichBar(self._language, progress)

    def _markdown(self, text: str) -> None:
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))


class _RichBar:
    def __init__(self, language: Language, progress: "Progress") -> None:
        self._language = language
        self._progress = progress
        self._task: TaskID = progress.add_task("", total=None, figures="")

    def show(self, run: "TuningRun") -> None:
        from tutor.tuning.card import pace_text, phases_of
        from tutor.tuning.stage import Stage

        stage = Stage(run.stage)
        training = stage is Stage.TRAINING
        self._progress.update(
            self._task,
            description=say(self._language, phases_of(run)[stage]),
            total=run.progress.get("steps") if training else None,
            completed=run.progress.get("step", 0) if training else 0,
            figures=pace_text(self._language, run.progress) if training else "",
        )


class _Lines:
    """For logs and pipes."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._stage = ""

    def show(self, run: "TuningRun") -> None:
        from tutor.tuning.card import phase_text

        if run.stage != self._stage:
            self._stage = run.stage
            click.echo(phase_text(self._language, run), err=True)
