"""The screen for people: Markdown in colour, growing while it is written."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown
from rich.text import Text as RichText

from bot.adapter import Draft
from bot.terminal.formulas import readable_formulas
from bot.terminal.screen import SavedFile, choice_line, saved_line
from tutor.language import Language

REFRESHES_PER_SECOND = 12
_BLOCKS = MarkdownIt("commonmark").enable("table")


def split_stable(text: str) -> tuple[str, str]:
    """The blocks of `text` that no further text can change, and the block that still grows."""
    starts = [
        token.map[0]
        for token in _BLOCKS.parse(text)
        if token.level == 0 and token.map and token.nesting >= 0
    ]
    if len(starts) < 2:
        return "", text
    lines = text.splitlines(keepends=True)
    return "".join(lines[: starts[-1]]), "".join(lines[starts[-1] :])


def _rendered(text: str) -> Markdown:
    return Markdown(readable_formulas(text))


class RichScreen:
    """Finished blocks scroll away above; only the last one is redrawn."""

    def __init__(self, console: Console, language: Language) -> None:
        self._console = console
        self._language = language
        self._live: Live | None = None
        self._printed = ""

    def show(self, draft: Draft) -> None:
        live = self._started()
        if draft.status and not draft.text:
            live.update(RichText(draft.status, style="dim"))
            return
        self._print_stable(draft.text)
        live.update(_rendered(self._rest(draft.text)))

    def finish(self, draft: Draft, files: Sequence[SavedFile]) -> None:
        self._stop()
        rest = self._rest(draft.text)
        if rest.strip():
            self._console.print(_rendered(rest))
        self._printed = ""
        for file in files:
            self._console.print(saved_line(self._language, file), style="cyan", markup=False)
        if draft.choices:
            self._console.print(choice_line(draft.choices), style="dim", markup=False)

    def greet(self, text: str) -> None:
        self.tell(text)
        self._console.print()

    def tell(self, text: str) -> None:
        self._stop()
        self._console.print(_rendered(text))

    def end_exchange(self) -> None:
        self._stop()
        self._console.print()

    def close(self) -> None:
        self._stop()

    def _print_stable(self, text: str) -> None:
        rest = self._rest(text)
        stable, _ = split_stable(rest)
        if stable.strip():
            assert self._live is not None
            self._live.update(RichText(""))
            self._console.print(_rendered(stable))
            self._console.print()
            self._printed += stable

    def _rest(self, text: str) -> str:
        """What is not printed yet; all of it, should the text not go on where it was."""
        return text[len(self._printed) :] if text.startswith(self._printed) else text

    def _started(self) -> Live:
        if self._live is None:
            self._live = Live(
                console=self._console, transient=True, refresh_per_second=REFRESHES_PER_SECOND
            )
            self._live.start()
        return self._live

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
