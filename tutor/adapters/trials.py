"""Trials: two adapters side by side, each learner with one of them, and what people thought.

A learner's side is a hash, so that it is the same in every reply and process. A candidate that is
rated clearly worse is taken back by itself (`training.trials` looks every ten minutes).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from storage import adapter_trials, audit
from storage.adapter_trials import RUNNING, AdapterTrial, Thumbs
from storage.artifacts import Artifact, artifact_by_id
from storage.assignments import assign, assignment_at, resolve
from storage.courses import course_by_id
from storage.database import Session
from storage.exclusive import wait_for_turn
from tutor.adapters.fitness import KIND, fitness
from tutor.adapters.posterior import Rate, probability_of_drop, rate
from tutor.adapters.promoting import PROMOTE, ROLL_BACK, why_not
from tutor.adapters.refusals import AdapterUnknown, NotPromotable, TrialRefused
from tutor.adapters.scopes import GLOBAL, Level, community_of, for_community, for_learner, parse
from tutor.engine.contract import Capabilities
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.tuning.runs import mark_promoted

KEPT, ROLLED_BACK, STOPPED = "kept", "rolled_back", "stopped"
DROP = 0.05  # of the share of thumbs up
SURE = 0.95
ENOUGH_RATINGS = 40  # for each side, before anything is taken back
WORDS = {
    RUNNING: mark("running"),
    KEPT: mark("the candidate was kept"),
    ROLLED_BACK: mark("the candidate was taken back"),
    STOPPED: mark("stopped"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a trial stands. `drop_probability`: that the candidate's share of thumbs up is more than
    five points below the control's."""

    trial: AdapterTrial
    control_name: str
    candidate_name: str
    control: Rate
    candidate: Rate
    drop_probability: float

    @property
    def enough(self) -> bool:
        return min(self.control.ratings, self.candidate.ratings) >= ENOUGH_RATINGS

    @property
    def must_end(self) -> bool:
        """Whether the candidate is to be taken back."""
        return self.enough and self.drop_probability > SURE


