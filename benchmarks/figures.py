"""Percentiles, and the circumstances without which a figure says nothing."""

import math
import os
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    assert values
    assert 0 < percent <= 100, percent
    ordered = sorted(values)
    return ordered[math.ceil(percent / 100 * len(ordered)) - 1]


def machine() -> dict[str, float]:
    """Cores this process may use, and how many processes wanted one in the last minute."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    return {"cores": float(cores or 1), "load_before": round(load, 2)}
