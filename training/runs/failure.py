"""Why a run ends or waits, in sentences for whoever started it."""

from datetime import timedelta
from typing import Any

from tutor.bank.reason import Reason
from tutor.i18n import mark
from tutor.language import Language

STOPPED_OFTEN = mark(
    "The training stopped several times without saying why; most often the machine's memory was "
    "used up. Close other programs or choose a smaller effort, and start it again. The operator "
    "finds more in {file}."
)
WITHDRAWN = mark(
    "Somebody whose words are in the data has withdrawn their consent, so the training was stopped "
    "and nothing of it is used. Build a new version of the data set and start with that."
)
DATA_GONE = mark("The examples of this data set are no longer stored. Upload the data again.")
NO_DISK = mark(
    "There is not enough space on the disk: this training needs about {needed} GB and {free} GB "
    "are free. Delete something, then start it again."
)
DISK_FULL = mark(
    "The disk is full, so the training was stopped. It goes on from its last checkpoint when there "
    "is space again: please delete something."
)
NO_MEMORY = mark(
    "This training needs about {needed} GB of memory and this machine has {free} GB to give. "
    "Choose a smaller effort, or a machine with more memory."
)
NO_MEMORY_BESIDE = mark(
    "Training and answering don't fit into memory together. Choose a time from which I may stop "
    "talking freely for the training, or “now”; until then it waits for free memory."
)
ENGINE_STAYS = mark(
    "The text engine is still busy with answers and holds the memory; the training begins when it "
    "has finished them."
)
DEVICE_BUSY = mark(
    "Another training is under way on this machine; this one begins when it has ended."
)


class RunFailed(Exception):
    """The run can't go on; `reason` is for whoever started it."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        super().__init__(self.reason.said(Language.ENGLISH))


class RunWaits(Exception):
    """The run can't begin now, and is tried again after `pause`."""

    def __init__(self, message: str, pause: timedelta, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        self.pause = pause
        super().__init__(self.reason.said(Language.ENGLISH))


class TrainerDied(Exception):
    """The trainer ended without a word; it goes on from its last checkpoint when tried again."""


def as_record(reason: Reason) -> dict[str, Any]:
    """A reason as rows and files hold it."""
    return {"message": reason.message, "fields": dict(reason.fields)}
