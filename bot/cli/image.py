"""`daoshi image`: what a picture says of itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.start import language, leave, start
from tutor.i18n import mark, say
from tutor.language import Language

if TYPE_CHECKING:  # loaded when a picture is looked at, not with every command
    from tutor.images.marking import Looked, Mark

MOST_BYTES = 64 * 1024 * 1024
OURS = "ours"

_SEALS = {
    OURS: mark("Content credentials: signed by this installation and unchanged since then."),
    "foreign": mark(
        "Content credentials: unchanged since they were signed, but not by this installation."
    ),
    "broken": mark("Content credentials: broken. The file was changed after it was signed."),
    "none": mark("Content credentials: none."),
}


@click.group(help=mark("Look at pictures."))
def image() -> None:
    """Holds the commands."""


@image.command(help=mark("Say what a picture tells about how it was made."))
@click.argument("file", type=click.Path(path_type=Path))
def inspect(file: Path) -> None:
    from tutor.images.marking import NoPicture, look_at

    spoken = language()
    data_dir = start(log_to="cli").data_dir
    try:
        data = _read(file)
        looked = look_at(data)
    except OSError:
        leave(say(spoken, "There is no file {file} that can be read.", file=file))
    except NoPicture:
        leave(say(spoken, "{file} is no picture, or it is broken or far too large.", file=file))
    seal = _seal(data, looked, data_dir)
    click.echo("\n".join(_lines(file, looked, seal, spoken)))


def _read(file: Path) -> bytes:
    """The file; of one that is far too large only so much that it is no whole picture."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES)


def _seal(data: bytes, looked: "Looked", data_dir: Path) -> str:
    """What the content credentials are worth; "" where this machine can't check them."""
    from tutor.images.credentials import identity_in, seal_of

    try:
        return seal_of(data, looked.media_type, identity_in(data_dir)).value
    except (ImportError, OSError, RuntimeError):
        return ""


def _lines(file: Path, looked: "Looked", seal: str, spoken: Language) -> list[str]:
    about: dict[str, Any] = {"file": file.name, "width": looked.width, "height": looked.height}
    kind = looked.media_type or "?"
    lines = [say(spoken, "{file}: {kind}, {width} × {height} pixels", kind=kind, **about)]
    if looked.mark is None:
        lines.append(
            say(
                spoken,
                "It carries no mark of Daoshi. That says nothing of how it was made: a mark can be "
                "removed.",
            )
        )
    else:
        lines += _marked(looked.mark, spoken)
    lines.append(
        say(spoken, _SEALS[seal])
        if seal
        else say(spoken, "Content credentials can't be checked on this machine.")
    )
    if looked.mark is not None and seal != OURS:
        lines.append(
            say(
                spoken,
                "The mark is plain text: without a valid signature anybody may have written it.",
            )
        )
    return lines


def _marked(found: "Mark", spoken: Language) -> list[str]:
    sentence = (
        mark("It says that a neural network of {software} drew it, as an animation.")
        if found.kind == "morph"
        else mark("It says that a neural network of {software} drew it.")
    )
    return [
        say(spoken, sentence, software=found.software),
        say(
            spoken,
            "- Model: {model}, version {version}",
            model=found.model,
            version=found.version or "?",
        ),
        say(spoken, "- Shows: {concepts}", concepts=", ".join(found.concepts) or "?"),
        say(spoken, "- Style: {style}", style=found.style or "?"),
        say(spoken, "- Seed: {seed}", seed=found.seed),
    ]
