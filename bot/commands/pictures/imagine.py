"""`/imagine` and the buttons under a picture: hands what was written or pressed to the use case."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument
from bot.services import Services
from tutor.images.request import Style
from tutor.images.sketch import Sketch, sketch_from
from tutor.messages import ReplyPart
from tutor.turn import Turn

Payload = Mapping[str, Any]


async def imagine(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Draws what is written there."""
    style = argument(turn, "style")
    wanted = Style(style) if style else None
    async for part in services.picturing.imagine(turn, argument(turn, "what"), wanted):
        yield part


async def draw(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Draws one of the things that were offered instead."""
    drawn = services.picturing.draw(turn, payload["concept"], payload.get("style", ""))
    async for part in drawn:
        yield part


async def another(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Draws the same things in another way."""
    async for part in services.picturing.another(turn, _sketches(payload)):
        yield part


async def restyle(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Draws the same in the next style."""
    async for part in services.picturing.restyle(turn, _sketches(payload)):
        yield part


async def enlarge(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Draws the same, larger."""
    async for part in services.picturing.enlarge(turn, _sketches(payload)):
        yield part


async def morph(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Turns one thing into another."""
    async for part in services.picturing.morph(
        turn, sketch_from(payload["sketch"]), payload["into"]
    ):
        yield part


async def name(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Says what a picture shows, in both languages."""
    async for part in services.picturing.name(turn, payload["concept"]):
        yield part


def _sketches(payload: Payload) -> list[Sketch]:
    return [sketch_from(one) for one in payload["sketches"]]
