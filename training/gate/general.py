"""What the base says to everyday prompts: the yardstick of what an adapter may have forgotten.

Its replies are sampled once for each base and kept; those of the embedded model come with the
project, so that its gate begins at once.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from training.gate.arms import Arm, Asking, Side
from training.gate.prompts import Prompt, lines
from training.gate.questions import Question, ask_all
from training.gate.results import Results
from tutor.engine.contract import Message, Sampling
from tutor.pedagogy.instructions import Style
from tutor.tuning.report import Binding

SHIPPED = "gate_replies.jsonl"
REPLY_TOKENS = 48
BASE = Arm(Side.BASE, None, Style.SMALL)


def results_of_base(data_dir: Path, binding: Binding) -> Results:
    """What the base did with the committed prompts: kept for every later gate of this engine."""
    digest = hashlib.sha256(repr(binding).encode()).hexdigest()[:24]
    return Results(data_dir / "gate" / f"base-{digest}.jsonl", binding)


async def base_replies(
    asking: Asking,
    prompts: Sequence[Prompt],
    kept: Results,
    binding: Binding,
    each_done: Callable[[], Awaitable[None]],
) -> dict[str, str]:
    """The base's reply to each prompt, by its id; seeded, so that another run says the same."""
    known = shipped(binding)

    def question(prompt: Prompt) -> Question:
        async def ask() -> dict[str, str]:
            return {"text": await sampled(asking, prompt)}

        return Question(BASE, f"sampled:{prompt.text}", ask)

    missing = [prompt for prompt in prompts if prompt.id not in known]
    for _ in range(len(prompts) - len(missing)):
        await each_done()
    found = await ask_all(asking, kept, [question(one) for one in missing], each_done)
    known |= {prompt.id: one["text"] for prompt, one in zip(missing, found, strict=True)}
    return {prompt.id: known[prompt.id] for prompt in prompts if known[prompt.id].strip()}


async def sampled(asking: Asking, prompt: Prompt) -> str:
    """One reply of the base's, drawn with a seed of the prompt's own."""
    seed = int.from_bytes(hashlib.sha256(prompt.text.encode()).digest()[:4])
    sampling = Sampling(temperature=1.0, top_p=0.95, seed=seed)
    return (await asking.reply(BASE, (Message("user", prompt.text),), REPLY_TOKENS, sampling)).text


def shipped(binding: Binding) -> dict[str, str]:
    """The replies that came with the project, if they are this base's."""
    found = list(lines(SHIPPED))
    if not found:
        return {}
    head, *replies = found
    bound = (head["base_hash"], head["template_hash"])
    if bound != (binding.base_hash, binding.template_hash):
        return {}
    return {one["id"]: one["text"] for one in replies}


def shipped_file(binding: Binding, replies: dict[str, str]) -> str:
    """The text of the file that comes with the project."""
    head = {"base_hash": binding.base_hash, "template_hash": binding.template_hash}
    records = [head, *({"id": name, "text": text} for name, text in sorted(replies.items()))]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
