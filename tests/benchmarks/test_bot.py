"""The measurement of the bot runs the product whole and counts honestly."""

from pathlib import Path

import pytest

from benchmarks import bot
from benchmarks.bot import Load, NotAnsweredOnce, measure_overhead, measure_throughput
from benchmarks.instant_platform import InstantPlatform

SMALL = Load(singles=5, messages=30, learners=20, in_flight=6)


async def test_each_single_message_is_timed(tmp_path: Path) -> None:
    spent = await measure_overhead(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, SMALL)
    assert len(spent) == SMALL.singles
    assert min(spent) > 0


async def test_messages_a_second_are_those_that_were_answered_once(tmp_path: Path) -> None:
    assert await measure_throughput(f"sqlite:///{tmp_path / 'b.db'}", tmp_path, SMALL) > 0


async def test_a_run_that_answers_twice_gives_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Twice(InstantPlatform):
        def finish(self, question: object) -> None:
            self.replies["one more"] = 1
            super().finish(question)  # type: ignore[arg-type]

    monkeypatch.setattr(bot, "InstantPlatform", Twice)
    with pytest.raises(NotAnsweredOnce):
        await measure_throughput(f"sqlite:///{tmp_path / 'c.db'}", tmp_path, SMALL)
