"""The gate: measures an adapter beside the base and the one in use, and makes the report card.

Everything is asked through the engine that serves, behind every learner. What was measured is kept
in the run's folder as it comes, so that a gate that is cancelled or killed goes on from there.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from training.datasets.example import Example
from training.gate import answers, drafts, fitness, general, prompts, replies, rules, scoring
from training.gate.arms import Arm, Asking, Side
from training.gate.results import Results
from training.gate.sizes import SIZES, Sizes
from training.gate.taken import Taken
from training.gate.wording import Wording
from training.lora.recipe import Effort
from tutor.engine.contract import Capabilities, Engine
from tutor.engine.profiles import ModelProfile, profile_for
from tutor.language import Language
from tutor.moves import speaks
from tutor.pedagogy.instructions import Style
from tutor.tuning.report import MeasureName, MoveDrafts, Report, binding_of

RESULTS, COMMITTED = "results.jsonl", "committed.jsonl"
Progress = Callable[[int, int, int], Awaitable[None]]
"""Told how many of how many comparisons are done, and how many answers the engine gave for them
since the call began; the others were known."""


async def ignored(done: int, of: int, answered: int) -> None:
    """Tells nobody."""


async def evaluate(
    engine: Engine,
    *,
    candidate: str,
    current: str | None,
    held_out: Sequence[Example],
    effort: Effort,
    dataset_version_id: str,
    data_dir: Path,
    folder: Path,
    wording: Wording | None,
    now: Callable[[], datetime],
    profile: ModelProfile | None = None,
    current_style: Style | None = None,
    candidate_style: Style | None = None,
    report_progress: Progress = ignored,
) -> Report:
    """The report on `candidate`, an adapter version that the engine knows, as is `current`.

    `wording` turns dialogues into token ids: without it, or with an engine that can't score,
    losses are left out, and the report says so. `folder` keeps raw results. Each adapter is asked
    in its own style, a candidate without one in that of the held-out examples, the base as always.
    Raises EngineError where the engine does not answer (a later call goes on) and QuestionFails.
    """
    began = time.monotonic()
    capabilities = await engine.capabilities()
    profile = profile or profile_for(capabilities.model)
    usual = drafts.usual_style(profile)
    style = candidate_style or drafts.style_trained_on(held_out, usual)
    arms = [Arm(Side.BASE, None, usual), Arm(Side.CANDIDATE, candidate, style)]
    if current is not None:
        arms.insert(1, Arm(Side.CURRENT, current, current_style or usual))
    plan = _plan(held_out, profile, SIZES[effort], wording if capabilities.score else None)
    gate = _Gate(engine, capabilities, arms, plan, profile, data_dir, folder, report_progress)
    taken, moves = await gate.run()
    measures = tuple(rules.compared(one) for one in taken)
    passed, reasons = rules.conclusion(
        measures, held_out_moments=bool(plan.cases), groups=plan.groups
    )
    return Report(
        measures=measures,
        passed=passed,
        reasons=reasons,
        binding=binding_of(capabilities),
        dataset_version_id=dataset_version_id,
        phrases=fitness.phrases(moves) if passed else (),
        seconds=round(time.monotonic() - began, 1),
        made_at=now(),
        style=style.value if plan.cases else "",
        moves=moves,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is measured."""

    sizes: Sizes
    wording: Wording | None
    documents: Sequence[scoring.Document]
    pairs: Sequence[scoring.Pair]
    cases: Sequence[drafts.Case]
    questions: Sequence[answers.Asked]
    general: Sequence[prompts.Prompt]
    shown: Sequence[prompts.Prompt]
    refusals: Sequence[prompts.Prompt]

    @property
    def groups(self) -> int:
        """How many groups can show a gain."""
        return max(
            len({one.group for one in of}) for of in (self.documents, self.pairs, self.cases)
        )

    def steps(self, arms: int) -> int:
        scored = len(self.documents) + 2 * len(self.pairs)
        asked = len(self.cases) + len(self.questions) + len(self.shown) + len(self.refusals)
        return arms * (scored + asked + len(self.general)) + len(self.general)


