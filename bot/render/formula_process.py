"""`python -m bot.render.formula_process`: draws the formulas it reads, one JSON line at a time.

A process of its own, since LaTeX from a model may take any time or memory: `painter` kills it.
Input: `[latex, ...]`. Output: `{"png": base64}` or `{"problem": sentence}`.
"""

import base64
import json
import sys

from bot.render.formula_picture import FormulaNotDrawable, draw_formulas

MEMORY_LIMIT_BYTES = 2 * 1024**3


def main() -> None:
    """Serves until its standard input ends."""
    _limit_memory()
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _answer(formulas: list[str]) -> dict[str, str]:
    try:
        return {"png": base64.b64encode(draw_formulas(formulas)).decode()}
    except FormulaNotDrawable as error:
        return {"problem": str(error)}
    except (MemoryError, RecursionError) as error:
        return {"problem": f"It takes too much: {type(error).__name__}."}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


if __name__ == "__main__":
    main()
