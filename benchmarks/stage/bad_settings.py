"""`daoshi serve` started by somebody who made mistakes in the settings."""

import asyncio
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stage.platforms import Platforms
from benchmarks.stage.serving import KEPT, command
from benchmarks.stage.verdict import Verdict

END_SECONDS = 60.0
SECRET = "planted-secret-value"
WRONG = {
    "DAOSHI_DATABASE_URL": "mysql://somewhere/else",
    "DAOSHI_HTTP_PORT": "99999",
    "DAOSHI_RETENTION_DAYS": "soon",
    "DAOSHI_LOG_FORMAT": "xml",
    "DAOSHI_SECRET_KEY": "short",
    "DAOSHI_ENGINE_URL": "ftp://example.org",
    "DAOSHI_OPERATORS": "ann",
    "DAOSHI_TRAIN_ON_CHATS": "perhaps",
    "DISCORD_TOKEN": SECRET,
    "SLACK_BOT_TOKEN": SECRET,
}
NEEDED = ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")


@dataclass(frozen=True, slots=True)
class Ended:
    code: int | None
    said: str


async def judge_settings(verdict: Verdict, both: Platforms) -> None:
    """Malformed, missing and refused settings."""
    ended = await _serve(WRONG)
    unnamed = [name for name in WRONG if name not in ended.said]
    measured = f"exit {ended.code}, {len(WRONG) - len(unnamed)} of {len(WRONG)} named"
    tidy = "Traceback" not in ended.said and SECRET not in ended.said
    holds = ended.code == 2 and not unnamed and tidy
    verdict.check("malformed settings are reported all together", measured, holds)
    ended = await _serve({})
    unnamed = [name for name in NEEDED if name not in ended.said]
    measured = f"exit {ended.code}, {', '.join(unnamed) or 'all'} {'un' if unnamed else ''}named"
    verdict.check("missing settings are named", measured, ended.code == 2 and not unnamed)
    await _judge_tokens(verdict, both)


async def _judge_tokens(verdict: Verdict, both: Platforms) -> None:
    wrong = "MTIzNDU2Nzg5MDEyMzQ1Njc4.wrong0.token-that-nobody-gave-out-at-all"
    ended = await _serve({**both.discord_settings, "DISCORD_TOKEN": wrong})
    _judge_token(verdict, ended, "DISCORD_TOKEN", wrong)
    ended = await _serve({**both.slack.settings(), "SLACK_BOT_TOKEN": "xoxb-wrong"})
    _judge_token(verdict, ended, "SLACK_BOT_TOKEN", "xoxb-wrong")
    ended = await _serve({**both.slack.settings(), "SLACK_APP_TOKEN": "xapp-wrong"})
    _judge_token(verdict, ended, "SLACK_APP_TOKEN", "xapp-wrong")


def _judge_token(verdict: Verdict, ended: Ended, name: str, token: str) -> None:
    named, kept = name in ended.said, token not in ended.said and "Traceback" not in ended.said
    measured = f"exit {ended.code}, {'named' if named else 'not named: ' + ended.said[-200:]}"
    verdict.check(f"wrong {name} is refused", measured, ended.code == 2 and named and kept)


async def _serve(settings: Mapping[str, str]) -> Ended:
    """Starts, and waits for the end that has to come."""
    with tempfile.TemporaryDirectory() as home:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        data = {"DAOSHI_DATA_DIR": str(Path(home) / "data"), "HOME": home}
        process = await asyncio.create_subprocess_exec(
            *(command(), "serve", "--no-worker"),
            cwd=home,
            env={**kept, **data, "DAOSHI_HTTP_PORT": "0", "LC_ALL": "C.UTF-8", **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(), END_SECONDS)
        except TimeoutError:
            process.kill()
            said, _ = await process.communicate()
            return Ended(None, said.decode(errors="replace"))
        return Ended(process.returncode, said.decode(errors="replace"))
