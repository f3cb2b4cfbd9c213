"""Every kind of job that this worker does, by theme."""

from collections.abc import Collection, Mapping, Sequence

from training import (
    course_import,
    dataset_jobs,
    materials,
    predictor,
    reminding,
    scheduler,
    trials,
    upkeep,
)
from training.runs import jobs as runs
from training.worker import Handler, OnEnd

HANDLERS: Mapping[str, Handler] = {
    **upkeep.HANDLERS,
    **materials.HANDLERS,
    **course_import.HANDLERS,
    **dataset_jobs.HANDLERS,
    **predictor.HANDLERS,
    **scheduler.HANDLERS,
    **reminding.HANDLERS,
    **trials.HANDLERS,
    **runs.HANDLERS,
}
LANES: Sequence[Collection[str]] = (runs.LANE,)
ON_END: Mapping[str, OnEnd] = runs.ON_END
