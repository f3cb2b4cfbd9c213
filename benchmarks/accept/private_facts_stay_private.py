"""What one learner says in private appears nowhere else, tried with planted words.

Every prompt is recorded by the text server that stands for the model, with the cache scope that
was named for it. The words do come back in the learner's own later prompts, or the search itself
would prove nothing.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stage.conversations import Conversation, DiscordThread, SlackThread
from benchmarks.stage.learners import DiscordLearner, SlackLearner
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present

SAID, FILED, NAMED, FAILED = "Quillfeather", "Brackenmoor", "Thistlewick", "Ottermere"
PLANTED = (SAID, FILED, NAMED, FAILED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt, who made it, and the scope in which its computation may be shared."""

    who: str
    prompt: str
    scope: str

    @property
    def planted(self) -> list[str]:
        return [word for word in PLANTED if word in self.prompt]


async def examine(verdict: Verdict) -> None:
    async with stage() as scene:
        asked = await _scene(scene)
        shown = [(s.place, s.text) for s in scene.platforms.shown()]
        await scene.serve.stop()
        logs = {path.name: path.read_text(errors="replace") for path in _logs(scene)}
    own = [a for a in asked if a.who == "ann in private"]
    seen = {word for a in own for word in a.planted}
    verdict.check("the words are in her own prompts", sorted(seen), seen == {SAID, FILED, FAILED})
    verdict.check(
        "her name is kept from a remote engine",
        "seen" if NAMED in seen else "never seen",
        NAMED not in seen,
    )
    others = [a for a in asked if a.who != "ann in private"]
    leaks = [f"{a.who}: {a.planted}" for a in others if a.planted]
    measured = leaks or f"none in {len(others)} prompts of {len({a.who for a in others})} kinds"
    verdict.check("prompts of others or in shared threads", measured, not leaks and bool(others))
    secret = {a.scope for a in asked if a.planted}
    reused = [a.who for a in others if a.scope in secret]
    measured = reused or f"none of {len(secret)}"
    verdict.check("her cache scopes used by others", measured, not reused and "" not in secret)
    elsewhere = [(place, text) for place, text in shown if place != scene.learners[0].place]
    told = [place for place, text in elsewhere for word in PLANTED if word in text]
    verdict.check("messages shown elsewhere", told or f"none of {len(elsewhere)}", not told)
    written = [f"{name}: {word}" for name, text in logs.items() for word in PLANTED if word in text]
    lines = sum(text.count("\n") for text in logs.values())
    measured = written or f"none in {lines} lines of {len(logs)} logs"
    verdict.check("logs", measured, not written and lines > 0)


async def _scene(scene: Stage) -> list[Asked]:
    """Ann says things in private; then she, Bob and others ask in all kinds of places."""
    discord, slack = scene.platforms.discord, scene.platforms.slack
    ann, bob, sue = scene.on_discord(), scene.on_discord(), scene.on_slack()
    club = discord.guild("Club", ann.user, bob.user)
    class_ = discord.guild("Class", bob.user)
    await discord.show(club)
    await discord.show(class_)
    asked: list[Asked] = []
    await _ann_in_private(scene, ann, asked)
    thread = DiscordThread(scene.platforms, "club", 0, [], club.channels[0], ann.user)
    await _talk(scene, "ann in a shared thread", thread, asked, "What did I tell you?")
    await _in_thread(scene, "bob in her thread", thread, bob, asked)
    await _direct(scene, "bob in private", bob, asked)
    await _direct(scene, "sue in slack", sue, asked)
    other = DiscordThread(scene.platforms, "class", 0, [], class_.channels[0], bob.user)
    await _talk(scene, "another community", other, asked, "What is a secret word?")
    room = SlackThread(scene.platforms, "Tim", channel=slack.channel("room"))
    await _talk(scene, "a shared thread in slack", room, asked, "What is a secret word?")
    return asked


async def _ann_in_private(scene: Stage, ann: DiscordLearner, asked: list[Asked]) -> None:
    """By message, by file, by setting, and while the model fails."""
    discord, here = scene.platforms.discord, len(scene.spoken.prompts)
    await ann.ask(f"My secret word is {SAID}. Remember it.")
    await scene.once(ann)
    name = await discord.slash(discord.world.dm(ann.user), ann.user, "settings", {"name": NAMED})
    await name.acknowledged.wait()
    code = ann.next_code()
    file = {"diary.txt": f"My other secret is {FILED}.".encode()}
    await discord.dm(ann.user, f"Read my diary {code}", files=file)
    await scene.once(ann)
    scene.spoken.faults += [500] * 20
    await discord.dm(ann.user, f"Now the third secret, {FAILED}")
    await scene.platforms.until(lambda: ann.words_about_trouble() > 0)
    scene.spoken.faults.clear()
    await ann.ask("What do you know of me?")
    await scene.once(ann)
    _note(scene, "ann in private", here, asked)


async def _direct(
    scene: Stage, who: str, learner: DiscordLearner | SlackLearner, asked: list[Asked]
) -> None:
    here = len(scene.spoken.prompts)
    await learner.ask("What is the secret word?")
    await scene.once(learner)
    _note(scene, who, here, asked)


async def _talk(scene: Stage, who: str, talk: Conversation, asked: list[Asked], text: str) -> None:
    here = len(scene.spoken.prompts)
    await talk.ask(text)
    await scene.platforms.until(lambda: talk.served)
    _note(scene, who, here, asked)


async def _in_thread(
    scene: Stage, who: str, thread: DiscordThread, learner: DiscordLearner, asked: list[Asked]
) -> None:
    discord, here = scene.platforms.discord, len(scene.spoken.prompts)
    place = discord.thread_on(thread.message)
    await discord.mention(place, learner.user, "And what is her secret?")
    await scene.platforms.until(lambda: thread.answers() == 2)
    _note(scene, who, here, asked)


def _note(scene: Stage, who: str, since: int, asked: list[Asked]) -> None:
    """What the text server was asked since then; refused requests count too."""
    spoken = scene.spoken
    made = zip(spoken.prompts[since:], spoken.salts[since:], strict=True)
    asked.extend(Asked(who, prompt, salt) for prompt, salt in made)


def _logs(scene: Stage) -> list[Path]:
    return [scene.serve.log, *sorted((scene.serve.data_dir / "logs").glob("*.log*"))]


def main() -> int:
    return present("A private fact of one learner stays private", examine)


if __name__ == "__main__":
    sys.exit(main())
