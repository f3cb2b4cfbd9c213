"""Promotion and roll-back: one pointer is changed in one step, and the audit log says why.

The same for adapters that answer and for generators that draw: each kind has pointers of its own.
A reply that runs keeps what it began with. Opens no session and commits nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import audit
from storage.adapter_origins import origins
from storage.artifacts import Artifact, artifact_by_id
from storage.assignments import (
    AssignmentChange,
    assign,
    assignment_at,
    assignment_history,
    unassign,
)
from storage.database import Session
from tutor.adapters.fitness import KIND, fitness, fits_base, fits_template
from tutor.adapters.refusals import AdapterUnknown, NothingToRollBack, NotPromotable
from tutor.adapters.scopes import community_of
from tutor.bank.reason import Reason
from tutor.engine.contract import Capabilities
from tutor.i18n import mark
from tutor.tuning.product import Product
from tutor.tuning.runs import mark_promoted

PROMOTE, ROLL_BACK, USE_BASE = "promote", "roll_back", "use_base"
AUDITED = {Product.ADAPTER.value: "adapter", Product.GENERATOR.value: "generator"}
"""The kinds that are promoted, by what the audit log calls them."""
DOUBLE_PRESS = timedelta(seconds=5)
LONGEST_HISTORY = 200
NONE_EARLIER = mark("There is no earlier adapter that could answer.")


@dataclass(frozen=True, slots=True)
class Promoted:
    """`changed` is False where the adapter answered there already."""

    scope: str
    artifact: Artifact | None
    changed: bool
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What answers now: `artifact`, the base model where it is None, or, with `inherits`, whatever
    the wider scope uses. `skipped` says which earlier adapters could not come back, and why."""

    scope: str
    artifact: Artifact | None
    inherits: bool
    changed: bool
    skipped: tuple[Reason, ...] = ()


async def promote(
    session: Session,
    *,
    artifact_id: str,
    scope: str,
    by: str | None,
    now: datetime,
    capabilities: Capabilities | None,
    override_reason: str = "",
) -> Promoted:
    """Lets an adapter answer, or a generator draw, in a scope. Raises NotPromotable where its
    report does not allow it and no reason is given. One made for another model is refused whatever
    the reason. The run that made it counts as promoted."""
    artifact = await artifact_by_id(session, artifact_id)
    if artifact is None or artifact.kind not in AUDITED:
        raise AdapterUnknown
    kind = artifact.kind
    overridden = await _checked(session, artifact, capabilities, override_reason)
    await mark_promoted(session, artifact.id, now)
    present = await assignment_at(session, scope, kind)
    if present is not None and present.artifact and present.artifact.id == artifact.id:
        return Promoted(scope, artifact, changed=False)
    await assign(
        session, scope=scope, kind=kind, artifact_id=artifact.id, by=by, reason=PROMOTE, now=now
    )
    details = {"artifact_id": artifact.id, "scope": scope}
    if overridden:
        details |= {"override": override_reason.strip()}
    await _audit(session, f"{AUDITED[kind]}.promote", scope, by, details, now)
    return Promoted(scope, artifact, changed=True, overridden=overridden)


async def use_base(
    session: Session, *, scope: str, by: str | None, now: datetime, kind: str = KIND
) -> Promoted:
    """Lets the model answer as it is in a scope, or what ships draw, whatever wider scopes use."""
    present = await assignment_at(session, scope, kind)
    if present is not None and present.artifact is None:
        return Promoted(scope, None, changed=False)
    await assign(session, scope=scope, kind=kind, artifact_id=None, by=by, reason=USE_BASE, now=now)
    await _audit(session, f"{AUDITED[kind]}.use_base", scope, by, {"scope": scope}, now)
    return Promoted(scope, None, changed=True)


