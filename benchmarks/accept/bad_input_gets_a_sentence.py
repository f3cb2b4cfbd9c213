"""Whatever people, files, settings or forged requests bring, they get a sentence or a refusal.

Everything goes through real processes: `daoshi serve` with wrong settings, then one that serves
both loopback platforms, then one that takes Slack's events over HTTP.
"""

import asyncio
import re
import sys
import time

from benchmarks.stage.bad_files import judge_files
from benchmarks.stage.bad_settings import judge_settings
from benchmarks.stage.platforms import platforms
from benchmarks.stage.rules import judge_rules
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present

PINGS = "@everyone @here <@&1> <!channel> <!here> <!everyone> <!subteam^S1> listen!"
LARGE_TEXT = "word " * 20_000  # 100 KB
GUESSES = 7


async def examine(verdict: Verdict) -> None:
    async with platforms() as both:
        await judge_settings(verdict, both)
    async with stage() as scene:
        await _judge_large_messages(verdict, scene)
        await _judge_pings(verdict, scene)
        await _judge_link_codes(verdict, scene)
        await judge_files(verdict, scene)
        judge_rules(verdict, scene)
        broken = [r.get("event") for r in scene.serve.records() if r.get("level") == "critical"]
        verdict.check("the process lives", broken or "yes", await scene.serve.is_ready())
    await _judge_signatures(verdict)


async def _judge_large_messages(verdict: Verdict, scene: Stage) -> None:
    for learner in scene.on_both():
        await learner.ask(LARGE_TEXT)
        trouble = await scene.once(learner)
        name = type(learner).__name__.removesuffix("Learner")
        verdict.check(f"100 KB message on {name}", trouble or "answered once", not trouble)


async def _judge_pings(verdict: Verdict, scene: Stage) -> None:
    """The model itself is made to write what would ping everybody."""
    scene.spoken.says = PINGS
    dora, sam = scene.on_discord(), scene.on_slack()
    for learner in (dora, sam):
        await learner.write(f"Please repeat: {PINGS}")
        await scene.platforms.until(lambda who=learner: who.seen())  # type: ignore[misc]
    scene.spoken.says = ""
    sent = [
        r.body
        for r in scene.platforms.discord.requests
        if r.method in ("POST", "PATCH") and isinstance(r.body, dict) and "listen!" in str(r.body)
    ]
    open_ = [b for b in sent if (b.get("allowed_mentions") or {}).get("parse") != []]
    measured = f"{len(sent)} requests, {len(open_)} of them could ping"
    verdict.check("ping on Discord", measured, bool(sent) and not open_)
    written = [str(c.arguments) for c in scene.platforms.slack.state.calls]
    written = [arguments for arguments in written if "listen!" in arguments]
    pings = [a for a in written if re.search(r"<!(channel|here|everyone|subteam)", a)]
    measured = f"{len(written)} calls, {len(pings)} of them could ping"
    verdict.check("ping in Slack", measured, bool(written) and not pings)


async def _judge_link_codes(verdict: Verdict, scene: Stage) -> None:
    """Somebody tries codes until they are told to stop; then even the right one is refused."""
    discord, host, guest = scene.platforms.discord, scene.on_slack(), scene.on_discord()
    await host.write("/link")
    await scene.platforms.until(host.seen)
    shown = "\n".join(one.text for one in host.seen())
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{6}\b", shown)
    if found is None:
        verdict.check("link codes guessed", f"no code given: {shown[:80]}", False)
        return
    selector = found.group().split("-")[0]
    here = discord.world.dm(guest.user)
    for number in range(GUESSES):
        code = f"{selector}-{'ABCDEFGH'[number] * 6}"
        await discord.slash(here, guest.user, "link", {"code": code})
        await scene.platforms.until(lambda n=number: len(guest.seen()) > n)  # type: ignore[misc]
    await discord.slash(here, guest.user, "link", {"code": found.group()})
    await scene.platforms.until(lambda: len(guest.seen()) > GUESSES)
    said = [one.text for one in guest.seen()]
    refused = [text for text in said if "too many" in text]
    right = said[-1] if len(said) == GUESSES + 1 else "no word"
    measured = f"{len(said)} sentences, {len(refused)} of them: too many; the right code: {right}"
    verdict.check("link codes guessed", measured[:160], len(refused) >= 2 and right in refused)


async def _judge_signatures(verdict: Verdict) -> None:
    """Slack's events over HTTP: only what Slack signed just now, and only once."""
    async with stage(start=False) as scene:
        slack = scene.platforms.slack
        learner = scene.on_slack()
        settings = {**slack.settings(http=True), "DAOSHI_ENGINE_URL": scene.spoken.url}
        scene.serve.environment = settings
        await scene.serve.start()
        slack.events_url = f"http://127.0.0.1:{scene.serve.port}/slack/events"
        statuses = {
            "a wrong signature": await _status(scene, signature="v0=" + "0" * 64),
            "no signature of this kind": await _status(scene, signature="nonsense"),
            "an old timestamp": await _status(scene, timestamp=int(time.time()) - 3600),
            "a recorded request": await _replayed(scene),
        }
        for name, status in statuses.items():
            verdict.check(f"signature: {name}", status, status == 401)
        await learner.ask()
        trouble = await scene.once(learner)
        verdict.check("signature: a good one", trouble or "answered once", not trouble)


async def _status(scene: Stage, **signing: object) -> int | None:
    slack = scene.platforms.slack
    body = {"type": "event_callback", "team_id": "T1", "event_id": "EvX", "event": {"type": "x"}}
    delivery = await slack.post_signed("events_api", body, **signing)  # type: ignore[arg-type]
    return delivery.status


async def _replayed(scene: Stage) -> int | None:
    """A request that was accepted, sent again bit by bit."""
    slack = scene.platforms.slack
    text = '{"type": "event_callback", "team_id": "T1", "event_id": "EvY", "event": {"type": "y"}}'
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": slack.signature(text, stamp),
    }
    first = await slack.post_raw(text, headers)
    await asyncio.sleep(0.2)
    second = await slack.post_raw(text, headers)
    assert first.status == 200, first.status
    return second.status


def main() -> int:
    return present("Bad input gets a sentence", examine)


if __name__ == "__main__":
    sys.exit(main())
