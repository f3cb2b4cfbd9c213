"""`python -m tutor.knowledge.read_file`: reads one file from standard input, as `attachments` asks.

Input: a JSON line with name, media type and limit, then the bytes. Output: one JSON object.
"""

import json
import os
import sys
from dataclasses import asdict

from tutor.knowledge.attachments import MAX_CHARACTERS, MAX_FILE_BYTES
from tutor.knowledge.limits import bound_this_process
from tutor.knowledge.reading import read_attachment

MEMORY_LIMIT_BYTES = 3 * 1024**3  # ONNX Runtime reserves a gigabyte before it does anything
PROCESSOR_LIMIT_SECONDS = 60


def main() -> None:
    """Reads, answers and ends."""
    bound_this_process(MEMORY_LIMIT_BYTES, PROCESSOR_LIMIT_SECONDS)
    header = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read(MAX_FILE_BYTES)
    answer_to = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries may print; the answer is ours
    limit = header.get("max_characters", MAX_CHARACTERS)
    read = read_attachment(header["name"], header["media_type"], data, limit)
    with os.fdopen(answer_to, "w", encoding="utf-8", errors="replace") as output:
        json.dump(asdict(read), output)


if __name__ == "__main__":
    main()
