"""`python -m tutor.images.draw SECONDS DATA_DIR`: draws until nothing was asked for so long.

Says `ready`, then answers each line: {folder, sketches} or {folder, start, end} with {files}, PNG
or GIF as base64, or with {problem, fields} where it can't be drawn.
"""

import base64
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from typing import Any

from tutor.images.credentials import Identity, ensure_identity
from tutor.images.sketch import sketch_from
from tutor.images.studio import Studio, UnknownThing
from tutor.images.weights import GeneratorDamaged
from tutor.knowledge.limits import bound_this_process

MEMORY_LIMIT_BYTES = 12 * 1024**3  # addresses: torch alone maps several gigabytes of libraries
PROCESSOR_LIMIT_SECONDS = 24 * 3600
DAMAGED, UNKNOWN = "damaged", "unknown"


def main() -> None:
    idle_seconds, data_dir = float(sys.argv[1]), Path(sys.argv[2])
    bound_this_process(MEMORY_LIMIT_BYTES, PROCESSOR_LIMIT_SECONDS, gives_way=False)
    studio = Studio(_identity(data_dir))
    _say("ready")
    watch = _leave_after(idle_seconds)
    for line in sys.stdin.buffer:
        watch.cancel()
        _say(json.dumps(_answer(studio, json.loads(line))))
        watch = _leave_after(idle_seconds)
    watch.cancel()


def _answer(studio: Studio, request: Mapping[str, Any]) -> dict[str, Any]:
    folder = Path(request["folder"])
    try:
        if "start" in request:
            ends = sketch_from(request["start"]), sketch_from(request["end"])
            files = [studio.morph(folder, *ends)]
        else:
            files = studio.pictures(folder, [sketch_from(one) for one in request["sketches"]])
    except GeneratorDamaged as error:
        return {"problem": DAMAGED, "fields": error.fields}
    except UnknownThing as error:
        return {"problem": UNKNOWN, "fields": {"thing": str(error)}}
    return {"files": [base64.b64encode(file).decode() for file in files]}


def _identity(data_dir: Path) -> Identity | None:
    """None where this machine can't sign: the mark in the file remains, and `inspect` tells."""
    try:
        import c2pa  # noqa: F401
    except (ImportError, OSError, RuntimeError):
        return None
    return ensure_identity(data_dir)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _leave_after(seconds: float) -> Timer:
    """Ends this process when nothing was asked for so long: it is started again when needed."""
    timer = Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
    return timer


if __name__ == "__main__":
    main()
