"""A data set, a training and an adapter as they are after the worker has done its part."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import datasets, tuning_runs
from storage.artifacts import add_artifact
from storage.blobs import BlobStore
from storage.database import Session
from storage.datasets import DatasetVersion
from storage.tuning_runs import TuningRun
from tests.doubles.lora_files import lora_package
from tutor.adapters.fitness import KIND
from tutor.bank.reason import Reason
from tutor.tuning.report import Binding, Measure, MeasureName, Report, Unit, Verdict
from tutor.tuning.stage import ACTIVE, Stage

MANIFEST: dict[str, Any] = {
    "read": 12,
    "split": {
        "train": {"examples": 9, "groups": 9},
        "held_out": {"examples": 1, "groups": 1},
    },
    "kinds": {"dialogue": 10},
    "sources": [{"source": "upload:maths.jsonl", "examples": 10, "licence": "MIT"}],
    "consents": {"people": 0},
    "duplicates": {"exact": 1, "near": 0},
    "scrubbed": {"EMAIL": 2},
    "model": "tiny",
    "tokens": {"total": 900, "with_loss": 400, "p50": 80, "longest": 120, "max_length": 512},
    "truncated": {"total": 0, "places": []},
    "rejected": {
        "total": 1,
        "rows": [{"place": "line 3", "message": "The answer is missing.", "fields": {}}],
    },
    "samples": [{"source": "upload:maths.jsonl", "parts": [["2 + 2?", False], ["4", True]]}],
}


async def a_version(
    session: Session, blobs: BlobStore, scope: str, now: datetime, name: str = "maths"
) -> DatasetVersion:
    """A checked version of a data set."""
    blob = await blobs.put(f"{scope} {name}".encode())
    made = await datasets.dataset_named(session, scope, name, by=None, now=now)
    return await datasets.add_version(
        session,
        made.id,
        blob,
        content_hash=f"{scope} {name}",
        manifest=MANIFEST,
        contributions={},
        name=name,
        by=None,
        now=now,
    )


def a_report(now: datetime, *, passed: bool = True) -> Report:
    """One measure is enough to be shown."""
    measure = Measure(
        name=MeasureName.LOSS,
        unit=Unit.NATS,
        higher_is_better=False,
        base=2.4,
        current=None,
        candidate=1.6 if passed else 2.9,
        difference=-0.8 if passed else 0.5,
        low=-0.9 if passed else 0.3,
        high=-0.7 if passed else 0.7,
        against_current=None,
        verdict=Verdict.BETTER if passed else Verdict.WORSE,
        n=40,
        margin=0.02,
    )
    return Report(
        measures=(measure,),
        passed=passed,
        reasons=(Reason("The answer is missing."),),
        binding=Binding("", "", "", ""),
        dataset_version_id="v1",
        phrases=(),
        seconds=3.0,
        made_at=now,
    )


@dataclass(frozen=True, slots=True)
class Trained:
    run: TuningRun
    artifact_id: str


async def a_trained_adapter(
    session: Session,
    blobs: BlobStore,
    run: TuningRun,
    now: datetime,
    *,
    passed: bool = True,
    binding: Binding | None = None,
) -> Trained:
    """What the worker does at the end of a run: an artifact, a report, a decision to be taken."""
    report = a_report(now, passed=passed).to_json()
    if binding is not None:
        report["binding"] = {name: getattr(binding, name) for name in Binding.__slots__}
    blob = await blobs.put(lora_package(run.id))
    artifact = await add_artifact(
        session,
        blob,
        kind=KIND,
        name=run.name,
        base_hash=binding.base_hash if binding else "",
        card={"report": report, "dataset": {}},
        media_type="application/zip",
        now=now,
    )
    await tuning_runs.set_stage(
        session,
        run.id,
        come_from=ACTIVE,
        to=Stage.AWAITING_APPROVAL if passed else Stage.REJECTED,
        now=now,
        finished=not passed,
        artifact_id=artifact.id,
        report=report,
    )
    ended = await tuning_runs.run_by_id(session, run.id)
    assert ended is not None, run.id
    return Trained(ended, artifact.id)
