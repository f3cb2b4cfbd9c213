"""Every kind of job that this worker does, by theme."""

from collections.abc import Mapping

from training import materials, upkeep
from training.worker import Handler

HANDLERS: Mapping[str, Handler] = {**upkeep.HANDLERS, **materials.HANDLERS}