async def roll_back(
    session: Session,
    *,
    scope: str,
    by: str | None,
    now: datetime,
    capabilities: Capabilities | None,
    seen: str | None = None,
    reason: str = "",
    kind: str = KIND,
) -> RolledBack:
    """Goes back to what answered before the present adapter was promoted; again: one further.
    What can't answer any more is passed over, in the end for the wider scope or the model itself.

    `seen` is the adapter that the person wants gone: where another one answers by now, nothing is
    done. Without it, a second press within seconds counts as the first.
    """
    present = await assignment_at(session, scope, kind)
    current = present.artifact.id if present and present.artifact else None
    history = await assignment_history(session, scope=scope, kind=kind, limit=LONGEST_HISTORY)
    if not history:
        raise NothingToRollBack
    pressed_twice = history[0].reason == ROLL_BACK and now - history[0].changed_at < DOUBLE_PRESS
    if (seen is not None and seen != current) or (seen is None and pressed_twice):
        return RolledBack(scope, present.artifact if present else None, present is None, False)
    earlier = _earlier(history)
    if present is None or earlier is None:
        raise NothingToRollBack
    others = [one for one in dict.fromkeys(earlier) if one != current]
    target, skipped = await _usable(session, others, capabilities)
    pointer = {"scope": scope, "kind": kind, "by": by, "reason": ROLL_BACK, "now": now}
    if target is None:
        await unassign(session, **pointer)  # type: ignore[arg-type]  # the keys are its own
    else:
        artifact_id = target.artifact.id if target.artifact else None
        await assign(session, artifact_id=artifact_id, **pointer)  # type: ignore[arg-type]
    now_used = target.artifact if target else None
    details = {"scope": scope, "from": current, "to": now_used.id if now_used else None}
    await _audit(
        session, f"{AUDITED[kind]}.roll_back", scope, by, details | {"reason": reason}, now
    )
    return RolledBack(scope, now_used, target is None, True, skipped)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """Something that a scope used: an adapter, or the model as it is."""

    artifact: Artifact | None


def _earlier(history: Sequence[AssignmentChange]) -> list[str | None] | None:
    """What the scope used before, the latest first; before the first of all it inherited.

    A roll-back took everything after its target away, so that the next one goes further back.
    """
    used: list[str | None] = []
    for change in reversed(history):
        if change.reason != ROLL_BACK:
            used.append(change.artifact_id)
            continue
        while used and used[-1] != change.artifact_id:
            used.pop()
    return used[-2::-1] if used else None


async def _usable(
    session: Session, earlier: Sequence[str | None], capabilities: Capabilities | None
) -> tuple[_Earlier | None, tuple[Reason, ...]]:
    """The latest of those that may still answer, None where the scope inherits again."""
    skipped: list[Reason] = []
    for artifact_id in earlier:
        if artifact_id is None:
            return _Earlier(None), tuple(skipped)
        artifact = await artifact_by_id(session, artifact_id)
        assert artifact is not None, artifact_id
        why = await why_not(session, artifact) or _parked(artifact, capabilities)
        if why is None:
            return _Earlier(artifact), tuple(skipped)
        skipped.append(why)
    return None, tuple(skipped)


async def why_not(session: Session, artifact: Artifact) -> Reason | None:
    """What keeps an adapter from answering anywhere anew, whatever its report says."""
    if artifact.retired_at is not None:
        return Reason(mark("{name} has been retired and is skipped."), {"name": artifact.name})
    origin = (await origins(session, [artifact.id])).get(artifact.id)
    if origin is not None and origin.withdrawn_at is not None:
        return Reason(
            mark("{name} learnt from words whose author has withdrawn consent, and is skipped."),
            {"name": artifact.name},
        )
    return None


def _parked(artifact: Artifact, capabilities: Capabilities | None) -> Reason | None:
    """What keeps it from answering with the present model."""
    if not fits_base(artifact.base_hash, capabilities):
        return Reason(
            mark("{name} was made for another model and is skipped."), {"name": artifact.name}
        )
    if not fits_template(artifact, capabilities):
        return Reason(
            mark("{name} was made with another chat template and is skipped."),
            {"name": artifact.name},
        )
    return None


async def _checked(
    session: Session, artifact: Artifact, capabilities: Capabilities | None, override_reason: str
) -> bool:
    """Whether it takes the override; raises where even that does not help."""
    if why := await why_not(session, artifact):
        raise NotPromotable(why.message, **why.fields)
    stands = fitness(artifact, capabilities)
    if stands.promotable:
        return False
    if not stands.fits or not override_reason.strip():
        raise NotPromotable(stands.problem)
    return True


async def _audit(
    session: Session,
    action: str,
    scope: str,
    by: str | None,
    details: Mapping[str, str | None],
    now: datetime,
) -> None:
    await audit.record(
        session,
        actor_id=by,
        action=action,
        community_id=community_of(scope),
        details=details,
        now=now,
    )
