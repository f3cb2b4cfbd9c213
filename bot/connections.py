"""The adapters that the settings ask for. Loads a platform's library only if it is used."""

import uuid
from collections.abc import Sequence

from aiohttp import web

from bot.adapter import Adapter, Draft, Ending
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.drafting import Drafting
from bot.dispatch.opening import look_up
from bot.services import Services
from tutor.messages import Kind, Person, Place, Question, Visibility

HOME = "home"


def make_adapters(services: Services, dispatcher: Dispatcher) -> list[Adapter]:
    """One adapter for each platform whose credentials are set, known to the dispatcher."""
    adapters: list[Adapter] = []
    if services.settings.discord_configured:
        adapters.append(_discord(services, dispatcher))
    if services.settings.slack_configured:
        adapters.append(_slack(services, dispatcher))
    for adapter in adapters:
        dispatcher.register(adapter)
    return adapters


def routes_of(adapters: Sequence[Adapter]) -> list[web.RouteDef]:
    """What the one HTTP server has to offer for platforms."""
    return [route for adapter in adapters for route in _routes(adapter)]


async def own_page(services: Services, person: Person) -> Draft:
    """What a person sees on their own page, which nobody else can open."""
    from bot.commands.home import home_page

    question = Question(
        event_id=uuid.uuid4().hex,
        kind=Kind.COMMAND,
        place=Place(person.platform, community="", channel=f"{HOME}:{person.user_id}"),
        message_id=HOME,
        author=person,
        visibility=Visibility.PRIVATE,
        received_at=services.now(),
    )
    turn = await look_up(services.database, question, services.now())
    drafting = Drafting()
    async for part in home_page(services, turn):
        drafting.add(part)
    return drafting.draft(Ending.DONE)


def _discord(services: Services, dispatcher: Dispatcher) -> Adapter:
    from bot.commands import COMMANDS
    from bot.discord_app.adapter import DiscordAdapter

    return DiscordAdapter(services.settings, dispatcher, COMMANDS, now=services.now)


def _slack(services: Services, dispatcher: Dispatcher) -> Adapter:
    from bot.render.painter import FormulaPainter
    from bot.slack_app.adapter import SlackAdapter

    painter = FormulaPainter(services.settings.data_dir / "formulas")
    return SlackAdapter(
        services.settings,
        dispatcher,
        database=services.database,
        home_page=lambda person: own_page(services, person),
        painter=painter,
        now=services.now,
    )


def _routes(adapter: Adapter) -> list[web.RouteDef]:
    offered = getattr(adapter, "http_routes", None)
    return list(offered()) if offered is not None else []