def gets_candidate(trial_id: str, share: float, learner_id: str) -> bool:
    """Which side a learner is on: the same for the whole trial, independent of other trials."""
    digest = hashlib.sha256(f"{trial_id}:{learner_id}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 < share


async def answers_now(session: Session, scope: str) -> str | None:
    """The adapter that a scope uses or inherits, which a trial there is held against; None for the
    model as it is."""
    where = parse(scope)
    community: str | None = where.community
    if where.level is Level.COURSE and (course := await course_by_id(session, where.id)):
        community = course.community_id
    wider = [for_learner(where.id)] if where.level is Level.LEARNER else []
    wider += [for_community(community)] if community else []
    found = await resolve(session, KIND, (scope, *wider, GLOBAL))
    return found.artifact.id if found and found.artifact else None


async def start_trial(
    session: Session,
    *,
    scope: str,
    candidate_id: str,
    control_id: str | None,
    by: str | None,
    now: datetime,
    capabilities: Capabilities | None,
    share: float = 0.5,
    override_reason: str = "",
) -> AdapterTrial:
    """Begins a trial against `control_id` (None: the model as it is). The candidate must have
    passed its gate like a promoted one, or come with a reason."""
    if not 0 < share < 1:
        raise TrialRefused(mark("The share must lie between 0 and 1, such as 0.5."))
    await wait_for_turn(session, f"adapter_trial:{scope}")
    if await adapter_trials.running_trial(session, scope) is not None:
        raise TrialRefused(mark("A trial runs here already. Stop it before you start another."))
    if candidate_id == control_id:
        raise TrialRefused(mark("A trial needs two different adapters."))
    for artifact_id in filter(None, (candidate_id, control_id)):
        artifact = await artifact_by_id(session, artifact_id)
        if artifact is None or artifact.kind != KIND or artifact.retired_at is not None:
            raise AdapterUnknown
        stands = fitness(artifact, capabilities)
        fit = stands.fits and (stands.promotable or bool(override_reason.strip()))
        if artifact_id == candidate_id and not fit:
            raise NotPromotable(stands.problem)
        if artifact_id == candidate_id and (why := await why_not(session, artifact)):
            raise NotPromotable(why.message, **why.fields)
    trial = await adapter_trials.add_trial(
        session,
        scope=scope,
        control_id=control_id,
        candidate_id=candidate_id,
        share=share,
        by=by,
        now=now,
    )
    await _audit(session, trial, "adapter.trial.start", by, now, reason=override_reason.strip())
    return trial


async def stop_trial(
    session: Session, *, scope: str, by: str | None, now: datetime, keep: bool
) -> AdapterTrial:
    """Ends the trial of a scope; with `keep` the candidate answers everybody there from now on."""
    trial = await adapter_trials.running_trial(session, scope)
    if trial is None:
        raise TrialRefused(mark("No trial runs here."))
    stands = await standing(session, trial, now)
    kept = (
        await artifact_by_id(session, trial.candidate_id) if keep and trial.candidate_id else None
    )
    if kept is not None and (why := await why_not(session, kept)):
        raise NotPromotable(why.message, **why.fields)
    state = KEPT if keep else STOPPED
    await end(session, stands, state, by=by, now=now)
    return trial


async def end(
    session: Session, stands: Standing, state: str, *, by: str | None, now: datetime
) -> bool:
    """Ends a trial with its figures; False where somebody ended it before."""
    trial = stands.trial
    if not await adapter_trials.end_trial(session, trial.id, state, outcome(stands), now):
        return False
    if state == KEPT:
        await assign(
            session,
            scope=trial.scope,
            kind=KIND,
            artifact_id=trial.candidate_id,
            by=by,
            reason=PROMOTE,
            now=now,
        )
        if trial.candidate_id is not None:
            await mark_promoted(session, trial.candidate_id, now)
    elif state == ROLLED_BACK:
        await _take_back(session, trial, now)
    await _audit(session, trial, f"adapter.trial.{state}", by, now)
    return True


async def _take_back(session: Session, trial: AdapterTrial, now: datetime) -> None:
    """Where the candidate is what the scope uses outside of the trial, the control takes over."""
    present = await assignment_at(session, trial.scope, KIND)
    if present is None or present.artifact is None or present.artifact.id != trial.candidate_id:
        return
    await assign(
        session,
        scope=trial.scope,
        kind=KIND,
        artifact_id=trial.control_id,
        by=None,
        reason=ROLL_BACK,
        now=now,
    )


async def standing(session: Session, trial: AdapterTrial, now: datetime) -> Standing:
    """The ratings of both sides, from the trial's beginning until its end or now."""
    counted = await adapter_trials.thumbs(session, trial, trial.ended_at or now)
    held_against = await _artifact(session, trial.control_id)
    tried = await _artifact(session, trial.candidate_id)
    control, candidate = (
        _rated(counted.get(side, Thumbs()))
        for side in (_rated_as(held_against), trial.candidate_id or "")
    )
    return Standing(
        trial,
        held_against.name if held_against else "",
        tried.name if tried else "",
        control,
        candidate,
        probability_of_drop(control, candidate, DROP),
    )


def outcome(stands: Standing) -> dict[str, float]:
    """The figures that are kept of a trial that has ended."""
    return {
        "control_up": stands.control.up,
        "control_down": stands.control.down,
        "candidate_up": stands.candidate.up,
        "candidate_down": stands.candidate.down,
        "drop_probability": round(stands.drop_probability, 4),
    }


def summary(stands: Standing, language: Language) -> str:
    """The trial in words: each side's share of thumbs up with its interval."""
    base = say(language, "the model as it is")
    lines = [
        say(language, "Trial ({state}):", state=say(language, WORDS[stands.trial.state])),
        _side(stands.candidate_name or base, stands.candidate, language),
        _side(stands.control_name or base, stands.control, language),
        say(
            language,
            "The probability that {candidate} does more than 5 points worse is {percent} %.",
            candidate=stands.candidate_name or base,
            percent=round(100 * stands.drop_probability),
        ),
    ]
    if stands.trial.state == RUNNING and not stands.enough:
        lines.append(
            say(
                language,
                "With fewer than {count} ratings on a side nothing is taken back by itself.",
                count=ENOUGH_RATINGS,
            )
        )
    return "\n".join(lines)


def taken_back(stands: Standing, language: Language) -> str:
    """What whoever started it reads when the candidate was taken back by itself."""
    first = say(
        language,
        "I have ended the trial of {name} and taken it back: its answers were rated worse.",
        name=stands.candidate_name,
    )
    return f"{first}\n{summary(stands, language)}"


def _side(name: str, rated: Rate, language: Language) -> str:
    return say(
        language,
        "- {name}: {percent} % 👍 of {count} ratings (95 % interval {low} to {high} %)",
        name=name,
        percent=round(100 * rated.mean),
        count=rated.ratings,
        low=round(100 * rated.low),
        high=round(100 * rated.high),
    )


def _rated(counted: Thumbs) -> Rate:
    return rate(counted.up, counted.down)


def _rated_as(control: Artifact | None) -> str:
    """Under what the answers of the control's side are counted: where it only words moves, which
    nobody rates, the model as it is answers."""
    return control.id if control is not None and control.card.get("answers", True) else ""


async def _artifact(session: Session, artifact_id: str | None) -> Artifact | None:
    return await artifact_by_id(session, artifact_id) if artifact_id else None


async def _audit(
    session: Session,
    trial: AdapterTrial,
    action: str,
    by: str | None,
    now: datetime,
    reason: str = "",
) -> None:
    details = {"trial_id": trial.id, "scope": trial.scope, "candidate_id": trial.candidate_id}
    await audit.record(
        session,
        actor_id=by,
        action=action,
        community_id=community_of(trial.scope),
        details=details | ({"override": reason} if reason else {}),
        now=now,
    )
