"""GSM8K's problems: worked solutions with calculator marks, and the final answer after `####`."""

import re
from collections.abc import Mapping
from typing import Any

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.datasets.normalising import group_of
from training.datasets.reading.found import Origin, Row, RowRefused
from tutor.bank.importing.gsm8k import CALCULATOR, FINAL
from tutor.i18n import mark

SOURCE = "gsm8k"
LICENCE = "MIT"
ATTRIBUTION = "GSM8K (OpenAI, 2021), https://github.com/openai/grade-school-math"
# A number alone: in markdown the same mark begins a heading.
_ENDS = re.compile(rf"(?m)^{FINAL} *[^\s\d]{{0,3}}\d[\d.,/:]*[^\s\d]{{0,3}}\s*\Z")
CONCLUSION = "The answer is {answer}."


def is_problem(record: Mapping[str, Any]) -> bool:
    """Whether a record is in this form."""
    answer = record.get("answer")
    if not isinstance(record.get("question"), str) or not isinstance(answer, str):
        return False
    return bool(_ENDS.search(answer))


def row_of(record: Mapping[str, Any], place: str, origin: Origin) -> Row:
    """The problem, and its solution without marks that ends in the answer. Raises RowRefused."""
    question = record["question"].strip()
    solution, _, final = record["answer"].rpartition(FINAL)
    lines = [CALCULATOR.sub("", line).strip() for line in solution.splitlines()]
    if not question or not final.strip():
        raise RowRefused(mark("The question or the answer is missing."))
    said = "\n".join([*filter(None, lines), CONCLUSION.format(answer=final.strip())])
    example = Example(
        kind=ExampleKind.DIALOGUE,
        group=group_of(question),
        source=SOURCE,
        licence=origin.licence or LICENCE,
        messages=(ChatMessage("user", question), ChatMessage("assistant", said)),
    )
    return Row(place, example, published=True, attribution=ATTRIBUTION)
