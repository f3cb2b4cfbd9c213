"""Whatever breaks, nothing is lost without a word to the person, and nothing is answered twice.

Every fault happens to a running `daoshi serve` between loopback platforms, one after the other,
on one data folder; the engine's and PostgreSQL's have scenes of their own.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from benchmarks.stage import broken_connections, broken_processes, broken_storage
from benchmarks.stage.learners import Learner
from benchmarks.stage.rules import judge_rules
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present
from tests.doubles.postgres_server import PostgresServer

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
    broken_processes.terminated_in_a_reply_that_takes_too_long,
    broken_processes.messages_come_while_nobody_runs,
    broken_processes.killed_after_the_claim,
    broken_processes.killed_after_a_command_was_deferred,
    broken_processes.killed_between_posting_and_storing_on_discord,
    broken_processes.killed_between_posting_and_storing_in_slack,
    broken_processes.killed_in_mid_stream_on_discord,
    broken_processes.killed_in_mid_stream_in_slack,
)


async def examine(verdict: Verdict) -> None:
    only = _options().only
    shared = [fault for fault in FAULTS if only in _name(fault)]
    if shared:
        await _judge_shared(verdict, shared)
    killed = broken_processes.engine_is_killed_in_mid_reply
    if only in _name(killed):
        async with stage(embedded=True) as scene:
            await _judge(verdict, killed, scene)
    if only in _name(broken_storage.postgresql_is_away_for_ten_seconds):
        await broken_storage.with_postgresql(partial(_judge_postgresql, verdict))


async def _judge_shared(verdict: Verdict, faults: Sequence[Fault]) -> None:
    """One after the other on one data folder, so that each meets what the last one left."""
    async with stage() as scene:
        for fault in faults:
            await _judge(verdict, fault, scene)
        everybody = "; ".join(filter(None, (one.complaint() for one in scene.learners)))
        asked = sum(len(learner.asked) for learner in scene.learners)
        claim = "after all of this, of all questions"
        verdict.check(claim, everybody or f"{asked} served", not everybody)
        judge_rules(verdict, scene)


async def _judge_postgresql(verdict: Verdict, scene: Stage, server: PostgresServer) -> None:
    fault = broken_storage.postgresql_is_away_for_ten_seconds
    await _judge(verdict, partial(fault, server=server), scene, _name(fault))


async def _judge(verdict: Verdict, fault: Fault, scene: Stage, name: str = "") -> None:
    """A fault returns what somebody would complain about, "" if nobody would."""
    before = len(scene.learners)
    try:
        if not scene.serve.running:
            await scene.serve.start()
        complaint = await fault(scene)
    except Exception as error:  # the next fault is still worth a look
        complaint = f"{type(error).__name__}: {error}"
    verdict.check(
        name or _name(fault), complaint or _served(scene.learners[before:]), not complaint
    )


def _name(fault: Callable[..., Awaitable[str]]) -> str:
    return fault.__name__.replace("_", " ")


def _served(learners: list[Learner]) -> str:
    """How the questions of these people ended."""
    asked = sum(len(learner.asked) for learner in learners)
    whole = sum(learner.whole() for learner in learners)
    if not asked:
        return "every reply ended, with a word where it was cut"
    cut = f", {asked - whole} with a word about it" if whole < asked else ""
    return f"{whole} of {asked} answered whole and once{cut}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--only", default="", help="faults with these words in their name")
    return parser.parse_known_args()[0]


def main() -> int:
    return present("Nothing is lost without a word, nothing is answered twice", examine)


if __name__ == "__main__":
    sys.exit(main())
