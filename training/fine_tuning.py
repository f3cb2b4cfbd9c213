"""Fine-tuning in one call, for notebooks.

    model = fine_tune(model, tokenizer, "lessons.jsonl", epochs=2)

Everything else is chosen from the model's size and the amount of data.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.datasets.splitting import clusters
from training.failure import TrainingFailed
from training.lora.progress import Progress
from training.lora.recipe import Recipe
from tutor.i18n import mark

Rows = Iterable[Mapping[str, Any]]
HELD_OUT_EVERY = 20  # one in so many problems is kept to choose the best adapter by
NO_DIALOGUE = mark(
    "Example {number} has neither “messages” nor “prompt” and “answer” (or “completion”), nor "
    "“text”. Give each example one of them."
)


def fine_tune(
    model: Any,
    tokenizer: Any,
    dataset: str | Path | Rows,
    epochs: float = 2,
    *,
    folder: str | Path | None = None,
    recipe: Recipe | None = None,
    show: bool = True,
) -> Any:
    """Trains a LoRA adapter on `dataset` and returns the peft model, ready to generate.

    `dataset` is a list of dicts, a `datasets.Dataset`, or the path of a JSON-lines file. A row has
    `messages` (role and content), or `prompt` and `answer`, or raw `text`. Loss falls on what the
    assistant says, its end included. With `folder`, the adapter stays in `folder/adapter`, a plain
    peft folder, and the same call goes on where an earlier one was interrupted. Raises
    TrainingFailed with a sentence where data, model or machine do not allow it.

        from transformers import AutoModelForCausalLM, AutoTokenizer
        name = "HuggingFaceTB/SmolLM2-135M-Instruct"
        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForCausalLM.from_pretrained(name)
        rows = [{"prompt": "What is 3 + 4?", "answer": "Count on from 3. Where do you land?"}]
        tutor = fine_tune(model, tokenizer, rows * 50, epochs=1)
        tutor.save_pretrained("my-tutor")
    """
    from dataclasses import replace

    from peft import PeftModel

    from training.lora.train import train

    examples = [_example(row, number) for number, row in enumerate(_rows(dataset), 1)]
    learnt, held_out = _parted(examples)
    chosen = replace(recipe or Recipe(), epochs=epochs)
    with tempfile.TemporaryDirectory(prefix="daoshi-fine-tune-") as temporary:
        place = Path(folder or temporary)
        trained = train(
            chosen, model, tokenizer, learnt, held_out, place, report=_bar() if show else _silent
        )
        assert trained.adapter_folder is not None, "nothing asked it to stop"
        return PeftModel.from_pretrained(model, str(trained.adapter_folder)).eval()


def _parted(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Those to learn from and those held out; the same problem is never among both."""
    found = clusters(examples)
    held_out = set(list(dict.fromkeys(found))[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY])
    pairs = list(zip(examples, found, strict=True))
    return (
        [one for one, cluster in pairs if cluster not in held_out],
        [one for one, cluster in pairs if cluster in held_out],
    )


def _rows(dataset: str | Path | Rows) -> Rows:
    if not isinstance(dataset, str | Path):
        return dataset
    with Path(dataset).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _example(row: Mapping[str, Any], number: int) -> Example:
    """One row in whichever of the known forms it is."""
    group = str(number)
    if row.get("messages"):
        turns = tuple(ChatMessage(one["role"], one["content"]) for one in row["messages"])
        return Example(ExampleKind.DIALOGUE, group, "notebook", messages=turns)
    answer = row.get("answer") or row.get("completion")
    if row.get("prompt") and answer:
        turns = (ChatMessage("user", row["prompt"]), ChatMessage("assistant", answer))
        return Example(ExampleKind.DIALOGUE, group, "notebook", messages=turns)
    if row.get("text"):
        return Example(ExampleKind.TEXT, group, "notebook", text=row["text"])
    raise TrainingFailed(NO_DIALOGUE, number=number)


def _bar() -> Any:
    """A bar with the loss, as notebooks and terminals show it."""
    from tqdm.auto import tqdm  # type: ignore[import-untyped]

    bar: Any = None

    def report(progress: Progress) -> None:
        nonlocal bar
        bar = bar or tqdm(total=progress.steps, initial=progress.step - 1)
        bar.set_postfix(loss=progress.loss and round(progress.loss, 3))
        bar.update(progress.step - bar.n)
        if progress.step == progress.steps:
            bar.close()

    return report


def _silent(progress: Progress) -> None:
    pass
