"""The adapters that a person may see: how good each is, and where it answers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.adapter_origins import Origin, origins
from storage.artifacts import Artifact, artifacts
from storage.assignments import assignments
from storage.database import Session
from tutor.adapters.fitness import KIND, fitness
from tutor.adapters.scopes import GLOBAL
from tutor.engine.contract import Capabilities

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class ListedAdapter:
    """`number` counts the adapters of a name. `passed` None: never evaluated. `valid`: its report
    is of the present engine. `parked`: it was made for another model. `withdrawn`: somebody whose
    words it learnt from took their consent back. `owner` is the scope that it was made in."""

    id: str
    name: str
    number: int
    made_at: datetime
    passed: bool | None
    valid: bool
    parked: bool
    used_by: tuple[str, ...]
    base_model: str
    dataset_name: str
    dataset_number: int | None
    withdrawn: bool
    retired: bool
    owner: str


async def listed(
    session: Session,
    scopes: Collection[str] | None,
    capabilities: Capabilities | None,
    *,
    with_retired: bool = False,
    kind: str = KIND,
) -> list[ListedAdapter]:
    """The newest first: those made in these scopes, used there, or offered to everybody; all of
    them where `scopes` is None. Generators are listed alike."""
    made = await artifacts(session, kind, with_retired=True, limit=MOST_LISTED)
    came_from = await origins(session, [artifact.id for artifact in made])
    used: dict[str, list[str]] = defaultdict(list)
    for one in await assignments(session):
        if one.kind == kind and one.artifact is not None:
            used[one.artifact.id].append(one.scope)
    numbers = _numbers(made)
    rows = [
        _row(artifact, numbers, came_from.get(artifact.id), used[artifact.id], capabilities)
        for artifact in made
        if with_retired or artifact.retired_at is None or used[artifact.id]
    ]
    return [row for row in rows if scopes is None or _may_see(row, scopes)]


async def named(
    session: Session,
    text: str,
    scopes: Collection[str] | None,
    capabilities: Capabilities | None,
    *,
    kind: str = KIND,
) -> ListedAdapter | None:
    """The adapter that a person means: by id, by "name number" or "name#number", or the newest of
    a name."""
    wanted = " ".join(text.replace("#", " ").split()).casefold()
    rows = await listed(session, scopes, capabilities, kind=kind)
    for row in rows:
        if wanted in (row.id.casefold(), f"{row.name} {row.number}".casefold()):
            return row
    return next((row for row in rows if row.name.casefold() == wanted), None)


def owner_of(artifact: Artifact, origin: Origin | None) -> str:
    """The scope that an adapter was made in or brought to."""
    return origin.scope if origin else str(artifact.card.get("scope") or GLOBAL)


def _may_see(row: ListedAdapter, scopes: Collection[str]) -> bool:
    return row.owner in (GLOBAL, *scopes) or any(scope in scopes for scope in row.used_by)


def _numbers(newest_first: Sequence[Artifact]) -> dict[str, int]:
    """The number of each artifact among those of its name, from the first on."""
    counted: Counter[str] = Counter()
    numbers = {}
    for artifact in reversed(newest_first):
        counted[artifact.name] += 1
        numbers[artifact.id] = counted[artifact.name]
    return numbers


def _row(
    artifact: Artifact,
    numbers: Mapping[str, int],
    origin: Origin | None,
    used_by: Sequence[str],
    capabilities: Capabilities | None,
) -> ListedAdapter:
    stands = fitness(artifact, capabilities)
    dataset = artifact.card.get("dataset") or {}
    return ListedAdapter(
        id=artifact.id,
        name=artifact.name,
        number=numbers[artifact.id],
        made_at=artifact.created_at,
        passed=stands.passed if stands.evaluated else None,
        valid=stands.valid,
        parked=not stands.fits,
        used_by=tuple(sorted(used_by)),
        base_model=str(artifact.card.get("base_model") or ""),
        dataset_name=origin.dataset if origin else str(dataset.get("name") or ""),
        dataset_number=origin.number if origin else dataset.get("number"),
        withdrawn=origin is not None and origin.withdrawn_at is not None,
        retired=artifact.retired_at is not None,
        owner=owner_of(artifact, origin),
    )
