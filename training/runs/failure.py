"""Why a run ends or waits, in sentences for whoever started it."""

from collections.abc import Mapping
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
NOT_ALLOWED = mark(
    "The data holds chats of somebody whose words may not be trained on any more: they are in a "
    "class for minors by now, agree no longer, or the operator has switched this off. Build a new "
    "version of the data set and start with that."
)
DATA_GONE = mark("The examples of this data set are no longer stored. Upload the data again.")
WITHDRAWN_AGAIN = mark(
    "Somebody whose words are in the data has withdrawn their consent, so nothing is compared on "
    "it any more. Name another data set."
)
ADAPTER_GONE = mark("The file of this adapter is no longer stored. Import or train it again.")
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
ENGINE_SILENT = mark(
    "The text engine does not answer just now. Nothing is lost: this goes on by itself when it "
    "does."
)
ENGINE_BUSY = mark("The text engine is busy with other answers; this goes on by itself afterwards.")
ENGINE_PAUSED = mark(
    "Another training has the memory of the text engine; this goes on by itself afterwards."
)
ENGINE_GONE = mark(
    "The text engine has not answered for {hours} hours. See with `daoshi doctor` what is wrong "
    "with it, then start this again."
)
NOT_COMPARED = mark(
    "The text engine has not answered for {hours} hours, so the adapter could not be compared with "
    "the model as it was. It is kept. See with `daoshi doctor` what is wrong with the engine; when "
    "it answers again, `/adapter evaluate` compares it."
)
QUESTION_FAILS = mark(
    "The text engine fails at one question of the comparison again and again, while it answers "
    "others. The adapter is kept, but can't be compared like this. The worker's log names the "
    "error; when it is mended, or with other data, `/adapter evaluate` compares it."
)
NOT_TAKEN = mark(
    "The text engine could not load the adapter, so it was not compared with the model as it was. "
    "It is kept. The worker's log says why; when that is mended, `/adapter evaluate` compares it."
)
NOT_JUDGED = mark(
    "The generator was trained, but judging it ended without a word; most often the memory was "
    "used up. It is kept, and can be used with a reason. The worker's log says more."
)


class RunFailed(Exception):
    """The run can't go on; `reason` is for whoever started it."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        super().__init__(self.reason.said(Language.ENGLISH))


class NotCompared(RunFailed):
    """The gate can't say how good the adapter is, and never will like this."""


class RunWaits(Exception):
    """The run can't begin now, and is tried again after `pause`; `noted` is for the next time."""

    noted: Mapping[str, Any] = {}

    def __init__(self, message: str, pause: timedelta, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        self.pause = pause
        super().__init__(self.reason.said(Language.ENGLISH))


class TrainerDied(Exception):
    """The trainer ended without a word; it goes on from its last checkpoint when tried again."""


def as_record(reason: Reason) -> dict[str, Any]:
    """A reason as rows and files hold it."""
    return {"message": reason.message, "fields": dict(reason.fields)}