def _plan(
    held_out: Sequence[Example],
    profile: ModelProfile,
    sizes: Sizes,
    wording: Wording | None,
) -> _Plan:
    spoken = [language for language in Language if speaks(profile, language)]
    everyday = prompts.spread(prompts.GENERAL, spoken, sizes.general)
    scored = [] if wording is None else list(held_out)
    return _Plan(
        sizes=sizes,
        wording=wording,
        documents=scoring.documents_of(scored, wording, sizes.longest, sizes.turns)
        if wording
        else (),
        pairs=scoring.pairs_of(scored, wording, sizes.longest, sizes.turns) if wording else (),
        cases=drafts.cases_of(held_out, profile, sizes.drafts),
        questions=answers.questions_of(held_out, profile, sizes.answers),
        general=everyday if wording else (),
        shown=prompts.spread(prompts.GENERAL, spoken, sizes.replies),
        refusals=prompts.spread(prompts.REFUSALS, spoken, sizes.refusals),
    )


@dataclass(slots=True)
class _Gate:
    """One gate on its way."""

    engine: Engine
    capabilities: Capabilities
    arms: Sequence[Arm]
    plan: _Plan
    profile: ModelProfile
    data_dir: Path
    folder: Path
    report_progress: Progress
    asking: Asking = field(init=False)
    _done: int = field(default=0)

    def __post_init__(self) -> None:
        self.asking = Asking(self.engine)

    async def run(self) -> tuple[list[Taken], tuple[MoveDrafts, ...]]:
        """All measures, in the order of the report card, and the drafts by move."""
        asking = self.asking
        binding = binding_of(self.capabilities)
        results = Results(self.folder / RESULTS, binding)
        of_base = general.results_of_base(self.data_dir, binding)
        committed = Results(self.folder / COMMITTED, binding, of_base)
        plan, arms = self.plan, self.arms
        scorer = scoring.Scorer(asking, results, arms, self._tell)
        taken: list[Taken] = []
        if plan.documents:
            taken += await scoring.loss(scorer, plan.documents)
        if plan.pairs:
            taken.append(await scoring.preferred(scorer, plan.pairs))
        moves: tuple[MoveDrafts, ...] = ()
        if plan.cases:
            found = await drafts.drafted(
                asking, results, arms, plan.cases, self.profile, self._tell
            )
            taken += drafts.taken(plan.cases, found)
            moves = fitness.by_move(plan.cases, found)
        if plan.questions:
            taken.append(await answers.answered(asking, results, arms, plan.questions, self._tell))
        if plan.wording is not None:
            everyday = scoring.Scorer(asking, committed, arms, self._tell)
            taken += await self._general(everyday, plan.wording)
        limit = plan.sizes.reply_tokens
        said = await replies.replied(
            asking, committed, arms, plan.refusals, limit, briefly=False, done=self._tell
        )
        taken += replies.protection(plan.refusals, said)
        shown = await replies.replied(
            asking, committed, arms, plan.shown, limit, briefly=True, done=self._tell
        )
        taken += [one for one in replies.manners(plan.shown, shown) if _is_known(one)]
        return taken, moves

    async def _general(self, scorer: scoring.Scorer, wording: Wording) -> list[Taken]:
        binding = binding_of(self.capabilities)
        known = await general.base_replies(
            scorer.asking, self.plan.general, scorer.results, binding, self._tell
        )
        if not known:
            return []
        return [await scoring.general(scorer, self.plan.general, known, wording)]

    async def _tell(self) -> None:
        self._done += 1
        steps = self.plan.steps(len(self.arms))
        await self.report_progress(self._done, steps, self.asking.answered)


def _is_known(taken: Taken) -> bool:
    """Replies of fewer than four words repeat nothing: then there is nothing to compare."""
    sides = taken.parts.values()
    return taken.name is not MeasureName.REPETITION or all(
        any(part.of for part in parts) for parts in sides
    )
