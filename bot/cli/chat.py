"""`daoshi chat`: the tutor in this terminal, or answering the lines of a pipe."""

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import click
from rich.console import Console

from bot.cli.start import language as operator_language
from bot.cli.start import run, start
from bot.settings import Settings
from bot.terminal.adapter import WORKSPACE, TerminalAdapter
from bot.terminal.screen import JsonScreen, PlainScreen, Screen
from bot.terminal.session import QUIT_COMMANDS, Sitting, TerminalSession, question_from
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Kind, Person, Platform, Role

LONGEST_NAME = 80
EARLIER_LINES = 200


@click.command(help=mark("Talk to the tutor in this terminal. Piped lines are answered in turn."))
@click.option(
    "--learner", "name", metavar="NAME", help=mark("Who you are; your user name if left out.")
)
@click.option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    help=mark("The language you are answered in, from now on."),
)
@click.option(
    "--json", "as_json", is_flag=True, help=mark("One JSON object for each line of input.")
)
def chat(name: str | None, lang: str | None, as_json: bool) -> None:
    settings = start(log_to="chat")
    chosen = Language(lang) if lang else None
    run(_chat(settings, _sitting(settings, name, chosen), chosen, as_json=as_json))


def _sitting(settings: Settings, name: str | None, chosen: Language | None) -> Sitting:
    """Whoever started the program owns its data; somebody named by `--learner` is a learner."""
    language = chosen or operator_language()
    owner = name is None
    plain = " ".join((name or _user_name()).split())[:LONGEST_NAME]
    if not plain:
        raise click.BadParameter(say(language, "A name can't be empty."), param_hint="--learner")
    roles = {Role.LEARNER}
    if owner or f"terminal:{plain}" in settings.operators:
        roles |= {Role.TEACHER, Role.ADMIN, Role.OPERATOR}
    person = Person(Platform.TERMINAL, WORKSPACE, plain, plain, locale=language.value)
    return Sitting(person, language, frozenset(roles))


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        return "learner"


async def _chat(
    settings: Settings, sitting: Sitting, chosen: Language | None, *, as_json: bool
) -> None:
    from bot import wiring
    from bot.dispatch.opening import look_up
    from bot.terminal.lines import stopping_on_interrupt
    from storage.learners import set_language
    from storage.turns import learner_history

    interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    screen = _screen(sitting.language, as_json=as_json)
    adapter = TerminalAdapter(screen, sitting.person, sitting.language, settings.data_dir / "files")
    async with wiring.open_services(settings, wake_engine=True) as services:
        dispatcher = wiring.make_dispatcher(services)
        dispatcher.register(adapter)
        hello = question_from(sitting, Kind.MESSAGE, services.now())
        turn = await look_up(services.database, hello, services.now())
        if chosen:
            async with services.database.write() as session:
                await set_language(session, turn.learner.id, chosen.value)
            turn = replace(turn, language=chosen)
        sitting = _in_their_language(sitting, chosen, turn.learner.language)
        screen.greet(await services.tutor.greeting(turn))
        earlier: list[str] = []
        if interactive:
            async with services.database.read() as session:
                past = await learner_history(session, turn.learner.id, EARLIER_LINES)
            earlier = [stored.text for stored in reversed(past) if stored.role == "user"]
        session_of_lines = TerminalSession(
            dispatcher,
            adapter,
            screen,
            sitting,
            services.now,
            stopping_on_interrupt if interactive else _uninterrupted,
        )
        upkeep = asyncio.create_task(dispatcher.run())
        try:
            lines = _lines(earlier, sitting.language, adapter, interactive=interactive)
            await session_of_lines.run(lines)
        finally:
            await dispatcher.close()
            upkeep.cancel()
            await asyncio.gather(upkeep, return_exceptions=True)


def _in_their_language(sitting: Sitting, chosen: Language | None, stored: str | None) -> Sitting:
    """The screen's own words follow the learner's setting, unless one was given just now."""
    return sitting if chosen or not stored else replace(sitting, language=Language(stored))


def _screen(language: Language, *, as_json: bool) -> Screen:
    if as_json:
        return JsonScreen(_write)
    if sys.stdout.isatty():
        from bot.terminal.rich_screen import RichScreen

        return RichScreen(Console(), language)
    return PlainScreen(_write, language)


def _write(text: str) -> None:
    """UTF-8 whatever the locale, and at once, since somebody may be reading along."""
    sys.stdout.buffer.write(text.encode(errors="replace"))
    sys.stdout.buffer.flush()


def _lines(
    earlier: list[str], language: Language, adapter: TerminalAdapter, *, interactive: bool
) -> AsyncIterator[str]:
    from bot.terminal.lines import piped_lines, prompted_lines, read_standard_input

    if interactive:
        from bot.commands.listing import COMMANDS

        names = [*(f"/{command.name}" for command in COMMANDS), *QUIT_COMMANDS]
        return prompted_lines(earlier, names, language, adapter.progress)
    return piped_lines(read_standard_input())


def _uninterrupted(_stop: object) -> AbstractContextManager[None]:
    """A pipe has no Ctrl-C of its own: it ends the program."""
    return nullcontext()
