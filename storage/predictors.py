"""Predictors: parameters that were trained from everybody's attempts, as plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storage.identifiers import new_id
from storage.models import PredictorRow
from storage.models.base import columns_for
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Predictor:
    """`metrics` say how well it predicted learners that it was not trained on."""

    id: str
    kind: str
    parameters: Mapping[str, Any]
    metrics: Mapping[str, Any]
    trained_at: datetime


_PREDICTOR = columns_for(PredictorRow, Predictor)


async def add_predictor(
    session: Session,
    *,
    kind: str,
    parameters: Mapping[str, Any],
    metrics: Mapping[str, Any],
    now: datetime,
) -> Predictor:
    """Adds a predictor, which is used from now on in place of earlier ones of its kind."""
    values: dict[str, Any] = {
        "id": new_id(),
        "kind": kind,
        "parameters": dict(parameters),
        "metrics": dict(metrics),
        "trained_at": now,
    }
    await session.execute(insert(PredictorRow), values)
    return Predictor(**values)


async def newest_predictor(session: Session, kind: str) -> Predictor | None:
    """The predictor in use, None before the first was trained."""
    query = select(*_PREDICTOR).where(PredictorRow.kind == kind)
    row = (await session.execute(query.order_by(PredictorRow.id.desc()).limit(1))).one_or_none()
    return Predictor(*row) if row else None
