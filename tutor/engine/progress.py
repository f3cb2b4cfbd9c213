"""Shows on standard error how far the one-time preparation of the model is."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class PreparationBar:
    """Call it with the finished share; the bar appears with the first call and ends at 1.

    Where standard error is no terminal, one line says what is going on instead.
    """

    def __init__(self, description: str) -> None:
        self._description = description
        self._bar: Progress | None = None
        self._announced = False

    def __call__(self, share: float) -> None:
        if not sys.stderr.isatty():
            if not self._announced and share < 1:
                print(self._description, file=sys.stderr, flush=True)
            self._announced = True
        elif share < 1 or self._bar is not None:
            self._show(share)

    def close(self) -> None:
        """Takes the bar away, finished or not."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __enter__(self) -> "PreparationBar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _show(self, share: float) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        if self._bar is None:
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._bar.add_task(self._description, total=1.0)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=share)
        if share >= 1:
            self.close()
