"""The process that asks math-verify: one JSON line in (key, answer), one out (same).

Runs alone, so that whoever started it can kill it. Its main thread does the work, since
math-verify's own time limits need signals, which are switched off here.
"""

import contextlib
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 600  # a worker that was forgotten ends by itself


def main() -> None:
    """Says `ready`, then answers until its input ends."""
    _limit()
    logging.disable(logging.CRITICAL)
    same = _load()
    print("ready", flush=True)
    for line in sys.stdin:
        key, answer = json.loads(line)
        print(json.dumps(same(key, answer)), flush=True)


def _limit() -> None:
    with contextlib.suppress(ImportError):  # not on Windows; the caller's time limit holds there
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def _load() -> Callable[[str, str], bool]:
    from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

    targets = [LatexExtractionConfig(), ExprExtractionConfig()]

    def read(text: str) -> Any:
        return parse(f"${text}$", targets, fallback_mode="no_fallback", parsing_timeout=None)

    def same(key: str, answer: str) -> bool:
        wanted, given = read(key), read(answer)
        if not wanted or not given:
            return False
        return bool(verify(wanted, given, strict=True, timeout_seconds=None))

    same("1", "1")  # the first use loads the grammar
    return same


if __name__ == "__main__":
    main()
