"""`daoshi preview`: draws what learners see, from the messages that would really be sent."""

from pathlib import Path
from typing import Any

import click

from bot.adapter import Draft, Ending
from bot.cli.start import language, run
from bot.render.painter import FormulaPainter
from bot.render.preview.shown import Shown
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Choice, Picture

PATIENCE_SECONDS = 60.0  # nobody in a chat waits: a busy machine may take its time
FILE_BYTES = 10 * 1024 * 1024
TIME = "14:02"
QUESTION = mark("Why do I have to do the same to both sides of an equation?")
SAMPLE = mark(
    "Take 3x + 5 = 20: you want $x$ alone on one side. The two sides stay equal only if whatever "
    "is done to one is done to the other.\n\n"
    "1. Take away the 5: {step}\n"
    "2. What would you do about the **3** in front of $x$?\n\n"
    "The same idea works for every equation of this kind:\n\n{formula}\n\n"
    "| step | left | right |\n|---|---|---|\n| begin | 3x + 5 | 20 |\n| − 5 | 3x | 15 |"
)
STEP = "$3x = 15$"
FORMULA = r"$$a x + b = c \quad\Longrightarrow\quad x = \frac{c - b}{a}$$"


@click.command(help=mark("Draw what learners see in Discord and Slack, as PNG files."))
@click.argument("text", required=False, type=click.File(encoding="utf-8"))
@click.option(
    "-o",
    "--output",
    "folder",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    help=mark("The folder for the pictures."),
)
@click.option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    help=mark("The language of the sample and of the buttons."),
)
def preview(text: Any, folder: Path, lang: str | None) -> None:
    spoken = Language(lang) if lang else language()
    reply = text.read() if text is not None else say(spoken, SAMPLE, step=STEP, formula=FORMULA)
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in run(_draw(reply, spoken)).items():
        file = folder / f"{name}.png"
        file.write_bytes(picture)
        click.echo(str(file))


async def _draw(reply: str, spoken: Language) -> dict[str, bytes]:
    """A question and its reply on both platforms, and the picture of the reply's formulas."""
    from bot.render.preview.discord_look import draw_discord
    from bot.render.preview.slack_look import draw_slack

    draft = Draft(text=reply, choices=_controls(spoken), ending=Ending.DONE)
    painter = FormulaPainter(timeout_seconds=PATIENCE_SECONDS)
    try:
        discord, formulas = await _in_discord(draft, spoken, painter)
        slack = await _in_slack(draft, spoken, painter)
    finally:
        await painter.close()
    asked = say(spoken, QUESTION)
    person = say(spoken, "Ann")
    pictures = {
        "discord": draw_discord([_asked(person, {"content": asked}), *discord]),
        "slack": draw_slack([_asked(person, _slack_text(asked)), *slack]),
    }
    return pictures | ({"formula": formulas[0].data} if formulas else {})


async def _in_discord(
    draft: Draft, spoken: Language, painter: FormulaPainter
) -> tuple[list[Shown], list[Picture]]:
    from bot.discord_app.composing import Composer

    messages = await Composer(painter, spoken, FILE_BYTES).compose(draft)
    shown = [
        Shown("Daoshi", message.body(), TIME, {u.name: u.data for u in message.uploads})
        for message in messages
    ]
    formulas = [Picture(u.data, u.name, u.description) for m in messages for u in m.uploads]
    return shown, formulas


async def _in_slack(draft: Draft, spoken: Language, painter: FormulaPainter) -> list[Shown]:
    from bot.render.slack_text import render_slack
    from bot.slack_app.content import MESSAGE_CHARACTERS, contents

    blocks: dict[int, list[dict[str, Any]]] = {}
    files: dict[str, bytes] = {}
    parts = render_slack(draft.text, final=True, limit=MESSAGE_CHARACTERS).parts
    for number, part in enumerate(parts):
        picture = await painter.draw(part.formulas)
        if picture is not None:
            files[picture.name] = picture.data
            blocks[number] = [_image(picture)]
    return [
        Shown("Daoshi", {"text": content.text, "blocks": content.blocks}, TIME, files)
        for content in contents(draft, spoken, blocks)
    ]


def _image(picture: Picture) -> dict[str, Any]:
    """The block of an uploaded picture; here its name stands for the id that Slack gives it."""
    return {"type": "image", "slack_file": {"id": picture.name}, "alt_text": picture.alt}


def _slack_text(text: str) -> dict[str, Any]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"text": text, "blocks": [section]}


def _asked(person: str, payload: dict[str, Any]) -> Shown:
    return Shown(person, payload, TIME, is_bot=False, avatar=person[:1])


def _controls(spoken: Language) -> tuple[Choice, ...]:
    """The buttons of a real reply; their ids would name stored rows."""
    labels = (
        ("👍", say(spoken, "Helpful")),
        ("👎", say(spoken, "Not helpful")),
        ("🚩", say(spoken, "Report")),
        ("🔄", say(spoken, "Try again")),
    )
    return tuple(
        Choice(f"preview.{n}", label, emoji=emoji) for n, (emoji, label) in enumerate(labels)
    )
