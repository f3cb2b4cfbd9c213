"""Whether Daoshi kept to Discord's rules. A client learns a rate limit by a 429 or two, and those
are answers like others as long as they stay rare and are obeyed."""

from benchmarks.stage.stage import Stage
from benchmarks.stage.verdict import Verdict

RATE_LIMIT = "over the rate limit"
MOST_SHARE = 0.02


def judge_rules(verdict: Verdict, scene: Stage) -> None:
    """What the double noted that the real one would refuse."""
    discord = scene.platforms.discord
    broken = [noted for noted in discord.violations if RATE_LIMIT not in noted]
    verdict.check("Discord's rules broken", broken[:3] or "none", not broken)
    limited = len(discord.violations) - len(broken)
    measured = f"{limited} of {len(discord.requests)} requests"
    verdict.check("Discord's 429", measured, limited <= MOST_SHARE * len(discord.requests))
