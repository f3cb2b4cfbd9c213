"""Why a training can't go on, as a marked sentence for whoever started it."""

from typing import Any

from tutor.i18n import mark

NO_SPACE = mark(  # the one failure that passes by itself
    "The training could not be saved in {folder}: {reason}. Free some space there; it then goes on "
    "from its last checkpoint."
)


class TrainingFailed(Exception):
    """Somebody else's mistake or a limit of the machine; `message` is of the catalogue."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        super().__init__(message.format(**fields))
        self.message = message
        self.fields = fields

    def record(self) -> dict[str, Any]:
        """Plain values for a file or a row."""
        return {"message": self.message, "fields": self.fields}
