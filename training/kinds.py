"""Every kind of job that this worker does, by theme."""

from collections.abc import Mapping

from training import course_import, materials, predictor, reminding, scheduler, upkeep
from training.worker import Handler

HANDLERS: Mapping[str, Handler] = {
    **upkeep.HANDLERS,
    **materials.HANDLERS,
    **course_import.HANDLERS,
    **predictor.HANDLERS,
    **scheduler.HANDLERS,
    **reminding.HANDLERS,
}
