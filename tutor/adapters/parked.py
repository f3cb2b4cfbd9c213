"""Adapters that are assigned but were made for another model: found, and said to the operator."""

from storage.assignments import Assignment, assignments
from storage.database import Session
from tutor.adapters.fitness import KIND, fits_base
from tutor.engine.contract import Capabilities
from tutor.i18n import say
from tutor.language import Language


async def parked(session: Session, capabilities: Capabilities) -> list[Assignment]:
    """The assignments whose adapter does not fit the present model."""
    return [
        one
        for one in await assignments(session)
        if one.kind == KIND
        and one.artifact is not None
        and not fits_base(one.artifact.base_hash, capabilities)
    ]


def parked_sentence(name: str, language: Language) -> str:
    """What is wrong with one; what to do about it is `retrain_sentence`."""
    return say(language, "The adapter {name} is parked: it was made for another model.", name=name)


def retrain_sentence(language: Language) -> str:
    return say(
        language,
        "Train it again for the present model (/tune start), or set DAOSHI_MODEL back.",
    )
