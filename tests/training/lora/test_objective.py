"""Documents without padding, and logits only where there is a loss, change no gradient."""

from array import array
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.lora.conftest import tiny
from training.lora import adapter, attention
from training.lora.fused import fuse
from training.lora.loss import Head, summed_loss
from training.lora.objective import HELD_WEIGHT, Objective
from training.lora.plan import Size, make_plan
from training.lora.recipe import Recipe
from training.lora.template import IGNORED, Encoded

SIZE = Size(parameters=10**5, context_tokens=640, documents=4, tokens=100, longest=40)
LENGTHS = (7, 33, 12, 12, 40)


def documents() -> list[Encoded]:
    """Of several lengths, the longest beyond the tiny models' attention windows."""
    generator = torch.Generator().manual_seed(3)
    made = []
    for length in LENGTHS:
        ids = torch.randint(0, 256, (length,), generator=generator).tolist()
        labels = [IGNORED] * (length // 2) + ids[length // 2 :]
        made.append(Encoded(array("i", ids), array("i", labels)))
    return made


def adapted(kind: str, folder: Path) -> Any:
    model = tiny(kind, folder)
    whole = adapter.attach(model, make_plan(Recipe(rank=4), SIZE, cuda=False))
    torch.manual_seed(9)
    for name, one in adapter.trainable(whole).items():
        if "lora_B" in name:
            one.data.normal_(std=0.05)
    return whole


def gradients(whole: Any) -> torch.Tensor:
    found = [one.grad.reshape(-1).clone() for one in adapter.trainable(whole).values()]
    whole.zero_grad()
    return torch.cat(found)


def plain(whole: Any) -> tuple[float, torch.Tensor]:
    """One document after the other through the model's own forward."""
    total = torch.zeros(())
    for one in documents():
        logits = whole(input_ids=torch.tensor(one.ids)[None]).logits[0, :-1]
        labels = torch.tensor(one.labels)[1:].long()
        total = total + torch.nn.functional.cross_entropy(
            logits, labels, ignore_index=IGNORED, reduction="sum"
        )
    total.backward()
    return float(total.detach()), gradients(whole)


@pytest.mark.parametrize(
    ("kind", "packs"),
    [("llama", True), ("qwen", True), ("gemma", True), ("gpt2", True), ("bloom", False)],
)
def test_packed_loss_and_gradient_equal_those_of_single_documents(
    kind: str, packs: bool, tiny_folder: Path
) -> None:
    whole = adapted(kind, tiny_folder)
    wanted_loss, wanted = plain(whole)
    fuse(whole)
    objective = Objective(whole.get_base_model())
    loss = objective.loss(documents())
    loss.backward()
    found = gradients(whole)
    objective.close()
    assert objective.packed is packs
    assert objective.head is not None
    assert float(loss.detach()) == pytest.approx(wanted_loss, rel=1e-5)
    assert (found - wanted).norm() <= 1e-4 * wanted.norm()


def test_padded_batches_give_the_same_gradient(tiny_folder: Path) -> None:
    whole = adapted("gpt2", tiny_folder)
    wanted_loss, wanted = plain(whole)
    objective = Objective(whole.get_base_model(), packed=False)
    loss = objective.loss(documents())
    loss.backward()
    assert float(loss.detach()) == pytest.approx(wanted_loss, rel=1e-5)
    assert (gradients(whole) - wanted).norm() <= 1e-4 * wanted.norm()


def test_model_gets_its_own_attention_back(llama: Any) -> None:
    before = llama.config._attn_implementation
    objective = Objective(llama)
    assert llama.config._attn_implementation == attention.NAME
    objective.close()
    assert llama.config._attn_implementation == before


def test_unknown_output_layer_is_left_to_the_model(llama: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("training.lora.objective.head_of", lambda model: _doubled(model))
    objective = Objective(llama)
    assert objective.head is None
    direct = llama(input_ids=torch.tensor(documents()[0].ids)[None]).logits[0, :-1]
    labels = torch.tensor(documents()[0].labels)[1:].long()
    wanted = torch.nn.functional.cross_entropy(
        direct, labels, ignore_index=IGNORED, reduction="sum"
    )
    assert float(objective.loss(documents()[:1])) == pytest.approx(float(wanted), rel=1e-5)
    objective.close()


def _doubled(model: Any) -> Head:
    return Head(model.get_output_embeddings().weight * 2)


@pytest.mark.parametrize(("scale", "softcap"), [(1.0, None), (0.5, None), (2.0, 3.0)])
def test_loss_in_pieces_equals_the_whole(
    scale: float, softcap: float | None, monkeypatch: Any
) -> None:
    monkeypatch.setattr("training.lora.loss.CHUNK_FLOATS", 40)
    torch.manual_seed(1)
    hidden = torch.randn(11, 6, requires_grad=True)
    weight, bias, labels = torch.randn(13, 6), torch.randn(13), torch.randint(0, 13, (11,))
    logits = (hidden @ weight.t() + bias) * scale
    if softcap is not None:
        logits = torch.tanh(logits / softcap) * softcap
    torch.nn.functional.cross_entropy(logits, labels, reduction="sum").backward()
    wanted, hidden.grad = hidden.grad, None
    summed_loss(hidden, labels, Head(weight, bias, scale, softcap)).backward()
    assert torch.allclose(hidden.grad, wanted, atol=1e-5)


@pytest.mark.parametrize("kind", ["llama", "gemma", "gpt2", "bloom"])
def test_held_replies_follow_what_the_base_says(kind: str, tiny_folder: Path) -> None:
    whole = adapted(kind, tiny_folder)
    learnt, held = documents()[:2], [replace(one, held=True) for one in documents()[2:]]
    wanted_total = torch.zeros(())
    for one in [*learnt, *held]:
        ids = torch.tensor(one.ids)[None]
        with torch.no_grad(), whole.disable_adapter():
            base = whole(input_ids=ids).logits[0, :-1].log_softmax(-1)
        found = whole(input_ids=ids).logits[0, :-1].log_softmax(-1)
        labels = torch.tensor(one.labels)[1:].long()
        rows = labels != IGNORED
        if one.held:
            apart = HELD_WEIGHT * torch.nn.functional.kl_div(
                found[rows], base[rows], log_target=True, reduction="sum"
            )
        else:
            apart = -found[rows].gather(1, labels[rows][:, None]).sum()
        wanted_total = wanted_total + apart
    wanted_total.backward()
    wanted = gradients(whole)
    fuse(whole)
    objective = Objective(whole.get_base_model())
    with whole.disable_adapter():
        known = objective.with_base([*learnt, *held, held[0]], 64)
    loss = objective.loss(known[:-1])
    loss.backward()
    alone = objective.loss(known[2:-1])
    objective.close()
    assert float(loss.detach()) == pytest.approx(float(wanted_total.detach()), rel=1e-4)
    assert torch.allclose(gradients(whole), wanted, rtol=1e-3, atol=1e-4)
    assert 0 < float(alone.detach()) < float(loss.detach())
    assert known[-1].base_hidden is known[2].base_hidden, "the same words are asked once"


def test_before_training_held_replies_cost_nothing(tiny_folder: Path) -> None:
    objective = Objective(tiny("llama", tiny_folder))
    held = objective.with_base([replace(one, held=True) for one in documents()], 64)
    assert float(objective.loss(held)) == pytest.approx(0.0, abs=1e-3)
    objective.close()
