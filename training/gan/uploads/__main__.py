"""`python -m training.gan.uploads SOURCE FOLDER NAME LICENCE`: reads an upload, in a process of its
own with bounded memory, since a decoder may stumble over what somebody made for that.

Prints a JSON object from time to time. Ends with 0 when FOLDER holds manifest.json, sheet.png and
set.zip, or with 3 and a sentence in FOLDER/failure.json.
"""

import errno
import json
import sys
import time
from pathlib import Path

from training.gan.uploads.assembling import SET, assemble, room_needed
from training.gan.uploads.limits import MAX_FILES, PICTURE_BYTES
from training.gan.uploads.packing import pack
from training.gan.uploads.refusal import DISK_FULL, UploadRefused
from tutor.bank.reason import Reason
from tutor.knowledge.limits import bound_this_process

DONE, SENTENCE = 0, 3
MEMORY_BYTES, PROCESSOR_SECONDS = 4 << 30, 3 * 3600
TELL_SECONDS = 2.0
SET_FILE, FAILURE = "set.zip", "failure.json"


def main(arguments: list[str]) -> int:
    source, folder, name, licence = Path(arguments[0]), Path(arguments[1]), *arguments[2:4]
    bound_this_process(MEMORY_BYTES, PROCESSOR_SECONDS)
    told = _Told()
    try:
        assemble(source, folder, name=name, licence=licence, done=told.note)
        pack(folder / SET, folder / SET_FILE)
    except UploadRefused as error:
        _leave(folder, error.reason)
        return SENTENCE
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        needed = max(room_needed(told.kept), 1000 * PICTURE_BYTES) / (1 << 30)
        _leave(folder, Reason(DISK_FULL, {"needed": f"{max(needed, 0.1):.1f}"}))
        return SENTENCE
    return DONE


class _Told:
    """Prints how far it is, now and then."""

    def __init__(self) -> None:
        self.kept = 0
        self._last = 0.0

    def note(self, kept: int) -> None:
        assert kept <= MAX_FILES, kept
        self.kept = kept
        if time.monotonic() - self._last > TELL_SECONDS:
            self._last = time.monotonic()
            print(json.dumps({"pictures": kept}), flush=True)


def _leave(folder: Path, reason: Reason) -> None:
    text = json.dumps(reason.to_json(), ensure_ascii=False)
    (folder / FAILURE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
