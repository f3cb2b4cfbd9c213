"""What follows where somebody takes their consent back, or is erased: for data sets and adapters.

Nothing new is trained on a version with their words, and its examples go as soon as no run needs
them. An adapter can't unlearn: which ones were made of their words is told to those who run them,
who decide whether to train again. Nobody is told whose consent it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import artifacts, datasets, outbox, tuning_runs
from storage.adapter_pointers import KIND
from storage.artifacts import Artifact
from storage.database import Session
from storage.learners import identities, learner_by_id
from storage.tuning_runs import TuningRun
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.notices import notice_body, recipient_of, tell_learner
from tutor.tuning.stage import ACTIVE

PAGE = 100


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The versions with somebody's examples, and what was or is being made of them."""

    version_ids: tuple[str, ...] = ()
    adapters: tuple[Artifact, ...] = ()
    runs: tuple[TuningRun, ...] = ()


async def withdraw(
    session: Session, learner_id: str, now: datetime, *, operators: Sequence[str] = ()
) -> Withdrawn:
    """Takes a learner's examples back, and tells those who run what was trained on them."""
    version_ids = await datasets.withdraw(session, learner_id, now)
    withdrawn = await made_of(session, version_ids)
    if version_ids:
        await _tell(session, withdrawn, learner_id, operators, now)
        await datasets.let_go_of_examples(session, ACTIVE)
    return withdrawn


async def made_of(session: Session, version_ids: Sequence[str]) -> Withdrawn:
    """The adapters whose card names one of these versions, and the runs that are under way."""
    if not version_ids:
        return Withdrawn()
    runs: list[TuningRun] = []
    for version_id in version_ids:
        runs += await tuning_runs.runs_on_version(session, version_id)
    by_run = {run.artifact_id for run in runs if run.artifact_id}
    adapters = [
        artifact
        for artifact in await _adapters(session)
        if artifact.id in by_run or _version_of(artifact) in version_ids
    ]
    return Withdrawn(
        tuple(version_ids), tuple(adapters), tuple(run for run in runs if run.stage in ACTIVE)
    )


def consequence_text(language: Language, withdrawn: Withdrawn) -> str:
    """For the person: what follows from their decision."""
    if not withdrawn.version_ids:
        return say(language, "None of your conversations was in any training data.")
    sentences = [
        say_count(
            language,
            "Your examples were in {count} version of the training data. Nothing new is trained on "
            "it, its examples are deleted as soon as no training under way needs them, and later "
            "versions leave yours out.",
            "Your examples were in {count} versions of the training data. Nothing new is trained "
            "on them, their examples are deleted as soon as no training under way needs them, and "
            "later versions leave yours out.",
            len(withdrawn.version_ids),
        )
    ]
    if withdrawn.adapters or withdrawn.runs:
        sentences.append(
            say(
                language,
                "What a model has learnt already can't be taken out of it: those who run Daoshi "
                "are told which models were trained on them, so that they can train them again.",
            )
        )
    return " ".join(sentences)


def report_text(language: Language, withdrawn: Withdrawn) -> str:
    """For those who run it: which versions and adapters are concerned; never whose consent."""
    lines = [
        say_count(
            language,
            "Somebody withdrew their consent to training. {count} version of a data set holds "
            "their examples: it may not be trained on any more. Build a new one.",
            "Somebody withdrew their consent to training. {count} versions of data sets hold "
            "their examples: they may not be trained on any more. Build new ones.",
            len(withdrawn.version_ids),
        )
    ]
    if withdrawn.adapters:
        names = ", ".join(artifact.name for artifact in withdrawn.adapters)
        lines.append(say(language, "Adapters that were trained on them: {names}.", names=names))
    if withdrawn.runs:
        names = ", ".join(run.name for run in withdrawn.runs)
        lines.append(say(language, "Trainings under way that use them: {names}.", names=names))
    if not withdrawn.adapters and not withdrawn.runs:
        lines.append(say(language, "No adapter was trained on them."))
    return "\n".join(lines)


async def _adapters(session: Session) -> list[Artifact]:
    found: list[Artifact] = []
    while page := await artifacts.artifacts(
        session,
        KIND,
        with_retired=True,
        before=found[-1].id if found else None,
        limit=PAGE,
    ):
        found += page
    return found


def _version_of(artifact: Artifact) -> str | None:
    dataset = artifact.card.get("dataset")
    return dataset.get("version_id") if isinstance(dataset, dict) else None


async def _tell(
    session: Session,
    withdrawn: Withdrawn,
    learner_id: str,
    operators: Sequence[str],
    now: datetime,
) -> None:
    """Operators, and whoever built the versions or started a run on them; not the person."""
    key = f"withdrawn:{withdrawn.version_ids[0]}:{now.isoformat()}"
    told = set()
    for version_id in withdrawn.version_ids:
        version = await datasets.version_by_id(session, version_id)
        runs = await tuning_runs.runs_on_version(session, version_id)
        told |= {version.created_by if version else None, *(run.started_by for run in runs)}
    reached = set()
    for staff_id in sorted(one for one in told if one and one != learner_id):
        staff = await learner_by_id(session, staff_id)
        known = await identities(session, staff_id)
        text = report_text(_language(staff.language if staff else ""), withdrawn)
        await tell_learner(session, known, text, now=now, key=key)
        reached |= {(one.platform, one.user_id) for one in known}
    for operator in operators:
        platform, _, address = operator.partition(":")
        workspace, _, user_id = address.rpartition("/")
        if (platform, user_id) not in reached:
            await outbox.add_notice(
                session,
                platform=platform,
                recipient=recipient_of(platform, workspace, user_id),
                body=notice_body(report_text(Language.ENGLISH, withdrawn)),
                now=now,
                dedupe_key=f"{key}:{operator}",
            )


def _language(stored: str | None) -> Language:
    return Language(stored) if stored in set(Language) else Language.ENGLISH
