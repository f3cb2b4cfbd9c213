"""The pictures of cards and reports, drawn from the figures that a notice carries."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tutor.language import Language
from tutor.messages import Picture
from tutor.tuning.loss_chart import loss_picture
from tutor.tuning.report import Report
from tutor.tuning.report_picture import report_picture

KEPT = 16


def drawn(chart: Mapping[str, Any]) -> Picture:
    """The picture of {kind, language, data}. Takes a moment: to be called in a thread.

    An edit that changes nothing of it gets the same picture again.
    """
    return _drawn(chart["kind"], chart["language"], json.dumps(chart["data"], sort_keys=True))


@lru_cache(maxsize=KEPT)
def _drawn(kind: str, language: str, figures: str) -> Picture:
    data = json.loads(figures)
    match kind:
        case "loss":
            losses, held_out = (
                [(int(step), loss) for step, loss in data[curve]]
                for curve in ("losses", "held_out")
            )
            return loss_picture(losses, held_out, data["steps"], Language(language))
        case "report":
            return report_picture(Language(language), Report.from_json(data))
        case other:
            raise AssertionError(other)
