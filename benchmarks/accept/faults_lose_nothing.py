"""Whatever breaks, nothing is lost without a word to the person, and nothing is answered twice.

Every fault happens to a running `daoshi serve` between loopback platforms, one after the other,
on one data folder; the engine's and PostgreSQL's have scenes of their own.
"""

import sys
from collections.abc import Awaitable, Callable

from benchmarks.stage import broken_connections, broken_processes, broken_storage
from benchmarks.stage.learners import Learner
from benchmarks.stage.rules import judge_rules
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present

Fault = Callable[[Stage], Awaitable[str]]

FAULTS: tuple[Fault, ...] = (
    broken_connections.gateway_closes_and_resumes_with_a_missed_message,
    broken_connections.session_becomes_invalid,
    broken_connections.discord_answers_429_and_5xx,
    broken_connections.slack_answers_429_and_5xx,
    broken_connections.slack_sends_events_again,
    broken_connections.slack_tells_a_mention_twice,
    broken_connections.sockets_are_dropped,
    broken_connections.interaction_has_expired,
    broken_connections.interaction_token_dies_during_the_reply,
    broken_storage.sqlite_is_locked_for_ten_seconds,
    broken_processes.terminated_in_mid_reply,
    broken_processes.messages_come_while_nobody_runs,
    broken_processes.killed_after_the_claim,
    broken_processes.killed_between_posting_and_storing_on_discord,
    broken_processes.killed_between_posting_and_storing_in_slack,
    broken_processes.killed_in_mid_stream_on_discord,
    broken_processes.killed_in_mid_stream_in_slack,
)


async def examine(verdict: Verdict) -> None:
    async with stage() as scene:
        for fault in FAULTS:
            await _judge(verdict, fault, scene)
        everybody = "; ".join(filter(None, (one.complaint() for one in scene.learners)))
        asked = sum(len(learner.asked) for learner in scene.learners)
        verdict.check(
            "after all of this, of all questions", everybody or f"{asked} served", not everybody
        )
        judge_rules(verdict, scene)
    async with stage(embedded=True) as scene:
        await _judge(verdict, broken_processes.engine_is_killed_in_mid_reply, scene)
    await broken_storage.with_postgresql(
        lambda scene, server: _judge(
            verdict,
            lambda s: broken_storage.postgresql_is_away_for_ten_seconds(s, server),
            scene,
            "postgresql is away for ten seconds",
        )
    )


async def _judge(verdict: Verdict, fault: Fault, scene: Stage, name: str = "") -> None:
    """A fault returns what somebody would complain about, "" if nobody would."""
    name = name or fault.__name__.replace("_", " ")
    before = len(scene.learners)
    try:
        if scene.serve.process is None:
            await scene.serve.start()
        complaint = await fault(scene)
    except Exception as error:  # the next fault is still worth a look
        complaint = f"{type(error).__name__}: {error}"
    verdict.check(name, complaint or _served(scene.learners[before:]), not complaint)


def _served(learners: list[Learner]) -> str:
    """How the questions of these people ended."""
    asked = sum(len(learner.asked) for learner in learners)
    whole = sum(learner.whole() for learner in learners)
    if not asked:
        return "every reply ended, with a word where it was cut"
    cut = f", {asked - whole} with a word about it" if whole < asked else ""
    return f"{whole} of {asked} answered whole and once{cut}"


def main() -> int:
    return present("Nothing is lost without a word, nothing is answered twice", examine)


if __name__ == "__main__":
    sys.exit(main())
